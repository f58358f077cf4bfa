"""The literal checks of a claim against one span: what is written differently is not supported.

Each check answers with reasons in words that hold none of the texts.
"""

from dataclasses import dataclass

from ragslm.grounding.alignment import Alignment, align
from ragslm.grounding.cues import differ
from ragslm.grounding.dates import Date
from ragslm.grounding.measures import is_currency
from ragslm.grounding.names import is_name
from ragslm.grounding.neighbours import misplaced
from ragslm.grounding.numbers import Number, declared_scales, same
from ragslm.grounding.opposites import opposed
from ragslm.grounding.pronouns import another_person
from ragslm.grounding.reading import Reading

# A claim whose neighbouring words are mostly apart in the source joins what the source does not join.
_TOGETHER = 0.5


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a claim and a span have in common, and every reason against it."""

    alignment: Alignment
    reasons: tuple[str, ...]


def compare(claim: Reading, span: Reading, context: Reading | None = None) -> Comparison:
    """Check `claim` against `span`. `context`: the sentence before, where the span says "it"."""
    before = context.plain if context else []
    alignment = align(claim.plain, span.plain, before)
    keys = {w.key for w in claim.words if w.content}
    reasons = [
        *_words(claim, alignment),
        *_order(alignment),
        *_numbers(claim, span),
        *_dates(claim, span),
        *differ(claim.cues, span.cues, keys),
    ]
    if another_person(claim.words, [*span.words, *(context.words if context else [])]):
        reasons.append("person differs")
    if opposed(claim.words, [*span.words, *before]):
        reasons.append("opposite word in the source")
    return Comparison(alignment, tuple(dict.fromkeys(reasons)))


def _words(claim: Reading, alignment: Alignment) -> list[str]:
    if not alignment.missing:
        return []
    first = claim.words[0]
    named = any(is_name(word, word is first) for word in alignment.missing)
    return ["name not in the source"] if named else ["word not in the source"]


def _order(alignment: Alignment) -> list[str]:
    if alignment.breaks and not alignment.fronted:
        return ["word order differs"]
    scattered = not alignment.missing and alignment.adjacency < _TOGETHER
    return ["words stand apart in the source"] if scattered else []


def _numbers(claim: Reading, span: Reading) -> list[str]:
    scales = declared_scales(span.text)
    currency = any(is_currency(n.unit) for n in span.numbers)
    return [reason for number in claim.numbers if (reason := _number(number, claim, span, scales, currency))]


def _number(number: Number, claim: Reading, span: Reading, scales: set[int], currency: bool) -> str | None:
    fits = [n for n in span.numbers if same(number, n, scales, currency)]
    if not fits:
        return "number or unit not in the source"
    if not any(n.comparator == number.comparator for n in fits):
        return "comparison differs"
    others = [
        n for n in span.numbers if n not in fits and n.unit in {number.unit, None} and n.year == number.year
    ]
    if misplaced(number, claim, span, fits, others):
        return "number stands elsewhere in the source"
    return None


def _dates(claim: Reading, span: Reading) -> list[str]:
    stated = [*span.dates, *_years(span)]
    unsaid = [d for d in claim.dates if not any(have.says(d) for have in stated)]
    return ["date not in the source"] if unsaid else []


def _years(reading: Reading) -> list[Date]:
    """Bare numbers that may be years, so that "fiscal 2018" finds a column headed 2018."""
    return [Date(n.start, n.end, int(n.value)) for n in reading.numbers if n.year]
