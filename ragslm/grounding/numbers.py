"""Numbers with scale, unit, sign and comparator: 1,577 million is 1.577 billion, 0.5 g is 500 mg."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ragslm.grounding.comparators import comparator
from ragslm.grounding.dates import Date, dates
from ragslm.grounding.measures import is_currency, measure
from ragslm.grounding.tokens import NAME_WITH_DIGITS, PSEUDONYM

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen twenty"
).split()
_WORDS = {word: Decimal(i) for i, word in enumerate(_SMALL)}
_WORDS |= {
    w: Decimal(10 * i) for i, w in enumerate("thirty forty fifty sixty seventy eighty ninety".split(), 3)
}
_SCALES = {"hundred": 2, "thousand": 3, "k": 3, "million": 6, "mn": 6, "m": 6, "billion": 9, "bn": 9, "b": 9}
_SCALES |= {"trillion": 12}
_CURRENCY = r"US\$|[$€£¥]|\b(?:USD|EUR|GBP|CHF|JPY|CAD|AUD)\b"
_NUMBER = re.compile(
    rf"(?P<open>\()?\s?(?:(?P<currency>{_CURRENCY})\s?)?(?P<sign>(?<![\w)])[-−])?(?P<inner>{_CURRENCY})?"
    rf"(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|(?<!\w)\.\d+"
    rf"|\b(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))})\b(?:[- ](?:{'|'.join(_SMALL[1:10])})\b)?)"
    rf"(?P<close>\))?",
    re.IGNORECASE,
)
_SCALE = re.compile(r"[\s-]?(hundred|thousand|million|billion|trillion|mn|bn)\b", re.IGNORECASE)
_SHORT_SCALE = re.compile(r"\s?([kmb])\b", re.IGNORECASE)
_UNIT = re.compile(
    r"[\s-]{0,2}(per cent|percentage points?|basis points?|kg/m2|%|℃|°\s?[CF]\b"
    r"|[A-Za-zµμ]+(?:/[A-Za-zµμ]+)*\b)",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\s?(?:[-–—]|to|and|or)\s?", re.IGNORECASE)
# "one" counts nothing in these.
_NOT_ONE = re.compile(r"one\s+(?:of|another|or more|can|may|should|must)\b", re.IGNORECASE)
_DECLARED = re.compile(r"\b(?:in|\$|usd|eur)\s*(thousand|million|billion)s?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Number:
    """A number with its meaning.

    Attributes:
        value: in the base unit of `unit`, scale applied.
        unit: canonical unit or currency, None if bare.
        bracketed: written as (370): either a remark or an accounting negative.
        comparator: `at least`, `at most`, `more than`, `less than` or None.
        scaled: a scale word such as million was applied.
    """

    start: int
    end: int
    value: Decimal
    unit: str | None = None
    bracketed: bool = False
    comparator: str | None = None
    scaled: bool = False

    @property
    def year(self) -> bool:
        """Whether it may be a calendar year."""
        return self.unit is None and 1900 <= self.value <= 2100 and self.value == int(self.value)


def numbers(text: str, known: Sequence[Date] | None = None) -> list[Number]:
    """Numbers of `text` in order, without those inside dates, names with digits and pseudonyms."""
    masked = _mask(text, dates(text) if known is None else known)
    found = [
        _read(masked, m) for m in _NUMBER.finditer(masked) if not _NOT_ONE.match(masked, m.start("digits"))
    ]
    return _share_units(masked, found)


def declared_scales(text: str) -> set[int]:
    """Powers of ten a table declares for its bare numbers, such as 6 for "(in millions)"."""
    return {_SCALES[match.group(1).lower()] for match in _DECLARED.finditer(text)}


def same(claimed: Number, stated: Number, scales: set[int], text_has_currency: bool) -> bool:
    """Whether `stated` is the amount that `claimed` says, unit and sign included."""
    values = {stated.value}
    if stated.bracketed:
        values.add(-stated.value)
    if not stated.scaled:
        values |= {value.scaleb(power) for power in scales for value in tuple(values)}
    if claimed.value not in values:
        return False
    if claimed.unit == stated.unit:
        return True
    bare_amount = stated.unit is None and is_currency(claimed.unit) and text_has_currency
    return bare_amount or (claimed.unit is None and is_currency(stated.unit))


def _mask(text: str, known: Sequence[Date]) -> str:
    spans = [(d.start, d.end) for d in known]
    spans += [m.span() for pattern in (PSEUDONYM, NAME_WITH_DIGITS) for m in pattern.finditer(text)]
    for start, end in spans:
        text = text[:start] + "\x00" * (end - start) + text[end:]
    return text


def _read(text: str, match: re.Match[str]) -> Number:
    value, end, scaled = _value(match.group("digits").lower()), match.end("digits"), False
    currency = match.group("currency") or match.group("inner")
    bracketed = bool(match.group("open") and match.group("close"))
    scale = _SCALE.match(text, end) or (_SHORT_SCALE.match(text, end) if currency else None)
    if scale:
        value, end, scaled = value.scaleb(_SCALES[scale.group(1).lower()]), scale.end(), True
    unit = currency and (measure(currency) or (None,))[0]
    if not unit:
        unit, value, end = _unit(text, value, end)
    if match.group("sign"):
        value = -value
    start = match.start("digits")
    return Number(start, end, value, unit, bracketed, comparator(text, match.start(), end), scaled)


def _unit(text: str, value: Decimal, end: int) -> tuple[str | None, Decimal, int]:
    following = _UNIT.match(text, end)
    known = (
        measure(following.group(1).replace(" ", "") if "°" in following.group(1) else following.group(1))
        if following
        else None
    )
    if following is None or known is None:
        return None, value, end
    return known[0], value * known[1], following.end()


def _value(digits: str) -> Decimal:
    if digits[0].isdigit() or digits[0] == ".":
        return Decimal(digits.replace(",", ""))
    return sum((_WORDS[part] for part in re.split(r"[- ]", digits)), Decimal(0))


def _share_units(text: str, found: list[Number]) -> list[Number]:
    """In "5 to 10 mg" both numbers are milligrams."""
    for i in range(len(found) - 2, -1, -1):
        left, right = found[i], found[i + 1]
        between = text[left.end : right.start]
        if left.unit is None and right.unit and not is_currency(right.unit) and _RANGE.fullmatch(between):
            stated = _unit(text, Decimal(1), _number_end(text, right))
            found[i] = replace(left, unit=right.unit, value=left.value * stated[1])
    return found


def _number_end(text: str, number: Number) -> int:
    match = _NUMBER.match(text, number.start)
    return match.end("digits") if match else number.end
