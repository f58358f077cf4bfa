"""Rotates the key of copies of a workspace, each killed before another line of `rotation.py`.

Arguments: workspace, folder for the copies, old and new key in hex. The last copy is not killed; once it is
switched, one byte written to any file would kill it.
"""

import os
import resource
import shutil
import signal
import sys
from pathlib import Path

from ragslm.store import rotation


def main() -> None:
    """Kill one line later each time, until none is left."""
    workspace, copies, old, new = Path(sys.argv[1]), Path(sys.argv[2]), *map(bytes.fromhex, sys.argv[3:5])
    ended, step = -1, 0
    while ended != 0:
        copy = copies / f"{step:03}"
        shutil.copytree(workspace, copy)
        child = os.fork()
        if child == 0:
            _write_nothing_after_the_switch()
            sys.settrace(_killer(step))
            rotation.rotate(copy, old, new)
            os._exit(0)
        ended, step = os.waitpid(child, 0)[1], step + 1
        if ended not in (0, signal.SIGKILL):
            sys.exit(f"step {step}: {ended}")


def _killer(step: int):
    """Kill this process at its line number `step` of the rotation, a line that is run again not counted."""
    seen = set()

    def trace(frame, event, _):
        if frame.f_code.co_filename != rotation.__file__:
            return None
        if event == "line" and frame.f_lineno not in seen:
            if len(seen) == step:
                os.kill(os.getpid(), signal.SIGKILL)
            seen.add(frame.f_lineno)
        return trace

    return trace


def _write_nothing_after_the_switch() -> None:
    replace = os.replace

    def switch(*arguments):
        replace(*arguments)
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    os.replace = switch


main()
