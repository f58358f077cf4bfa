"""Values of OFX elements: dates and amounts that are such, or a reason that names line and element.

Source: OFX 2.2 specification, 3.2.8 (dates: YYYYMMDDHHMMSS.XXX[offset:zone]), 3.2.9 (amounts: comma or point)
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date

from ragslm.errors import QuarantineError
from ragslm_connectors.banking._money import decimal_of, money
from ragslm_connectors.banking._ofx_tree import Element

_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{0,6})(?:\.\d{1,6})?\s*(?:\[[^\]]{0,20}\])?")


def day_of(element: Element, where: str, *path: str, required: bool = False) -> str:
    """ISO date at a path; empty if there is none.

    Raises:
        QuarantineError: it is no date, or there is none though it is required; names line and element.
    """
    found = _filled(element, where, *path, required=required)
    if found is None:
        return ""
    match = _DATE.fullmatch(found.value)
    with suppress(ValueError):  # such as 31 February
        if match:
            return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    raise QuarantineError(f"Line {found.line}: {_named(where, path)} is no date.")


def number_of(element: Element, where: str, *path: str, required: bool = False) -> str:
    """Number at a path, with a decimal point and without leading zeros; empty if there is none.

    Raises:
        QuarantineError: it is no number, or there is none though it is required; names line and element.
    """
    found = _filled(element, where, *path, required=required)
    if found is None:
        return ""
    comma = found.value.rfind(",") > found.value.rfind(".")
    number = decimal_of(found.value, point="," if comma else ".", thousands="." if comma else ",")
    if not number:
        raise QuarantineError(f"Line {found.line}: {_named(where, path)} is no amount.")
    return number


def _filled(element: Element, where: str, *path: str, required: bool) -> Element | None:
    """The element at a path if it holds something."""
    found = element.find(*path)
    if found is not None and found.value:
        return found
    if required:
        line = element.line if found is None else found.line
        raise QuarantineError(f"Line {line}: {_named(where, path)} is missing.")
    return None


def _named(where: str, path: Sequence[str]) -> str:
    return "/".join((where, *path))


def amount_of(element: Element, where: str, currency: str, *path: str, required: bool = False) -> str:
    """Amount with currency; empty if there is none. Zeros behind the cents are left out."""
    number = number_of(element, where, *path, required=required)
    return money(shortened(number), currency) if number else ""


def shortened(number: str) -> str:
    """Without zeros at the end of the decimals: `25.635` of `25.635000000`."""
    return number.rstrip("0").rstrip(".") if "." in number else number
