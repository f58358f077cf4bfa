"""Whatever a title or file name holds, Markdown shows its characters and makes nothing of them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ragslm_ui.safe import literal, visible

GFM = MarkdownIt("gfm-like", {"html": True, "linkify": False}).enable(["table", "strikethrough"])
HOSTILE = [
    "<script>alert(1)</script>",
    "![x](http://198.51.100.7/x.png)",
    "[a](javascript:alert(1))",
    "<img src=x onerror=alert(1)>",
    "# heading",
    "- item",
    "1. item",
    "www.example.com a@example.com https://example.com",
    "1:100:1",
    "> quote",
    "| a | b |",
    "```code```",
    "    indented code",
    "**bold** _it_ ~~gone~~",
    "$x^2$ :red[text] :smile:",
    "&lt;b&gt; &#60;",
    "<https://example.org>",
    "[1]: http://example.org",
    "a\\",
    "---",
    "===",
]


def tokens(text: str) -> list[Token]:
    return [inner for token in GFM.parse(literal(text)) for inner in (token.children or [token])]


def shown(text: str) -> str:
    text = "".join(token.content for token in tokens(text) if token.type in {"text", "text_special"})
    return re.sub(r":color\[(.)\]", r"\1", text)


@pytest.mark.parametrize("text", HOSTILE)
def test_signs_of_markdown_and_html_are_shown_as_they_are(text: str) -> None:
    assert shown(text) == text.strip()
    assert {token.type for token in tokens(text)} <= {
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
    assert {token.type for token in tokens(text)} <= {
        "text",
        "text_special",
        "paragraph_open",
        "paragraph_close",
    }


def test_what_turns_or_hides_text_is_left_out() -> None:
    assert visible("in\u202evoice\u200b.pdf\u0007") == "invoice.pdf"
