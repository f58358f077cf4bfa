"""RegML, the XML in which the CFPB publishes US federal banking regulations (`12 CFR 1005` and others).

Source: https://github.com/cfpb/regulations-schema
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from ragslm.errors import QuarantineError
from ragslm.types import PATH_SEPARATOR, ParsedDocument, SourceDocument
from ragslm_connectors._formats._builder import TextBuilder, one_line
from ragslm_connectors._formats._limits import MAX_CHARS, content_of
from ragslm_connectors._formats._rows import row_text
from ragslm_connectors._formats._xml import children, find, find_all, is_xml, local, parse_xml, text_at

_NAMESPACE = re.compile(rb"""xmlns\s*=\s*["']eregs["']""")
_SKIPPED = frozenset({"tableOfContents", "fdsys", "preamble", "graphic", "analysis", "changeset"})
_OPEN = frozenset("part subpart appendix appendixSection interpretations interpSection".split())
_NO_MARKERS = frozenset({"", "none", "Interp"})
_LABEL = re.compile(r"(\d+)-(\d+)((?:-(?:[a-z]{1,5}|\d{1,2}|[A-Z]))*?)(?:-(Interp)(?:-(\d+))?)?")
_COMMENT = "Comment "
_WHOLE = 800
"""A paragraph of up to so many characters, with the paragraphs inside it, is one section: alone, `(i) The
spouse will be permitted to use the account;` says nothing."""


class RegmlParser:
    """A regulation: a section for each paragraph that can be cited, such as `12 CFR 1005.11(c)(1)`.

    Sections are named by citation and heading under those of the paragraphs around them; an official
    interpretation's by the paragraph it comments on, `Comment 1005.6(b)(1)-1`. Items of a list stay in the
    section of the paragraph that opens the list.

    Attributes:
        max_chars: longest text accepted, in characters.
    """

    name = "regml"
    media_type = "application/xml"
    max_chars = MAX_CHARS

    def claims(self, head: bytes, suffix: str) -> bool:
        """XML in the namespace `eregs`."""
        return is_xml(head) and _NAMESPACE.search(head) is not None

    def parse(self, document: SourceDocument) -> ParsedDocument:
        """Paragraphs with their markers, in order; defined terms and links as plain words.

        Raises:
            QuarantineError: empty, not well-formed, with a document type, or no regulation; names the line.
        """
        root = parse_xml(content_of(document, self.max_chars))
        if local(root) != "regulation" or find(root, "part") is None:
            raise QuarantineError(f"Line {root.sourceline}: no RegML regulation with a part.")
        title, part = _citation(root)
        writer = _Writer(TextBuilder(self.max_chars), f"{title} CFR {part}", _headings(root))
        writer.walk(find(root, "part"), [])
        name = text_at(root, "fdsys/title").title()
        return writer.builder.build(title=f"{writer.citation} {name}".strip(), effective_date=_date(root))


class _Writer:
    """Walks the regulation; `path` holds the titles above, `headings` the heading of every citation."""

    def __init__(self, builder: TextBuilder, citation: str, headings: Mapping[str, str]) -> None:
        self.builder = builder
        self.citation = citation
        self._headings = headings
        self._section: list[str] = []

    def walk(self, element: Any, path: list[str]) -> None:
        """Sections of an element that holds others."""
        for child in element:
            name = local(child)
            if name in _SKIPPED:
                continue
            if name == "section":
                title = one_line(
                    _words(find(child, "subject")).replace("§", self.citation.split()[0] + " CFR", 1)
                )
                self._heading([*path, title], title)
                self.walk(child, [*path, title])
            elif name in ("paragraph", "interpParagraph"):
                self._paragraph(child, path)
            elif name in _OPEN:
                self.walk(child, self._titled(child, path))
            elif name == "content":
                self.walk(child, path)

    def _titled(self, element: Any, path: list[str]) -> list[str]:
        """The path with this element's title, which becomes a heading; as it is if there is none."""
        title = one_line(
            " ".join(_words(t) for n in ("title", "appendixTitle") for t in children(element, n)[:1])
        )
        if not title or local(element) == "part":
            return path
        self._heading([*path, title], title)
        return [*path, title]

    def _heading(self, path: list[str], title: str) -> None:
        self._enter(path)
        self.builder.block("heading", title)
        self.builder.close()

    def _enter(self, path: list[str]) -> None:
        """What follows lies in the section `path`."""
        if path != self._section:
            self.builder.section(PATH_SEPARATOR.join(path))
            self._section = path

    def _paragraph(self, paragraph: Any, path: list[str], depth: int = 0, whole: bool = False) -> None:
        """`(a) Title. Text`, then the paragraphs inside. `whole`: it is read with those around it."""
        title = _words(find(paragraph, "title"))
        whole = whole and not _is_group(paragraph)
        here = path if whole else self._path(paragraph, title, path, depth)
        self._enter(here)
        marker = one_line(paragraph.get("marker") or "")
        text = _words(find(paragraph, "content"))
        if title and not text.startswith(title.rstrip(".")):
            text = f"{title.rstrip('.')}. {text}"
        if text := one_line(f"{marker} {text}" if marker not in _NO_MARKERS else text):
            self.builder.block("list_item" if depth else "paragraph", text)
            self.builder.close()
        for table in find_all(paragraph, "content/table"):
            self._table(table)
        whole = whole or len(one_line(_words(paragraph))) <= _WHOLE
        for inner in (child for child in paragraph if local(child) in ("paragraph", "interpParagraph")):
            self._paragraph(inner, here, depth + 1, whole)

    def _path(self, paragraph: Any, title: str, path: list[str], depth: int) -> list[str]:
        """The section path of a paragraph: its own if it can be cited, else that of the one around it."""
        citation = _cited(paragraph.get("label") or "")
        title = title.rstrip(".")
        if _is_group(paragraph):
            title = self._headings.get(citation) or title
            citation = f"{_COMMENT}{citation}"
        elif depth and not (citation and (title or depth == 1)):
            return path
        name = one_line(f"{citation} {title}")
        return [*path, name] if name else path

    def _table(self, table: Any) -> None:
        headings = [_words(column) for column in table.iter("{*}column")]
        rows = [[_words(cell) for cell in children(row, "cell")] for row in table.iter("{*}row")]
        for cells in rows:
            if text := row_text(cells, headings if len(headings) == len(cells) else None):
                self.builder.block("row", text)
        self.builder.close()


def _words(element: Any) -> str:
    """All words inside an element, without those of tables."""
    if element is None:
        return ""
    parts = [element.text or ""]
    for child in element:
        if local(child) not in ("table", "graphic"):
            parts.append(_words(child))
        parts.append(child.tail or "")
    text = "".join(parts)
    return one_line(text) if local(element) in ("content", "title", "subject") else text


def _cited(label: str) -> str:
    """The citation of a label: `1005-6-b-1` is `1005.6(b)(1)`, `1005-6-b-1-Interp-2` its second comment.

    A group of comments has the citation of the paragraph commented on; an item of a comment, an appendix and
    an unnumbered paragraph have none.
    """
    found = _LABEL.fullmatch(label)
    if found is None:
        return ""
    part, section, inner, _, comment = found.groups()
    citation = f"{part}.{section}" + "".join(f"({marker})" for marker in inner.split("-")[1:])
    return f"{_COMMENT}{citation}-{comment}" if comment else citation


def _is_group(paragraph: Any) -> bool:
    """Whether it holds the comments on one paragraph."""
    citation = _cited(paragraph.get("label") or "")
    return local(paragraph) == "interpParagraph" and bool(citation) and not citation.startswith(_COMMENT)


def _headings(root: Any) -> dict[str, str]:
    """Headings of the paragraphs of the regulation itself, by citation."""
    titles = ((_cited(p.get("label") or ""), _words(find(p, "title"))) for p in root.iter("{*}paragraph"))
    return {citation: title.rstrip(".") for citation, title in titles if citation and title}


def _citation(root: Any) -> tuple[str, str]:
    title = text_at(root, "preamble/cfr/title", "fdsys/cfrTitleNum")
    part = text_at(root, "preamble/cfr/section") or children(root, "part")[0].get("label", "")
    return title, part


def _date(root: Any) -> date | None:
    try:
        return date.fromisoformat(text_at(root, "preamble/effectiveDate", "fdsys/date"))
    except ValueError:
        return None
