"""What kind of number an account number is."""

import re

# Source: ISO 13616-1:2020, structure of the IBAN
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")


def entity_of(number: str) -> str:
    """`IBAN_CODE` for an IBAN, with or without blanks, also in a field for other numbers; else `ACCOUNT`."""
    return "IBAN_CODE" if _IBAN.fullmatch("".join(number.split())) else "ACCOUNT"


def leading_iban(text: str) -> str:
    """The IBAN that a text begins with; empty if it begins with none."""
    found = re.match(rf"{_IBAN.pattern}(?![A-Za-z0-9])", text)
    return found[0] if found else ""
