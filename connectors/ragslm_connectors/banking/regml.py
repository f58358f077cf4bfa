"""RegML, the XML in which the CFPB publishes US federal banking regulations (`12 CFR 1005` and others).

Source: https://github.com/cfpb/regulations-schema
"""

import re
from datetime import date
from typing import Any

from ragslm.errors import QuarantineError
from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors._formats._builder import SEPARATOR, TextBuilder, one_line
from ragslm_connectors._formats._limits import MAX_CHARS, content_of
from ragslm_connectors._formats._rows import row_text
from ragslm_connectors._formats._xml import children, find, find_all, local, parse_xml, text_at

_NAMESPACE = re.compile(rb"""xmlns\s*=\s*["']eregs["']""")
_SKIPPED = frozenset({"tableOfContents", "fdsys", "preamble", "graphic", "analysis", "changeset"})
_OPEN = frozenset("part subpart appendix appendixSection interpretations interpSection".split())


class RegmlParser:
    """A regulation: a section for each paragraph on the first level, such as `12 CFR 1005.11(c)`.

    Attributes:
        max_chars: longest text accepted, in characters.
    """

    name = "regml"
    media_type = "application/xml"
    max_chars = MAX_CHARS

    def claims(self, head: bytes, suffix: str) -> bool:
        """XML in the namespace `eregs`."""
        return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and _NAMESPACE.search(head) is not None

    def parse(self, document: SourceDocument) -> ParsedDocument:
        """Paragraphs with their markers, in order; defined terms and links as plain words.

        Raises:
            QuarantineError: empty, not well-formed, with a document type, or no regulation; names the line.
        """
        root = parse_xml(content_of(document, self.max_chars))
        if local(root) != "regulation" or find(root, "part") is None:
            raise QuarantineError(f"Line {root.sourceline}: no RegML regulation with a part.")
        title, part = _citation(root)
        writer = _Writer(TextBuilder(self.max_chars), f"{title} CFR {part}")
        writer.walk(find(root, "part"), [])
        name = text_at(root, "fdsys/title").title()
        return writer.builder.build(title=f"{writer.citation} {name}".strip(), effective_date=_date(root))


class _Writer:
    """Walks the regulation; `path` holds the titles above."""

    def __init__(self, builder: TextBuilder, citation: str) -> None:
        self.builder = builder
        self.citation = citation

    def walk(self, element: Any, path: list[str]) -> None:
        """Sections of an element that holds others."""
        for child in element:
            name = local(child)
            if name in _SKIPPED:
                continue
            if name == "section":
                self._section(child, path)
            elif name in ("paragraph", "interpParagraph"):
                self._paragraph(child, path, "")
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

    def _section(self, section: Any, path: list[str]) -> None:
        subject = _words(find(section, "subject"))
        title = one_line(subject.replace("§", f"{self.citation.split()[0]} CFR", 1))
        self._heading([*path, title], title)
        number = f"{self.citation}.{section.get('sectionNum', '')}"
        for paragraph in children(section, "paragraph"):
            self._paragraph(paragraph, [*path, title], number)

    def _heading(self, path: list[str], title: str) -> None:
        self.builder.section(SEPARATOR.join(path))
        self.builder.block("heading", title)
        self.builder.close()

    def _paragraph(self, paragraph: Any, path: list[str], number: str, depth: int = 0) -> None:
        """`(a) Title. Text`, then the paragraphs inside; a section of its own on the first level."""
        marker = one_line(paragraph.get("marker") or "")
        here = f"{number}{marker}" if number else ""
        title = _words(find(paragraph, "title"))
        if depth == 0 and ((here and marker) or (title and not number)):
            name = f"{here} {title}".strip() if here else title
            self.builder.section(SEPARATOR.join([*path, one_line(name).rstrip(".")]))
        text = _words(find(paragraph, "content"))
        if title and not text.startswith(title.rstrip(".")):
            text = f"{title.rstrip('.')}. {text}"
        if text := one_line(f"{marker} {text}"):
            self.builder.block("list_item" if depth else "paragraph", text)
            self.builder.close()
        for table in find_all(paragraph, "content/table"):
            self._table(table)
        for inner in (child for child in paragraph if local(child) in ("paragraph", "interpParagraph")):
            self._paragraph(inner, path, here, depth + 1)

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


def _citation(root: Any) -> tuple[str, str]:
    title = text_at(root, "preamble/cfr/title", "fdsys/cfrTitleNum")
    part = text_at(root, "preamble/cfr/section") or children(root, "part")[0].get("label", "")
    return title, part


def _date(root: Any) -> date | None:
    try:
        return date.fromisoformat(text_at(root, "preamble/effectiveDate", "fdsys/date"))
    except ValueError:
        return None
