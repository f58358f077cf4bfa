"""The ranker with the real encoder: answerable questions answer, foreign ones refuse."""

from hashlib import sha256
from pathlib import Path

import pytest

from ragslm.grounding.grounder import Grounder
from ragslm.grounding.ranker import Ranker
from ragslm.grounding.verifier import EvidenceVerifier
from ragslm.protocols import Draft
from ragslm.retrieval.embedder import MiniLmEmbedder
from ragslm.settings import GroundingSettings
from ragslm.types import Passage

pytestmark = pytest.mark.models

PASSAGE = Passage(
    id=1,
    document_id="d",
    uri="u",
    title="Blood thinners",
    page=None,
    section="Warfarin",
    text=(
        "Warfarin interacts with NSAIDs and the risk of bleeding rises. "
        "Take warfarin at the same time each day. Tell your doctor about all medicines."
    ),
    start=0,
    end=160,
)
STATEMENT = Passage(
    id=2,
    document_id="s",
    uri="s",
    title="Account statement March 2024",
    page=None,
    section=None,
    text="Opening balance | 1,677.70 EUR\nClosing balance | 4,123.50 EUR",
    start=0,
    end=60,
)


@pytest.fixture(scope="module")
def ranker(models: Path) -> Ranker:
    folder = models / "all-minilm-l6-v2"
    digest = sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    return Ranker(MiniLmEmbedder(folder, digest))


@pytest.mark.parametrize(
    ("question", "start"),
    [
        ("Does warfarin interact with NSAIDs?", "Warfarin interacts with NSAIDs"),
        ("When should warfarin be taken?", "Take warfarin at the same time"),
        ("What is the closing balance?", "Closing balance"),
    ],
)
def test_the_best_unit_answers(ranker: Ranker, question: str, start: str) -> None:
    units = ranker.units(question, [PASSAGE, STATEMENT])
    assert units[0].text.startswith(start)
    assert ranker.answerable(question, units) >= GroundingSettings().answerable


@pytest.mark.parametrize(
    "question",
    [
        "Does metformin cause lactic acidosis?",
        "Can I take ibuprofen with warfarin?",
        "Who won the football world cup in 2014?",
        "What was the rent in May?",
    ],
)
def test_foreign_questions_are_not_answerable(ranker: Ranker, question: str) -> None:
    units = ranker.units(question, [PASSAGE, STATEMENT])
    assert ranker.answerable(question, units) < GroundingSettings().answerable


def test_the_trap_ends_in_the_source(ranker: Ranker) -> None:
    units = ranker.units("Does warfarin interact with NSAIDs?", [PASSAGE])
    draft = Draft("No, warfarin does not interact with NSAIDs.", (units[0].label,))
    grounder = Grounder(EvidenceVerifier(), GroundingSettings())
    shown = grounder.ground(draft, {unit.label: unit for unit in units}, set())
    assert shown.text == "Warfarin interacts with NSAIDs and the risk of bleeding rises."
    assert shown.origin == "quoted"
