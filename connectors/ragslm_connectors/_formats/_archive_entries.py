"""What an archive holds: zip and tar files, and single files that gzip, bzip2 or xz packed."""

import bz2
import gzip
import io
import lzma
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO, cast
from urllib.parse import unquote

from ragslm.errors import QuarantineError
from ragslm_connectors._formats._members import MAX_RATIO, MAX_TOTAL_BYTES, Bounds
from ragslm_connectors._formats._package import DAMAGED, ZIP

EMPTY_ZIP = b"PK\x05\x06"
TAR = b"ustar"
TAR_AT = 257
_PACKERS: dict[bytes, Callable[[IO[bytes]], IO[bytes]]] = {
    b"\x1f\x8b": lambda packed: cast("IO[bytes]", gzip.GzipFile(fileobj=packed)),
    b"BZh": lambda packed: cast("IO[bytes]", bz2.BZ2File(packed)),
    b"\xfd7zXZ\x00": lambda packed: cast("IO[bytes]", lzma.open(packed)),  # noqa: SIM115 (its user closes it)
}
PACKED = tuple(_PACKERS)
"""How packed files begin."""
_BROKEN = (*DAMAGED, tarfile.TarError, KeyError, OverflowError)
"""Raised over bytes that cannot be read."""
_SMALL = 1_000_000
_OUTER = frozenset({".gz", ".bz2", ".xz"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A file inside an archive. `read`: its bytes, or why they are not read. `size`: as declared."""

    name: str = field(repr=False)
    size: int
    read: Callable[[Bounds], bytes | str] = field(repr=False)


def entries(content: bytes, uri: str) -> Iterator[Entry]:
    """Every file in it, in order; folders and hidden files are left alone. `uri`: names a single packed file.

    Raises:
        QuarantineError: it is broken, or unpacks to too much.
    """
    try:
        if content.startswith((ZIP, EMPTY_ZIP)):
            yield from _zip_entries(content)
            return
        inner = _unpacked(content) if content.startswith(PACKED) else content
        if inner[TAR_AT : TAR_AT + len(TAR)] == TAR:
            yield from _tar_entries(inner)
        elif content.startswith(PACKED):
            yield Entry(_inner_name(uri), len(inner), lambda bounds: inner)
        else:
            raise QuarantineError("Byte 1: the file is no archive.")
    except _BROKEN as error:
        raise QuarantineError(f"The file is not a readable archive ({type(error).__name__}).") from None


def _zip_entries(content: bytes) -> Iterator[Entry]:
    archive = zipfile.ZipFile(io.BytesIO(content))
    for info in archive.infolist():
        if not info.is_dir() and not _is_hidden(info.filename):
            yield Entry(info.filename, info.file_size, _zip_reader(archive, info))


def _zip_reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[Bounds], bytes | str]:
    def read(bounds: Bounds) -> bytes | str:
        if info.flag_bits & 1:
            return "It is encrypted; unpack it with its password and ingest what it holds."
        if stat.S_ISLNK(info.external_attr >> 16):
            return "It is a link; links are not followed."
        return _tried(lambda: bounds.read(info.file_size, info.compress_size, lambda: archive.open(info)))

    return read


def _tar_entries(content: bytes) -> Iterator[Entry]:
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
        for info in archive:
            if not info.isdir() and not _is_hidden(info.name):
                yield Entry(info.name, max(info.size, 0), _tar_reader(archive, info))


def _tar_reader(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Callable[[Bounds], bytes | str]:
    def read(bounds: Bounds) -> bytes | str:
        if not info.isreg():
            return "It is a link or a device; these are not followed."
        if info.issparse():
            return "It is a sparse file; pack it without holes."
        opened = cast("Callable[[], IO[bytes]]", lambda: archive.extractfile(info))
        return _tried(lambda: bounds.read(info.size, None, opened))

    return read


def _tried(read: Callable[[], bytes | str]) -> bytes | str:
    """A member that is broken says so; the rest of the archive goes in."""
    try:
        return read()
    except _BROKEN as error:
        return f"It cannot be unpacked ({type(error).__name__})."


def _unpacked(content: bytes) -> bytes:
    """What one packed file holds."""
    packer = next(packer for mark, packer in _PACKERS.items() if content.startswith(mark))
    with packer(io.BytesIO(content)) as stream:
        inner = stream.read(MAX_TOTAL_BYTES + 1)
    if len(inner) > MAX_TOTAL_BYTES:
        raise QuarantineError(f"The file unpacks to more than {MAX_TOTAL_BYTES:,} bytes.")
    if len(inner) > max(_SMALL, MAX_RATIO * len(content)):
        raise QuarantineError(f"The file unpacks to more than {MAX_RATIO} times its size: a bomb.")
    return inner


def _inner_name(uri: str) -> str:
    """The name of what a packed file holds: its own without the last suffix."""
    path = PurePosixPath(unquote(uri.rsplit("/", 1)[-1].rsplit("=", 1)[-1]))
    return path.stem if path.suffix.lower() in _OUTER and path.stem else "content"


def _is_hidden(name: str) -> bool:
    """As in a folder: names that begin with a dot, and what a Mac adds to a zip file."""
    parts = name.replace("\\", "/").split("/")
    return "__MACOSX" in parts or any(part.startswith(".") and part.strip(".") for part in parts)
