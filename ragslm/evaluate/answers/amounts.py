"""Amounts as people write them in answers: value, kind, scale, period and how exactly they are stated.

Apart from `ragslm.grounding` on purpose: a judge that read numbers with the code it judges would not see its
mistakes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Kind = Literal["money", "percent", "times", "number"]

SCALES = {"thousand": 3, "k": 3, "million": 6, "mn": 6, "mm": 6, "m": 6, "billion": 9, "bn": 9, "b": 9}
SCALES |= {"trillion": 12, "tn": 12, "hundred": 2}
"""Powers of ten by the word or letter that stands for them."""

_CURRENCY = r"US\$|[$€£¥]|\b(?:USD|EUR|GBP|CHF|JPY|CAD|AUD)\b"
_SAME = {"US$": "$", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|(?<![\w.])\.\d+"
_AMOUNT = re.compile(
    rf"(?P<open>\()?\s?(?P<sign>(?<![\w)])[-−–](?=\s?[\d.$€£¥U]))?\s?(?P<currency>{_CURRENCY})?\s?(?P<open2>\()?"
    rf"(?P<inner>[-−])?(?<![\w.])(?P<digits>{_DIGITS})(?P<close>\))?",
    re.IGNORECASE,
)
_SCALE = re.compile(r"[\s-]?(hundred|thousand|million|billion|trillion|mn|mm|bn|tn)s?\b", re.IGNORECASE)
_LETTER = re.compile(r"\s?([KMB])\b")
_PERCENT = re.compile(r"\)?\s?(?:%|per ?cent\b|percentage points?\b|pp\b)\)?", re.IGNORECASE)
_BASIS = re.compile(r"\s?(?:basis points?|bps)\b", re.IGNORECASE)
_TIMES = re.compile(r"\s?(?:x|×|times)(?!\w)", re.IGNORECASE)
_MONEY_AFTER = re.compile(r"\)?\s?(?:dollars?|euros?|pounds?|USD|EUR|GBP|CHF)\b", re.IGNORECASE)
_DECLARED = re.compile(
    r"\(\s?(?:in\s|dollars\sin\s|amounts\sin\s|u\.?s\.?\s?dollars\sin\s|USD\s|\$\sin\s|\$\s?)?"
    r"(thousand|million|billion)s?\b|\bin\s(?:u\.?s\.?\s)?(?:USD\s|\$\s?|dollars\s|units\sof\s)?"
    r"(thousand|million|billion)s?\b",
    re.IGNORECASE,
)
_PERIOD = re.compile(
    r"(?P<quarter>(?:\bQ[1-4]|\b(?:first|second|third|fourth)\squarter)[\s'’]*(?:of\s)?)?"
    r"(?:(?P<fiscal>\bFY|\bfiscal(?:\syear)?)[\s'’]*)?(?<![\d.,$€£-])(?P<year>(?:19|20)\d\d|(?<=FY)\d\d|(?<=FY\s)\d\d)"
    r"(?![\d%]|[.,]\d)(?!\s?(?:million|billion|thousand|dollars|shares|employees|percent))",
    re.IGNORECASE,
)
_ORDER = re.compile(r"\[[\d,\s]+\]|^\s*\d+[.)]\s", re.MULTILINE)
_DATE = re.compile(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?\s\d{1,2}(?:st|nd|rd|th)?\b"
    r"|\b\d{1,2}(?:st|nd|rd|th)?\s(?:january|february|march|april|may|june|july|august|september|october"
    r"|november|december)\b|\b\d{4}-\d\d-\d\d\b|\b\d{1,2}/\d{1,2}/\d{2,4}\b|\b10-[KQ]\b|\b8-K\b|\bQ[1-4]\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount of a text.

    Attributes:
        value: as written with its own scale, sign included; a percentage is in percent.
        kind: what it counts.
        scaled: whether a scale stands with it.
        places: decimal places as written, before the scale; `quantum` is one unit of the last of them.
        bracketed: written as `(370)`, an accounting negative: `value` is negative.
        start: of its digits; `end` one past its last character, unit included.
        power: of its scale.
        currency: as `$`, `€`, `£`, `¥` or a code; None where none stands with it.
    """

    value: Decimal
    kind: Kind
    scaled: bool
    places: int
    bracketed: bool
    start: int
    end: int
    power: int = 0
    currency: str | None = None

    @property
    def quantum(self) -> Decimal:
        """One unit of the last place written."""
        return Decimal(1).scaleb(self.power - self.places)


@dataclass(frozen=True, slots=True)
class Period:
    """A year or quarter a text names, such as 2022 or Q2 2022."""

    year: int
    start: int
    end: int


def amounts(text: str) -> list[Amount]:
    """The amounts of `text` in order, without years, dates, form names and labels such as `[1]`."""
    masked = _masked(text)
    return list(_amounts(masked))


def periods(text: str) -> list[Period]:
    """The years `text` names, in order; two digits only after FY."""
    return [
        Period(int(m["year"]) if len(m["year"]) == 4 else 2000 + int(m["year"]), m.start(), m.end())
        for m in _PERIOD.finditer(text)
    ]


def declared_scale(text: str) -> int | None:
    """The power of ten that a text declares for its bare numbers, as `(in millions)` or `in USD billions`."""
    match = _DECLARED.search(text)
    return SCALES[(match.group(1) or match.group(2)).lower()] if match else None


def _masked(text: str) -> str:
    for pattern in (_ORDER, _DATE, _PERIOD):
        text = pattern.sub(lambda m: "\x00" * len(m.group()), text)
    return text


def _amounts(text: str) -> Iterator[Amount]:
    for match in _AMOUNT.finditer(text):
        after = match.end("digits")
        in_word = text[after : after + 1].isalpha()  # 3M, 10th
        if not in_word or _scale(text, match) or _TIMES.match(text, after) or _PERCENT.match(text, after):
            yield _read(text, match)


def _scale(text: str, match: re.Match[str]) -> re.Match[str] | None:
    """The scale after an amount; a letter alone is one only with a currency or a decimal: not in 3M."""
    end = match.end("digits")
    letter = match["currency"] or "." in match["digits"]
    return (
        _SCALE.match(text, end)
        or _SCALE.match(text, match.end())
        or (_LETTER.match(text, end) if letter else None)
    )


def _read(text: str, match: re.Match[str]) -> Amount:
    digits, end, power = match["digits"].replace(",", ""), match.end(), 0
    scale = _scale(text, match)
    if scale:
        power, end = SCALES[scale.group(1).lower()], max(end, scale.end())
    value = Decimal(digits).scaleb(power)
    kind, end, value = _kind(text, match["currency"], end, value)
    closed = bool(match["close"]) or ")" in (text[end - 1 : end + 1])
    alone = match["open2"] or (match["open"] and not text[match.end("open") :].lstrip()[:1].isalpha())
    bracketed = bool(alone and closed)
    negative = bracketed or bool(match["sign"] or match["inner"])
    places = len(digits.partition(".")[2])
    return Amount(
        -value if negative else value,
        kind,
        scale is not None,
        places,
        bracketed,
        match.start("digits"),
        end,
        power,
        _SAME.get((match["currency"] or "").upper(), match["currency"]),
    )


def _kind(text: str, currency: str | None, end: int, value: Decimal) -> tuple[Kind, int, Decimal]:
    if percent := _PERCENT.match(text, end):
        return "percent", percent.end(), value
    if basis := _BASIS.match(text, end):
        return "percent", basis.end(), value / 100
    if currency or _MONEY_AFTER.match(text, end):
        return "money", end, value
    if times := _TIMES.match(text, end):
        return "times", times.end(), value
    return "number", end, value
