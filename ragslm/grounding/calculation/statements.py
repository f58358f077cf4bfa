"""The primary statements of a report: which caption a term of analysis stands for, and its value in a period.

A profile says how the statements are headed and what their captions are called (`statements:`). Values are
taken from the statements of the reporting party alone: the same caption in a note, a segment or a guarantor's
statement is another figure.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import product

from ragslm._periods import Period
from ragslm._sentences import content_words
from ragslm.errors import ConfigError
from ragslm.grounding.calculation.headings import declared_scale
from ragslm.grounding.calculation.operands import SCALE_WORDS, Operand, operands, without_periods
from ragslm.grounding.calculation.phrases import FILLER
from ragslm.grounding.calculation.quantities import BARE
from ragslm.grounding.reading.measures import is_currency
from ragslm.protocols import Unit
from ragslm.types import PATH_SEPARATOR, Passage

Report = Sequence[tuple[str, Operand]]
"""The values of one document's primary statements, each with the name of its statement."""

_PARTY = re.compile(r"(?:subsidiar(?:y|ies)|compan(?:y|ies)|inc|corp(?:oration)?|plc|ltd|group|statements)$")
_ATTRIBUTABLE = frozenset(content_words("attributable"))
_HOLDERS = frozenset(content_words("shareholders stockholders shareowners owners parent"))
"""Stems of those to whom all income is attributable that is not a minority's."""
_MARKS = re.compile(r"consolidated|condensed|unaudited|continued|auditeds?")
_ASIDE = re.compile(r"\([^()]*\)|/\s*(?=\()|,?\s+(?:net of|less|at cost)\b.*|\$.*", re.IGNORECASE)
_PLAIN = frozenset(
    content_words("total consolidated reported unadjusted annual year end amount balance level value")
)
"""Stems that a term or a caption may have beside the other's."""
_AND = re.compile(r"(?<=\w)&(?=\w)")
"""Holds letters together that are no words by themselves: D&A."""
_OWNED = _ATTRIBUTABLE | _HOLDERS | frozenset(content_words("equity"))
_SHORT = 3
"""Letters of a name that may stand in another word by chance."""
_EARLY = 2
"""A fiscal year that ends in January or February goes by either of two years' numbers."""


@dataclass(frozen=True, slots=True)
class Caption:
    """What a statement calls a thing.

    Attributes:
        words: stems of the caption.
        paid: it is paid or taken off, so that some statements write it in brackets.
    """

    words: frozenset[str]
    paid: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A thing that a primary statement reports.

    Attributes:
        statement: the statement's first name in the profile; "" for any.
        captions: what reports call it, the most usual first.
        name: what it is searched for as.
    """

    statement: str
    captions: tuple[Caption, ...]
    name: str = field(default="", repr=False)


class Statements:
    """The statements that a profile describes.

    Args:
        profile: by the headings of a statement (`balance sheet, statement of financial position`) its lines:
            names by which questions ask (`COGS, cost of goods sold`), and captions, the most usual first
            (`cost of sales; cost of revenue`). Behind a minus stands what is paid.

    Raises:
        ConfigError: a line has no caption.
    """

    def __init__(self, profile: Mapping[str, Mapping[str, str]]) -> None:
        self._headings: list[tuple[str, re.Pattern[str]]] = []
        self._lines: dict[frozenset[str], Line] = {}
        for names, lines in profile.items():
            headings = [name.strip() for name in names.split(",")]
            self._headings += [(headings[0], _heading(one)) for one in headings]
            for asked, captions in lines.items():
                line = _line(headings[0], asked, captions)
                self._lines |= {_stems(name): line for name in asked.split(",")}
                for caption in line.captions:
                    self._lines.setdefault(caption.words, line)

    def __bool__(self) -> bool:
        """Whether the profile describes any."""
        return bool(self._lines)

    def knows(self, term: str) -> bool:
        """Whether a term names a line that the profile describes."""
        return _stems(term) in self._lines

    def narrows(self, words: str, term: str) -> bool:
        """Whether words say all that a term says, and may say more closely which value is meant."""
        return bool(_stems(term)) and _stems(term) <= _stems(words)

    def line(self, term: str) -> Line:
        """What a term stands for: a line of the profile, or a caption in its own words."""
        known = self._lines.get(_stems(term))
        return known or Line("", (Caption(_stems(term)),), " ".join(without_periods(term).split()))

    def of_reports(self, units: Sequence[Unit]) -> dict[str, Report]:
        """By document the values of its primary statements, in one scale and one currency: they share them,
        though not every page repeats them, and some have them over the table alone.
        """
        reports: dict[str, list[tuple[str, Operand]]] = {}
        for operand in operands(units):
            passage = operand.unit.passage
            if not operand.part_of_year and (statement := self.statement(passage)):
                reports.setdefault(passage.document_id, []).append((statement, operand))
        over: dict[str, set[int]] = {}
        for passage in {unit.passage.id: unit.passage for unit in units}.values():
            if self.statement(passage) and (scale := declared_scale(passage.text)):
                over.setdefault(passage.document_id, set()).add(scale)
        return {document: _alike(held, over.get(document, set())) for document, held in reports.items()}

    def statement(self, passage: Passage) -> str | None:
        """Which primary statement of the reporting party a passage is of."""
        title = squashed(passage.title)
        before: list[str] = []
        for part in (passage.section or "").split(PATH_SEPARATOR):
            plain = _MARKS.sub("", squashed(part))
            for name, heading in self._headings:
                match = heading.search(plain)
                if match and all(_is_party(one, title) for one in (*before, plain[: match.start()])):
                    return name
            before.append(plain)
        return None


def value_in(line: Line, period: Period, report: Report) -> Operand | None:
    """The one value of a line in a period; None where it is not there, or the report gives two."""
    own = [
        operand
        for statement, operand in report
        if line.statement in ("", statement)
        and len(operand.periods) == 1
        and _is_of(period, operand.periods[0])
    ]
    for is_called, caption in product((_has_caption, _names_the_party), line.captions):
        same = [operand for operand in own if is_called(operand, caption)]
        same = [operand for operand in same if _decimals(operand) == min(map(_decimals, same))]
        if same:
            values = {operand.cell.value * operand.cell.factor for operand in same}
            return _as_paid(same[0], caption) if len(values) == 1 else None
    return None


def _has_caption(operand: Operand, caption: Caption) -> bool:
    return _stems_of(operand) == caption.words


def _names_the_party(operand: Operand, caption: Caption) -> bool:
    """Whether a row has a caption of what is the owners' and names the party: "attributable to Acme Inc."."""
    stems, title = _stems_of(operand), operand.unit.passage.title.casefold()
    owned = not caption.words.isdisjoint(_OWNED) and caption.words < stems
    return owned and all(stands(word, title) for word in stems - caption.words)


