"""Right and wrong calculations are told apart by the figure that is shown."""

import gzip
import json
from pathlib import Path

import pytest

from ragslm.errors import ConfigError
from ragslm.evaluate.calculation import Case, cases, judge, measure_calculation
from ragslm.grounding.calculation.calculator import EvidenceCalculator
from ragslm.protocols import Grounded
from ragslm.types import Verdict

TABLE = [
    ["", "2018", "2017"],
    ["", "$’000", "$’000"],
    ["Net sales", "$32,765", "$31,657"],
    ["Cost", "12", "—"],
]
ASKED = "What was the change in net sales from 2017 to 2018?"


def row(
    question: str, answer: object, kind: str = "arithmetic", scale: str = "thousand"
) -> dict[str, object]:
    return {"question": question, "answer": answer, "answer_type": kind, "scale": scale}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "tatqa_dev"
    folder.mkdir()
    questions = [
        row(ASKED, 1108),
        row("What was the percentage change in net sales from 2017 to 2018?", 3.5, scale="percent"),
        row("What was the change in weight from 2017 to 2018?", 2),
        row("What were net sales in 2018?", ["$32,765"], "span"),
    ]
    contexts = [
        {
            "table": {"uid": uid, "table": TABLE},
            "paragraphs": [{"order": 1, "text": "Notes."}],
            "questions": questions,
        }
        for uid in ("a", "b")
    ]
    with gzip.open(folder / "tatqa_dev.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(context) + "\n" for context in contexts)
    return tmp_path


def test_shares_by_half(data: Path) -> None:
    found = {share.name: share for share in measure_calculation(EvidenceCalculator(), data)}
    halves = [
        share for name, share in found.items() if name.endswith("calculated, right") and "among" not in name
    ]
    assert sum(share.n for share in halves) == 6
    assert sum(round(share.value * share.n) for share in halves) == 4
    assert not any(share.value for name, share in found.items() if "wrong" in name or "yet" in name)


@pytest.mark.parametrize(
    ("shown", "answer", "scale", "outcome"),
    [
        (" = +$1,108 thousand", 1108, "thousand", "right"),
        (" = +$1,108", 1108, "thousand", "right"),  # a scale that is not named is not wrong
        (" = +$1,108 million", 1108, "thousand", "wrong"),  # another scale is
        (" = −$1,108 thousand", 1108, "thousand", "wrong"),  # the other sign
        (" = +$1,109 thousand", 1108, "thousand", "wrong"),
        (" = 0.49 (49.09 %)", 49.09, "percent", "right"),
        (" = 0.49 (49.09 %)", 0.49, "", "right"),
        (" = +3.5 %", 3.5, "percent", "right"),
    ],
)
def test_judged_by_what_is_shown(shown: str, answer: float, scale: str, outcome: str) -> None:
    class Says:
        def calculate(self, question: object, units: object, propose: object) -> Grounded:
            return Grounded(text="…", verdict=Verdict(True, 1.0), formula=(shown,))

    case = Case(ASKED, answer, scale, arithmetic=True, held_out=False, units=())
    assert judge(Says(), case) == outcome


def test_a_decrease_is_asked_for_without_its_sign() -> None:
    class Says:
        def calculate(self, question: object, units: object, propose: object) -> Grounded:
            return Grounded(text="…", verdict=Verdict(True, 1.0), formula=(" = −5",))

    asked = "How much did costs decrease by from 2017 to 2018?"
    assert judge(Says(), Case(asked, 5, "", arithmetic=True, held_out=False, units=())) == "right"


def test_without_the_data(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="tatqa_dev"):
        list(cases(tmp_path))
