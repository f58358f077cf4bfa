"""The workspace that a set of questions is asked of: kept in a folder, or forgotten."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ragslm.assistant import Assistant
from ragslm.evaluate.answers.sets import AnswerSet
from ragslm.protocols import ChatEngine
from ragslm.store.keys import new_key, write_key_file
from ragslm.types import Progress


@contextmanager
def kept_or_scratch(kept: Path | None) -> Iterator[Path]:
    """The kept folder, or one that is forgotten."""
    with tempfile.TemporaryDirectory(prefix="ragslm-eval-") as scratch:
        yield kept or Path(scratch)


@contextmanager
def opened(
    chosen: AnswerSet,
    folder: Path,
    *,
    kept: bool,
    engine: ChatEngine,
    domain: str | None = None,
    config: Path | None = None,
    progress: Progress | None = None,
    **sections: Any,
) -> Iterator[Assistant]:
    """An assistant with the set's documents.

    Args:
        chosen: the set.
        folder: holds the workspace, and the documents where the set has no folder of them.
        kept: whether it opens with the owner's key; else with one of its own, beside it.
        engine: who selects and words.
        domain: profile; None takes what fits the set.
        config: path of `ragslm.yaml`.
        progress: called with (documents done, all, stage).
        sections: settings by section, over those of the configuration.
    """
    documents = chosen.folder or folder / "documents"
    if chosen.folder is None:
        chosen.write(documents)
    with Assistant.open(
        folder / "workspace",
        domain or chosen.domain,
        key=None if kept else _own_key(folder / "key"),
        config=config,
        engine=engine,
        **sections,
    ) as assistant:
        assistant.ingest(documents, progress=progress)
        yield assistant


def _own_key(file: Path) -> str:
    if not file.exists():
        write_key_file(file, new_key())
    return file.read_text("ascii")
