"""Lines of a PDF page, and the cells that wide gaps cut them into."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ragslm_connectors._formats._pdf_columns import in_columns
from ragslm_connectors._formats._pdf_marks import with_marks
from ragslm_connectors._formats._pdf_words import Word
from ragslm_connectors._formats._rows import is_value, is_year

_WIDE = 1.1  # line heights between two cells
_TIGHT = 0.55  # line heights between two numbers
_NUMBER = re.compile(r"[$€£¥(\-–—−]*\s*\d[\d.,]*[%)*]*|[-–—−]+|[$€£¥]+\(?|\)?%?\)?")
_DOTS = ".…·_"
_LEADER = re.compile(rf"[{_DOTS}]{{3,}}|\.")


@dataclass
class Cell:
    """Words side by side."""

    words: list[Word]

    @property
    def left(self) -> float:
        """Left edge, in points."""
        return self.words[0].left

    @property
    def right(self) -> float:
        """Right edge, in points."""
        return self.words[-1].right

    @cached_property
    def text(self) -> str:
        """The words, with signs of money and brackets drawn apart put back to their number."""
        return "".join(text for text, _ in self.runs())

    def runs(self) -> list[tuple[str, int | None]]:
        """Text with the index of its first character on the page; None for a blank put between."""
        runs: list[tuple[str, int | None]] = []
        for position, word in enumerate(self.words):
            if position and not _sticks(self.words[position - 1], word):
                runs.append((" ", None))
            runs.append((word.text, word.first))
        return runs


@dataclass
class Line:
    """Cells at one height. `bold`: it begins and ends in a bold font.

    What follows from its words is found once: a page asks for it ten times.
    """

    cells: list[Cell]
    bold: bool = False
    words: list[Word] = field(default_factory=list)

    @property
    def left(self) -> float:
        """Left edge, in points."""
        return self.words[0].left

    @cached_property
    def right(self) -> float:
        """Right edge, in points."""
        return max(word.right for word in self.words)

    @cached_property
    def top(self) -> float:
        """Upper edge, in points."""
        return max(word.top for word in self.words)

    @cached_property
    def bottom(self) -> float:
        """Lower edge, in points."""
        return min(word.bottom for word in self.words)

    @cached_property
    def height(self) -> float:
        """Line height of its first word, in points."""
        return self.words[0].height

    @cached_property
    def text(self) -> str:
        """All words, separated by blanks."""
        return " ".join(word.text for word in self.words)

    @cached_property
    def is_row(self) -> bool:
        """Several cells, of which one after the first is a value."""
        return len(self.cells) > 1 and any(is_value(cell.text) for cell in self.cells[1:])

    @cached_property
    def is_labelled(self) -> bool:
        """The first cell is no value."""
        return not is_value(self.cells[0].text)

    @cached_property
    def is_heading(self) -> bool:
        """A row of column headings: years, perhaps with words such as `Change`, and no other value."""
        cells = [cell.text for cell in self.cells]
        years = sum(map(is_year, cells))
        return len(cells) > 1 and years > 0 and not any(is_value(c) and not is_year(c) for c in cells)

    @property
    def is_new_heading(self) -> bool:
        """Column headings beyond doubt, even in the middle of a table: two years or more."""
        return self.is_heading and sum(is_year(cell.text) for cell in self.cells) > 1

    @cached_property
    def is_words(self) -> bool:
        """Three cells or more without a value: new column headings in the middle of a table."""
        return len(self.cells) > 2 and not any(is_value(cell.text) for cell in self.cells)


def lines_of(words: Sequence[Word]) -> list[Line]:
    """Words at one height and next to each other make a line.

    The page's own order is kept, but for footnote marks drawn apart and for columns drawn line by line.
    """
    groups: list[list[Word]] = []
    for word in words:
        if groups and _continues(groups[-1][-1], word):
            groups[-1].append(word)
        else:
            groups.append([word])
    groups = in_columns(with_marks(groups))
    return [Line(cells=_split_label(_cells(group)), words=group) for group in groups]


def _continues(last: Word, word: Word) -> bool:
    height = last.height
    if word.left <= last.right - 0.5 * height:
        return False
    shared = min(last.top, word.top) - max(last.bottom, word.bottom)
    return shared > 0.6 * max(1e-6, min(height, word.height))


def _cells(words: Sequence[Word]) -> list[Cell]:
    cells: list[Cell] = []
    apart = True
    for word in words:
        if cells and word.text[:1] in _DOTS and _LEADER.fullmatch(word.text):
            apart = len(word.text) > 2 or apart
            continue
        last = cells[-1].words[-1] if cells else None
        if last and (_sticks(last, word) or not (apart or _is_apart(last, word))):
            cells[-1].words.append(word)
        else:
            cells.append(Cell([word]))
        apart = False
    return cells or [Cell(list(words))]


def _split_label(cells: list[Cell]) -> list[Cell]:
    """A label that runs close to its first value ends before it; only where other values follow."""
    first = cells[0].words
    if len(cells) < 2 or len(first) < 2 or not any(is_value(cell.text) for cell in cells[1:]):
        return cells
    bound = _sticks(first[-2], first[-1])  # a sign of money and its amount are one value
    if bound and len(first) == 2:
        return cells
    at = len(first) - (2 if bound else 1)
    gap = first[at].left - first[at - 1].right
    value = Cell(first[at:])
    if gap > _TIGHT * first[at].height and is_value(value.text) and not is_value(first[at - 1].text):
        return [Cell(first[:at]), value, *cells[1:]]
    return cells


def _is_apart(last: Word, word: Word) -> bool:
    gap = word.left - last.right
    height = min(last.height, word.height)
    if gap > _WIDE * height:
        return True
    if gap > 0 and word.text[0] in "$€£¥" and _NUMBER.fullmatch(last.text) and last.text[-1] not in "$€£¥(":
        return True
    if gap <= _TIGHT * height:
        return False
    return bool(_NUMBER.fullmatch(last.text) and _NUMBER.fullmatch(word.text))


def _sticks(last: Word, word: Word) -> bool:
    """`$` belongs to the number after it, `)` and `%` to the one before."""
    if last.text in ("$", "€", "£", "¥", "(", "$(", "-$") and _NUMBER.fullmatch(word.text):
        return True
    return word.text in (")", "%", ")%", "%)") and _NUMBER.fullmatch(last.text) is not None
