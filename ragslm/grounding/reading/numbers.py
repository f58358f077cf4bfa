"""Numbers with scale, unit, sign and comparator: 1,577 million is 1.577 billion, 0.5 g is 500 mg."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from ragslm._pseudonyms import PSEUDONYM
from ragslm.grounding.reading.comparators import governing
from ragslm.grounding.reading.dates import Date, dates
from ragslm.grounding.reading.measures import is_currency, measure
from ragslm.grounding.reading.spelled import SPELLED, spelled
from ragslm.grounding.reading.tokens import NAME_WITH_DIGITS

_SCALES = {"hundred": 2, "thousand": 3, "k": 3, "million": 6, "mn": 6, "m": 6, "billion": 9, "bn": 9, "b": 9}
_SCALES |= {"trillion": 12}
_CURRENCY = r"US\$|[$€£¥]|\b(?:USD|EUR|GBP|CHF|JPY|CAD|AUD)\b"
# 1,577.0 and 1577.0; 1 577,0 and 1.577,0 only where the blank or the comma can mean nothing else.
_DIGITS = (
    r"\d{1,3}(?:[\u00a0\u202f\u2009]\d{3})+(?:[.,]\d{1,2}(?!\d))?|\d{1,3}(?: \d{3})+,\d{1,2}(?![\d,])"
    r"|\d{1,3}(?:\.\d{3})+,\d{1,2}(?![\d,])|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|(?<!\w)\.\d+"
)
_NUMBER = re.compile(
    rf"(?P<open>\()?\s?(?:(?P<currency>{_CURRENCY})\s{{0,3}})?(?P<bracket>\()?(?P<sign>(?<![\w)])[-−])?"
    rf"(?P<inner>{_CURRENCY})?(?P<digits>{_DIGITS}|{SPELLED})(?P<close>\s?\))?",
    re.IGNORECASE,
)
_SCALE = re.compile(r"[\s-]?(hundred|thousand|million|billion|trillion|mn|bn)\b", re.IGNORECASE)
_SHORT_SCALE = re.compile(r"\s?([kmb])\b", re.IGNORECASE)
_UNIT = re.compile(
    r"[\s-]{0,2}(per cent|percentage points?|basis points?|kg/m2|%|℃|°\s?[CF]\b"
    r"|[A-Za-zµμ]{1,20}\sper\s(?:kg|kilogram|m2|ml|l|dl|litre|liter)\b|[A-Za-zµμ]+(?:/[A-Za-zµμ]+)*\b)",
    re.IGNORECASE,
)
_SHARED = re.compile(r"\s?(?:[-–—]|to|and|or)\s?", re.IGNORECASE)
_RANGE = re.compile(r"\s?(?:[-–—]|to)\s?", re.IGNORECASE)
_AND = re.compile(r"\s?(?:and|to)\s?", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(between|from)\s(?:[$€£]|[A-Z]{3}\s)?$", re.IGNORECASE)
_FRACTION = re.compile(
    r"\b(?:probability|proportion|fraction|share|ratio|likelihood)(?:\s\w{1,20}){0,4}\s$", re.IGNORECASE
)
_FRACTION_REACH = 60
# "one" counts nothing in these.
_NOT_ONE = re.compile(r"one\s+(?:of|another|or more|can|may|should|must)\b", re.IGNORECASE)
_BLANK = re.compile(r"[\s\u00a0\u202f\u2009]")
_COMMA_DECIMAL = re.compile(r",\d{1,2}$")
_DECLARED = re.compile(
    r"\b(?:in|usd|eur|gbp)\s(?:[a-z]{3}\s|us\sdollars?\s|euros?\s)?(?P<in>thousand|million|billion)s?\b"
    r"|[$€£(]\s?(?:[a-z]{3}\s)?(?P<sign>thousand|million|billion)s?\b|[$€£]\s?(?P<short>m|bn|k)\b"
    r"|(?P<zeros>['’]000s?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number with its meaning.

    Attributes:
        value: in the base unit of `unit`, scale applied.
        unit: canonical unit or currency, None if bare.
        bracketed: written as (370): either a remark or an accounting negative.
        comparator: `at least`, `at most`, `more than`, `less than` or None.
        scaled: a scale word such as million was applied.
        edge: it is the lower or upper end of a range such as 5 to 10 mg; None if it stands alone.
        fraction: called a probability, share or the like, so that 0.12 is 12 %.
        grouped: written as 2,000 or 2000.0 and so no year.
        phrases: places of the words around it that say its comparison, range or currency.
    """

    start: int
    end: int
    value: Decimal
    unit: str | None = None
    bracketed: bool = False
    comparator: str | None = None
    scaled: bool = False
    edge: Literal["low", "high"] | None = None
    fraction: bool = False
    grouped: bool = False
    phrases: tuple[tuple[int, int], ...] = ()

    @property
    def year(self) -> bool:
        """Whether it may be a calendar year."""
        return (
            self.unit is None
            and not self.grouped
            and 1900 <= self.value <= 2100
            and self.value == int(self.value)
        )


