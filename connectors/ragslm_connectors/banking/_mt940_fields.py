"""Fields of MT940 and MT942: balances, entries, sums, each read by its pattern or refused with its line.

Patterns take what banks write beside the standard: blanks for the entry date, an IBAN as reference, a name
behind the reference, amounts with leading zeros or a decimal point.

Source: SWIFT Standards MT, category 9, fields 34F, 60a, 61, 62a, 64, 65, 90D, 90C
"""

import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date

from ragslm.errors import QuarantineError
from ragslm_connectors.banking._account import leading_iban
from ragslm_connectors.banking._money import decimal_of, money
from ragslm_connectors.banking._mt940_tags import Tag

_BALANCE = re.compile(r"(R?[CD])\s?(\d{6})([A-Z]{3})\s?([\d,. ]{1,24})")
_ENTRY = re.compile(
    r"(\d{6})(\d{4}|[ ]{4})?\s?([RE]?[CD])([A-Z])?[ ]?(\d[\d,.]{0,20})([A-Z][A-Z0-9 ]{3})?(.*)", re.DOTALL
)
_SUM = re.compile(r"(\d{1,6})([A-Z]{3})([\d,.]{1,24})")
_LIMIT = re.compile(r"([A-Z]{3})([CD])?([\d,.]{1,24})")
_REFERENCE = 16
"""Longest customer reference in characters; dialects write the counterparty's name behind it."""
_CENTURY = 80
"""Two-digit years from here on are of the last century."""


@dataclass(frozen=True, slots=True)
class Balance:
    """A balance; `amount` with currency, negative for a debit."""

    amount: str
    day: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A statement line (field 61).

    Attributes:
        value_day: ISO date; `day`: entry date, else the value date.
        side: `credit`, `debit`, either `reversed`, or `expected`.
        amount: with the statement's currency.
        type: transaction type and code, such as `NTRF`; may be empty.
        reference: of the account's owner; `bank_reference`: of the bank.
        beside: what stands behind the reference on its line: the counterparty's name in some dialects.
        more: supplementary details on lines of their own.
    """

    value_day: str
    day: str
    side: str
    amount: str
    type: str
    reference: str = field(repr=False)
    bank_reference: str = field(repr=False)
    beside: str = field(repr=False)
    more: str = field(repr=False)


def read_balance(tag: Tag) -> Balance:
    """Fields 60a, 62a, 64 and 65.

    Raises:
        QuarantineError: it is no balance; names tag and line.
    """
    found = _BALANCE.match(tag.value)
    number = found and _decimal(found[4])
    if not found or not number:
        raise QuarantineError(f"Line {tag.line}: :{tag.name}: is no balance (side, date, currency, amount).")
    minus = "-" if found[1].endswith("D") and number.strip("0.") else ""
    return Balance(money(minus + number, found[3]), _day(found[2], tag))


def read_entry(tag: Tag, currency: str) -> Entry:
    """Field 61.

    Raises:
        QuarantineError: it is no entry; names tag and line.
    """
    found = _ENTRY.fullmatch(tag.value)
    number = found and _decimal(found[5])
    if not found or not number:
        raise QuarantineError(f"Line {tag.line}: :{tag.name}: is no entry (date, side, amount).")
    value_day = _day(found[1], tag)
    first, _, more = found[7].partition("\n")
    reference, slashes, bank_reference = first.partition("//")
    if not slashes:
        length = len(leading_iban(reference)) or _REFERENCE
        reference, beside = reference[:length], reference[length:]
    else:
        beside = ""
    return Entry(
        value_day=value_day,
        day=_entry_day(found[2] or "", value_day, tag),
        side=_side(found[3]),
        amount=money(number, currency),
        type=(found[6] or "").strip(),
        reference=reference.strip(),
        bank_reference=bank_reference.strip(),
        beside=beside.strip(),
        more=more.strip(),
    )


def read_sum(tag: Tag) -> tuple[str, str]:
    """Count and total of fields 90D and 90C.

    Raises:
        QuarantineError: it is none; names tag and line.
    """
    found = _SUM.match(tag.value)
    number = found and _decimal(found[3])
    if not found or not number:
        raise QuarantineError(f"Line {tag.line}: :{tag.name}: is no sum (count, currency, amount).")
    return str(int(found[1])), money(number, found[2])


def read_limit(tag: Tag) -> tuple[str, str]:
    """Currency and amount of field 34F, the least amount that is reported.

    Raises:
        QuarantineError: it is none; names tag and line.
    """
    found = _LIMIT.match(tag.value)
    number = found and _decimal(found[3])
    if not found or not number:
        raise QuarantineError(f"Line {tag.line}: :{tag.name}: is no floor limit (currency, amount).")
    return found[1], money(number, found[1])


def read_day(tag: Tag) -> str:
    """The date that fields 13D and 13 begin with.

    Raises:
        QuarantineError: there is none; names tag and line.
    """
    return _day(tag.value[:6], tag)


def date_of(day: str) -> date:
    """A banking day as a date: interest months have 30 days, so `2016-02-30` is the month's last."""
    year, month, last = map(int, day.split("-"))
    return date(year, month, min(last, monthrange(year, month)[1]))


def _decimal(text: str) -> str:
    comma = "," if "," in text else "."
    return decimal_of(text, point=comma, thousands="." if comma == "," else "")


def _side(mark: str) -> str:
    before = {"R": "reversed ", "E": "expected "}.get(mark[0], "") if len(mark) > 1 else ""
    return before + ("credit" if mark.endswith("C") else "debit")


def _day(text: str, tag: Tag) -> str:
    """YYMMDD as an ISO date, up to day 30 in every month."""
    if len(text) == 6 and text.isascii() and text.isdigit():
        year, month, day = int(text[:2]), int(text[2:4]), int(text[4:])
        year += 1900 if year >= _CENTURY else 2000
        if 1 <= month <= 12 and 1 <= day <= max(30, monthrange(year, month)[1]):
            return f"{year}-{month:02}-{day:02}"
    raise QuarantineError(f"Line {tag.line}: :{tag.name}: holds no date (YYMMDD).")


def _entry_day(text: str, value_day: str, tag: Tag) -> str:
    """MMDD, in the year that brings it nearest to the value date."""
    if not text.strip():
        return value_day
    year, month = int(value_day[:4]), int(value_day[5:7])
    if month == 12 and text[:2] == "01":
        year += 1
    elif month == 1 and text[:2] == "12":
        year -= 1
    return _day(f"{year % 100:02}{text}", tag)
