"""Cuts evidence into the sentences and table rows that an answer may select, and picks among them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log
from typing import Literal

from ragslm import _sentences
from ragslm.grounding.fields import is_field, joined
from ragslm.grounding.injection import addresses_model
from ragslm.grounding.verifier import ANAPHOR
from ragslm.protocols import Unit
from ragslm.types import PATH_SEPARATOR, Passage

_LEAST_WORDS = 4
_ROW = " | "
_LONGEST = 1200
_BOILERPLATE = re.compile(
    r"^(?:table of contents|all rights reserved|copyright\b|©|page \d+"
    r"|see (?:also|section|page|table|figure)\b.{0,40}$"
    r"|click here|https?://\S+$|for more information\b|learn more\b|skip to\b|last (?:updated|reviewed)\b)",
    re.IGNORECASE,
)
_MARK = re.compile(r"(?:[-*•·|]|\(?[a-z0-9]{1,3}[.)])\s+", re.IGNORECASE)
_NUMBER = re.compile(
    r"^(?:Comment |Section |\d+ CFR )?[\w.]*(?:\([a-z0-9]{1,5}\))*(?:-\d+)?(?<=[\d)])[.—]?\s*"
)
"""In front of a heading: `Comment 1005.6(b)(1)-2`, `6(b)(1)`, `4.2`."""
_MARGIN = 0.6
"""Log-odds below the best within which a unit is nearly as good. On TAT-QA questions held out, 1.5 units are
selected, and one of them answers for 0.83 (text and single cells) and 0.88 (calculations)."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Units of the evidence, and how many sentences were left out because they address the model."""

    units: tuple[Unit, ...] = field(repr=False)
    injected: int = 0


def cut_units(passages: Sequence[Passage]) -> list[Unit]:
    """Units of `passages`, labelled `1`, `2`, … in the order of the evidence."""
    return list(cut(passages).units)


def cut(passages: Sequence[Passage], *, whole: bool = False) -> Cut:
    """The same, with the count of sentences that give orders to a model.

    `whole`: what only leads to what follows it is a unit too: `If so, the institution shall:`.
    """
    units: list[Unit] = []
    injected = 0
    for passage in passages:
        for start, end in _statements(passage, whole):
            text = passage.text[start:end]
            if addresses_model(text):
                injected += 1
            else:
                units.append(_unit(str(len(units) + 1), passage, start, end))
    return Cut(tuple(units), injected)


def select_units(ranked: Sequence[Unit], most: int, least: float = 0.0) -> list[Unit]:
    """The best unit and those nearly as good, at most `most`, in the order of the evidence.

    A sentence that opens with "it" or "these" says something else alone: the best one brings the sentence
    before it along, another is taken only if that one is good enough by itself.

    Args:
        ranked: units, best first.
        most: how many at most.
        least: score below which only the best unit is taken, 0 to 1.
    """
    if not ranked or most < 1:
        return []
    by_label = {unit.label: unit for unit in ranked}
    good = {unit.label for unit in nearly_as_good(ranked) if unit.score >= least} | {ranked[0].label}
    chosen: dict[str, Unit] = {}
    for unit in ranked:
        group = _with_antecedent(unit, by_label)
        fits = len(chosen.keys() | {one.label for one in group}) <= most
        if unit is ranked[0]:
            chosen = {one.label: one for one in (group if fits else [unit])}
        elif fits and all(one.label in good for one in group) and not _leans(group[0]):
            chosen |= {one.label: one for one in group}
    return sorted(chosen.values(), key=lambda unit: int(unit.label))


def nearly_as_good(ranked: Sequence[Unit]) -> list[Unit]:
    """The units that answer nearly as well as the best, which comes first."""
    return [unit for unit in ranked if _log_odds(unit) >= _log_odds(ranked[0]) - _MARGIN]


def _leans(unit: Unit) -> bool:
    """Whether it refers back to a sentence before it."""
    return unit.kind == "sentence" and ANAPHOR.match(unit.text) is not None


def _with_antecedent(unit: Unit, by_label: Mapping[str, Unit]) -> list[Unit]:
    """The unit after the sentences of its passage that it refers back to."""
    group = [unit]
    while _leans(group[0]):
        before = by_label.get(str(int(group[0].label) - 1))
        if before is None or before.passage.id != unit.passage.id:
            break
        group.insert(0, before)
    return group


def _log_odds(unit: Unit) -> float:
    probability = min(max(unit.score, 1e-9), 1 - 1e-9)
    return log(probability / (1 - probability))


def _unit(label: str, passage: Passage, start: int, end: int) -> Unit:
    text = passage.text[start:end]
    kind: Literal["row", "sentence"] = "row" if _ROW in text else "sentence"
    return Unit(label=label, text=text, passage=passage, start=start, end=end, kind=kind)


def _statements(passage: Passage, whole: bool) -> list[tuple[int, int]]:
    """Spans of its statements. A heading over them says what they are about, and answers nothing; where it is
    all there is, as over a list of allergies, it is what the list says.
    """
    headings = {_bare(heading) for heading in (passage.section or "").split(PATH_SEPARATOR)}
    spans = list(_spans(passage.text, whole))
    return [span for span in spans if _bare(passage.text[slice(*span)]) not in headings] or spans


def _bare(heading: str) -> str:
    """Its words, without the number in front and the point behind: `(b)(1) Timely notice given.`"""
    return _NUMBER.sub("", heading).rstrip(". ").casefold()


def _spans(text: str, whole: bool) -> Iterator[tuple[int, int]]:
    for start, end in joined(text, _sentences.split(text)):
        mark = _MARK.match(text, start, end)
        start = mark.end() if mark else start
        said = text[start:end].rstrip(" :") + "." if whole else text[start:end]
        if end - start <= _LONGEST and says_something(said):
            yield start, end


def says_something(text: str) -> bool:
    """Whether a span is a statement: no heading, fragment, question or boilerplate."""
    words = text.split()
    if _BOILERPLATE.match(text) or text.endswith(("?", ":")):
        return False
    if is_field(text):
        return True
    if _ROW in text:
        return (
            any(ch.isalpha() for ch in text) and any(ch.isdigit() for ch in text.split(_ROW, 1)[1])
        ) or len(words) >= 6
    if text[-1] not in '.!;)"”’' and len(words) < 8 and not any(ch.isdigit() for ch in text):
        return False
    return any(ch.isalpha() for ch in text) and (
        len(words) >= _LEAST_WORDS or (any(ch.isdigit() for ch in text) and len(words) > 1)
    )
