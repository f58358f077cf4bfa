"""Questions on the paragraphs of a regulation, brought in, scrubbed and searched as a user's would be."""

import json
import shutil
from pathlib import Path

import pytest

from ragslm.assistant import Assistant
from ragslm.evaluate.report import RetrievalReport
from ragslm.evaluate.retrieval import Ground, evaluate_retrieval
from ragslm.settings import RetrievalSettings

pytestmark = pytest.mark.models
CFPB = Path(__file__).parents[1] / "data/cfpb"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> RetrievalReport:
    """Regulation DD alone: a third of the questions, a tenth of the text."""
    data = tmp_path_factory.mktemp("cfpb")
    (data / "documents").mkdir()
    shutil.copy(CFPB / "documents/12cfr1030.xml.gz", data / "documents")
    lines = (CFPB / "questions.jsonl").read_text().splitlines()
    asked = [line for line in lines if json.loads(line)["id"].startswith("dd")]
    (data / "questions.jsonl").write_text("\n".join(asked) + "\n")
    ground = Ground(
        embedder=lambda: pytest.fail("Documents bring their own."),
        assistant=lambda folder, key: Assistant.open(folder, "banking", key=key),
        settings=RetrievalSettings(),
        glossary={},
    )
    return evaluate_retrieval(data, ground)


def test_every_paragraph_asked_for_is_in_a_passage(report: RetrievalReport) -> None:
    assert (report.suite, report.documents) == ("paragraphs", 1)
    assert len(report.rows) == 20
    assert all(row["dense"] or row["lexical"] or row["lost_at"] == "not a candidate" for row in report.rows)
    assert sum(row["lost_at"] == "not a candidate" for row in report.rows) <= 2


def test_what_is_shown_is_what_is_measured(report: RetrievalReport) -> None:
    found = report.metrics[0]
    assert found.value == sum(row["lost_at"] is None for row in report.rows) / 20
    assert found.value >= 0.7
    assert found.low < found.value <= found.high
