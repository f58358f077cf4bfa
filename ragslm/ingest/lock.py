"""One synchronisation of a workspace at a time, whichever process begins it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ragslm.errors import WorkspaceError


@contextmanager
def only_one(workspace: Path) -> Iterator[None]:
    """Hold the workspace's lock for the block. The system frees it when the process ends, however it ends.

    The folder itself is locked, so that nothing is written and a full disk does not matter.

    Raises:
        WorkspaceError: another synchronisation holds it.
    """
    descriptor = os.open(workspace, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WorkspaceError(
                f"Another `ragslm sync` is at work in {str(workspace)!r}. "
                "Wait for it or stop it, then run again."
            ) from None
        yield
    finally:
        os.close(descriptor)
