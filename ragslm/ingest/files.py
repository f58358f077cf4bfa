"""Files and folders as a connector."""

import mimetypes
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ragslm.types import SourceDocument


@dataclass(frozen=True, slots=True)
class Files:
    """A folder, or a single file. Hidden files and links that lead out of the folder are left alone.

    Attributes:
        path: folder or file.
        max_bytes: a larger file is not read; it comes with no content and is quarantined.
    """

    path: Path
    max_bytes: int
    name: str = "files"

    def load(self) -> Iterator[SourceDocument]:
        """Yield every file once, sorted by path, read only when its turn comes."""
        root = self.path.resolve()
        if root.is_file():
            yield self._read(root, None)
            return
        for file in walk(root):
            yield self._read(file, root.as_uri())

    def _read(self, file: Path, source: str | None) -> SourceDocument:
        media_type, _ = mimetypes.guess_type(file.name)
        return SourceDocument(
            uri=file.as_uri(),
            content=read_bounded(file, self.max_bytes),
            media_type=media_type or "application/octet-stream",
            title=title_of(file.stem),
            source=source,
        )


def walk(root: Path) -> Iterator[Path]:
    """Regular files below `root`, sorted; hidden names and links leading out are skipped."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(folder, name)
            if not name.startswith(".") and file.is_file() and file.resolve().is_relative_to(root):
                yield file


def read_bounded(file: Path, most: int) -> bytes:
    """The file's bytes; one byte more than `most` at most, so that the caller sees it is too large.

    A file that cannot be read comes back empty, so that it is quarantined instead of forgotten.
    """
    try:
        with file.open("rb") as stream:
            return stream.read(most + 1)
    except OSError:
        return b""


_FORMS = (
    (re.compile(r"\b(10|8|20|6)-?([KQF])(?=\b|_)", re.IGNORECASE), lambda m: f"{m[1]}-{m[2].upper()}"),
    (re.compile(r"\b((?:19|20)\d\d)-?Q([1-4])\b", re.IGNORECASE), lambda m: f"{m[1]} Q{m[2]}"),
)


def title_of(stem: str) -> str:
    """A file's name as people write it: blanks for underscores, `10-K` for `10K`, `2023 Q4` for `2023Q4`."""
    title = re.sub(r"[_\s]+|(?<=[a-z])-(?=[a-z])", " ", stem).strip()
    for pattern, write in _FORMS:
        title = pattern.sub(write, title)
    return title
