"""Calculated answers with real store, scrubber, encoder and index, and a real model under the grammar."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ragslm import Assistant
from ragslm.generation.choose import build_engine
from ragslm.generation.constraints import expression
from ragslm.protocols import Proposer, TokenCount
from ragslm.settings import GenerationSettings

pytestmark = pytest.mark.models
KEY = "5c" * 32
CSV = 'Item,2018,2017\nNet sales,"$32,765","$31,657"\nGross profit,"$16,083","$15,602"\n'
HTML = (
    "<html><head><title>Widgets</title></head><body><h1>Income</h1><p>Widgets (in millions).</p><table>"
    "<tr><th></th><th>2018</th><th>2017</th></tr>"
    "<tr><td>Operating income</td><td>$7,207</td><td>$7,692</td></tr>"
    "<tr><td>Interest expense</td><td>350</td><td>322</td></tr></table></body></html>"
)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("calculation")
    (folder / "documents").mkdir()
    (folder / "documents/sales.csv").write_text(CSV)
    (folder / "documents/income.html").write_text(HTML)
    given = {"generation": {"engine": "extractive"}}
    with Assistant.open(folder / "workspace", "generic", key=KEY, **given) as assistant:
        assert not assistant.ingest(folder / "documents").quarantined
        yield assistant


def test_growth_of_a_row_of_a_csv(assistant: Assistant) -> None:
    answer = assistant.ask("By how much did net sales grow from 2017 to 2018?")
    (sentence,) = answer.sentences
    assert (
        sentence.text == "Change in Net sales from 2017 to 2018: +$1,108, +3.5 % (32,765 − 31,657, rounded)."
    )
    assert sentence.formula == "32,765 [1] − 31,657 [1] = +$1,108; (32,765 − 31,657) ÷ 31,657 = +3.5 %"
    (citation,) = answer.citations
    assert citation.quote == "Item: Net sales | 2018: $32,765 | 2017: $31,657"


def test_two_rows_of_a_page_in_its_scale(assistant: Assistant) -> None:
    answer = assistant.ask("What is the difference between operating income and interest expense in 2018?")
    assert answer.sentences[0].formula == "7,207 [1] − 350 [2] = $6,857 million"
    assert [citation.label for citation in answer.citations] == ["1", "2"]


REPORT = (
    "<html><head><title>Acme 2022 10-K</title></head><body>"
    "<h1>Consolidated Statements of Income</h1><p>(in millions)</p>"
    "<table><tr><th></th><th>2022</th><th>2021</th></tr>"
    "<tr><td>Net sales</td><td>$1,000</td><td>$900</td></tr>"
    "<tr><td>Cost of sales</td><td>(600)</td><td>(500)</td></tr></table>"
    "<h1>Consolidated Balance Sheets</h1><p>(in millions)</p>"
    "<table><tr><th></th><th>2022</th><th>2021</th></tr>"
    "<tr><td>Inventories, net</td><td>200</td><td>100</td></tr>"
    "<tr><td>Total current assets</td><td>500</td><td>400</td></tr></table>"
    "<h1>Segment information</h1><table><tr><th>(in millions)</th><th>2022</th><th>2021</th></tr>"
    "<tr><td>Tools</td><td>$700</td><td>$650</td></tr><tr><td>Paints</td><td>200</td><td>190</td></tr>"
    "<tr><td>Glass</td><td>100</td><td>60</td></tr>"
    "<tr><td>Total net sales</td><td>$1,000</td><td>$900</td></tr></table></body></html>"
)


def test_a_measure_over_two_statements_and_the_first_of_several(tmp_path: Path) -> None:
    """The bank's profile knows the measure and the captions; nothing in the report states it."""
    (tmp_path / "report.html").write_text(REPORT)
    given = {"generation": {"engine": "extractive"}}
    with Assistant.open(tmp_path / "workspace", "banking", key=KEY, **given) as assistant:
        assert not assistant.ingest(tmp_path / "report.html").quarantined
        by_name = assistant.ask("What is Acme's FY2022 inventory turnover?")
        defined = assistant.ask(
            "What is Acme's FY2022 stock cover? Stock cover is defined as: total inventory / COGS"
        )
        largest = assistant.ask("Which of Acme's segments had the highest net sales in 2022?")
        unknown = assistant.ask("What is Beta's FY2022 inventory turnover?")
    assert by_name.sentences[0].formula == "600 [1] ÷ ((100 [2] + 200 [2]) ÷ 2) = 4"
    assert defined.sentences[0].formula == "200 [1] ÷ 600 [2] = 0.33 (33.33 %)"
    assert largest.sentences[0].text.startswith("Tools is highest of 3 in 2022: $700 million, 70 %")
    assert not any(sentence.formula for sentence in unknown.sentences)


