"""Plain text: paragraphs between empty lines; titles in capitals, numbered or underlined open sections.

Encodings: see `_decode`. Binary data is refused.
"""

import re

from ragslm.types import BlockKind, ParsedDocument, SourceDocument
from ragslm_connectors._formats._builder import TextBuilder
from ragslm_connectors._formats._decode import decode
from ragslm_connectors._formats._limits import MAX_CHARS, check_length, content_of, is_binary

_SUFFIXES = frozenset({"", ".txt", ".text", ".log"})
_GAP = re.compile(r"\n[ \t]*\n\s*")
_ITEM = re.compile(r"\s*(?:[-*•·‣▪]|\d{1,3}[.)]|\([a-z0-9]{1,3}\))\s+\S")
_NUMBERED = re.compile(r"(?:§+\s*)?(\d+(?:\.\d+)*)\.?\s+[A-Z]")
_UNDERLINE = re.compile(r"(.{2,80})\n(=|-|~|\*)\2{2,}\s*", re.DOTALL)
_LONGEST_TITLE = 80


class TextParser:
    """Plain text files.

    Attributes:
        max_chars: longest text accepted, in characters.
    """

    name = "text"
    media_type = "text/plain"
    max_chars = MAX_CHARS

    def claims(self, head: bytes, suffix: str) -> bool:
        """A text suffix, or none, over bytes that are not binary."""
        return suffix in _SUFFIXES and not is_binary(head)

    def parse(self, document: SourceDocument) -> ParsedDocument:
        """Paragraphs, list items and headings, in order.

        Raises:
            QuarantineError: empty, too long or not text.
        """
        text = decode(content_of(document, self.max_chars))
        check_length(len(text), self.max_chars)
        builder = TextBuilder(self.max_chars)
        write_text(builder, text)
        return builder.build()


def write_text(builder: TextBuilder, text: str) -> None:
    """Add paragraphs, list items and headings of plain text, in order."""
    position = 0
    for gap in _GAP.finditer(text):
        _add(builder, text[position : gap.start()])
        position = gap.end()
    _add(builder, text[position:])


def _add(builder: TextBuilder, paragraph: str) -> None:
    stripped = paragraph.strip("\n").rstrip()
    if not stripped:
        return
    if title := _title(stripped):
        builder.heading(*title)
        return
    kind: BlockKind | None = None
    for line in stripped.split("\n"):
        if _ITEM.match(line):
            kind = "list_item"
            builder.block(kind, line.strip(), gap="\n" if kind == "list_item" and len(builder) else None)
        elif kind is None:
            kind = "paragraph"
            builder.block(kind, line)
        else:
            builder.write("\n" + line)
    builder.close()


def _title(paragraph: str) -> tuple[int, str] | None:
    """Level and text of a heading: underlined, numbered, or all in capitals; None for a paragraph."""
    if underlined := _UNDERLINE.fullmatch(paragraph):
        return (1 if underlined.group(2) == "=" else 2), underlined.group(1)
    if "\n" in paragraph or len(paragraph) > _LONGEST_TITLE or paragraph[-1] in ".,;:!?":
        return None
    if numbered := _NUMBERED.match(paragraph):
        return 1 + numbered.group(1).count("."), paragraph
    if paragraph.isupper() and sum(c.isalpha() for c in paragraph) >= 4:
        return 1, paragraph
    return None