def numbers(
    text: str, known: Sequence[Date] | None = None, hidden: Sequence[tuple[int, int]] = ()
) -> list[Number]:
    """Numbers of `text` in order, without those inside dates, names with digits and pseudonyms.

    Args:
        text: any text.
        known: its dates, where they have been read already.
        hidden: places whose numbers another check reads, such as the 8 of "every 8 hours".
    """
    spans = [(d.start, d.end) for d in (dates(text) if known is None else known)]
    masked = _mask(text, [*spans, *hidden])
    found = [
        _read(masked, m) for m in _NUMBER.finditer(masked) if not _NOT_ONE.match(masked, m.start("digits"))
    ]
    return _mark_ranges(masked, _share_units(masked, found))


def declared_scales(text: str) -> set[int]:
    """Powers of ten a table declares for its bare numbers, such as 6 for "(in millions)"."""
    return {
        3 if match["zeros"] else _SCALES[(match["in"] or match["sign"] or match["short"]).lower()]
        for match in _DECLARED.finditer(text)
    }


def same(claimed: Number, stated: Number, scales: set[int], text_has_currency: bool) -> bool:
    """Whether `stated` is the amount that `claimed` says, unit and sign included."""
    values = {stated.value}
    if stated.bracketed:
        values.add(-stated.value)
    if not stated.scaled:
        values |= {value.scaleb(power) for power in scales for value in tuple(values)}
    if stated.fraction and (claimed.unit, stated.unit) == ("percent", None):
        return claimed.value == stated.value * 100
    if claimed.fraction and (claimed.unit, stated.unit) == (None, "percent"):
        return claimed.value * 100 == stated.value
    if claimed.value not in values:
        return False
    if claimed.unit == stated.unit:
        return True
    bare_amount = stated.unit is None and is_currency(claimed.unit) and text_has_currency
    return bare_amount or (claimed.unit is None and is_currency(stated.unit))


def _mask(text: str, spans: Sequence[tuple[int, int]]) -> str:
    names = [m.span() for pattern in (PSEUDONYM, NAME_WITH_DIGITS) for m in pattern.finditer(text)]
    pieces, last = [], 0
    for start, end in sorted([*spans, *names]):
        if end > last:
            begin = max(start, last)
            pieces += [text[last:begin], "\x00" * (end - begin)]
            last = end
    return "".join([*pieces, text[last:]])