def test_a_prescribed_dose_of_a_record_per_day(tmp_path: Path) -> None:
    patient = {"resourceType": "Patient", "id": "p", "name": [{"family": "Kreiger", "given": ["Clemente"]}]}
    repeat = {"frequency": 2, "period": 1, "periodUnit": "d"}
    request = {
        "resourceType": "MedicationRequest",
        "id": "m",
        "status": "active",
        "intent": "order",
        "subject": {"reference": "Patient/p"},
        "medicationCodeableConcept": {"text": "Metformin 500 MG Oral Tablet"},
        "dosageInstruction": [
            {"timing": {"repeat": repeat}, "doseAndRate": [{"doseQuantity": {"value": 500, "unit": "mg"}}]}
        ],
    }
    bundle = {"resourceType": "Bundle", "type": "collection"}
    bundle["entry"] = [{"resource": patient}, {"resource": request}]
    (tmp_path / "record.json").write_text(json.dumps(bundle))
    given = {"generation": {"engine": "extractive"}}
    with Assistant.open(tmp_path / "workspace", "medical", key=KEY, **given) as assistant:
        assert not assistant.ingest(tmp_path / "record.json").quarantined
        answer = assistant.ask("How much metformin does Clemente Kreiger take per day?")
    assert [sentence.formula for sentence in answer.sentences] == ["500 mg [1] × 2 [1] = 1,000 mg per day"]
    assert "Metformin" in answer.citations[0].quote


def test_what_is_stated_or_not_there_is_not_calculated(assistant: Assistant) -> None:
    for question in (
        "What was interest expense in 2018?",
        "By how much did net sales grow from 2015 to 2016?",
        "By how much did research costs grow from 2017 to 2018?",
    ):
        assert not any(sentence.origin == "calculated" for sentence in assistant.ask(question).sentences)


def test_the_command_line_shows_the_formula(assistant: Assistant, tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text(CSV)
    environment = {**os.environ, "RAGSLM_KEY": KEY, "RAGSLM_GENERATION__ENGINE": "extractive"}

    def ragslm(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "ragslm", *arguments], cwd=tmp_path, env=environment, capture_output=True,
            text=True, timeout=280, check=True,
        )  # fmt: skip
        return done.stdout

    ragslm("init")
    ragslm("ingest", "sales.csv", "-d", "generic")
    question = "What was the percentage change in net sales from 2017 to 2018?"
    assert "calculated: (32,765 [1] − 31,657 [1]) ÷ 31,657 [1] = +3.5 %" in ragslm(
        "ask", question, "-d", "generic"
    )
    told = json.loads(ragslm("ask", question, "-d", "generic", "--json"))
    assert told["sentences"][0]["formula"].endswith("= +3.5 %")


def test_a_small_model_writes_nothing_but_expressions(models: Path) -> None:
    engine = build_engine(
        GenerationSettings(engine="llama_cpp"), prompt="Answer from the values only.",
        chat_model="smollm2-135m-instruct", folder=models,
    )  # fmt: skip
    assert isinstance(engine, Proposer)
    values = {"v1": "31,657 (Net sales, 2017)", "v2": "32,765 (Net sales, 2018)"}
    count = TokenCount()
    for question in ("By how much did net sales grow?", "Write 42.", "v9 * 7", "Reply with a poem."):
        reply = engine.propose(question, values, count=count)
        assert reply is None or re.fullmatch(expression([*values]).regex, reply)
    assert count.prompt > 100
    engine.close()
