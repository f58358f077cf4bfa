"""Which calculation a question asks for, over what and for which periods: by rule, no model.

A question that only names such a value ("What is the current ratio of the account?", "Why did sales increase?")
asks for none: without two periods or two things named there is nothing to calculate.
"""

import re
from dataclasses import dataclass, field
from typing import Literal

from ragslm._periods import Period, periods
from ragslm._sentences import content_words
from ragslm.grounding.calculation.operands import without_periods

Kind = Literal["growth", "change", "difference", "ratio", "average", "total", "daily", "balance"]

_MOVE = r"(?:change|increase|decrease|growth|decline|reduction|rise|fall|drop|difference|movement)"
_MOVED = r"(?:chang|increas|decreas|declin|grow|grew|rise|rose|risen|fall|fell|drop|reduc)\w*"
_PERCENT = r"(?:percentages?|per ?cent|%)"
_NOT_ASKED = re.compile(
    r"\b(?:why|reasons?|causes?|caused|driv(?:en|ers?)|due to|attribut\w+|factors?|explain|define|definition|meaning|"
    r"which|who|whose|where|when|how many (?:years|times|quarters|months|days)|(?:in|by) what (?:year|month|quarter)|"
    r"what (?:year|month|quarter|happen\w*|does|do|led|contributed|explains)|annualized|annualised|cagr|"
    r"compound\w*|per (?:annum|year)|projected|forecast|will|would|should|could|same|respective(?:ly)?)\b"
    r"|\bhow (?:is|are|was|were) .{3,90}\b(?:calculated|computed|determined|measured|defined|presented)\b",
    re.IGNORECASE,
)
_GROWTH = re.compile(
    rf"\b(?:year[- ]o[nv](?:er)?[- ]year )?(?:net )?(?:{_PERCENT}\s*(?:points? )?{_MOVE}(?:\s*/\s*\(?{_MOVE}\)?)?"
    rf"|{_MOVE} (?:in|as an?) {_PERCENT}(?! of)|growth(?: rate)?(?= of| in| between| from)|growth rate"
    rf"|(?:by )?(?:what|how many) {_PERCENT} (?:did|has|have|was|were|does)?)|%\s*{_MOVE}(?:\s*/\s*\(?{_MOVE}\)?)?",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    rf"\b{_MOVE}\b(?:\s*/?\s*\(?\s*{_MOVE}\)?)?|\b(?:by )?how much (?:did|has|have|was|were)\b(?=.*\b{_MOVED})",
    re.IGNORECASE,
)
_MORE = re.compile(r"\bhow (?:much|many) (?:more|higher|larger|greater|less|fewer|lower|smaller)\b", re.IGNORECASE)
_RATIO = re.compile(
    rf"\bratio\b|\b(?:proportion|fraction|share)\b|{_PERCENT}(?!\s*{_MOVE})|\bdivided by\b", re.IGNORECASE
)
_AVERAGE = re.compile(r"(?<!weighted )(?<!weighted-)\b(?:average|mean)\b", re.IGNORECASE)
_TOTAL = re.compile(r"\bsum of\b|\b(?:altogether|combined|added together)\b|\bin total(?=\s*(?:\?|,|$|over\b|for\b|from\b))|\btotal(?= .*\b(?:both|across)\b)", re.IGNORECASE)
_ASKS = re.compile(r"\b(?:what|how much|how many|by how much|calculate|compute|work out)\b", re.IGNORECASE)
_RANGE = re.compile(r"\b(?:from|between|over|through|to|until)\b|(?:19|20)\d\d\s*[-–]\s*(?:19|20)?\d\d", re.IGNORECASE)