def _read(text: str, match: re.Match[str]) -> Number:
    value, end, scaled = _value(match.group("digits").lower()), match.end("digits"), False
    currency = match.group("currency") or match.group("inner")
    bracketed = bool((match.group("open") or match.group("bracket")) and match.group("close"))
    scale = _SCALE.match(text, end) or (_SHORT_SCALE.match(text, end) if currency else None)
    if scale:
        value, end, scaled = value.scaleb(_SCALES[scale.group(1).lower()]), scale.end(), True
    unit = currency and (measure(currency) or (None,))[0]
    if not unit:
        unit, value, end = _unit(text, value, end)
    compared = governing(text, match.start(), end)
    own = [match.span(name) for name in ("currency", "inner") if match.group(name)]
    start = match.start("digits")
    before = text[max(0, start - _FRACTION_REACH) : start]
    return Number(
        start,
        end,
        -value if match.group("sign") else value,
        unit,
        bracketed,
        compared.kind if compared else None,
        scaled,
        fraction=unit is None and 0 < value < 1 and _FRACTION.search(before) is not None,
        grouped=any(mark in match.group("digits") for mark in ",. \u00a0\u202f\u2009"),
        phrases=(*own, *(compared.spans if compared else ())),
    )


def _unit(text: str, value: Decimal, end: int) -> tuple[str | None, Decimal, int]:
    following = _UNIT.match(text, end)
    word = re.sub(r"\sper\s", "/", following.group(1), flags=re.IGNORECASE) if following else ""
    known = measure(word.replace(" ", "") if "°" in word else word)
    if following is None or known is None:
        return None, value, end
    return known[0], value * known[1], following.end()


def _value(digits: str) -> Decimal:
    if not (digits[0].isdigit() or digits[0] == "."):
        return spelled(digits)
    digits = _BLANK.sub("", digits)
    if _COMMA_DECIMAL.search(digits):
        return Decimal(digits.replace(".", "").replace(",", "."))
    return Decimal(digits.replace(",", ""))


def _share_units(text: str, found: list[Number]) -> list[Number]:
    """In "5 to 10 mg" both numbers are milligrams, in "$5 to 10 million" both are millions of dollars."""
    for i in range(len(found) - 2, -1, -1):
        left, right = found[i], found[i + 1]
        if not _SHARED.fullmatch(text[left.end : right.start].rstrip("$€£")) or left.year:
            continue
        if left.unit is None and right.unit and not is_currency(right.unit):
            stated = _unit(text, Decimal(1), _number_end(text, right))
            found[i] = replace(left, unit=right.unit, value=left.value * stated[1])
        elif is_currency(left.unit) and right.unit is None and not right.year:
            found[i + 1] = right = replace(right, unit=left.unit)
        found[i] = _share_scale(text, found[i], right)
    return found


def _share_scale(text: str, left: Number, right: Number) -> Number:
    """`left` in the scale of `right` where "5 to 10 million" cannot mean five alone."""
    if left.scaled or not right.scaled or is_currency(right.unit) is not is_currency(left.unit):
        return left
    plain = _value(text[right.start : _number_end(text, right)].lower())
    return (
        left
        if not plain or left.value > plain
        else replace(left, value=left.value * (right.value / plain), scaled=True)
    )


def _mark_ranges(text: str, found: list[Number]) -> list[Number]:
    """Ends of ranges know it: one end alone is another amount. "From 5 to 10" may also be a change."""
    for i, (left, right) in enumerate(pairwise(found)):
        between = text[left.end : right.start].rstrip("$€£( ")
        start = min((a for a, _ in left.phrases), default=left.start)
        word = _BETWEEN.search(text[max(0, start - 12) : start])
        lead = word.group(1).lower() if word else ""
        joined = _AND.fullmatch(between) if lead == "between" else _RANGE.fullmatch(between)
        change = lead == "from" and not left.year
        alike = left.unit == right.unit and left.year == right.year
        if joined and not change and alike and left.value < right.value:
            said = ((start - len(word.group()), start),) if word else ()
            found[i] = replace(left, edge="low", phrases=(*left.phrases, *said))
            found[i + 1] = replace(right, edge="high")
    return found


def _number_end(text: str, number: Number) -> int:
    match = _NUMBER.match(text, number.start)
    return match.end("digits") if match else number.end
