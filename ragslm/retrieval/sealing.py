"""AES-256-GCM around the files of a snapshot: unreadable without the key, damage never goes unnoticed.

Long content is sealed block by block, since the cipher takes at most 2 GiB at once. Each block is bound to
the name, its number and how many there are, so none can be moved, left out or put elsewhere.
"""

import hashlib
import hmac
import os

from ragslm._optional import require

_NONCE = 12
_TAG = 16
_BLOCK = 1 << 28
"""Bytes of content in a block: 256 MiB."""


class SealError(Exception):
    """The content is not what was sealed under this name and key."""


def seal(key: bytes, name: str, content: bytes) -> bytes:
    """Encrypt, each block under a random nonce; `name` is bound to the content but not hidden."""
    cipher = require("cryptography.hazmat.primitives.ciphers.aead", extra="store").AESGCM(key)
    view = memoryview(content)
    count = max(1, -(-len(content) // _BLOCK))
    sealed = []
    for i in range(count):
        nonce = os.urandom(_NONCE)
        sealed += [nonce, cipher.encrypt(nonce, view[i * _BLOCK : (i + 1) * _BLOCK], _bound(name, i, count))]
    return b"".join(sealed)


def unseal(key: bytes, name: str, sealed: bytes) -> bytes:
    """Decrypt what `seal` returned.

    Raises:
        SealError: a bit differs, the name differs, the key differs or something is missing.
    """
    cipher = require("cryptography.hazmat.primitives.ciphers.aead", extra="store").AESGCM(key)
    invalid = require("cryptography.exceptions", extra="store").InvalidTag
    view, size = memoryview(sealed), _NONCE + _BLOCK + _TAG
    count = max(1, -(-len(sealed) // size))
    try:
        opened = [
            cipher.decrypt(bytes(block[:_NONCE]), block[_NONCE:], _bound(name, i, count))
            for i in range(count)
            for block in (view[i * size : (i + 1) * size],)
        ]
    except (invalid, ValueError) as error:
        raise SealError(f"{name}: {type(error).__name__} over {len(sealed)} bytes.") from None
    content: bytes = opened[0] if count == 1 else b"".join(opened)
    return content


def mac(key: bytes, content: bytes) -> str:
    """HMAC-SHA-256, hex, under a key of its own."""
    own = hmac.new(key, b"ragslm index manifest", hashlib.sha256).digest()
    return hmac.new(own, content, hashlib.sha256).hexdigest()


def _bound(name: str, block: int, count: int) -> bytes:
    return f"{name} {block}/{count}".encode()
