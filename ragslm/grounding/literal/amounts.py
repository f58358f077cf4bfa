"""Every number of a claim against those of its source: amount, range, comparison, frequency and place."""

import re
from collections.abc import Sequence

from ragslm.grounding.literal.columns import column_differs, row_differs, sign_differs
from ragslm.grounding.literal.neighbours import misplaced
from ragslm.grounding.literal.parts import changes_role, is_of_another, placed
from ragslm.grounding.reading.dates import Date
from ragslm.grounding.reading.frequencies import Frequency, bound
from ragslm.grounding.reading.measures import is_currency
from ragslm.grounding.reading.numbers import Number, declared_scales, same
from ragslm.grounding.reading.rows import Row
from ragslm.grounding.reading.text import Reading

ABSENT = "number or unit not in the source"
_SAID_AS_YEAR = re.compile(r"\b(?:in|for|of|during|since|by|year|fiscal|and|from|to)\s$", re.IGNORECASE)
_LIST_MARKS = 20
ELSEWHERE = "number stands elsewhere in the source"
_CHANGE = re.compile(
    r"\b(?:(?P<up>rose|rises|increased?|increases|grew|grows|raised|up)|(?P<down>fell|falls|decreased?|decreases"
    r"|declined?|declines|dropped|drops|reduced|lowered|down))\b[^.;]{0,60}?\bfrom\b",
    re.IGNORECASE,
)


def amount_reasons(claim: Reading, span: Reading, table: Row | None, frame: str = "") -> list[str]:
    """What stands against the claim's numbers.

    Args:
        claim: the claim.
        span: the source, a sentence or a row.
        table: the source as a row, if it is one.
        frame: what is said above a row for all of its table, such as "(in millions)".
    """
    scales = declared_scales(f"{frame}\n{span.text}")
    checks = (_number(number, claim, span, table, scales) for number in claim.numbers)
    return [
        *(reason for reason in checks if reason),
        *(["change goes the other way"] if _contradicts_itself(claim) else []),
        *_frequencies(claim, span, scales),
    ]


def _number(number: Number, claim: Reading, span: Reading, table: Row | None, scales: set[int]) -> str | None:
    fits = _fits(number, span, scales)
    if table is not None and not number.year:
        fits = [fit for fit in fits if not table.heads(fit)]
    if not fits:
        return None if number.year and _dated(number, span) else ABSENT
    if table is not None and scales and _unscaled(number, fits, table):
        return "scale differs"
    if not any(fit.comparator == number.comparator for fit in fits):
        return "comparison differs"
    if not any(fit.edge == number.edge for fit in fits):
        return "range differs"
    if table is not None and not number.year and (reason := _in_row(number, claim, table, fits)):
        return reason
    if (
        number.year
        and _SAID_AS_YEAR.search(claim.text[max(0, number.start - 8) : number.start])
        and _amounts_settled(claim, span, table, scales)
    ):
        return None
    return None if _stands_right(number, claim, span, table, fits) else ELSEWHERE


def _fits(number: Number, span: Reading, scales: set[int]) -> list[Number]:
    currency = any(is_currency(n.unit) for n in span.numbers)
    return [n for n in span.numbers if same(number, n, scales, currency or bool(scales))]


def _unscaled(number: Number, fits: Sequence[Number], table: Row) -> bool:
    """Whether an amount of money lost the scale its table declares; an amount per share has none."""
    money = is_currency(number.unit) and not number.scaled
    per_share = any(word.lower == "share" for word in table.label)
    return money and not per_share and all(f.value == number.value and not f.scaled for f in fits)


def _dated(number: Number, span: Reading) -> bool:
    """Whether the year is that of a date in the source: a day of the year, not a part of it."""
    year = Date(number.start, number.end, int(number.value))
    return any(date.says(year) for date in span.dates)


def _in_row(number: Number, claim: Reading, table: Row, fits: Sequence[Number]) -> str | None:
    if row_differs(claim, table):
        return "row differs"
    if sign_differs(number, claim, fits, table):
        return "sign differs"
    return "number stands in another column" if column_differs(number, claim, table, fits) else None


