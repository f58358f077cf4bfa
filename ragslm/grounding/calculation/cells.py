"""The number in one cell of a table: sign, currency, per cent, unit and scale as they are written there."""

import re
from dataclasses import dataclass
from decimal import Decimal

from ragslm.grounding.calculation.quantities import BARE
from ragslm.grounding.reading.measures import is_currency, measure

_MONEY = r"(?:US|C|A|S|NZ|HK)?\$|[€£¥]|\b(?:USD|EUR|GBP|CHF|JPY|CAD|AUD|SEK|NOK|DKK|PLN|INR)\b"
_CELL = re.compile(
    rf"(?P<open>[(\[])?\s*(?P<minus>[-−–])?\s*(?P<currency>{_MONEY})?\s*(?P<inner>[(\[])?\s*(?P<second>[-−–])?\s*"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
    r"\s*(?P<percent>%)?\s*(?P<close>[)\]])?\s*(?P<late>%)?"
    rf"(?:\s*(?P<scale>hundred|thousand|million|billion|trillion)s?\b)?(?:\s*(?P<unit>{_MONEY}|[A-Za-zµμ/]{{1,14}}))?"
    r"(?:\s*(?:\(\d\)|[*†‡]+))?",
)
_POWERS = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}


@dataclass(frozen=True, slots=True)
class Cell:
    """A number as a cell states it.

    Attributes:
        value: as written, with its sign; brackets are an accounting negative.
        unit: canonical unit or currency, `percent`, `BARE`, or None for a pure number.
        factor: what one of it is in base units; a scale word is part of it.
        written: scale and unit to show after the number, such as `million` or `mg`; may be empty.
        sign: currency to show before the number; may be empty.
        scaled: a scale word was written.
    """

    value: Decimal
    unit: str | None = BARE
    factor: Decimal = Decimal(1)
    written: str = ""
    sign: str = ""
    scaled: bool = False


def read_cell(text: str) -> Cell | None:
    """The number, if the cell holds one and nothing else; a dash and `n/a` are none."""
    match = _CELL.fullmatch(" ".join(text.split()))
    if match is None or bool(match["open"] or match["inner"]) != bool(match["close"]):
        return None
    value = Decimal(match["digits"].replace(",", ""))
    if match["minus"] or match["second"] or match["close"]:
        value = -value
    if match["percent"] or match["late"]:
        return Cell(value, "percent", written="%")
    scale = match["scale"] or ""
    factor = Decimal(1).scaleb(_POWERS.get(scale, 0))
    return _with_unit(value, factor, scale, match["currency"] or "", match["unit"] or "")


def _with_unit(value: Decimal, factor: Decimal, scale: str, sign: str, after: str) -> Cell | None:
    known = measure(after) if after else None
    if after and known is None and re.fullmatch(_MONEY, after) is None:
        return None
    if sign or known is None or is_currency(known[0]):
        money = sign or after
        unit = currency_of(money) if money else BARE
        return Cell(value, unit, factor, scale, money, bool(scale))
    return Cell(value, known[0], factor * known[1], f"{scale} {after}".strip(), "", bool(scale))


def currency_of(sign: str) -> str:
    """Canonical currency of a sign or code; a dollar of another country is a currency of its own."""
    known = measure(sign.upper() if sign.isalpha() else sign)
    return known[0] if known else sign.lower()
