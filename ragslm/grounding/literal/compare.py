"""The literal checks of a claim against one span: what is written differently is not supported.

Each check answers with reasons in words that hold none of the texts.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ragslm.grounding.literal.alignment import Alignment, align
from ragslm.grounding.literal.amounts import amount_reasons
from ragslm.grounding.literal.designators import undesignated
from ragslm.grounding.literal.neighbours import misplaced
from ragslm.grounding.literal.opposites import opposed
from ragslm.grounding.literal.parts import placed
from ragslm.grounding.literal.pronouns import another_person
from ragslm.grounding.literal.qualifiers import differ
from ragslm.grounding.literal.statements import joined
from ragslm.grounding.literal.subjects import another_subject, exchanged
from ragslm.grounding.reading.dates import Date
from ragslm.grounding.reading.names import is_name
from ragslm.grounding.reading.rows import Row, row, years_and_dates
from ragslm.grounding.reading.text import Reading, read
from ragslm.grounding.reading.tokens import tokens

# A claim whose neighbouring words are mostly apart in the source joins what the source does not join.
_TOGETHER = 0.5
# With fewer of its words in the span a claim is about something else, whoever does it.
_NEAR = 0.6
_CLOCK = re.compile(r"\d\s?([ap])\.?m\b", re.IGNORECASE)
# Two sentences without a blank between them; a claim rests on one of them.
_RUN_TOGETHER = re.compile(r"(?<=[a-z\d)\]\"”]\.)(?=[A-Z][a-z])")
# What joins the cells of a row in a sentence. A change said so is checked by its numbers.
ROW_WORDS = frozenset(
    word.key
    for word in tokens(
        "compared respectively versus amounted totalled stood rose increased fell decreased declined"
    )
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a claim and a span have in common, and every reason against it."""

    alignment: Alignment
    reasons: tuple[str, ...]


def compare(claim: Reading, span: Reading, context: Reading | None = None) -> Comparison:
    """Check `claim` against `span`.

    Args:
        claim: a sentence or clause.
        span: a sentence or table row.
        context: the sentence before, where the span says "it"; for a row what stands above it for the whole
            table (`ragslm.grounding.reading.frames`).
    """
    pieces = _RUN_TOGETHER.split(span.text)
    if len(pieces) > 1 and not _RUN_TOGETHER.search(claim.text):
        found = [_compare(claim, read(piece), context) for piece in pieces]
        return min(found, key=lambda one: (len(one.reasons), -one.alignment.overlap))
    return _compare(claim, span, context)


def _compare(claim: Reading, span: Reading, context: Reading | None) -> Comparison:
    before = context.plain if context else []
    table = row(span)
    alignment = align(claim.plain, span.plain, before)
    keys = {w.key for w in claim.words if w.content}
    reasons = [
        *_words(claim, alignment, table),
        *_order(alignment, table),
        *amount_reasons(claim, span, table, context.text if context and table else ""),
        *_dates(claim, span, table),
        *differ(claim.cues, span.cues, keys),
    ]
    if table is None and alignment.overlap >= _NEAR:
        reasons += [*joined(claim, span), *another_subject(claim, span, context), *exchanged(claim, span)]
    if another_person(claim.plain, [*span.words, *(context.words if context else [])]):
        reasons.append("person differs")
    if undesignated(claim.text, f"{context.text} {span.text}" if context else span.text):
        reasons.append("name not in the source")
    if opposed(claim.plain, [*span.plain, *before]):
        reasons.append("opposite word in the source")
    if not _times(claim.text) <= _times(span.text):
        reasons.append("time of day differs")
    return Comparison(alignment, tuple(dict.fromkeys(reasons)))


def _times(text: str) -> set[str]:
    """Halves of the day that clock times are in: a or p."""
    return {match.group(1).lower() for match in _CLOCK.finditer(text)}


def _words(claim: Reading, alignment: Alignment, table: Row | None) -> list[str]:
    missing = [w for w in alignment.missing if table is None or w.key not in ROW_WORDS]
    if not missing:
        return []
    first = claim.words[0]
    named = any(is_name(word, word is first) for word in missing)
    return ["name not in the source"] if named else ["word not in the source"]


def _order(alignment: Alignment, table: Row | None) -> list[str]:
    """A row has no order of words; its label and headings are checked with its numbers."""
    if table is not None:
        return []
    if alignment.breaks and not alignment.fronted:
        return ["word order differs"]
    scattered = not alignment.missing and alignment.adjacency < _TOGETHER
    return ["words stand apart in the source"] if scattered else []


def _dates(claim: Reading, span: Reading, table: Row | None) -> list[str]:
    stated = years_and_dates(span)
    for date in claim.dates:
        fits = [have for have in stated if have.says(date)]
        if not fits:
            return ["date not in the source"]
        others = [have for have in span.dates if have not in fits]
        if table is None and others and _date_elsewhere(date, claim, span, fits, others):
            return ["date stands elsewhere in the source"]
    return []


def _date_elsewhere(
    date: Date, claim: Reading, span: Reading, fits: Sequence[Date], others: Sequence[Date]
) -> bool:
    right = placed(date, claim, span, claim.dates, fits, others)
    return misplaced(date, claim, span, fits, others) if right is None else not right
