"""Questions over regulations: each has its passage, and none is like one that measures."""

import json
from pathlib import Path

import pytest

from ragslm._sentences import content_words
from ragslm.specialise.regulations import REGULATIONS, questions, section_of

DATA = Path(__file__).parents[2] / "data"
LIKE = 0.4
"""Share of the words of two questions that both have, from which they may be one in other words."""


@pytest.fixture(scope="module")
def pool(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    (folder / "cfpb_regs_dev").symlink_to(DATA / "cfpb" / "documents")
    return REGULATIONS.read(folder)


@pytest.mark.parametrize(
    ("file", "key"),
    [
        ("cfpb/questions.jsonl", "question"),
        ("cfpb_check/questions.jsonl", "question"),
        ("cfpb_customers/questions.jsonl", "question"),
        ("unanswerable/questions.jsonl", "text"),
        ("facts/banking/regml.jsonl", "question"),
    ],
)
def test_none_is_like_one_that_measures(file, key):
    lines = (DATA / file).read_text("utf-8").splitlines()
    measuring = [set(content_words(json.loads(line)[key])) for line in lines]
    assert len(measuring) >= 20
    for _, question in questions():
        words = set(content_words(question))
        assert not [one for one in measuring if len(words & one) >= LIKE * len(words | one)], question


def test_every_question_has_its_passage(pool):
    assert len(pool.asked) == len(questions())
    by_question = {asked.question: asked for asked in pool.asked}
    right = by_question["Which phone number goes into the first notice?"].right
    assert [pool.passages[i].count("telephone number and address of the person") for i in right] == [1]


@pytest.mark.parametrize(
    ("label", "section"),
    [
        ("1005.7(b)(1)", "1005.7"),
        ("Comment 1002.3(a)-2", "1002.3"),
        ("Appendix A to Part 1005", None),
    ],
)
def test_a_label_lies_in_a_section(label, section):
    assert section_of(label) == section
