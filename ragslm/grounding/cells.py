"""Table rows such as `Net sales | 2018: 32,765 | 2017: 31,657`: a number goes with its row and its column."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ragslm.grounding.alignment import same_word
from ragslm.grounding.dates import Date
from ragslm.grounding.numbers import Number
from ragslm.grounding.reading import Reading
from ragslm.grounding.tokens import Token, tokens

BAR = " | "
_HEADED = re.compile(r"[^|]{1,80}?:\s")
_BRACKETS = re.compile(r"\([^()|]{0,60}\)")
_JOINT = re.compile(r"[,;]|\b(?:and|but|while|whereas|compared|versus|vs)\b", re.IGNORECASE)
_RESPECTIVELY = re.compile(r"\brespectively\b", re.IGNORECASE)
# A label without these words is still the same row; "net" or "cost of" is not among them.
_LIGHT = frozenset(word.key for word in tokens("total note amount year ended consolidated"))
_GAIN = frozenset(word.key for word in tokens("income profit gain earnings surplus inflow increase provided"))
_LOSS = frozenset(
    word.key
    for word in tokens(
        """loss losses lost deficit outflow decrease decline used expense cost costs tax paid payment payments
        charge negative benefit purchase purchases repayment repayments dividends provision reduction"""
    )
)


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


def column_differs(number: Number, claim: Reading, table: Row, fits: Sequence[Number]) -> bool | None:
    """Whether the claim puts the number under another heading; None: it names none."""
    cells = [cell for fit in fits if (cell := table.cell_of(fit))]
    period = period_of(number, claim)
    dated = [cell for cell in cells if cell.periods]
    if period is not None and dated and len(dated) == len(cells):
        cells = [cell for cell in dated if any(said.says(period) for said in cell.periods)]
        if not cells:
            return True
    apart = _other_column(claim, table, cells)
    return apart if apart is not None or period is None or not dated else False


def row_differs(claim: Reading, table: Row) -> bool:
    """Whether the claim leaves out a word of the row's label: "sales" is not "cost of sales"."""
    missing = [w for w in table.label if not _says(claim, w)]
    return len(missing) > (1 if any(_says(claim, w) for w in table.instead) else 0)


def _says(claim: Reading, word: Token) -> bool:
    return any(same_word(word, said) for said in claim.words)


def sign_differs(number: Number, claim: Reading, fits: Sequence[Number], table: Row) -> bool:
    """Whether a loss in brackets became an income, or an amount without brackets a loss."""
    said = {word.key for word in claim.words}
    gain, loss = bool(said & _GAIN), bool(said & _LOSS)
    named = {word.key for word in table.label}
    if all(fit.bracketed for fit in fits):
        return number.value > 0 and not number.bracketed and gain and not loss and not named & _LOSS
    unsigned = all(not fit.bracketed and fit.value > 0 for fit in fits)
    return unsigned and bool(named & _GAIN) and not named & _LOSS and loss and not said & _GAIN


def period_of(number: Number, claim: Reading) -> Date | None:
    """The period that a claim's number is said for."""
    periods = years_and_dates(claim)
    amounts = [n for n in claim.numbers if not n.year]
    if _RESPECTIVELY.search(claim.text) and len(periods) == len(amounts) and number in amounts:
        return periods[amounts.index(number)]
    found = []
    for period in periods:
        start, end = sorted([(number.start, number.end), (period.start, period.end)])
        between = claim.text[start[1] : end[0]]
        if not any(start[1] <= n.start < end[0] for n in amounts):
            before = period.start < number.start
            found.append(
                (_JOINT.search(between.strip(" ,") if before else between) is not None, before, period)
            )
    return min(found, key=lambda one: one[:2])[2] if found else None


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


def _other_column(claim: Reading, table: Row, cells: Sequence[Cell]) -> bool | None:
    """Whether the claim uses words of another column's heading and none of the number's own."""
    said = {word.key for word in claim.words}
    headings = [cell.heading for cell in table.cells if cell.heading]
    shared = frozenset.intersection(*headings) if headings else frozenset()
    elsewhere = frozenset().union(*(c.heading for c in table.cells if c not in cells)) - shared
    label = {word.key for word in table.label}
    for cell in cells:
        if said & (cell.heading - elsewhere - shared - label):
            return False
    foreign = elsewhere - frozenset().union(*(cell.heading for cell in cells)) - label
    return True if cells and said & foreign else None
