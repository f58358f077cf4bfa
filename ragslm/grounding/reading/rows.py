"""Table rows such as `Net sales | 2018: 32,765 | 2017: 31,657`: a label and cells, each with its heading."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ragslm.grounding.reading.dates import Date
from ragslm.grounding.reading.numbers import Number
from ragslm.grounding.reading.text import Reading
from ragslm.grounding.reading.tokens import Token, tokens

BAR = " | "
_HEADED = re.compile(r"[^|]{1,80}?:\s")
_BRACKETS = re.compile(r"\([^()|]{0,60}\)")
# A label without these words is still the same row; "net" or "cost of" is not among them.
_LIGHT = frozenset(word.key for word in tokens("total note amount year ended consolidated"))


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a row: its heading's words and periods; from `value` on its value."""

    start: int
    value: int
    end: int
    heading: frozenset[str] = field(repr=False)
    periods: tuple[Date, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row with the words of its label, empty where its first cell has a heading or a value.

    `instead`: of the words in brackets one may stand for the word before, as in "Net income (loss)".
    """

    label: tuple[Token, ...] = field(repr=False)
    cells: tuple[Cell, ...]
    instead: tuple[Token, ...] = field(default=(), repr=False)

    def cell_of(self, number: Number) -> Cell | None:
        """The cell in which a number of the row stands."""
        return next((cell for cell in self.cells if cell.start <= number.start < cell.end), None)

    def heads(self, number: Number) -> bool:
        """Whether a number of the row is part of a heading: a year, no amount."""
        cell = self.cell_of(number)
        return cell is not None and number.start < cell.value


def row(span: Reading) -> Row | None:
    """`span` as a row, None if it is no row."""
    if BAR not in span.text:
        return None
    cells: list[Cell] = []
    start = 0
    for part in span.text.split(BAR):
        cells.append(_cell(span, start, start + len(part)))
        start += len(part) + len(BAR)
    first = cells[0]
    own = [w for w in span.words if first.start <= w.start < first.end]
    headed = _HEADED.match(span.text, first.start, first.end) or any(w.number for w in own[:1])
    label, instead = ((), ()) if headed else _label(span, own, first.end)
    return Row(label, tuple(cells), instead)


def years_and_dates(reading: Reading) -> list[Date]:
    """Dates and bare years, left to right, so that "fiscal 2018" finds a column headed 2018."""
    years = [Date(n.start, n.end, int(n.value)) for n in reading.numbers if n.year]
    return sorted([*reading.dates, *years], key=lambda date: date.start)


def _cell(span: Reading, start: int, end: int) -> Cell:
    headed = _HEADED.match(span.text, start, end)
    until = headed.end() if headed else start
    words = frozenset(w.key for w in span.words if w.content and start <= w.start < until and not w.number)
    periods = tuple(d for d in years_and_dates(span) if start <= d.start < until)
    return Cell(start, until, end, words, periods)


def _label(span: Reading, words: Sequence[Token], end: int) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
    """The words of a label, and those of its brackets."""
    aside = [match.span() for match in _BRACKETS.finditer(span.text, 0, end)]
    telling = [w for w in words if w.content and not w.number and w.key not in _LIGHT]
    inside = [any(a <= w.start < b for a, b in aside) for w in telling]
    return (
        tuple(w for w, within in zip(telling, inside, strict=True) if not within),
        tuple(w for w, within in zip(telling, inside, strict=True) if within),
    )
