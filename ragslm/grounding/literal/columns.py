"""In a table row a number goes with its row's label and its column's heading, and keeps its sign."""

import re
from collections.abc import Sequence

from ragslm.grounding.reading.dates import Date
from ragslm.grounding.reading.numbers import Number
from ragslm.grounding.reading.rows import Cell, Row, years_and_dates
from ragslm.grounding.reading.synonyms import same_word
from ragslm.grounding.reading.text import Reading
from ragslm.grounding.reading.tokens import Token, tokens

_JOINT = re.compile(r"[,;]|\b(?:and|but|while|whereas|compared|versus|vs)\b", re.IGNORECASE)
_RESPECTIVELY = re.compile(r"\brespectively\b", re.IGNORECASE)
_GAIN = frozenset(word.key for word in tokens("income profit gain earnings surplus inflow increase provided"))
_LOSS = frozenset(
    word.key
    for word in tokens(
        """loss losses lost deficit outflow decrease decline used expense cost costs tax paid payment payments
        charge negative benefit purchase purchases repayment repayments dividends provision reduction"""
    )
)


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
