"""OFX: accounts and payees. Source: OFX 2.2, 3.1 and 11.3. `NAME` alone may be a description: not counted."""

import re
from collections.abc import Iterator
from pathlib import Path

from ragslm.evaluate.identifiers.plain import Told, names, number

_ACCOUNT = re.compile(r"<(?:ACCTID|USERID)>\s*([^<\r\n]+)")
_PAYEE = re.compile(r"<PAYEE>.*?<NAME>\s*([^<\r\n]+)", re.DOTALL)


def told(file: Path) -> Iterator[Told]:
    """Account and user numbers, names of payees with an address."""
    text = file.read_bytes().decode("cp1252", errors="replace")
    for match in _ACCOUNT.finditer(text):
        yield from number(match[1])
    for match in _PAYEE.finditer(text):
        yield from names(match[1])
