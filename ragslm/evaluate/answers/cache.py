"""Answers kept on disk, one JSON object a line, so that a run that is stopped goes on where it was.

Every line is written whole, flushed and synced before the next question is asked: `kill -9` costs the one
answer that was under way. The file holds answers in clear: it is the user's choice where it lies, and no
other user of the machine can read a file made here.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from ragslm.errors import ConfigError

_KEY = ("system", "model", "question", "prompt")


@dataclass(frozen=True, slots=True)
class Key:
    """What an answer depends on.

    Attributes:
        system: who answered.
        model: SHA-256 of the weights, or the name where there are none.
        question: its id.
        prompt: SHA-256 of all that was asked; for ragslm of the question, the settings and the documents.
    """

    system: str
    model: str
    question: str
    prompt: str


def hash_of(*parts: str) -> str:
    """SHA-256 of several texts, each kept apart from the next."""
    joined = json.dumps(parts, ensure_ascii=False)
    return hashlib.sha256(joined.encode()).hexdigest()


class AnswerCache:
    """A file of answers by key; the last line of a key counts. One process writes at a time.

    Args:
        path: of the JSON lines file; its folder is made.

    Raises:
        ConfigError: a line other than the last is broken, so the file is not one of ours.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._kept, whole = _read(path)
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._file: IO[bytes] = os.fdopen(handle, "ab")
        self._file.truncate(whole)  # what a killed run left of its last line

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Key) -> Mapping[str, Any] | None:
        """The answer of a key, or None."""
        return self._kept.get(key)

    def put(self, key: Key, answer: Mapping[str, Any]) -> None:
        """Keep an answer; when this returns it is on the disk."""
        row = {"system": key.system, "model": key.model, "question": key.question, "prompt": key.prompt}
        line = json.dumps({**row, "answer": answer}, ensure_ascii=False)
        self._file.write(line.encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        self._kept[key] = answer


def _read(path: Path) -> tuple[dict[Key, Mapping[str, Any]], int]:
    """Answers by key, and how many bytes of the file are whole lines."""
    kept: dict[Key, Mapping[str, Any]] = {}
    if not path.is_file():
        return kept, 0
    content = path.read_bytes()
    whole = content.rfind(b"\n") + 1
    for number, line in enumerate(content[:whole].splitlines(), start=1):
        try:
            row = json.loads(line)
            kept[Key(*(str(row[name]) for name in _KEY))] = row["answer"]
        except (ValueError, KeyError, TypeError):
            raise ConfigError(
                f"Line {number} of {str(path)!r} is no cached answer; choose another --cache."
            ) from None
    return kept, whole
