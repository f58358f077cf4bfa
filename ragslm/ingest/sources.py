"""`sources.yaml`: which sources a workspace is kept in step with. docs/connectors.md is its reference."""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from ragslm.errors import ConfigError

_INTERVAL = re.compile(r"(\d{1,6})([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
PREFIX = "sync:"
"""Root that the documents of a source are stored under, before the source's name."""


class Source(BaseModel):
    """One entry of `sources.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    name: str = Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
        description="Unique name: letters, digits, `.`, `_` and `-`. What the source brought is known by it: "
        "renaming a source reads it again.",
    )
    kind: str = Field(description="`folder`, `langchain`, or a kind that a domain or a plug-in brings.")
    domain: str | None = Field(
        None, description="Profile its documents are stored under; default: the configured domain."
    )
    every: dt.timedelta = Field(
        dt.timedelta(hours=1),
        description="Interval of `ragslm sync --watch`: a number with `s`, `m`, `h` or `d`; else an hour.",
    )
    scope: str | None = Field(
        None,
        min_length=1,
        description="Patient or account key of all its documents; default: what source or format tell. "
        "`*` takes back one that was given before.",
    )
    readers: tuple[str, ...] | None = Field(
        None,
        description="Users or groups that may read its documents; default: what the source tells, else who "
        "may read the stored ones, else all. `*` is everyone, an empty list nobody but the owner.",
    )
    settings: dict[str, Any] = Field(
        default_factory=dict, repr=False, description="The kind's own settings: every other key of the entry."
    )
    where: str = Field("sources.yaml", description="File, line and name, for messages.", exclude=True)
    base: Path = Field(Path(), description="Folder that relative paths start from: the file's.", exclude=True)

    @field_validator("every", mode="before")
    @classmethod
    def _interval(cls, value: object) -> object:
        if isinstance(value, dt.timedelta):
            return value
        found = _INTERVAL.fullmatch(str(value))
        if found is None or not int(found[1]):
            raise ValueError("write a number and s, m, h or d, such as 15m")
        return dt.timedelta(**{_UNITS[found[2]]: int(found[1])})

    @property
    def root(self) -> str:
        """What its documents are stored under."""
        return PREFIX + self.name

    def fingerprint(self, domain: str) -> str:
        """Digest of all that decides what is read and who may read it; a cursor holds for this only.

        Secrets are not part of it: the entry holds only where they lie.
        """
        told = [
            self.kind,
            domain,
            self.scope,
            sorted(self.readers or ()),
            self.readers is None,
            self.settings,
        ]
        return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


def read_sources(path: Path) -> list[Source]:
    """The sources that a file names, in its order.

    Raises:
        ConfigError: there is no such file, it is no list of entries, or an entry is wrong. The message names
            the line and the remedy, never a value.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ConfigError(
            f"Cannot read {str(path)!r}: {reason}. "
            "Name the file with --sources; docs/connectors.md shows one."
        ) from None
    sources = [_source(entry, line, path) for entry, line in _entries(text, path.name)]
    first: dict[str, str] = {}
    for source in sources:
        if source.name in first:
            raise ConfigError(f"{source.where}: the name is taken ({first[source.name]}). Name it otherwise.")
        first[source.name] = source.where
    return sources


def _entries(text: str, file: str) -> list[tuple[dict[str, Any], int]]:
    """Every entry with its line. PyYAML alone would let the last of two equal keys win in silence."""
    try:
        loader = yaml.SafeLoader(text)
        try:
            top = loader.get_single_node()
            if top is None:
                return []
            if not isinstance(top, yaml.SequenceNode):
                raise ConfigError(f"{file}: it must be a list of sources, each beginning with `- name:`.")
            return [(_entry(loader, node, file), node.start_mark.line + 1) for node in top.value]
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "it is not YAML"
        raise ConfigError(f"{file}{line}: {problem}. Mend the YAML.") from None
    except (ValueError, RecursionError):
        raise ConfigError(f"{file}: a value is out of its range, or nested too deeply.") from None


def _entry(loader: yaml.SafeLoader, node: yaml.Node, file: str) -> dict[str, Any]:
    where = f"{file}, line {node.start_mark.line + 1}"
    if not isinstance(node, yaml.MappingNode):
        raise ConfigError(f"{where}: a source is `name: …`, `kind: …` and its settings.")
    seen: set[str] = set()
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.value in seen:
            raise ConfigError(f"{file}, line {key.start_mark.line + 1}: a key is doubled, or is no word.")
        seen.add(key.value)
    entry: dict[str, Any] = loader.construct_object(node, deep=True)
    return entry


def _source(entry: Mapping[Any, Any], line: int, path: Path) -> Source:
    name = entry.get("name")
    where = f"{path.name}, line {line}, source {name if isinstance(name, str) else '?'!r}"
    common = Source.model_fields.keys() - {"settings", "where", "base"}
    given = {str(key): value for key, value in entry.items()}
    try:
        return Source(
            **{key: value for key, value in given.items() if key in common},
            settings={key: value for key, value in given.items() if key not in common},
            where=where,
            base=path.absolute().parent,
        )
    except ValidationError as error:
        wrong = error.errors(include_input=False, include_url=False, include_context=False)[0]
        field = str(wrong["loc"][0]) if wrong["loc"] else "entry"
        problem = wrong["msg"].removeprefix("Value error, ")
        raise ConfigError(f"{where}: `{field}`: {problem}. See docs/connectors.md.") from None
