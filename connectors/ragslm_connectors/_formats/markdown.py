"""Markdown (CommonMark with tables): headings become sections, marks of emphasis and link targets go."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors._formats._builder import TextBuilder, one_line
from ragslm_connectors._formats._decode import decode
from ragslm_connectors._formats._limits import MAX_CHARS, check_length, content_of, is_binary
from ragslm_connectors._formats._rows import row_text

if TYPE_CHECKING:
    from markdown_it.token import Token

_SUFFIXES = frozenset({".md", ".markdown", ".mdown"})


class MarkdownParser:
    """Markdown files; `title:` and `date:` of a front matter between `---` lines are understood.

    Attributes:
        max_chars: longest text accepted, in characters.
    """

    name = "markdown"
    media_type = "text/markdown"
    max_chars = MAX_CHARS

    def claims(self, head: bytes, suffix: str) -> bool:
        """A Markdown suffix over bytes that are not binary."""
        return suffix in _SUFFIXES and not is_binary(head)

    def parse(self, document: SourceDocument) -> ParsedDocument:
        """Headings, paragraphs, list items and table rows, as plain text.

        Raises:
            QuarantineError: empty, too long or not text.
        """
        from markdown_it import MarkdownIt

        text = decode(content_of(document, self.max_chars))
        check_length(len(text), self.max_chars)
        front, body = _front_matter(text)
        writer = _Writer(TextBuilder(self.max_chars))
        writer.write(MarkdownIt("commonmark", {"html": False}).enable("table").parse(body))
        title = front.get("title") or writer.title
        return writer.builder.build(title=title, effective_date=_date(front.get("date")))


class _Writer:
    """Walks the flat token list once."""

    def __init__(self, builder: TextBuilder) -> None:
        self.builder = builder
        self.title: str | None = None
        self._items = 0
        self._item_begun = False
        self._headings: list[str] | None = None
        self._cells: list[str] = []

    def write(self, tokens: Sequence["Token"]) -> None:
        previous = ""
        for token in tokens:
            if token.type == "inline":
                self._inline(previous, token)
            elif token.type in ("fence", "code_block"):
                self.builder.block("paragraph", token.content.rstrip("\n"))
            elif token.type == "list_item_open":
                self._items += 1
                self._item_begun = False
            elif token.type == "list_item_close":
                self._items -= 1
            elif token.type.startswith(("table_", "thead_", "tr_")):
                self._table(token.type)
            previous = token.type + token.tag
        self.builder.close()

    def _inline(self, opened: str, token: "Token") -> None:
        text = one_line(_plain(token))
        if opened.startswith("heading_open"):
            self.title = self.title or text
            self.builder.heading(int(opened[-1]), text)
        elif opened.startswith(("th_open", "td_open")):
            self._cells.append(text)
        elif self._items and not self._item_begun:
            self._item_begun = True
            self.builder.block("list_item", "- " + text)
        elif text:
            self.builder.block("paragraph", text)

    def _table(self, kind: str) -> None:
        if kind in ("table_open", "table_close"):
            self._headings = None
        elif kind == "tr_open":
            self._cells = []
        elif kind == "thead_close":
            self._headings = self._cells
        elif kind == "tr_close" and (self._headings is not None):
            self.builder.block("row", row_text(self._cells, self._headings))


def _plain(token: "Token") -> str:
    """The words of an inline token, without marks."""
    parts: list[str] = []
    for child in token.children or ():
        if child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif child.type == "image":
            parts.append(_plain(child))
        else:
            parts.append(child.content)
    return "".join(parts)


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    """`key: value` lines between two `---` lines at the start, and the text after them."""
    if not text.startswith("---\n"):
        return {}, text
    end = text.find("\n---\n", 3)
    if end < 0:
        return {}, text
    pairs = (line.partition(":") for line in text[4:end].split("\n"))
    front = {key.strip().lower(): value.strip().strip("\"'") for key, colon, value in pairs if colon}
    return front, text[end + 5 :]


def _date(value: str | None) -> date | None:
    """An ISO 8601 date; anything else says nothing."""
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None
