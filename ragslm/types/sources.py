"""What a source holds: documents, what lies inside them, and how far it was read."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ragslm.types.identity import listed

PLACE = re.compile(r"(?:attachment=\d{1,6}/|member=)[\w.~%;/-]{1,4200}", re.ASCII)
"""How a member's place in its container is written. No name holds `=` or `#`, so levels can be told apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDocument:
    """One document as its source holds it, before parsing.

    Attributes:
        uri: where it comes from, stable between runs; a file's absolute path as `file://…`.
        content: the bytes as read.
        media_type: declared media type; parsers look at the bytes before they believe it.
        title: human title, usually the file name without suffix.
        source: the root it was found under, so that what is gone from it can be removed; None for
            a single file, which never removes anything.
        version: the source's own version mark, if it has one.
        effective_date: the date the content holds for, if the source says.
        scope: patient or account key the content belongs to. None says nothing: what was stated before stays,
            else the format tells, else it is general knowledge. `EVERYONE` takes back what was stated.
        readers: user ids or groups that may read it, every user with `EVERYONE` among them. None says
            nothing: who may read the stored version may read this one, and anyone one that is new.
        metadata: what else the source tells, as plain JSON values; kept encrypted, never searched.

    Raises:
        ConfigError: `readers` is a single text.
    """

    uri: str
    content: bytes = field(repr=False)
    media_type: str = "application/octet-stream"
    title: str = field(default="", repr=False)
    source: str | None = None
    version: str | None = None
    effective_date: dt.date | None = None
    scope: str | None = field(default=None, repr=False)
    readers: frozenset[str] | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        listed("readers", self.readers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A document inside another: an attachment of a mail, a file of an archive.

    Attributes:
        place: where in the container, stable while the container's own order is: `attachment=2/report.pdf`,
            `member=folder/report.pdf`. Names in it are percent-encoded.
        title: human title, usually its name.
        media_type: declared media type.
        content: the bytes, unpacked; empty where they cannot be read.
        reason: why they cannot be read; None where they can.
    """

    place: str = field(repr=False)
    title: str = field(default="", repr=False)
    media_type: str = "application/octet-stream"
    content: bytes = field(repr=False)
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Removed:
    """A source holds a document no more.

    Attributes:
        uri: the document's uri, as the source gave it before.
    """

    uri: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a source: everything that was yielded before it may be committed and is not asked for again.

    Attributes:
        value: what the connector needs to go on from here; plain text, at most 64 KB, no secret.
    """

    value: str = field(repr=False)
