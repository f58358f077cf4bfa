"""Files of evaluation data: JSON lines, plain or compressed."""

import gzip
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ragslm.errors import ConfigError


def file_of(data: Path, name: str) -> Path | None:
    """The file `name` of a folder, or its compressed form; None if it has neither."""
    return next((path for path in (data / name, data / f"{name}.gz") if path.is_file()), None)


def rows_of(data: Path, name: str) -> Iterator[Mapping[str, Any]]:
    """The objects of a JSON lines file of a folder.

    Raises:
        ConfigError: the folder has no such file.
    """
    path = file_of(data, name)
    if path is None:
        raise ConfigError(f"{name} is missing in {str(data)!r}.")
    with (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8") as lines
    ):
        yield from map(json.loads, lines)
