"""Sources that disagree: sentences and rows that state another value for the same thing.

Two statements are about the same thing if one says all the words of the other, names, codes and pseudonyms
among them, and both name the same year or quarter. A day is no part of the thing: a result of March and one
of May are two values, and the reader sees both. What merely adds a condition is no contradiction, so a
difference without a number counts only where all other words are the same.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from ragslm._periods import periods
from ragslm.grounding.literal.alignment import compared
from ragslm.grounding.literal.opposites import opposed
from ragslm.grounding.reading.synonyms import same_word
from ragslm.grounding.reading.text import Reading, read
from ragslm.grounding.reading.tokens import Token
from ragslm.protocols import Unit
from ragslm.types import Passage

MOST = 3
"""Statements shown of one thing: more than that are a series, not a disagreement."""
_FEWEST = 2  # words that name a thing
_FEWEST_UNNUMBERED = 4  # the same, where no number differs
_COVERED = 0.7  # share of the longer statement's words that the shorter one holds
_NAMED = 0.75  # share of a question's words that a statement says which names its own subject
_ROUNDING = Decimal("0.005")
_ROW = " | "
_SELF = re.compile(
    r"\b(?:we|our|us|company|corporation|bank|firm|it|its|patient|he|she|his|her|they|their)\b", re.IGNORECASE
)
_NO_VALUE = frozenset({"no", "no.", "nr", "#", "page", "item", "row", "id", "note", "notes"})
_TITLE_WORD = re.compile(r"\w*[^\W\d_]\w*")

Amount = tuple[str | None, str | None, Decimal]
"""Unit, comparator and value of a number."""
Day = tuple[int, int, int]
"""Year, month and day as written; the calendar need not have it."""


@dataclass(frozen=True, slots=True)
class _Statement:
    """A unit, read."""

    unit: Unit
    said: Reading = field(repr=False)

    @classmethod
    def of(cls, unit: Unit) -> "_Statement":
        return cls(unit, read(unit.text))

    @property
    def days(self) -> frozenset[Day]:
        """Days named, as precisely as that."""
        return frozenset((d.year, d.month, d.day) for d in self.said.dates if d.year and d.month and d.day)

    @property
    def when(self) -> Day:
        """The one day it names itself, else its document's."""
        if len(self.days) == 1:
            return next(iter(self.days))
        date = self.unit.passage.date
        return (date.year, date.month, date.day) if date else (0, 0, 0)

    @property
    def names(self) -> list[Token]:
        """What it speaks of: its words without numbers, dates and negations."""
        return compared(self.said.plain)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the question says, and whose the documents are."""

    words: Sequence[Token] = field(repr=False)
    one_day: bool
    scopes: Mapping[str, str | None] = field(repr=False)

    @classmethod
    def of(cls, question: str, scopes: Mapping[str, str | None]) -> "_Asked":
        said = read(question)
        return cls(compared(said.plain), any(d.day for d in said.dates), scopes)

    def named_in(self, statement: _Statement) -> bool:
        """Whether a statement names what is asked about, rather than leave it to its document."""
        found = sum(any(same_word(word, w) for w in statement.names) for word in self.words)
        return found >= _NAMED * len(self.words)


def disagreeing(
    question: str, selected: Sequence[Unit], ranked: Sequence[Unit], scopes: Mapping[str, str | None]
) -> list[tuple[Unit, ...]]:
    """Groups of two or more units that state different values for the same thing, newest first.

    Args:
        question: where it names a day, statements of other days are about something else.
        selected: what is to be shown; every group holds one of these.
        ranked: all units of the evidence, best first.
        scopes: patient or account by document; statements of two of them never meet.
    """
    asked = _Asked.of(question, scopes)
    groups: list[tuple[Unit, ...]] = []
    taken: set[str] = set()
    for unit in selected:
        if unit.label not in taken:
            group = _group(_Statement.of(unit), [one for one in ranked if one.label not in taken], asked)
            taken |= {member.label for member in group}
            groups += [group] if len(group) > 1 else []
    return groups


def _group(first: _Statement, ranked: Sequence[Unit], asked: _Asked) -> tuple[Unit, ...]:
    """A statement with those that contradict it and each other, newest first."""
    group = [first]
    for unit in ranked:
        if len(group) < MOST and _near(first.unit.text, unit.text):
            other = _Statement.of(unit)
            if all(_disagree(one, other, asked) for one in group):
                group.append(other)
    return tuple(member.unit for member in sorted(group, key=lambda one: one.when, reverse=True))


def _near(one: str, other: str) -> bool:
    """Whether two texts share enough words to be worth reading."""
    mine, theirs = (set(_TITLE_WORD.findall(text.casefold())) for text in (one, other))
    return 2 * len(mine & theirs) >= min(len(mine), len(theirs))


def _disagree(one: _Statement, other: _Statement, asked: _Asked) -> bool:
    a, b = one.unit, other.unit
    if a.kind != b.kind or asked.scopes.get(a.passage.document_id) != asked.scopes.get(b.passage.document_id):
        return False
    apart = bool(one.days and other.days and one.days != other.days)
    if (apart and asked.one_day) or not (apart or a.passage.document_id != b.passage.document_id):
        return False
    if _same_source(a.passage, b.passage):
        return _rows_differ(a.text, b.text) if a.kind == "row" else _sentences_differ(one, other)
    if a.kind == "row" or _SELF.search(a.text) or _SELF.search(b.text):
        return False
    return asked.named_in(one) and asked.named_in(other) and _sentences_differ(one, other)


# ---------------------------------------------------------------- sentences


def _sentences_differ(one: _Statement, other: _Statement) -> bool:
    if _other_time(one.said, other.said):
        return False
    mine, theirs = one.names, other.names
    amounts, others = _amounts(one.said), _amounts(other.said)
    if amounts and others:
        return _same_thing(mine, theirs) and _values_differ(amounts, others)
    return not amounts and not others and _turned(one.said, other.said, mine, theirs)


def _other_time(one: Reading, other: Reading) -> bool:
    """Whether both name years, quarters or months, and not the same."""
    mine, theirs = _spans(one), _spans(other)
    return bool(mine and theirs) and mine != theirs


def _spans(said: Reading) -> frozenset[tuple[int | None, ...]]:
    named = {(d.year, d.quarter, d.month) for d in said.dates if not d.day}
    return frozenset(named | {(int(n.value), None, None) for n in said.numbers if n.year})


def _same_thing(one: Sequence[Token], other: Sequence[Token], fewest: int = _FEWEST) -> bool:
    """Whether the shorter statement's words are all in the longer one, and are most of it."""
    short, long = sorted((one, other), key=len)
    covered = len(short) >= max(fewest, _COVERED * len(long))
    return covered and all(any(same_word(word, w) for w in long) for word in short)


