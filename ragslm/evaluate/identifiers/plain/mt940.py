"""MT940/942: the account, and names and accounts that :86: marks with a code word.

Source: SWIFT MT940 user handbook; German DK subfields ?31 to ?33; SEPA code words /NAME/, /IBAN/.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from ragslm.evaluate.identifiers.plain import Told, names, number

_ACCOUNT = re.compile(r"^:25:(?:[A-Z0-9]{8,11}/)?\s*([A-Z0-9.]{6,34})", re.MULTILINE)
_NAMED = re.compile(r"/(?:NAME|ORDP//NAME|BENM//NAME)/([^/\r\n]{2,70})|\?3[23]([^?\r\n]{2,27})")
_COUNTED = re.compile(r"/IBAN/([A-Z0-9]{15,34})|\?31([A-Z0-9]{6,34})|\b([A-Z]{2}\d{2}[A-Z]{4}\d{10})\b")


def told(file: Path) -> Iterator[Told]:
    """The statement's own account, and counterparties."""
    text = file.read_bytes().decode("utf-8", errors="replace")
    for pattern, kind in ((_ACCOUNT, number), (_NAMED, names), (_COUNTED, number)):
        for match in pattern.finditer(text):
            yield from kind(next(filter(None, match.groups())))
