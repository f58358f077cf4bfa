"""What a terminal shows of one sentence."""

import pytest

from ragslm.cli.render import show_sentence
from ragslm.types import Sentence, Verdict

FORMULA = "(32,765 [1] − 31,657 [1]) ÷ 31,657 [1] = +3.5 %"


@pytest.mark.parametrize(
    ("formula", "lines"),
    [(None, ["Sales grew. [1]"]), (FORMULA, ["Sales grew. [1]", f"  calculated: {FORMULA}"])],
)
def test_a_formula_stands_under_its_sentence(capsys: pytest.CaptureFixture[str], formula, lines) -> None:
    show_sentence(
        Sentence(
            text="Sales grew.", citations=("1",), verdict=Verdict(True, 1.0), origin="calculated",
            formula=formula,
        )
    )  # fmt: skip
    assert capsys.readouterr().out.splitlines() == lines
