"""Amounts as digits with a decimal point, whatever sign the format writes for it."""

import re

# Source: ISO 4217:2015, currencies without minor unit
_WHOLE = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split())
_NUMBER = re.compile(r"([+-]?)0*(\d+)(?:\.(\d*))?|([+-]?)()\.(\d+)")


def decimal_of(text: str, *, point: str = ".", thousands: str = "") -> str:
    """`3236.28` of `3.236,28`: a sign only if negative, no leading zeros; empty if the text is no number."""
    plain = "".join(text.split())
    if thousands:
        plain = plain.replace(thousands, "")
    found = _NUMBER.fullmatch(plain.replace(point, ".")) if point == "." or "." not in plain else None
    if found is None:
        return ""
    sign, whole, cents = (found[1] or found[4] or "", found[2] or "0", found[3] or found[6] or "")
    return ("-" if sign == "-" else "") + whole + (f".{cents}" if cents else "")


def money(number: str, currency: str) -> str:
    """`79.70 CHF`: two decimals at least where the currency has cents."""
    whole, _, cents = number.partition(".")
    if currency.upper() not in _WHOLE:
        cents = cents.ljust(2, "0")
    return f"{whole}.{cents} {currency}".strip() if cents else f"{whole} {currency}".strip()
