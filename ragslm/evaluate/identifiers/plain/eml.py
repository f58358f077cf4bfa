"""E-mail: who wrote to whom. Source: RFC 5322, 3.6.2 and 3.6.3."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.utils import getaddresses
from pathlib import Path

from ragslm.evaluate.identifiers.plain import Told, names, number


def told(file: Path) -> Iterator[Told]:
    """Names and addresses of From, To, Cc, Reply-To and Sender."""
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    headers = [str(v) for name in ("From", "To", "Cc", "Reply-To", "Sender") for v in mail.get_all(name, [])]
    for name, address in getaddresses(headers):
        yield from number(address if "@" in address else None)
        yield from names(name if "@" not in name else None)