_SIDES: dict[str, tuple[re.Pattern[str], ...]] = {
    "ratio": tuple(
        re.compile(pattern, re.IGNORECASE)
        for pattern in (
            r"\bratio of (?P<a>.+?) (?:to|over|against) (?P<b>.+)",
            r"(?P<a>[\w&.' ]+?)[- ]to[- ](?P<b>[\w&.' ]+?) ratio\b",
            rf"(?P<a>.+?),? (?:expressed )?(?:as|in terms of) an? (?:{_PERCENT}|proportion|share|fraction) of (?P<b>.+)",
            rf"\b(?:{_PERCENT}|proportion|share|fraction) of (?P<b>.+?) (?:is|was|were|are)(?: (?:made up|comprised|composed) of| from)? (?P<a>.+)",
            rf"\b(?:{_PERCENT}|proportion|share|fraction)(?:, in {_PERCENT},)?(?: constitution)? of (?:constitution of )?(?P<a>.+?)"
            r" (?:in|out of|over|among|amongst|within|to) (?P<b>.+)",
            r"(?P<a>.+?) divided by (?P<b>.+)",
        )
    ),
    "difference": tuple(
        re.compile(pattern, re.IGNORECASE)
        for pattern in (
            r"\bdifference(?: in (?P<s>.+?))? between (?P<a>.+?) and (?P<b>.+)",
            r"\bhow (?:much|many) (?:more|higher|larger|greater|less|fewer|lower|smaller) (?P<s>.*?)\b(?:was|were|is|are|came from|did)"
            r" (?P<a>.+?) (?:than|(?:as )?compared (?:to|with)) (?P<b>.+)",
        )
    ),
    "total": (re.compile(r"\bsum of (?P<a>.+?) and (?P<b>.+)", re.IGNORECASE),),
}  # fmt: skip
_FILLER = frozenset(
    content_words(
        "between much many versus compared comparing calculate compute please tell give me company companies"
        " respectively both across altogether combined together sum annual annually nominal absolute net-of year"
        " years period periods fiscal financial end ended ending come came from make made consist percent percentage"
        " proportion ratio average mean yoy year-on-year reported recorded over than as-at per % same its"
    )
) - {"net"}
_OPTIONAL = frozenset(content_words("amount value values number figure balance total level group cost costs"))
_SPAN = re.compile(r"\b(?:\d+|two|three|four|five|ten)[- ](?:fiscal )?(?:years?|quarters?)(?: period)?\b", re.IGNORECASE)
_VERBS = re.compile(rf"\b{_MOVED}\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Side:
    """What a row must be about. `optional` words may be missing from it."""

    words: frozenset[str] = field(repr=False)
    optional: frozenset[str] = field(default=frozenset(), repr=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """A calculation that a question asks for.

    Attributes:
        kind: which one.
        sides: what it is over: one row in several periods, or two rows.
        periods: earliest first, each once; a mean without any is over every period of its row.
        text: the question, scrubbed.
    """

    kind: Kind
    sides: tuple[Side, ...]
    periods: tuple[Period, ...]
    text: str = field(repr=False)


_DAILY = re.compile(
    r"\b(?:total|overall|whole) (?:daily|per[- ]day) (?:dose|dosage|amount)\b"
    r"|\b(?:daily|per[- ]day) (?:dose|dosage) in total\b"
    r"|\b(?:how (?:much|many)|what (?:dose|amount))\b.*\b(?:per day|a day|each day|daily|in (?:24 hours|a day|one day))\b",
    re.IGNORECASE,
)
_DAILY_WORDS = re.compile(
    r"\b(?:total|overall|whole|daily|per|day|each|dose|dosage|amount|mg|g|mcg|ml|milligrams?|grams?|tablets?|units?|24|hours|"
    r"prescribed|prescription|take|takes|taking|given|get|gets|receive|receives|patient|in all)\b",
    re.IGNORECASE,
)
_BALANCE = re.compile(
    r"\b(?:running|resulting|calculated|new) balance\b|\bbalance\b.*\bafter (?:all|the|these) (?:credits|debits|entries)\b",
    re.IGNORECASE,
)
_BALANCE_SIDES = (
    Side(frozenset(content_words("opening balance"))),
    Side(frozenset(content_words("total credits"))),
    Side(frozenset(content_words("total debits"))),
)


def asked(question: str) -> Asked | None:
    """The calculation a question asks for; None if it asks for none, or for more than one."""
    if _NOT_ASKED.search(question) or not _ASKS.search(question):
        return None
    if _DAILY.search(question):
        return Asked("daily", (_side(_DAILY_WORDS.sub(" ", question)),), (), question)
    if _BALANCE.search(question):
        return Asked("balance", _BALANCE_SIDES, (), question)
    found = _kinds(question)
    if len(found) != 1:
        return None
    kind, rest = found[0]
    when = _periods(question, kind)
    if kind in ("growth", "change", "average") or (kind == "total" and len(when) > 1):
        return _over_periods(kind, rest, when, question)
    if kind == "difference" and len(when) == 2:
        return _over_periods("change", _of_difference(rest), when, question)
    return _over_sides(kind, rest, when, question)


def in_time(period: Period) -> tuple[int, int, int, int]:
    """Sorts periods from the earliest to the latest."""
    return period.year, period.quarter or 0, period.month or 0, period.day or 0


def _kinds(question: str) -> list[tuple[Kind, str]]:
    """Kinds whose words the question has, each with the question without them."""
    rest, found = question, []
    patterns: tuple[tuple[Kind, re.Pattern[str]], ...] = (
        ("growth", _GROWTH),
        ("ratio", _RATIO),
        ("difference", _MORE),
        ("difference", re.compile(r"\bdifference\b", re.IGNORECASE)),
        ("change", _CHANGE),
        ("average", _AVERAGE),
        ("total", _TOTAL),
    )
    for kind, pattern in patterns:
        if pattern.search(rest):
            rest = pattern.sub(" ", rest)
            found.append((kind, question if kind in _SIDES else rest))
    if found and found[0][0] == "growth":
        rest = _VERBS.sub(" ", rest) if re.search(r"\b(?:did|has|have)\b", question) else rest
        return [(kind, text) for kind, text in found if kind not in ("change",)][:1] if len(found) < 3 else []
    return found


def _of_difference(rest: str) -> str:
    return _MORE.sub(" ", re.sub(r"\bdifference\b", " ", rest, flags=re.IGNORECASE))


def _periods(question: str, kind: Kind) -> tuple[Period, ...]:
    """Periods in order of time; a range of years in a mean or total stands for every year of it."""
    named = sorted({written.period for written in periods(question)}, key=in_time)
    years = [p for p in named if p == Period(p.year, fiscal=p.fiscal)]
    if kind in ("average", "total") and len(named) == len(years) == 2 and _RANGE.search(question):
        first, last = named
        return tuple(Period(year, fiscal=first.fiscal) for year in range(first.year, last.year + 1))[:12]
    return tuple(named)


def _over_periods(kind: Kind, rest: str, when: tuple[Period, ...], question: str) -> Asked | None:
    """One row in two periods, or in two and more for a mean or a total."""
    wanted = 2 if kind in ("growth", "change") else len(when)
    every = kind == "average" and not when
    if (len(when) < 2 and not every) or len(when) != wanted or len({p.quarter is None for p in when}) > 1:
        return None
    if kind in ("growth", "change") and _backwards(question, when[-1]):
        return None
    if re.search(r"\b(?:did|has|have)\b", question, re.IGNORECASE):
        rest = _VERBS.sub(" ", rest)
    side = _side(_SPAN.sub(" ", rest))
    return Asked(kind, (side,), when, question) if side.words or side.optional else None


def _backwards(question: str, later: Period) -> bool:
    """Whether it goes "from 2019 to 2018": which sign is meant cannot be told."""
    return any(
        written.period == later and re.search(r"\bfrom[\s,]+(?:[a-z]+\s+){0,3}$", question[: written.start], re.IGNORECASE)
        for written in periods(question)
    )


def _over_sides(kind: Kind, rest: str, when: tuple[Period, ...], question: str) -> Asked | None:
    """Two rows of one period, or of none where the source has none."""
    if len(when) > 1 or kind not in _SIDES:
        return None
    plain = " ".join(without_periods(rest).rstrip("? ").split())
    for pattern in _SIDES[kind]:
        if match := pattern.search(plain):
            shared = match.groupdict().get("s") or ""
            sides = tuple(_side(f"{match[name]} {shared}") for name in ("a", "b"))
            if all(side.words or side.optional for side in sides) and sides[0] != sides[1]:
                return Asked(kind, sides, when, question)
            return None
    return None


def _side(text: str) -> Side:
    words = frozenset(content_words(without_periods(text))) - _FILLER
    return Side(words - _OPTIONAL, words & _OPTIONAL)
