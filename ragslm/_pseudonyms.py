"""What stands for personal data in a scrubbed text: `PERSON_7K3QXA`, a type and a code."""

import re

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford base32: no I, L, O, U."""
CODE = f"[{ALPHABET}]"
"""A sign of a code."""
LEAST, MOST = 6, 10
"""Signs of a code."""
_BEGINS = rf"[A-Z][A-Z_]*_{CODE}{{{LEAST}}}"
PSEUDONYM = re.compile(
    rf"(?:\b|(?<=_{CODE}{{{LEAST}}}))[A-Z][A-Z_]*_{CODE}{{{LEAST},{MOST}}}?(?=\b|{_BEGINS})"
)
"""Whole, also where two touch, as in `PERSON_7K3QXAEMAIL_ADDRESS_8M4RZB`."""


def type_of(pseudonym: str) -> str:
    """The entity type that a pseudonym begins with: `PERSON` of `PERSON_7K3QXA`; empty for other text."""
    entity, _, name = pseudonym.rpartition("_")
    return entity if name.isalnum() else ""


def put_back(before: str, after: str) -> set[str]:
    """Entity types of the pseudonyms that `before` holds and `after` does not."""
    return {type_of(one) for one in set(PSEUDONYM.findall(before)) if one not in after}
