"""The base of ragslm's recognisers: a shape, what must stand around it, and a check of the value.

Presidio's own context enhancer needs lemmas, and so a tagger; rules that look at the words around a
match themselves need none, cannot push a bare number over the threshold by accident, and read alike.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from presidio_analyzer import EntityRecognizer, RecognizerResult

_NUMBERS = re.compile(r"\d(?:[\W_]{0,4}\d)*")
"""Digits that stand close together, whatever signs part them."""
_LATELY = 8
"""Texts whose small letters and longest number are kept: every rule asks for the same text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One way an identifier is written.

    Attributes:
        pattern: what to look for; the group `value`, if there is one, is the finding.
        score: confidence of a finding, 0 to 1.
        valid: whether the value found can be one (checksum, table); None accepts all.
        before: must be found in the `reach` characters before the value; None asks for nothing.
        unless: must not be found in the `reach` characters before the value.
        around: like `before`, but the `reach` characters after the value count too.
        needs: pieces of text in small letters; where none of them stands, nothing is found. Looking for them
            first spares most texts the pattern.
        digits: where fewer stand close together (four signs apart at most), nothing is found; spares it too.
        reach: how far context is looked for, in characters.
    """

    pattern: re.Pattern[str]
    score: float
    valid: Callable[[str], bool] | None = None
    before: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    around: re.Pattern[str] | None = None
    needs: tuple[str, ...] = ()
    digits: int = 0
    reach: int = 48

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Spans of every value in `text` that passes the rule."""
        if (self.digits and most_digits(text) < self.digits) or not self._is_promised(text):
            return
        group = "value" if "value" in self.pattern.groupindex else 0
        for match in self.pattern.finditer(text):
            start, end = match.span(group)
            if start < end and self._fits(text, start, end):
                yield start, end

    def _is_promised(self, text: str) -> bool:
        """Whether one of the pieces it needs stands in the text."""
        if not self.needs:
            return True
        small = _small(text)
        return any(piece in small for piece in self.needs)

    def _fits(self, text: str, start: int, end: int) -> bool:
        left = text[max(0, start - self.reach) : start]
        if self.before and not self.before.search(left):
            return False
        if self.unless and self.unless.search(left):
            return False
        if self.around and not (self.around.search(left) or self.around.search(text[end : end + self.reach])):
            return False
        return self.valid is None or self.valid(text[start:end])


@lru_cache(_LATELY)
def most_digits(text: str) -> int:
    """How many digits the longest number of a text has, whatever signs part them."""
    return max((sum(map(str.isdecimal, match[0])) for match in _NUMBERS.finditer(text)), default=0)


@lru_cache(_LATELY)
def _small(text: str) -> str:
    return text.lower()


def forget() -> None:
    """Drop what is kept of the texts read lately: what was scrubbed stays in no memory."""
    most_digits.cache_clear()
    _small.cache_clear()


class RagslmRecogniser(EntityRecognizer, ABC):  # type: ignore[misc]  # Presidio ships no types
    """A Presidio recogniser that finds one entity type by code, without a language model.

    Attributes:
        on_request: what it finds is knowledge, so it runs only where a policy names its type.

    Raises:
        TypeError: one without `find` is built; that is at start, not at the first text.
    """

    def __init__(self, entity: str, *, version: str = "1", on_request: bool = False) -> None:
        self.entity = entity
        self.on_request = on_request
        super().__init__(supported_entities=[entity], name=f"ragslm {entity}", version=version)

    def load(self) -> None:
        """Nothing to load."""

    def analyze(self, text: str, entities: Sequence[str], nlp_artifacts: Any = None) -> list[Any]:
        """Presidio results for `text`; offsets 0-based, half-open."""
        return [RecognizerResult(self.entity, start, end, score) for start, end, score in self.find(text)]

    @abstractmethod
    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """(start, end, score) of every finding; may overlap."""


class RuleRecogniser(RagslmRecogniser):
    """Finds one entity type by rules."""

    def __init__(
        self, entity: str, rules: Sequence[Rule], *, version: str = "1", on_request: bool = False
    ) -> None:
        super().__init__(entity, version=version, on_request=on_request)
        self.rules = tuple(rules)
        self._digits = min((rule.digits for rule in rules), default=0)

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Findings of every rule."""
        if self._digits and most_digits(text) < self._digits:  # most texts hold no number
            return
        for rule in self.rules:
            for start, end in rule.find(text):
                yield start, end, rule.score


def words(*alternatives: str) -> re.Pattern[str]:
    """Context that holds one of these whole words or regular expressions, any case."""
    return re.compile(rf"(?<![A-Za-z])(?:{'|'.join(alternatives)})(?![A-Za-z])", re.IGNORECASE)


def is_wanted(recogniser: Any, actions: Mapping[str, str]) -> bool:
    """Whether a recogniser can change anything under these actions by entity type.

    One that runs on request must be asked for; what every type of a recogniser is kept needs no search.
    """
    asked = not getattr(recogniser, "on_request", False) or recogniser.entity in actions
    return asked and any(actions.get(entity) != "keep" for entity in recogniser.supported_entities)


def one_of_each(folder: Sequence[str], package: str) -> list[Any]:
    """New recognisers of a package in which every file brings one, by its `recogniser` function.

    Args:
        folder: the package's `__path__`.
        package: its `__name__`.
    """
    names = sorted(module.name for module in iter_modules(folder))
    return [import_module(f"{package}.{name}").recogniser() for name in names]
