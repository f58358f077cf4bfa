"""HTML: words in reading order, without scripts, styles and navigation; nothing is ever fetched."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from ragslm.errors import QuarantineError
from ragslm.types import BlockKind, ParsedDocument, SourceDocument
from ragslm_connectors._formats._builder import TextBuilder, one_line
from ragslm_connectors._formats._decode import decode
from ragslm_connectors._formats._limits import MAX_CHARS, check_length, content_of, is_binary
from ragslm_connectors._formats._rows import headings_of, row_text

_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
_START = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w.:-]{2,40})", re.I)
_PROLOGUE = re.compile(r"^\s*<\?xml[^>]*\?>")
_DROPPED = frozenset("script style nav noscript template svg math head iframe object select button".split())
_HEADING = re.compile(r"h([1-6])")
_BLOCKS = frozenset(
    """
    p div section article main aside header footer blockquote pre ul ol dl dt dd li table figure figcaption
    form fieldset address center hr body details summary
    """.split()
)
_DATES = ("date", "dc.date", "dcterms.date", "article:published_time", "dcterms.modified", "last-modified")


class HtmlParser:
    """HTML pages.

    Attributes:
        max_chars: longest text accepted, in characters.
    """

    name = "html"
    media_type = "text/html"
    max_chars = MAX_CHARS

    def claims(self, head: bytes, suffix: str) -> bool:
        """A document that begins like HTML, whatever its suffix; or an HTML suffix over text."""
        if _START.match(head.removeprefix(b"\xef\xbb\xbf")):
            return True
        return suffix in _SUFFIXES and not is_binary(head)

    def parse(self, document: SourceDocument) -> ParsedDocument:
        """Headings, paragraphs, list items and table rows.

        Raises:
            QuarantineError: empty, too long, nested too deeply or not text.
        """
        content = content_of(document, self.max_chars)
        declared = _CHARSET.search(content[:4096])
        text = decode(content, declared.group(1).decode("ascii") if declared else None)
        builder = TextBuilder(self.max_chars)
        root = write_html(builder, text)
        return builder.build(title=root.findtext(".//title"), effective_date=_date(root))


def write_html(builder: TextBuilder, text: str, *, quoted: str = "") -> Any:
    """Add the words of a page in reading order; gives its root element.

    `quoted`: words put before each block of a `blockquote`, such as `Quoted: `.

    Raises:
        QuarantineError: too long, nested too deeply or not HTML.
    """
    root = _tree(text, builder.max_chars)
    writer = _Writer(builder, quoted)
    writer.walk(root)
    writer.flush()
    return root


class _Writer:
    """Collects inline words until a block element begins or ends."""

    def __init__(self, builder: TextBuilder, quoted: str) -> None:
        self.builder = builder
        self._words: list[str] = []
        self._kind: BlockKind = "paragraph"
        self._quoted = quoted
        self._quotes = 0

    def flush(self) -> None:
        if text := one_line("".join(self._words)):
            prefix = self._quoted if self._quotes else ""
            prefix += "- " if self._kind == "list_item" else ""
            self.builder.block(self._kind, prefix + text)
            self._kind = "paragraph"
        self._words.clear()

    def walk(self, element: Any) -> None:
        tag = element.tag if isinstance(element.tag, str) else ""
        if not tag or tag in _DROPPED:
            return
        if heading := _HEADING.fullmatch(tag):
            self.flush()
            self.builder.heading(int(heading.group(1)), _inline_text(element))
        elif tag == "table" and _is_data(element):
            self.flush()
            self._table(element)
        elif tag == "br":
            self._words.append("\n")
        elif tag == "img":
            self._words.append(f" {element.get('alt') or ''} ")
        else:
            self._inside(element, tag)

    def _inside(self, element: Any, tag: str) -> None:
        block = tag in _BLOCKS or tag in ("tr", "td", "th")
        if block:
            self.flush()
            self._kind = "list_item" if tag == "li" else "paragraph"
        self._quotes += tag == "blockquote"
        self._words.append(element.text or "")
        for child in element:
            self.walk(child)
            self._words.append(child.tail or "")
        if block:
            self.flush()
            self._kind = "paragraph"
        self._quotes -= tag == "blockquote"

    def _table(self, table: Any) -> None:
        if (caption := table.find("caption")) is not None and _inline_text(caption):
            self.builder.block("paragraph", _inline_text(caption))
        rows = [_cells(row) for row in table.iter("tr")]
        rows = [row for row in rows if any(row)]
        headings = headings_of(rows)
        for row in rows[1:] if headings else rows:
            self.builder.block("row", row_text(row, headings))


def _cells(row: Any) -> list[str]:
    """A row's cells, one for each column they span."""
    cells: list[str] = []
    for cell in row:
        if cell.tag in ("td", "th"):
            span = cell.get("colspan", "1")
            cells += [_inline_text(cell)] + [""] * (min(int(span), 100) - 1 if span.isdigit() else 0)
    return cells


def _is_data(table: Any) -> bool:
    """Whether a table holds data rather than the layout of a page."""
    if table.find(".//table") is not None or any(table.iter("h1", "h2", "h3", "h4", "h5", "h6")):
        return False
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    return len(rows) > 1 and max(len(cells) for cells in rows) > 1


def _inline_text(element: Any) -> str:
    return one_line("".join(_texts(element)))


def _texts(element: Any) -> Iterator[str]:
    """Words of an element and its children; scripts and comments left out, block ends as blanks."""
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _DROPPED:
            blank = " " if child.tag in _BLOCKS or child.tag == "br" else ""
            yield blank
            yield from _texts(child)
            yield blank
        yield child.tail or ""


def _tree(text: str, max_chars: int) -> Any:
    from lxml import etree, html

    check_length(len(text), max_chars)
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = html.document_fromstring(_PROLOGUE.sub("", text), parser=parser)
    except etree.LxmlError as error:
        raise QuarantineError(f"The page cannot be read as HTML ({type(error).__name__}).") from None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):  # the rest was dropped
        raise QuarantineError("The page's elements are nested too deeply.")
    return root


def _date(root: Any) -> date | None:
    """The date the page's own metadata gives."""
    for meta in root.iter("meta"):
        if (meta.get("name") or meta.get("property") or "").lower() in _DATES:
            try:
                return date.fromisoformat((meta.get("content") or "")[:10])
            except ValueError:
                continue
    return None
