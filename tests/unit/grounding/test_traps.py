"""The trap set (tests/data/traps) against the literal checks: what a source does not say is not supported."""

import json
from pathlib import Path

import pytest

from ragslm.grounding.grounder import Grounder
from ragslm.grounding.verifier import EvidenceVerifier
from ragslm.protocols import Draft, Unit
from ragslm.settings import GroundingSettings
from ragslm.types import Passage

PATH = Path(__file__).parents[2] / "data" / "traps" / "traps.jsonl"
TRAPS = [json.loads(line) for line in PATH.read_text(encoding="utf-8").splitlines()]
WRONG = [(trap["id"], trap["source"], wrong) for trap in TRAPS for wrong in trap["wrong"]]
RIGHT_SUPPORTED = 152
"""Of 200 right sentences; the others are said in other words than the literal checks can vouch for."""


def supported(claim, source):
    return EvidenceVerifier().verify(claim, [source]).supported


def shown(claim, source):
    """What the grounder shows of `claim`, resting on the whole source."""
    passage = Passage(
        id=1, document_id="d", uri="d.txt", title="", page=None, section=None, text=source, start=0,
        end=len(source), date=None,
    )  # fmt: skip
    unit = Unit(label="1", text=source, passage=passage, start=0, end=len(source), score=1.0)
    return Grounder(EvidenceVerifier(), GroundingSettings()).ground(Draft(claim, ("1",)), {"1": unit}, set())


def test_the_set_is_whole():
    assert len(TRAPS) == 200
    assert sum(trap["domain"] == "medical" for trap in TRAPS) == 100
    assert len({trap["id"] for trap in TRAPS}) == 200


@pytest.mark.parametrize(("source", "wrong"), [row[1:] for row in WRONG])
def test_no_wrong_sentence_is_supported_or_shown(source, wrong):
    assert not supported(wrong, source)
    assert shown(wrong, source).text in (None, source)


def test_verbatim_sentences_are_supported_and_reworded_ones_mostly():
    assert sum(supported(trap["right"], trap["source"]) for trap in TRAPS) >= RIGHT_SUPPORTED
