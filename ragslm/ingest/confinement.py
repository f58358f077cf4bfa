"""What a parsing worker may not do: reach the network, write a file, start a program, take all memory.

Only the exact command lines that a parser names beforehand may be run: Tesseract, on a page
that is a picture.

Second lines of defence around parsers that should do none of this. They stop what runs in Python, and the
limits stop native code too; a sandbox of the operating system around the whole process stops more.
"""

import os
import resource
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_REFUSED = frozenset(
    {
        "os.exec",
        "os.fork",
        "os.forkpty",
        "os.posix_spawn",
        "os.spawn",
        "os.system",
        "os.remove",
        "os.rename",
        "os.rmdir",
        "os.mkdir",
        "os.link",
        "os.symlink",
        "os.truncate",
        "os.chmod",
        "os.chown",
        "subprocess.Popen",
        "pty.spawn",
    }
)


def confine(
    memory: int,
    programs: Iterable[Sequence[str]] = (),
    started: Callable[[], None] = lambda: None,
) -> None:
    """Limit this process for the rest of its life. Programs it starts inherit the limits.

    Args:
        memory: bytes of address space it may add to what it has now.
        programs: the exact command lines it may run, program's path first.
        started: called whenever it runs one of them.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold the document
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    limit = _address_space() + memory
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    sys.addaudithook(partial(_refuse, frozenset(map(tuple, programs)), started))


def be_silent() -> None:
    """Send what parsers print to nowhere: it may hold the document's text."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop


def _address_space() -> int:
    """Bytes of address space in use.

    Source: proc_pid_statm(5), first field, in pages.
    """
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()


def _refuse(
    programs: frozenset[tuple[str, ...]], started: Callable[[], None], event: str, arguments: tuple[Any, ...]
) -> None:
    if event == "subprocess.Popen" and _is_allowed(programs, *arguments[:2]):
        started()
        return
    if event.startswith("socket.") or event in _REFUSED:
        raise PermissionError(f"{event} is refused: a parser reads its document and nothing else.")
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING:
        if isinstance(arguments[0], int):
            return  # a pipe that is open already
        raise PermissionError("Opening a file for writing is refused: a parser writes none.")


def _is_allowed(programs: frozenset[tuple[str, ...]], program: Any, line: Any) -> bool:
    """Whether this is one of the command lines, word for word, and runs the program it names."""
    return isinstance(line, list) and tuple(line) in programs and program == line[0]
