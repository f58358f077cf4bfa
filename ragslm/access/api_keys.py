"""API keys: made once, shown once, kept as a hash."""

import hashlib
import secrets

PREFIX = "rsk_"
"""Lets secret scanners and people recognise a key."""


def new_api_key() -> tuple[str, str]:
    """A new key and its hash. Only the hash is kept; the key is shown once."""
    plain = PREFIX + secrets.token_urlsafe(32)
    return plain, hash_api_key(plain)


def hash_api_key(plain: str) -> str:
    """SHA-256 of a key, hex.

    A slow or salted hash protects guessable passwords; these are 256 random bits, which nobody can guess
    or tabulate, and a plain hash can be looked up in one step.
    """
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()
