"""Office files are zip packages of XML: told apart by their parts, opened within limits."""

import io
import lzma
import re
import zipfile
import zlib
from datetime import date
from types import TracebackType
from typing import Any

from ragslm.errors import MissingExtraError, QuarantineError
from ragslm_connectors._formats._xml import local, parse_xml

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0"
"""How compound files begin: Office files of before 2007, Outlook messages, encrypted newer ones."""

UNPACKED_PER_CHAR = 12  # XML around each character of text; a zip bomb has thousands
_TOP = ("[Content_Types].xml", "_rels/", "docProps/", "customXml/", "customXML/", "word/", "xl/", "ppt/")
DAMAGED = (OSError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error, lzma.LZMAError)
"""What `zipfile` raises over a package or part that is broken, encrypted or packed in an unknown way."""
_ENTRY = re.compile(rb"PK\x03\x04.{22}(..)..", re.DOTALL)  # local file header up to the length of its name


def part_names(head: bytes) -> list[str]:
    """Names of the zip entries whose headers lie in the first bytes, in order."""
    names = []
    for entry in _ENTRY.finditer(head):
        length = int.from_bytes(entry.group(1), "little")
        names.append(head[entry.end() : entry.end() + length].decode("utf-8", "replace"))
    return names


def is_package(head: bytes, suffix: str, folder: str, suffixes: frozenset[str]) -> bool:
    """Whether this is an OOXML package whose content lies in `folder` (`word/`, `xl/`, `ppt/`).

    What the bytes show outweighs the suffix; where they show nothing yet, the suffix decides.
    """
    if not head.startswith(ZIP):
        return suffix in suffixes and (head.startswith(OLE) or not head or b"\x00" in head)
    names = part_names(head)
    if any(name.startswith(folder) for name in names):
        if suffix in suffixes or _TOP[0] in names:
            return True
        return suffix != ".zip" and all(name.startswith(_TOP) for name in names)
    other = any(name.startswith(("word/", "xl/", "ppt/")) for name in names)
    return suffix in suffixes and not other


def opened(content: bytes, max_chars: int, kind: str, suffix: str) -> zipfile.ZipFile:
    """The package, if it can be opened and does not unpack to more than its text can need.

    Raises:
        QuarantineError: encrypted, of before 2007, broken, or a zip bomb.
    """
    if content.startswith(OLE):
        raise QuarantineError(
            f"The file is password-protected, or a {kind} of before 2007; save it as {suffix}."
        )
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
    except DAMAGED as error:
        raise QuarantineError(f"The file is not a readable {kind} ({type(error).__name__}).") from None
    most = UNPACKED_PER_CHAR * max_chars
    if sum(part.file_size for part in package.infolist()) > most:
        raise QuarantineError(f"The file unpacks to more than {most:,} bytes.")
    return package


def core_properties(package: zipfile.ZipFile) -> tuple[str | None, date | None]:
    """Title and date of last change, or of creation, from `docProps/core.xml`; None where it does not say.

    Read here because the libraries make up a date of today where the part is missing.
    """
    try:
        root = parse_xml(package.read("docProps/core.xml"))
    except (KeyError, QuarantineError, *DAMAGED):
        return None, None
    told = {local(child): (child.text or "").strip() for child in root if isinstance(child.tag, str)}
    day = day_of(told.get("modified")) or day_of(told.get("created"))
    return told.get("title") or None, day


def day_of(stamp: str | None) -> date | None:
    """The day of an ISO 8601 date and time; None where it is none."""
    try:
        return date.fromisoformat(stamp[:10]) if stamp else None
    except ValueError:
        return None


class Reading:
    """What a library raises over broken bytes, as a reason that names the part, never its text.

    Args:
        kind: what the file should be, such as `Word document`.

    Attributes:
        part: what is being read now, such as `slide 3`.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.part = ""

    def __enter__(self) -> "Reading":
        return self

    def __exit__(
        self, cls: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        passes: tuple[Any, ...] = (QuarantineError, MissingExtraError, MemoryError)
        if isinstance(error, Exception) and not isinstance(error, passes):
            where = f"{self.part[0].upper()}{self.part[1:]}: the" if self.part else "The"
            raise QuarantineError(
                f"{where} file is not a readable {self.kind} ({type(error).__name__})."
            ) from None
