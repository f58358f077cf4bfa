"""A calculated sentence shows how it was calculated."""

from streamlit.testing.v1 import AppTest

FORMULA = "16,083 [1] ÷ 32,765 [2] = 0.49 (49.09 %)"


def page() -> None:
    from ragslm.types import Sentence, Verdict
    from ragslm_ui.answer import _show_origin

    formula = "16,083 [1] ÷ 32,765 [2] = 0.49 (49.09 %)"
    verdict = Verdict(True, 1.0)
    _show_origin(
        Sentence(text="Ratio.", citations=("1", "2"), verdict=verdict, origin="calculated", formula=formula)
    )


def test_the_formula_stands_beside_its_badge() -> None:
    shown = AppTest.from_function(page).run()
    assert not shown.exception
    assert [text.value for text in shown.text] == [FORMULA]
    assert "calculated from the sources" in shown.markdown[0].value