def _amounts_settled(claim: Reading, span: Reading, table: Row | None, scales: set[int]) -> bool:
    """Whether the claim's amounts stand right, so that a year that goes with them does too."""
    amounts = [n for n in claim.numbers if not n.year]
    fitted = [(n, _fits(n, span, scales)) for n in amounts]
    return bool(amounts) and all(fits and _settled(n, claim, span, table, fits) for n, fits in fitted)


def _stands_right(
    number: Number, claim: Reading, span: Reading, table: Row | None, fits: Sequence[Number]
) -> bool:
    settled = _settled(number, claim, span, table, fits)
    return (
        not misplaced(number, claim, span, fits, _others(number, span, fits)) if settled is None else settled
    )


def _settled(
    number: Number, claim: Reading, span: Reading, table: Row | None, fits: Sequence[Number]
) -> bool | None:
    """Whether column or neighbours tell that an amount stands right; None: they do not tell."""
    if table is None:
        if changes_role(number, claim, span, fits) or is_of_another(number, claim, span, fits):
            return False
        like = [n for n in claim.numbers if n.unit == number.unit and n.year == number.year]
        others = [n for n in _others(number, span, fits) if n.unit == number.unit]
        return placed(number, claim, span, like, fits, others)
    differs = column_differs(number, claim, table, fits)
    return None if differs is None else not differs


def _others(number: Number, span: Reading, fits: Sequence[Number]) -> list[Number]:
    """Numbers of the source that the claim's could be mistaken for."""
    return [
        n
        for n in span.numbers
        if n not in fits
        and n.unit in {number.unit, None}
        and n.year == number.year
        and (number.bracketed or not _marks_list(n))
    ]


def _marks_list(number: Number) -> bool:
    """Whether it may be the (2) of a list."""
    return number.bracketed and number.unit is None and 0 < number.value < _LIST_MARKS


def _contradicts_itself(claim: Reading) -> bool:
    """Whether the claim says "rose from 9 to 5"."""
    change = _CHANGE.search(claim.text)
    if change is None:
        return False
    ends = [n for n in claim.numbers if n.start >= change.end() and not n.year][:2]
    if (
        len(ends) < 2
        or ends[0].unit != ends[1].unit
        or claim.text.find(" to ", ends[0].end, ends[1].start) < 0
    ):
        return False
    first, last = ends[0].value, ends[1].value
    return first > last if change["up"] else first < last


def _frequencies(claim: Reading, span: Reading, scales: set[int]) -> list[str]:
    """A frequency must be one of the source's, and of the same number where it goes with one."""
    known = [any(said.says(one) for said in span.frequencies) for one in claim.frequencies]
    if not all(known):
        return ["frequency differs"]
    if any(_often_elsewhere(one, claim, span) for one in claim.frequencies):
        return ["frequency differs"]
    for number in claim.numbers:
        fits = _fits(number, span, scales)
        wanted = _bound(number, claim)
        stated = [_bound(fit, span) for fit in fits]
        if wanted and fits and not any(_says(held, wanted) for held in stated):
            return ["frequency differs"]
        rate = number.unit == "percent" or is_currency(number.unit)
        if rate and not claim.frequencies and fits and all(stated):
            return ["frequency left out"]
    return []


def _often_elsewhere(often: Frequency, claim: Reading, span: Reading) -> bool:
    """Whether the words that a frequency goes with go with another one in the source."""
    fits = [one for one in span.frequencies if one.says(often)]
    others = [one for one in span.frequencies if one not in fits]
    return bool(others) and placed(often, claim, span, claim.frequencies, fits, others) is False


def _bound(number: Number, reading: Reading) -> list[Frequency]:
    others = [(n.start, n.end) for n in reading.numbers if n is not number]
    return bound(number.start, number.end, reading.frequencies, others)


def _says(stated: Sequence[Frequency], claimed: Sequence[Frequency]) -> bool:
    return not stated or any(one.says(other) for one in stated for other in claimed)
