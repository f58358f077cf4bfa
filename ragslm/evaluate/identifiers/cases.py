"""One planted value in one sentence, and what a scrubber did to it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Literal, TypeVar

Half = Literal["dev", "check"]
Span = tuple[str, int, int]
"""Entity type, start, end: what was replaced."""
Find = Callable[[list[str]], list[list[Span]]]
"""Spans replaced in each of many texts."""
T = TypeVar("T")
_SEED = 20261121


@dataclass(frozen=True, slots=True)
class Case:
    """A text with one value in it.

    Attributes:
        kind: what the value is, such as `visa16` or `ICD-10`.
        form: how it is written, such as `dashes`.
        start: first character of the value; `end`: one past its last.
    """

    kind: str
    form: str
    text: str = field(repr=False)
    start: int
    end: int


def put(sentence: str, value: str, kind: str, form: str = "plain") -> Case:
    """The case of `value` in the place of `{}`."""
    start = sentence.index("{}")
    return Case(kind, form, sentence.replace("{}", value, 1), start, start + len(value))


def half_of(items: Sequence[T], half: Half) -> Sequence[T]:
    """Every other item: the first, third … for `dev`, the others for `check`."""
    return items[half == "check" :: 2]


def seeded(name: str, half: Half) -> Random:
    """Random numbers of one generator: the same in every run, others in the other half."""
    return Random(f"{_SEED} {name} {half}")  # noqa: S311 - test data, not a secret


def covered(case: Case, spans: Iterable[Span]) -> bool:
    """Whether every letter and digit of the value was replaced."""
    return not left_over(case, spans)


def left_over(case: Case, spans: Iterable[Span]) -> str:
    """Letters and digits of the value that still stand."""
    gone = {i for _, start, end in spans for i in range(start, end)}
    return "".join(c for i, c in _characters(case) if i not in gone)


def touched(case: Case, spans: Iterable[Span]) -> bool:
    """Whether any letter or digit of the value was replaced."""
    gone = {i for _, start, end in spans for i in range(start, end)}
    return any(i in gone for i, _ in _characters(case))


def _characters(case: Case) -> Iterator[tuple[int, str]]:
    value = enumerate(case.text[case.start : case.end], case.start)
    return ((i, c) for i, c in value if c.isalnum())
