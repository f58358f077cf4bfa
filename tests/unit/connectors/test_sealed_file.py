"""A file set down for a moment: read back as it was, and by nobody else."""

from pathlib import Path

import pytest

from ragslm.errors import SourceError
from ragslm_connectors._sealed_file import SealedFile

LINES = [b'{"name": "Everywoman"}\n', b"", b"x" * 200_000 + b"\n", b"end"]


def test_it_is_read_back_line_by_line(tmp_path: Path):
    file = SealedFile(tmp_path / "f")
    assert file.fill(iter(LINES)) == sum(map(len, LINES))
    with file.open() as lines:
        assert list(lines) == [line for line in LINES if line]
    with file.open() as lines:
        assert lines.readline(10) == LINES[0][:10]


def test_nothing_of_it_lies_on_the_disk(tmp_path: Path):
    SealedFile(tmp_path / "f").fill(LINES)
    assert b"Everywoman" not in (tmp_path / "f").read_bytes()


def test_filled_again_it_holds_what_came_last(tmp_path: Path):
    file = SealedFile(tmp_path / "f")
    file.fill([b"first", b"try"])
    file.fill([b"second"])
    with file.open() as lines:
        assert lines.read() == b"second"


@pytest.mark.parametrize(
    "change",
    [
        lambda held: held[:-1],  # cut
        lambda held: held[:-1] + bytes([held[-1] ^ 1]),  # a bit differs
        lambda held: held[len(held) // 2 :] + held[: len(held) // 2],  # blocks exchanged
        lambda held: b"",  # emptied
    ],
)
def test_what_was_changed_meanwhile_is_refused(tmp_path: Path, change):
    file = SealedFile(tmp_path / "f")
    file.fill([b"one", b"two"])
    (tmp_path / "f").write_bytes(change((tmp_path / "f").read_bytes()))
    with file.open() as lines, pytest.raises(SourceError, match="changed meanwhile"):
        lines.read()
