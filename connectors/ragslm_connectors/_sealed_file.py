"""A file that this process alone can read: its key is nowhere but in the process's memory.

For what a connector has to set down before it can be taken in. A crash or a stolen disk gives nothing away.
"""

import io
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from ragslm._optional import require
from ragslm.errors import SourceError

_NONCE = 12
_LENGTH = 4


class SealedFile:
    """Blocks under AES-256-GCM, each bound to its number. Filling it again begins anew."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._cipher = require("cryptography.hazmat.primitives.ciphers.aead", extra="store").AESGCM(
            os.urandom(32)
        )
        self._blocks = 0

    def fill(self, blocks: Iterable[bytes]) -> int:
        """Write what there is; how many bytes that were."""
        self._blocks = size = 0
        with self._path.open("wb") as target:
            for block in blocks:
                nonce = os.urandom(_NONCE)
                sealed = nonce + self._cipher.encrypt(nonce, block, str(self._blocks).encode())
                target.write(len(sealed).to_bytes(_LENGTH, "big") + sealed)
                self._blocks += 1
                size += len(block)
        return size

    def open(self) -> BinaryIO:
        """What was written, to be read from its beginning.

        Raises:
            SourceError: by reading, if the file was changed.
        """
        return io.BufferedReader(_Reader(self._opened()))

    def _opened(self) -> Iterator[bytes]:
        invalid = require("cryptography.exceptions", extra="store").InvalidTag
        with self._path.open("rb") as source:
            for number in range(self._blocks):
                sealed = source.read(int.from_bytes(source.read(_LENGTH), "big"))
                try:
                    yield self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], str(number).encode())
                except (invalid, ValueError):
                    raise SourceError(
                        "A file that was set down for a moment was changed meanwhile."
                    ) from None


class _Reader(io.RawIOBase):
    """Blocks as one stream."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks, self._rest = blocks, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # what BufferedReader gives
        while not self._rest:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._rest = memoryview(block)
        taken = min(len(buffer), len(self._rest))
        buffer[:taken] = self._rest[:taken]
        self._rest = self._rest[taken:]
        return taken
