"""Whatever a title or file name holds, Markdown shows its characters and makes nothing of them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragslm_ui.safe import literal, visible
from tests.unit.ui.hostile import HOSTILE, tokens


def shown(text: str) -> str:
    text = "".join(token.content for token in tokens(literal(text)) if token.type in {"text", "text_special"})
    return re.sub(r":color\[(.)\]", r"\1", text)


@pytest.mark.parametrize("text", HOSTILE)
def test_signs_of_markdown_and_html_are_shown_as_they_are(text: str) -> None:
    assert shown(text) == text.strip()
    assert {token.type for token in tokens(literal(text))} <= {
        "text",
        "text_special",
        "paragraph_open",
        "paragraph_close",
    }


ALPHABET = st.one_of(st.characters(codec="utf-8"), st.sampled_from("<>[]()!*_`~#|\\&:$@/-+=.\n "))


@given(st.text(ALPHABET, max_size=80))
def test_any_text_is_shown_exactly_and_makes_no_token_but_text(text: str) -> None:
    expected = " ".join(visible(text).split())
    assert " ".join(shown(text).split()) == expected
    assert {token.type for token in tokens(literal(text))} <= {
        "text",
        "text_special",
        "paragraph_open",
        "paragraph_close",
    }


def test_what_turns_or_hides_text_is_left_out() -> None:
    assert visible("in\u202evoice\u200b.pdf\u0007") == "invoice.pdf"
