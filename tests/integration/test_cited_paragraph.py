"""A paragraph asked for by its number, over a regulation brought in as a user would."""

from pathlib import Path

import pytest

from ragslm.assistant import Assistant
from ragslm.store.keys import new_key

SAMPLES = Path(__file__).parents[2] / "connectors/ragslm_connectors/samples"

pytestmark = [pytest.mark.models, pytest.mark.usefixtures("models")]


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory):
    with Assistant.open(tmp_path_factory.mktemp("rules") / "workspace", "banking", key=new_key()) as opened:
        opened.ingest(SAMPLES / "banking/reg-e-error-resolution.xml")
        yield opened


@pytest.mark.parametrize(
    "question", ["What does 1005.6(b)(1) say?", "Explain 12 CFR 1005.6(b)(1).", "§ 1005.6(b)(1)"]
)
def test_it_is_quoted_and_nothing_else(assistant, question):
    answer = assistant.ask(question)
    assert "lesser of $50" in answer.text
    assert {one.section.rpartition(" › ")[2] for one in answer.citations} == {
        "1005.6(b)(1) Timely notice given"
    }


def test_a_question_of_it_is_answered_from_it(assistant):
    answer = assistant.ask("Within how many days must an error be investigated under 12 CFR 1005.11(c)(1)?")
    assert "10 business days" in answer.text
    assert all("1005.11(c)(1)" in one.section for one in answer.citations)


def test_what_is_not_there_is_refused(assistant):
    assert assistant.ask("What does 1005.99(b) say?").refused
