"""Which half of a generated set a sentence belongs to: what tunes or trains sees the one, never the other."""

import hashlib


def validation(template: str) -> bool:
    """Whether a template belongs to the validation half: decided by its hash."""
    return hashlib.sha256(template.encode()).digest()[0] % 2 == 1
