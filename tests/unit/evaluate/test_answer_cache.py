"""Answers on disk: found again, and never more than one lost."""

import json
import os
import stat

import pytest

from ragslm.errors import ConfigError
from ragslm.evaluate.answers.cache import AnswerCache, Key, hash_of

KEY = Key("bare", "sha", "q1", hash_of("prompt"))
OTHER = Key("bare", "sha", "q2", hash_of("prompt"))


def test_an_answer_is_found_by_the_next_run(tmp_path):
    path = tmp_path / "deep" / "answers.jsonl"
    with AnswerCache(path) as cache:
        cache.put(KEY, {"text": "ja – naïve 😀"})
        assert path.read_bytes().endswith(b"\n")  # on disk before the next question
    with AnswerCache(path) as cache:
        assert cache.get(KEY) == {"text": "ja – naïve 😀"}
        assert cache.get(OTHER) is None
        assert cache.get(Key("bare", "other weights", "q1", KEY.prompt)) is None
        assert cache.get(Key("bare", "sha", "q1", hash_of("other", "prompt"))) is None


def test_other_users_cannot_read_it(tmp_path):
    path = tmp_path / "answers.jsonl"
    before = os.umask(0)  # the most open there is
    try:
        AnswerCache(path).__exit__(None, None, None)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("cut", [1, 20, 60])
def test_a_torn_last_line_costs_that_line_only(tmp_path, cut):
    path = tmp_path / "answers.jsonl"
    with AnswerCache(path) as cache:
        cache.put(KEY, {"text": "one"})
        cache.put(OTHER, {"text": "two"})
    path.write_bytes(path.read_bytes()[:-cut])
    with AnswerCache(path) as cache:
        assert len(cache) == 1
        cache.put(OTHER, {"text": "two again"})
    assert [json.loads(line)["answer"]["text"] for line in path.read_text().splitlines()] == [
        "one",
        "two again",
    ]


def test_another_file_is_not_taken_for_a_cache(tmp_path):
    path = tmp_path / "notes.jsonl"
    path.write_text('{"note": 1}\n{"note": 2}\n')
    with pytest.raises(ConfigError, match="Line 1 "):
        AnswerCache(path)
    assert path.read_text() == '{"note": 1}\n{"note": 2}\n'


def test_parts_of_a_hash_are_kept_apart():
    assert hash_of("ab", "c") != hash_of("a", "bc")
