"""Titles, file names and texts that would become markup where they are read as Markdown or HTML."""

from markdown_it import MarkdownIt
from markdown_it.token import Token

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


def tokens(markdown: str) -> list[Token]:
    """What GitHub's Markdown makes of a text, inline tokens in place of their block."""
    return [inner for token in GFM.parse(markdown) for inner in (token.children or [token])]
