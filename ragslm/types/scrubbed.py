"""What scrubbing found and left."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Entity:
    """Personal data found. Offsets refer to the text given; `score`: confidence, 0 to 1."""

    type: str
    start: int
    end: int
    score: float
    replacement: str


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """Scrubbed text with what was replaced, in order, without overlaps."""

    text: str = field(repr=False)
    entities: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScrubbedDocument:
    """A document that was read and scrubbed, and not stored.

    Attributes:
        uri: where it comes from.
        scrubbed: its text without personal data; None where it could not be read.
        found_by: for each entity, the format's field that named it, or the recogniser.
        originals: what each entity was; empty unless it was asked for, which is recorded.
        reason: why it could not be read, without its text; None where it could.
    """

    uri: str = field(repr=False)
    scrubbed: Scrubbed | None = None
    found_by: tuple[str, ...] = ()
    originals: tuple[str, ...] = field(default=(), repr=False)
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class PrivacyPolicy:
    """What the scrubber of a workspace does, as a report states it.

    Attributes:
        version: hash over policy, recognisers and their versions.
        threshold: confidence from which a finding is replaced, 0 to 1.
        profiles: ready profiles laid over the domains' own.
        actions: what happens to each type; one not named gets a pseudonym.
    """

    version: str
    threshold: float
    profiles: tuple[str, ...]
    actions: Mapping[str, str]