def _amounts(said: Reading) -> list[Amount]:
    return [(n.unit, n.comparator, n.value) for n in said.numbers if not n.year]


def _values_differ(one: Sequence[Amount], other: Sequence[Amount]) -> bool:
    """Whether the same units come in the same order and an amount or its bound is another."""
    if [unit for unit, _, _ in one] != [unit for unit, _, _ in other]:
        return False
    return any(
        bound != other_bound or not _equal(value, other_value)
        for (_, bound, value), (_, other_bound, other_value) in zip(one, other, strict=True)
    )


def _equal(one: Decimal, other: Decimal) -> bool:
    """Whether two values are the same but for rounding or for an undeclared thousand or million."""
    if not one or not other:
        return one == other
    for power in (0, 3, 6, 9):
        for a, b in ((one.scaleb(power), other), (one, other.scaleb(power))):
            large = max(abs(a), abs(b))
            if a == b or (large >= 1000 and abs(a - b) <= _ROUNDING * large):
                return True
    return False


def _turned(one: Reading, other: Reading, mine: list[Token], theirs: list[Token]) -> bool:
    """Whether the same words are said with and without a "not", or with a word and its opposite."""
    denied = [sum(cue.kind == "negation" for cue in said.cues) % 2 for said in (one, other)]
    opposite = opposed(mine, theirs)
    left = [word for word in mine if not any(same_word(word, w) for w in theirs)]
    new = [word for word in theirs if not any(same_word(word, w) for w in mine)]
    if min(len(mine), len(theirs)) < _FEWEST_UNNUMBERED or (denied[0] == denied[1]) != opposite:
        return False
    return (len(left), len(new)) == ((1, 1) if opposite else (0, 0))


# ---------------------------------------------------------------- rows and sources


def _rows_differ(one: str, other: str) -> bool:
    """Whether rows of one label have another number under one heading."""
    (label, cells), (other_label, other_cells) = _cells(one), _cells(other)
    said, other_said = read(label), read(other_label)
    if _other_time(said, other_said):
        return False
    mine, theirs = compared(said.plain), compared(other_said.plain)
    named = len(mine) == len(theirs) and _same_thing(mine, theirs, fewest=1)
    return named and any(
        _values_differ(cells[heading], other_cells[heading]) for heading in cells.keys() & other_cells.keys()
    )


def _cells(row: str) -> tuple[str, dict[str, list[Amount]]]:
    """A row's label, and by heading the cells that hold one number."""
    label, *rest = row.split(_ROW)
    cells: dict[str, list[Amount]] = {}
    for part in rest:
        heading, colon, value = part.rpartition(": ")
        name = " ".join(heading.casefold().split()) if colon else ""
        found = _amounts(read(value))
        if len(found) == 1 and name not in _NO_VALUE and (name or len(rest) == 1):
            cells[name] = found
    return label, cells


def _same_source(one: Passage, other: Passage) -> bool:
    """Whether titles differ in nothing but period and number: an issuer's reports, a laboratory's results."""
    return _title(one.title) == _title(other.title)


def _title(title: str) -> frozenset[str]:
    text = title.replace("_", " ")
    for found in reversed(periods(text)):
        text = f"{text[: found.start]} {text[found.end :]}"
    return frozenset(word.casefold() for word in _TITLE_WORD.findall(text))
