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
from ragslm_connectors._formats._pdf_stacks import Column
from ragslm_connectors._formats._pdf_tables import (
    assign,
    columns_above,
    continues,
    mark_rows,
    text_tables,
)
from ragslm_connectors._formats._pdf_words import Word, is_bold, read_words

Run = tuple[str, int | None]
"""Text, and the index on the page of its first character; None for text that the page does not draw."""

_BULLET = re.compile(r"(?:[•●▪■◦‣·○]|[-–—]\s|\(?[a-z0-9]{1,3}[.)]\s)\s*\S?")
_DOT = re.compile(r"[•●▪■◦‣·○]")
_NUMBER = re.compile(
    r"(?:(?:item|note|part|section|chapter|article)\s*)?[\dIVX]*[\d.A-Za-z]{0,4}[.)]?", re.IGNORECASE
)
_LONGEST_TITLE = 120
_LONGEST_BETWEEN = 160  # characters of a line that may stand between two parts of one table
_LABEL_LINES = 3  # of a row
_STACK_HEIGHT = 7.0  # line heights over a table that its column headings may reach
_STACK = 24  # lines of column headings over a table, at most
LARGER = 1.12
"""A plain line is a heading if it is this many times as high as running text."""
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_PERIODS = "years?|quarters?|months?|periods?|three|six|nine|twelve"
_NO_TITLE = re.compile(
    rf"(?:for |in |at )?(?:the )?(?:fiscal )?(?:{_PERIODS})\b.{{0,40}}\bend(?:ed|ing)\b.*"
    rf"|(?:as of |at )?(?:{_MONTHS})\b.{{0,12}}|page \d+.*|table of contents|\(.*\)|.*\bunaudited\)?"
    r"|(?:dollars )?in (?:thousands|millions|billions).*",
    re.IGNORECASE,
)
_PERIOD = re.compile(r"\D{0,20}(?:\d{1,2},? )?(?:19|20)\d\d")
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
        return "".join([text for text, _ in self.runs])


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


def lay_out_words(words: Sequence[Word]) -> list[Piece]:
    """The pieces of a page that is a picture, of the words that were read on it."""
    lines = lines_of(words)
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
        self._table_end = 0  # pieces up to the last row with headings

    def pieces(self) -> list[Piece]:
        columns: list[Column] = []
        edges: dict[int, float] = {}  # of the values in those columns
        fresh = True  # the next row begins a table, or a part of one under new headings
        for index, line in enumerate(self.lines):
            previous = index - 1 if index else None
            if not self.rows[index]:
                fresh = True
                if len(line.text) > _LONGEST_BETWEEN:
                    columns, edges = [], {}
                titled = self._is_heading(index)
                if titled and not all(_PERIOD.fullmatch(column.heading) for column in columns):
                    columns, edges = [], {}  # periods hold for a whole statement, other headings do not
                add = self._add_heading if titled else self._add_text
                add(index, previous)
                continue
            if index in self.words:
                columns, edges, fresh = [], {}, True
                self._add_row(index, self.words[index])
                continue
            heading = line.is_new_heading or (fresh and line.is_heading)
            if line.is_row and (fresh or heading):
                found = columns_above(self.lines, index)
                if found or heading or not continues(line.cells, list(edges.values())):
                    columns, edges = found, {}
                else:
                    self._close_gap()
                fresh = False
            elif line.is_words:
                columns, edges, fresh = [], {}, True
            plain = heading or not line.is_row
            headings = None if plain else assign(line.cells, columns)
            if headings:
                edges |= {
                    number: cell.right
                    for number, cell in enumerate(line.cells)
                    if headings[number] is not None
                }
            self._add_row(index, headings)
            if headings:
                self._table_end = len(self._pieces)
        return self._pieces

    def _close_gap(self) -> None:
        """Make the lines between two parts of one table rows of it: they are labels of what follows."""
        for piece in self._pieces[self._table_end :]:
            piece.kind = "row"

    def _add_row(self, index: int, headings: Sequence[str | None] | None) -> None:
        line = self.lines[index]
        runs: list[Run] = []
        for position, cell in enumerate(line.cells):
            if position:
                runs.append((" | ", None))
            if headings and headings[position]:
                runs.append((f"{headings[position]}: ", None))
            runs += cell.runs()
        if label := self._label_above(index):
            runs = [*label, (" " if line.is_labelled else " | ", None), *runs]
        self._pieces.append(Piece("row", runs, line.height, line.bold))

    def _label_above(self, index: int) -> list[Run]:
        """The lines above that are the beginning of this row's label, or all of it; their pieces go."""
        label: list[Run] = []
        line = self.lines[index]
        for above in range(index - 1, max(-1, index - 1 - _LABEL_LINES), -1):
            if not self._pieces or not self._is_label(above, index, bool(label)):
                break
            if self._pieces[-1].text != self.lines[above].cells[0].text:
                break
            label = [*self._pieces.pop().runs, *([(" ", None)] if label else []), *label]
            if line.is_labelled:
                break
        return label

    def _is_label(self, above: int, index: int, more: bool) -> bool:
        """Whether a line is part of the label of the row below it.

        Before a row without one: a line at its height, left of its values, and the line above that. Before a
        row whose label goes on in a small letter: the line right above.
        """
        label, line = self.lines[above], self.lines[index]
        if len(label.cells) > 1 or not line.is_row or label.text[-1:] in ".:;":
            return False
        if not line.is_labelled:
            level = abs((label.top + label.bottom) - (line.top + line.bottom)) / 2
            near = level < (2.0 if more else 0.8) * line.height and label.bottom < line.top
            return near and label.right < line.left and len(_LETTERS.findall(label.text)) > 2
        begins_small = line.cells[0].text[:1].islower()
        close = -line.height < label.bottom - line.top < 0.6 * line.height
        return begins_small and close and label.right < line.cells[1].left and label.left <= line.left + 1

    def _is_heading(self, index: int) -> bool:
        line = self.lines[index]
        text = line.text
        if len(text) > _LONGEST_TITLE:
            return False
        letters = len(_LETTERS.findall(text))
        if letters < 3 or _NO_TITLE.fullmatch(text):
            return False
        if letters < 0.45 * sum(map(len, text.split())):
            return False
        if _DOT.match(text) or text[0] in "),;<" or text[0].islower() or self._is_column_heading(index):
            return False
        if line.height > LARGER * self.body:
            return text[-1] not in ",;" and not (text[-1] == "." and text[0].islower())
        return line.bold and text[-1] not in ".,;" and not self._goes_on(index)

    def _is_column_heading(self, index: int) -> bool:
        """Whether a bold line stands over the values of a table that begins just below."""
        line = self.lines[index]
        if not line.bold:
            return False
        for row in (
            self.lines[i] for i in range(index + 1, min(index + _STACK, len(self.lines))) if self.rows[i]
        ):
            if (
                len(row.cells) < 2
                or not 0 < line.bottom - row.top + line.height < _STACK_HEIGHT * line.height
            ):
                return False
            if len(line.cells) > 1:
                return not _NUMBER.fullmatch(line.cells[0].text)
            values = row.cells[1:] if row.is_labelled else row.cells
            middle = (line.left + line.right) / 2
            over = not row.is_labelled or line.left > row.cells[0].right
            centred = abs(middle - (row.left + row.right) / 2) < line.height and len(line.text) > 12
            return over and not centred and len(line.text) < 40 and middle > values[0].left - 2 * line.height
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
            if close and alike and len(last.text) + len(line.text) < 2 * _LONGEST_TITLE:
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
        if min(above.right, line.right) <= max(above.left, line.left):
            return False
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
