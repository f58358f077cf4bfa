"""A temporary folder for one run, with what killed runs have left behind cleared away first.

A folder is locked as long as its run lives, and the system frees the lock however the run ends: one that
is not locked belongs to nobody.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def run_folder(prefix: str) -> Iterator[Path]:
    """An empty folder in the system's folder for such, gone at the end of the block.

    Args:
        prefix: what the folder's name begins with; a name that nothing else uses.
    """
    for left in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        with suppress(OSError):  # it is locked, another user's, or gone meanwhile
            _clear(left)
    with tempfile.TemporaryDirectory(prefix=prefix) as made, _locked(Path(made)):
        yield Path(made)


def _clear(left: Path) -> None:
    if left.lstat().st_uid == os.getuid():
        with _locked(left):
            shutil.rmtree(left)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)
