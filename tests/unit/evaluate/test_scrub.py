"""The measure of scrubbing itself, on a scrubber that does exactly what it is told."""

import json

import pytest

from ragslm.errors import ConfigError
from ragslm.evaluate.intervals import bootstrap_mean, wilson
from ragslm.evaluate.scrub import evaluate_scrub, read_marked
from ragslm.types import Entity, Scrubbed

ROWS = [
    {"id": "1", "text": "Ann was here.", "spans": [{"type": "PERSON", "start": 0, "end": 3}], "template_id": 1},  # noqa: E501
    {"id": "2", "text": "Bob in Rome.", "spans": [{"type": "PERSON", "start": 0, "end": 3}, {"type": "GPE", "start": 7, "end": 11}], "template_id": 2},  # noqa: E501
]  # fmt: skip


class FirstWord:
    version = "1"

    def scrub_many(self, texts, fields=None, subjects=None):
        return [Scrubbed("", (Entity("PERSON", 0, 4, 1.0, "X"),)) for _ in texts]


@pytest.fixture
def data(tmp_path):
    (tmp_path / "rows.jsonl").write_text("\n".join(json.dumps(row) for row in ROWS))
    return tmp_path


def test_counts_whole_spans_and_lost_characters(data):
    part = evaluate_scrub(data, FirstWord()).systems["ragslm"][0]
    assert (part.protected.hits, part.protected.n) == (2, 2)
    assert (part.everything.hits, part.everything.n) == (2, 3)
    assert part.by_type["GPE"].hits == 0
    assert part.over_masked[0] == pytest.approx(2 / (10 + 5))  # one blank in each text
    assert part.over_masked[1] <= part.over_masked[0] <= part.over_masked[2]
    assert (part.precise.hits, part.precise.n) == (2, 2)


def test_an_entity_counts_only_if_every_mention_is_covered(tmp_path):
    twice = {"id": "1", "text": "Ann and ann.", "spans": [{"type": "PERSON", "start": 0, "end": 3},
             {"type": "PERSON", "start": 8, "end": 11}]}  # fmt: skip
    named = {**twice, "id": "2", "spans": [{**s, "entity": str(n)} for n, s in enumerate(twice["spans"])]}
    (tmp_path / "rows.jsonl").write_text(json.dumps(twice) + "\n" + json.dumps(named))
    part = evaluate_scrub(tmp_path, FirstWord()).systems["ragslm"][0]
    assert (part.protected.hits, part.protected.n) == (2, 4)
    assert (part.every_mention.hits, part.every_mention.n) == (1, 3)  # Ann twice; then two who share a name


def test_templates_are_split_without_overlap(data):
    whole, tuning, held = evaluate_scrub(data, FirstWord()).systems["ragslm"]
    assert tuning.texts + held.texts == whole.texts == 2


def test_peer_needs_a_scrubber_with_a_model(data):
    with pytest.raises(ConfigError, match="FirstWord"):
        evaluate_scrub(data, FirstWord(), peer=True)


def test_table_names_what_policy_keeps(data):
    table = evaluate_scrub(data, FirstWord()).table()
    assert "kept by policy" in table
    assert "Ann" not in table


@pytest.mark.parametrize("row", ['{"id": "1"}', "not json", '{"id": 1, "text": "a", "spans": 3}'])
def test_broken_rows_are_named(tmp_path, row):
    (tmp_path / "rows.jsonl").write_text(row)
    with pytest.raises(ConfigError, match=r"rows\.jsonl"):
        read_marked(tmp_path)


def test_empty_folder_is_an_error(tmp_path):
    with pytest.raises(ConfigError):
        read_marked(tmp_path)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        (0, 0, 0.0, 1.0),  # nothing known
        (0, 10, 0.0, 0.278),  # published value
        (10, 10, 0.722, 1.0),  # mirrored
        (50, 100, 0.404, 0.596),  # published value
    ],
)
def test_wilson(hits, n, low, high):
    assert wilson(hits, n) == pytest.approx((low, high), abs=0.001)


def test_wilson_refuses_what_is_no_share():
    with pytest.raises(ValueError):
        wilson(3, 2)


def test_bootstrap_is_repeatable_and_holds_the_mean():
    mean, low, high = bootstrap_mean([0.0, 1.0] * 50)
    assert (mean, low, high) == bootstrap_mean([0.0, 1.0] * 50)
    assert low < mean == 0.5 < high
