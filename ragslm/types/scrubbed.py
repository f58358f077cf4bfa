"""What scrubbing found and left."""

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
