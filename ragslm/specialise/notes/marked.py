"""A text whose names and addresses are marked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

PERSON = "PERSON"
STREET = "STREET_ADDRESS"
UNSURE = "UNSURE"
"""Neither a name nor none: nothing is learnt from what is marked so."""

Span = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Marked:
    """A text and its (label, start, end), sorted and apart."""

    text: str = field(repr=False)
    spans: tuple[Span, ...]


def joined(notes: Sequence[Marked], between: str) -> Marked:
    """The notes one after another."""
    spans: list[Span] = []
    at = 0
    for note in notes:
        spans += [(label, at + start, at + end) for label, start, end in note.spans]
        at += len(note.text) + len(between)
    return Marked(between.join(note.text for note in notes), tuple(spans))


def merged(text: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans of one label with a single blank between them are one: `{first} {last}`."""
    kept: list[Span] = []
    for label, start, end in sorted(spans, key=lambda span: span[1:]):
        if kept and kept[-1][0] == label and text[kept[-1][2] : start] == " ":
            start = kept.pop()[1]
        kept.append((label, start, end))
    return tuple(kept)
