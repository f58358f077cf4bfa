"""Files and folders as source documents, read one at a time."""

import mimetypes
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from ragslm.errors import ConfigError, SourceError
from ragslm.protocols import DOCUMENTS_ONLY
from ragslm.types import PLACE, SourceDocument

UNREAD = "ragslm:unread"
"""Key of `SourceDocument.metadata`: why the content is empty. Such a document is quarantined with it."""

_DATE = re.compile(r"(?<=\d)-(?=\d)")


class Files:
    """A folder or a single file as a connector.

    Hidden names, links that lead out of the folder and what is no regular file are left alone. Links to
    folders are not followed: what they show inside the folder is read in its own place.

    Attributes:
        path: folder or file, absolute.
        root: uri of the folder; None for a single file, which never removes anything.
        unread: uris of folders below that could not be listed; nothing below them is known to be gone.
    """

    name = "files"
    policy = DOCUMENTS_ONLY

    def __init__(self, path: Path, max_bytes: int) -> None:
        self.path = Path(os.path.abspath(path))  # noqa: PTH100 - keeps a link's own name, where resolve would not
        self.root = self.path.as_uri() if self.path.is_dir() else None
        self.unread: list[str] = []
        self._real = None if self.root is None else self.path.resolve()
        self._max_bytes = max_bytes
        self._paths: list[Path] | None = None

    def paths(self) -> list[Path]:
        """Every file to read, sorted by path. Lists the folder once."""
        if self._paths is None:
            self._paths = [self.path] if self._real is None else sorted(self._walk(self._real))
        return self._paths

    def load(self) -> Iterator[SourceDocument]:
        """Yield every file once, reading it only when its turn comes.

        What has become a link that leads out of the folder since it was listed is left alone too.
        """
        for path in self.paths():
            try:
                yield self._document(path)
            except _OutsideError:
                continue

    def _walk(self, real: Path) -> Iterator[Path]:
        for folder, folders, names in os.walk(self.path, onerror=self._note):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in names:
                file = Path(folder, name)
                if not name.startswith(".") and _is_inside(file, real):
                    yield file

    def _note(self, error: OSError) -> None:
        self.unread.append(Path(error.filename).as_uri())

    def _document(self, path: Path) -> SourceDocument:
        content, reason = _read(path, self._max_bytes, self._real)
        media_type, _ = mimetypes.guess_type(path.name, strict=False)
        return SourceDocument(
            uri=path.as_uri(),
            content=content,
            media_type=media_type or "application/octet-stream",
            title=title_of(path.stem.encode("utf-8", "replace").decode()),  # names need not be UTF-8
            source=self.root,
            metadata={UNREAD: reason} if reason else {},
        )


def folder(path: Path, max_bytes: int = 100_000_000, marker: str | None = None) -> Files:
    """Kind `folder` of `sources.yaml`.

    Args:
        path: the folder.
        max_bytes: largest file that is read; larger ones are quarantined.
        marker: name of a file that must be in the folder. A share that is not mounted shows as an empty
            folder, and everything it held would be removed.

    Raises:
        SourceError: there is no such folder, or it lacks its marker.
    """
    if not path.is_dir():
        raise SourceError(f"There is no folder {str(path)!r}. Nothing of it was removed; mount or mend it.")
    if marker is not None and not (path / marker).exists():
        raise SourceError(f"{str(path)!r} lacks its marker {marker!r}. Nothing was removed; is it mounted?")
    return Files(path, max_bytes)


def existing(path: str | Path) -> Path:
    """The path of a file or folder that a caller names.

    Raises:
        ConfigError: there is none.
    """
    found = Path(path)
    if not found.exists():
        raise ConfigError(f"There is no file or folder {str(path)!r}.")
    return found


def title_of(stem: str) -> str:
    """A file name without suffix as a title: blanks for underscores and hyphens, except inside a date."""
    kept = _DATE.sub("\0", stem)
    return " ".join(re.sub(r"[_-]+", " ", kept).replace("\0", "-").split())


def suffix_of(uri: str) -> str:
    """Lower-case file suffix of a uri, with dot; empty if it has none."""
    return Path(name_of(uri)).suffix.lower()


def name_of(uri: str) -> str:
    """The file name in a uri; of a member of a mail or archive, the member's."""
    path, _, place = uri.partition("#")
    if PLACE.match(place):
        return unquote(re.split(r"[/=]", place)[-1].partition(";")[0])
    return unquote(path.partition("?")[0]).rsplit("/", 1)[-1]


def too_large(size: int, limit: int) -> str:
    """Why a document of `size` bytes is not read."""
    return f"The file has {size:,} bytes; at most {limit:,} are read (setting ingest.max_bytes)."


def _is_inside(file: Path, root: Path) -> bool:
    """Whether this is a file that lies, with every link followed, below `root`; a dangling link does not."""
    try:
        real = file.resolve(strict=True)
        return real.is_relative_to(root) and (not file.is_symlink() or real.is_file())
    except (OSError, RuntimeError):  # RuntimeError: a link that leads to itself
        return False


class _OutsideError(Exception):
    """A link leads out of the folder."""


def _opened(path: Path, root: Path | None) -> int:
    """Descriptor of a file; with a root, of none that does not lie below it.

    The path with every link followed is opened a part at a time, and none of the parts may have become a link
    meanwhile.

    Raises:
        _OutsideError: it lies elsewhere.
        OSError: it cannot be opened.
    """
    how = os.O_RDONLY | os.O_NONBLOCK  # opening a named pipe would wait for a writer for ever
    if root is None:
        return os.open(path, how)
    try:
        real = path.resolve(strict=True)
    except RuntimeError:  # a link that leads to itself
        raise _OutsideError from None
    if not real.is_relative_to(root):
        raise _OutsideError
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    for part in real.relative_to(root).parts:
        folder = descriptor
        try:
            descriptor = os.open(part, how | os.O_NOFOLLOW, dir_fd=folder)
        finally:
            os.close(folder)
    return descriptor


def _read(path: Path, limit: int, root: Path | None) -> tuple[bytes, str | None]:
    """The bytes, or none and the reason. Size and kind are those of the file that was opened.

    Raises:
        _OutsideError: it lies, with every link followed, not below `root`.
    """
    try:
        descriptor = _opened(path, root)
    except OSError as error:
        return b"", f"The file cannot be read: {error.strerror}."
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return b"", "This is not a regular file."
        if status.st_size > limit:
            return b"", too_large(status.st_size, limit)
        try:
            content = file.read(limit + 1)
        except OSError as error:
            return b"", f"The file cannot be read: {error.strerror}."
    # It grew while it was read: what came is not the whole file.
    return (b"", too_large(len(content), limit)) if len(content) > limit else (content, None)