def _stems_of(operand: Operand) -> frozenset[str]:
    return _stems(_ASIDE.sub(" ", operand.label))


def stands(word: str, text: str) -> bool:
    """Whether a name stands in a text in small letters: mgm in mgmresorts, but not ge in general. What all
    companies are called, such as inc, names none.
    """
    if _PARTY.fullmatch(word):
        return True
    if len(word) > _SHORT:
        return word in squashed(text)
    tokens = re.findall(r"[^\W_]+", text)
    return word in tokens or (len(word) == _SHORT and any(token.startswith(word) for token in tokens))


def squashed(text: str) -> str:
    """Letters and digits alone: pages are read with blanks inside words."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _line(statement: str, asked: str, captions: str) -> Line:
    ways = [way.strip() for way in captions.split(";") if way.strip()]
    if not ways:
        raise ConfigError(f"statements: {asked!r} has no caption; write captions, a semicolon between two.")
    plain = tuple(Caption(_stems(way.removeprefix("-")), way.startswith("-")) for way in ways)
    return Line(statement, plain, ways[0].removeprefix("-"))


def _heading(name: str) -> re.Pattern[str]:
    """A statement's heading at the end of a squashed one, singular or plural."""
    first, _, rest = name.strip().partition(" of ")
    last = f"s?of{squashed(rest)}" if rest else ""
    return re.compile(rf"{squashed(first)}{last}s?$")


def _is_party(words: str, title: str) -> bool:
    return not words or words in title or _PARTY.search(words) is not None or words.startswith("item")


def _stems(text: str) -> frozenset[str]:
    stems = frozenset(content_words(without_periods(_AND.sub("and", text)))) - FILLER - _PLAIN
    return stems - _HOLDERS if stems & _ATTRIBUTABLE else stems


def _is_of(asked: Period, stated: Period) -> bool:
    """Whether a stated period is the year asked for. One that ends early in it may be the year before's."""
    if asked.quarter or asked.month or stated.quarter:
        return asked == stated
    return asked.year == stated.year and not (stated.month and stated.month <= _EARLY)


def _alike(held: Report, scales: Collection[int]) -> Report:
    """Values under the one scale and the one currency that the report's statements declare."""
    factors = {(Decimal(1).scaleb(scale), SCALE_WORDS[scale]) for scale in scales}
    signs = {(one.cell.unit, one.cell.sign) for _, one in held if is_currency(one.cell.unit)}
    return [(statement, _under(one, factors, signs)) for statement, one in held]


def _under(one: Operand, factors: set[tuple[Decimal, str]], signs: set[tuple[str | None, str]]) -> Operand:
    cell = one.cell
    if cell.factor == 1 and not cell.scaled and len(factors) == 1 and _is_money(one):
        factor, written = next(iter(factors))
        cell = replace(cell, factor=factor, written=written)
    if cell.unit == BARE and len(signs) == 1 and _is_money(one):
        unit, sign = next(iter(signs))
        cell = replace(cell, unit=unit, sign=sign)
    return replace(one, cell=cell)


def _is_money(one: Operand) -> bool:
    per = re.search(r"\bper\b|\bshares?\b|\brate\b|%", one.label, re.IGNORECASE)
    return per is None and (one.cell.unit == BARE or is_currency(one.cell.unit))


def _decimals(operand: Operand) -> int:
    """An amount a share, under the caption of the amount, has more of them."""
    return max(0, -int(operand.cell.value.as_tuple().exponent))


def _as_paid(operand: Operand, caption: Caption) -> Operand:
    """What is paid counts as an amount, in brackets or not."""
    if not caption.paid or operand.cell.value >= 0:
        return operand
    return replace(operand, cell=replace(operand.cell, value=-operand.cell.value))
