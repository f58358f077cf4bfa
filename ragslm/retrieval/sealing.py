"""AES-256-GCM around the files of a snapshot: unreadable without the key, damage never goes unnoticed."""

import hashlib
import hmac
import os

from ragslm._optional import require

_NONCE = 12


class SealError(Exception):
    """The content is not what was sealed under this name and key."""


def seal(key: bytes, name: str, content: bytes) -> bytes:
    """Encrypt under a random nonce; `name` is bound to the content but not hidden."""
    nonce = os.urandom(_NONCE)
    aead = require("cryptography.hazmat.primitives.ciphers.aead", extra="store")
    sealed: bytes = aead.AESGCM(key).encrypt(nonce, content, name.encode())
    return nonce + sealed


def unseal(key: bytes, name: str, sealed: bytes) -> bytes:
    """Decrypt what `seal` returned.

    Raises:
        SealError: a bit differs, the name differs, the key differs or something is missing.
    """
    aead = require("cryptography.hazmat.primitives.ciphers.aead", extra="store")
    invalid = require("cryptography.exceptions", extra="store").InvalidTag
    try:
        content: bytes = aead.AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], name.encode())
    except (invalid, ValueError) as error:
        raise SealError(f"{name}: {type(error).__name__} over {len(sealed)} bytes.") from None
    return content


def mac(key: bytes, content: bytes) -> str:
    """HMAC-SHA-256, hex, under a key of its own."""
    own = hmac.new(key, b"ragslm index manifest", hashlib.sha256).digest()
    return hmac.new(own, content, hashlib.sha256).hexdigest()
