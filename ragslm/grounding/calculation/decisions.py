"""Yes or no questions that hang on one comparison: did it rise between two periods, is it above a limit, is
one larger than another. Which calculation decides is told here by rule; whether it "improved" is told only of
what is better when it is more, and what is "healthy" or "significant" is never told.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ragslm._periods import Period, periods
from ragslm.grounding.calculation import phrases
from ragslm.grounding.calculation.asked import Asked, in_time, side
from ragslm.grounding.calculation.cells import read_cell
from ragslm.grounding.calculation.named import NamedRatio

_MORE = r"(?:above|over|more than|greater than|higher than|larger than|bigger than|in excess of)"
_LESS = r"(?:below|under|less than|lower than|smaller than|fewer than)"
_LIMIT = re.compile(rf"\b(?:(?P<more>{_MORE})|{_LESS})\s+(?P<limit>\d[\d.,]*\s?%?)(?=[\s?]|$)", re.IGNORECASE)
_OTHER = re.compile(
    r"^(?P<a>.+?)\s+(?:(?P<more>more|greater|higher|larger|bigger)|less|lower|smaller)\s+than\s+(?P<b>.+)$",
    re.IGNORECASE,
)
_UP = re.compile(
    r"\b(?:gr[eo]w\w*|increas\w+|rise|risen|rising|rose|expand\w*|go(?:ne)? up|went up)\b", re.IGNORECASE
)
_DOWN = re.compile(
    r"\b(?:declin\w+|decreas\w+|fall(?:en|ing)?|fell|dropp?\w*|shr[aiu]nk\w*|go(?:ne)? down|went down)\b",
    re.IGNORECASE,
)
_BETTER = re.compile(r"\bimprov\w+\b", re.IGNORECASE)
_GOOD = re.compile(r"\b(?:margin|profit|sales|revenues?|income|earnings|cash ?flows?)\b", re.IGNORECASE)
_BAD = re.compile(r"\b(?:costs?|expenses?|loss(?:es)?|tax(?:es)?|deductions?)\b", re.IGNORECASE)
_OPENS = re.compile(
    r"^\s*(?:is|are|was|were|do|does|did|has|have|had)\b|\b(?:have|had|been|being|an?|the|its|their|profile|trend)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What decides a question.

    Attributes:
        steps: what is calculated, in time; of each the alternative ways, which must agree. Of two steps the
            second less the first counts, of one its value less `limit`.
        more: whether the answer is yes where that is above nothing; else where it is below.
        limit: what the value is compared with.
    """

    steps: tuple[tuple[Asked, ...], ...]
    more: bool
    limit: Decimal = Decimal(0)

    def yes(self, values: Sequence[Decimal]) -> bool:
        """Whether the values of the steps make it a yes."""
        gain = values[-1] - (values[0] if len(values) > 1 else self.limit)
        return gain > 0 if self.more else gain < 0


def decision(question: str, ratios: Sequence[NamedRatio]) -> Decision | None:
    """What decides a yes or no question; None where it hangs on more than one comparison, or on judgement.

    Args:
        question: one part of it.
        ratios: those that go by a name.
    """
    asks = question.partition("?")[0]
    if not opens(asks):
        return None
    if phrases.OTHERWISE.search(asks):
        return None
    when = tuple(sorted({written.period for written in periods(asks)}, key=in_time))
    return _against_limit(asks, when, ratios) or _of_two(asks, when) or _over_time(asks, when, ratios)


def _over_time(asks: str, when: tuple[Period, ...], ratios: Sequence[NamedRatio]) -> Decision | None:
    """One row or ratio in two periods; of one period the year before is the other."""
    more = direction(asks)
    if more is None or not 1 <= len(when) <= 2:
        return None
    if len(when) == 1:
        when = (replace(when[0], year=when[0].year - 1), when[0])
    rest = plain(asks)
    named = [ratio for ratio in ratios if ratio.pattern.search(rest)]
    if not named:
        one = side(rest)
        return Decision(((Asked("change", (one,), when, asks),),), more) if one.words else None
    steps = tuple(_ways(named[0], rest, (period,), asks) for period in when)
    return Decision(steps, more) if len(named) == 1 else None


def _against_limit(asks: str, when: tuple[Period, ...], ratios: Sequence[NamedRatio]) -> Decision | None:
    """A ratio that goes by a name, beside a bare number or a percentage."""
    match = _LIMIT.search(asks)
    rest = plain(asks[: match.start()] + asks[match.end() :]) if match else ""
    named = [ratio for ratio in ratios if ratio.pattern.search(rest)]
    cell = read_cell(match["limit"].rstrip(".,")) if match else None
    if match is None or cell is None or periods(match["limit"]):
        return None
    if len(named) != 1 or len(when) > 1 or direction(asks) is not None:
        return None
    limit = cell.value / 100 if cell.unit == "percent" else cell.value
    return Decision((_ways(named[0], rest, when, asks),), match["more"] is not None, limit)


def _of_two(asks: str, when: tuple[Period, ...]) -> Decision | None:
    """Two rows of one period; which of them grew more is another question."""
    match = _OTHER.match(plain(asks))
    moves = any(pattern.search(asks) for pattern in (_UP, _DOWN, _BETTER))
    if match is None or moves or len(when) > 1:
        return None
    sides = side(match["a"]), side(match["b"])
    if not all(one.words for one in sides) or sides[0] == sides[1]:
        return None
    return Decision(((Asked("difference", sides, when, asks),),), match["more"] is not None)


def _ways(ratio: NamedRatio, rest: str, when: tuple[Period, ...], asks: str) -> tuple[Asked, ...]:
    """Every way to work the ratio out; all else that is asked must be said of both its rows."""
    rest = ratio.pattern.sub(" ", rest)
    return tuple(
        Asked("ratio", tuple(side(f"{part} {rest}") for part in way), when, asks) for way in ratio.ways
    )


def opens(asks: str) -> bool:
    """Whether it asks for a yes or a no."""
    return re.match(r"\s*(?:is|are|was|were|do|does|did|has|have|had)\b", asks, re.IGNORECASE) is not None


def direction(asks: str) -> bool | None:
    """Whether yes means more (True) or less; None where it names neither, both, or what nobody can tell."""
    better = _BETTER.search(asks) is not None
    if better and (not _GOOD.search(asks) or _BAD.search(asks)):
        return None
    up, down = better or _UP.search(asks) is not None, _DOWN.search(asks) is not None
    return None if up == down else up


def plain(asks: str) -> str:
    """What is asked about: without the verbs that ask and those of the direction."""
    for pattern in (_OPENS, _UP, _DOWN, _BETTER):
        asks = pattern.sub(" ", asks)
    return " ".join(asks.split())
