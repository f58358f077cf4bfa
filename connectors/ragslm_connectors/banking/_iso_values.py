"""Values of ISO 20022 messages: dates and amounts that are such, or a reason that names line and element.

Source: ISO 20022 data types ISODate, ISODateTime, ActiveOrHistoricCurrencyAndAmount,
https://www.iso20022.org/standardsrepository
"""

import re
from datetime import date

from ragslm.errors import QuarantineError
from ragslm_connectors._formats._element import Element

_AMOUNT = re.compile(r"[+-]?(?:\d{1,30}(?:\.\d{0,18})?|\.\d{1,18})")
_AMOUNTS = (
    "Amt",
    "AmtDtls/TxAmt/Amt",
    "AmtDtls/InstdAmt/Amt",
    "Amt/InstdAmt",
    "Amt/EqvtAmt/Amt",
    "InstdAmt",
    "IntrBkSttlmAmt",
)


def amount_at(element: Element, where: str, *paths: str) -> str:
    """Amount and currency, as written, at the first of the paths that has one; empty if none has.

    Raises:
        QuarantineError: what stands there is no amount; names line and element.
    """
    for path in paths or _AMOUNTS:
        found = element.find(path)
        if found is None or not (text := found.words):
            continue
        if _AMOUNT.fullmatch(text) is None:
            raise QuarantineError(f"Line {found.line}: {where}/{path} is no amount.")
        return f"{text} {found.attribute('Ccy')}".strip()
    return ""


def required_amount(element: Element, where: str, *paths: str) -> str:
    """Like `amount_at`, for an element that cannot do without.

    Raises:
        QuarantineError: there is none, or it is no amount; names line and element.
    """
    if amount := amount_at(element, where, *paths):
        return amount
    raise QuarantineError(f"Line {element.line}: {where} has no amount.")


def day_at(element: Element, where: str, *paths: str) -> str:
    """The date, `2014-12-31`, at the first of the paths that has one; empty if none has.

    Raises:
        QuarantineError: what stands there is no date; names line and element.
    """
    for path in paths:
        if text := element.text_at(path):
            try:
                return date.fromisoformat(text[:10]).isoformat()
            except ValueError:
                found = element.find(path)
                line = element.line if found is None else found.line
                raise QuarantineError(f"Line {line}: {where}/{path} is no date.") from None
    return ""
