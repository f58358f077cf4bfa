"""Builds a `ParsedDocument` piece by piece, so that every offset is right by construction."""

from datetime import date
from itertools import takewhile

from ragslm.errors import QuarantineError
from ragslm.types import PATH_SEPARATOR, Block, BlockKind, LabelledField, PageSpan, ParsedDocument, Section
from ragslm_connectors._formats._limits import MAX_CHARS, check_length


def one_line(text: str) -> str:
    """`text` with every run of blanks and line breaks as one space, and none around it."""
    return " ".join(text.split())


class TextBuilder:
    """Text, blocks, sections, pages and labelled fields, appended in reading order.

    Blocks never overlap; a section reaches from its first block to the last before the next
    section; a page reaches to the start of the next.

    Attributes:
        max_chars: longest text accepted, in characters.
    """

    def __init__(self, max_chars: int = MAX_CHARS) -> None:
        self.max_chars = max_chars
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._fields: list[LabelledField] = []
        self._open: tuple[BlockKind, int] | None = None
        self._first = 0  # of the open block's pieces
        self._sections: list[tuple[str, int]] = []
        self._pending: str | None = None
        self._outline: list[tuple[int, str]] = []
        self._pages: list[tuple[int, int]] = []

    def __len__(self) -> int:
        return self._length

    def block(self, kind: BlockKind, text: str = "", *, gap: str | None = None) -> None:
        """Close the open block and begin another; `text` is its first words.

        `gap` separates it from what came before: by default one line break before a row, record or list item
        that follows its like, an empty line otherwise.
        """
        self.close()
        if self._length:
            self.write(gap if gap is not None else self._gap(kind))
        if self._pending is not None:
            self._sections.append((self._pending, self._length))
            self._pending = None
        self._open = (kind, self._length)
        self._first = len(self._parts)
        if text:
            self.write(text)

    def write(self, text: str, entity: str | None = None, path: str = "", *, before: str = "") -> None:
        """Append to the open block, after `before`; with `entity`, label what was appended, without it."""
        if not text:
            return
        start = self._length + len(before)
        self._parts.append(before + text)
        self._length = end = start + len(text)
        if end > self.max_chars:  # a call for every piece would cost a tenth of the parsing
            check_length(end, self.max_chars)
        if entity and not text.isspace():
            self._fields.append(LabelledField(start, end, entity, path))

    def ends_with(self, sign: str) -> bool:
        """Whether the text so far ends with a sign that was written in one piece."""
        return bool(self._parts) and self._parts[-1].endswith(sign)

    def said(self) -> str:
        """Words of the open block; empty if none is."""
        return "".join(self._parts[self._first :]) if self._open else ""

    def labelled(self) -> dict[str, str]:
        """Privacy types of the open block's labelled fields by their words; empty if none is open."""
        said, start = self.said(), self._open[1] if self._open else self._length
        own = takewhile(lambda field: field.start >= start, reversed(self._fields))
        return {said[field.start - start : field.end - start]: field.entity for field in own}

    def close(self) -> None:
        """End the open block; an empty one leaves no trace but its gap."""
        if self._open is None:
            return
        kind, start = self._open
        if self._length > start:
            self._blocks.append(Block(kind, start, self._length))
        self._open = None

    def section(self, path: str) -> None:
        """What follows belongs to the section `path`; it begins with the next block."""
        self.close()
        self._pending = path

    def heading(self, level: int, title: str) -> None:
        """A heading block; what follows lies in its section, below the open ones of lower `level`."""
        if title := one_line(title):
            self.begin_heading(level, title)
            self.write(title)
            self.close()

    def chapter(self, title: str | None) -> None:
        """What follows lies in the part of the document that `title` names; None: in no such part.

        A part encloses all headings; where it changes, those before it enclose nothing more.
        """
        present = self._outline[0][1] if self._outline and not self._outline[0][0] else None
        title = one_line(title or "") or None
        if title == present:
            return
        self._outline = [(0, title)] if title else [part for part in self._outline if part[0]]
        self.section(PATH_SEPARATOR.join(part for _, part in self._outline))

    def begin_heading(self, level: int, title: str) -> None:
        """Open the heading's section and its block; the caller writes the title's words itself."""
        self._outline = [part for part in self._outline if part[0] < level] + [(level, title)]
        self.section(PATH_SEPARATOR.join(part for _, part in self._outline))
        self.block("heading", gap="\n\n")

    def page(self, number: int) -> None:
        """What follows lies on 1-based page `number`."""
        self.close()
        self._pages.append((number, self._length))

    def build(
        self, *, title: str | None = None, effective_date: date | None = None, scope: str | None = None
    ) -> ParsedDocument:
        """The finished document.

        Raises:
            QuarantineError: it holds no text.
        """
        self.close()
        text = "".join(self._parts)
        if not self._blocks or not text.strip():
            raise QuarantineError("The file holds no readable text.")
        return ParsedDocument(
            text=text,
            title=one_line(title or "") or None,
            effective_date=effective_date,
            scope=scope,
            pages=self._page_spans(),
            sections=self._section_spans(),
            blocks=tuple(self._blocks),
            fields=tuple(self._fields),
        )

    def _gap(self, kind: BlockKind) -> str:
        same = bool(self._blocks) and self._blocks[-1].kind == kind and self._pending is None
        return "\n" if same and kind in ("row", "list_item", "record") else "\n\n"

    def _page_spans(self) -> tuple[PageSpan, ...]:
        ends = [*(start for _, start in self._pages[1:]), self._length]
        return tuple(PageSpan(n, s, e) for (n, s), e in zip(self._pages, ends, strict=False))

    def _section_spans(self) -> tuple[Section, ...]:
        """Sections that hold a block, each to the end of its last block."""
        spans: list[Section] = []
        bounds = [*(start for _, start in self._sections[1:]), self._length + 1]
        block = sum(b.start < self._sections[0][1] for b in self._blocks) if self._sections else 0
        for (path, start), bound in zip(self._sections, bounds, strict=False):
            end = start
            while block < len(self._blocks) and self._blocks[block].start < bound:
                end = max(end, self._blocks[block].end)
                block += 1
            if end > start:
                spans.append(Section(path, start, end))
        return tuple(spans)
