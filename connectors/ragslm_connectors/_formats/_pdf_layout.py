"""What one PDF page says, as pieces in reading order: headings, paragraphs, list items and table rows.

A page is laid out from itself alone, so that one page can be drawn without reading the others.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ragslm.types import BlockKind
from ragslm_connectors._formats._pdf_lines import Cell, Line, lines_of
from ragslm_connectors._formats._pdf_tables import Column, assign, columns_above, mark_rows, text_tables
from ragslm_connectors._formats._pdf_words import is_bold, read_words

Run = tuple[str, int | None]
"""Text, and the index on the page of its first character; None for text that the page does not draw."""

_BULLET = re.compile(r"(?:[•●▪■◦‣·○]|[-–—]\s|\(?[a-z0-9]{1,3}[.)]\s)\s*\S?")
_LONGEST_TITLE = 120
_LARGER = 1.12
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_PERIODS = "years?|quarters?|months?|periods?|three|six|nine|twelve"
_NO_TITLE = re.compile(
    rf"(?:for |in |at )?(?:the )?(?:fiscal )?(?:{_PERIODS})\b.{{0,40}}\bend(?:ed|ing)\b.*"
    rf"|(?:as of |at )?(?:{_MONTHS})\b.{{0,12}}|page \d+.*|table of contents|\(.*\)|.*\bunaudited\)?"
    r"|(?:dollars )?in (?:thousands|millions|billions).*",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[^\W\d_]")


@dataclass(slots=True)
class Piece:
    """One block of a page. `size`: line height in points; headings are ranked by it and by `bold`."""

    kind: BlockKind
    runs: list[Run] = field(repr=False)
    size: float = 0.0
    bold: bool = False

    @property
    def text(self) -> str:
        """The words of all runs."""
        return "".join(text for text, _ in self.runs)


def lay_out(page: Any) -> list[Piece]:
    """The pieces of one pypdfium2 page, in order."""
    textpage = page.get_textpage()
    try:
        lines = lines_of(read_words(textpage))
        for line in lines:
            ends = (line.words[0].first, line.words[-1].first)
            line.bold = all(is_bold(textpage, index) for index in ends)
    finally:
        textpage.close()
    return _Layout(lines).pieces() if lines else []


class _Layout:
    """Decides line by line what each is, and joins the lines of a paragraph."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.words = text_tables(lines)
        self.rows = [row or index in self.words for index, row in enumerate(mark_rows(lines))]
        sizes: Counter[float] = Counter()
        for line in lines:
            sizes[round(line.height, 1)] += len(line.text)
        self.body = sizes.most_common(1)[0][0]
        self.right = max(line.right for line in lines)
        self._pieces: list[Piece] = []

    def pieces(self) -> list[Piece]:
        columns: list[Column] = []
        fresh = True  # the next row begins a table, or a part of one under new headings
        for index, line in enumerate(self.lines):
            previous = index - 1 if index else None
            if not self.rows[index]:
                fresh = True
                add = self._add_heading if self._is_heading(index) else self._add_text
                add(index, previous)
                continue
            if index in self.words:
                columns, fresh = [], True
                self._add_row(index, self.words[index])
                continue
            heading = line.is_new_heading or (fresh and line.is_heading)
            if line.is_row and (fresh or heading):
                columns, fresh = columns_above(self.lines, index), False
            elif line.is_words:
                columns, fresh = [], True
            plain = heading or not line.is_row
            self._add_row(index, None if plain else assign(line.cells, columns))
        return self._pieces

    def _add_row(self, index: int, headings: Sequence[str | None] | None) -> None:
        line = self.lines[index]
        runs: list[Run] = []
        for position, cell in enumerate(line.cells):
            if position:
                runs.append((" | ", None))
            if headings and headings[position]:
                runs.append((f"{headings[position]}: ", None))
            runs += cell.runs()
        if label := self._wrapped_label(index):
            runs = [*label.runs, (" ", None), *runs]
            self._pieces.pop()
        self._pieces.append(Piece("row", runs, line.height, line.bold))

    def _wrapped_label(self, index: int) -> Piece | None:
        """The line above, if it is the beginning of this row's label."""
        line, above = self.lines[index], self.lines[index - 1] if index else None
        if above is None or not self._pieces or not line.is_row or len(above.cells) > 1:
            return None
        begins_small = line.cells[0].text[:1].islower()
        close = -line.height < above.bottom - line.top < 0.6 * line.height
        beside = above.right < line.cells[1].left and above.left <= line.left + 1
        whole = self._pieces[-1].text == above.cells[0].text
        if begins_small and close and beside and whole and above.text[-1:] not in ".:;":
            return self._pieces[-1]
        return None

    def _is_heading(self, index: int) -> bool:
        line = self.lines[index]
        text = line.text
        if len(text) > _LONGEST_TITLE or len(_LETTERS.findall(text)) < 3 or _NO_TITLE.fullmatch(text):
            return False
        if line.height > _LARGER * self.body:
            return True
        if text[-1] in ".,;":
            return False
        return line.bold and not self._goes_on(index) and not self._is_column_heading(index)

    def _is_column_heading(self, index: int) -> bool:
        """Whether a short bold line stands over the values of a table that begins just below."""
        line = self.lines[index]
        for row in (self.lines[i] for i in range(index + 1, min(index + 9, len(self.lines))) if self.rows[i]):
            close = 0 < line.bottom - row.top + line.height < 6 * line.height
            return close and len(line.text) < 40 and len(row.cells) > 1 and line.left > row.cells[0].right
        return False

    def _goes_on(self, index: int) -> bool:
        """Whether a bold line is only the beginning of a paragraph that goes on in its style."""
        if index + 1 >= len(self.lines) or not self.lines[index + 1].bold:
            return False
        return self.lines[index].right > 0.9 * self.right and len(self.lines[index].text) > 80

    def _add_heading(self, index: int, previous: int | None) -> None:
        """A heading, joined to the one above if both are lines of one title."""
        line = self.lines[index]
        runs = _line_runs(line)
        last = self._pieces[-1] if self._pieces else None
        if last and last.kind == "heading" and previous is not None:
            above = self.lines[previous]
            close = -line.height < above.bottom - line.top < 0.5 * line.height
            alike = abs(above.height - line.height) < 0.3 and above.bold == line.bold
            if close and alike and len(last.text) + len(line.text) < _LONGEST_TITLE:
                last.runs += [(" ", None), *runs]
                return
        self._pieces.append(Piece("heading", runs, line.height, line.bold))

    def _add_text(self, index: int, previous: int | None) -> None:
        line = self.lines[index]
        bullet = _BULLET.match(line.text) is not None
        last = self._pieces[-1] if self._pieces else None
        if last and previous is not None and not bullet and last.kind in ("paragraph", "list_item"):
            above = self.lines[previous]
            if self._same_paragraph(above, line):
                last.runs += [*_joint(above, line), *_line_runs(line)]
                return
        kind: BlockKind = "list_item" if bullet else "paragraph"
        self._pieces.append(Piece(kind, _line_runs(line), line.height, line.bold))

    def _same_paragraph(self, above: Line, line: Line) -> bool:
        gap = above.bottom - line.top
        if not -line.height < gap < 0.6 * line.height or abs(above.height - line.height) > 0.25 * line.height:
            return False
        ended = above.text[-1] in ".:;!?" and above.right < line.right - 4 * line.height
        short = above.right < 0.7 * self.right and line.text[:1].isupper() and above.text[-1] in ".:;!?"
        return not ended and not short


def _line_runs(line: Line) -> list[Run]:
    return Cell(line.words).runs()


def _joint(above: Line, line: Line) -> list[Run]:
    """Nothing after a hyphen at a line's end before a small letter, a blank otherwise."""
    word = above.words[-1]
    hyphen = word.joins or (word.text.endswith("-") and len(word.text) > 1)
    return [] if hyphen and line.text[:1].islower() else [(" ", None)]
