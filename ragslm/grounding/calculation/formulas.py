"""Formulas as people write them: `365 * average inventory / COGS`, in a question or in a profile.

    sum  ::= product (("+" | "plus" | "-" | "minus" | "less") product)*
    product ::= atom (("*" | "times" | "/" | "divided by" | "over") atom)*
    atom ::= COUNT | "(" sum ")" | TERM
    TERM ::= ["average" | "change in"] words [periods]

A term is words: which value of a source they stand for is told elsewhere (`statements.py`).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from ragslm._periods import Period, periods
from ragslm.grounding.calculation.asked import in_time
from ragslm.grounding.calculation.expression import CONSTANTS, Expression, combine, constant, name
from ragslm.grounding.calculation.operands import without_periods
from ragslm.grounding.calculation.quantities import CalculationError

LONGEST = 600
"""Characters of a formula."""
MOST = 8
"""Values that one formula takes."""
_DEEPEST = 6

_SIGN = re.compile(
    r"(?P<open>\()|(?P<close>\))|(?P<divide>[/÷]|\bdivided by\b|\bover\b)"
    r"|(?P<times>[*×]|\btimes\b|\bmultiplied by\b)"
    r"|(?P<plus>\+|\bplus\b|\band add(?:ing)?\b)"
    r"|(?P<minus>(?<=\s)[-−–](?=\s|$)|−|\bminus\b|\bless\b|\band (?:subtract|deduct)(?:ing)?\b)",
    re.IGNORECASE,
)
_OPERATORS: dict[str, str] = {"divide": "/", "times": "*", "plus": "+", "minus": "-"}
_COUNT = re.compile(r"(\d{1,3})(?:\s*days?)?", re.IGNORECASE)
_AVERAGE = re.compile(
    r"(?:the |an? )?(?:(?:simple|two-year|2-year) )?(?:average|mean|avg\.?)\b(?: of)?(?: the)?\s*"
    r"(?:(?:opening|beginning) and (?:closing|end|ending)(?: of year)?\s+)?",
    re.IGNORECASE,
)
_CHANGE = re.compile(r"(?:the |an? )?(?:net )?(?:change|increase) in(?: the)?\s+", re.IGNORECASE)
_PLACE = re.compile(
    r"\s+(?:(?:both |all )?(?:from|in|on|of) (?:the|its|their) (?:\w+ ){0,3}?"
    r"(?:statements?|sheets?|flows?|p&l|reconciliations?)\b.*"
    r"|to \w+ decimals?\b.*)$",
    re.IGNORECASE | re.DOTALL,
)
"""Says where a value stands, or how to round."""
_RATIO_OF = re.compile(r"^(?:the )?ratio of (?P<a>.+?) (?:to|over) (?P<b>.+)$", re.IGNORECASE)
_SHARE_OF = re.compile(
    r"^(?P<a>.+?),? (?:expressed )?as an? (?:%|per ?cent(?:age)?|share|proportion) of (?P<b>.+)$",
    re.IGNORECASE,
)


_ALL_OVER = re.compile(
    r"^(?P<a>.+?),\s*(?:all |then |the whole )?(?:divided by|over|/|÷)\s+(?P<b>[^,]+)$", re.IGNORECASE
)
"""Behind a comma all that stands before it is divided: "net income less dividends, divided by revenue"."""
_ADDED = re.compile(
    r"\+|\bplus\b|(?<=\s)[-−–](?=\s)|−|\bminus\b|\bless\b|\band (?:add|subtract|deduct)", re.IGNORECASE
)
_OVER = re.compile(r"\b(?:divided by|over)\b", re.IGNORECASE)
_BRACKETED = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Term:
    """A value that a formula takes.

    Attributes:
        words: what it is a value of.
        period: of which period; None of the one asked for.
        years: steps from the period asked for, where it names none: -1 is the year before.
    """

    words: str = field(repr=False)
    period: Period | None = None
    years: int = 0

    def of(self, asked: Period) -> Period:
        """The period of its value, where `asked` is asked for."""
        return self.period or replace(asked, year=asked.year + self.years)


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression over the names of its terms, `t1`, `t2`, …"""

    expression: Expression
    terms: dict[str, Term] = field(repr=False)


def read_formula(text: str) -> Formula:
    """Read a formula.

    Raises:
        CalculationError: it is none, has a number in it that may not be there, or too many terms; or words
            leave open what is divided, as in "net income less dividends over revenue".
    """
    if len(text) > LONGEST:
        raise CalculationError("The formula is too long.")
    plain = " ".join(text.split()).strip(' .:;,"“”')
    for pattern in (_RATIO_OF, _SHARE_OF):
        if match := pattern.match(plain):
            plain = f"({match['a']}) / ({match['b']})"
    if match := _ALL_OVER.match(plain):
        plain = f"({match['a']}) / ({match['b']})"
    if _is_open(plain):
        raise CalculationError("The formula leaves open what is divided.")
    return _Reader(plain).whole()


def _is_open(text: str) -> bool:
    """Whether words divide beside something that is added, without brackets."""
    while (bare := _BRACKETED.sub(" x ", text)) != text:
        text = bare
    return _OVER.search(text) is not None and _ADDED.search(text) is not None


class _Reader:
    """Recursive descent; words between two signs are a term."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._at = 0
        self._terms: dict[str, Term] = {}

    def whole(self) -> Formula:
        found = self._chain(("+", "-"), 0)
        if self._at != len(self._tokens):
            raise CalculationError("The formula goes on after its end.")
        if not self._terms or len(self._terms) > MOST:
            raise CalculationError("The formula has no terms, or too many.")
        return Formula(found, self._terms)

    def _chain(self, signs: tuple[str, ...], depth: int) -> Expression:
        below: Callable[[int], Expression] = (
            (lambda at: self._chain(("*", "/"), at)) if "+" in signs else self._atom
        )
        found = below(depth)
        while self._peek() in signs:
            sign = self._next()
            found = combine(
                "+" if sign == "+" else "-" if sign == "-" else "*" if sign == "*" else "/",
                found,
                below(depth),
            )
        return found

    def _atom(self, depth: int) -> Expression:
        if depth > _DEEPEST:
            raise CalculationError("The formula is too deep.")
        token = self._next()
        if token == "(":  # noqa: S105 - a bracket, not a password
            inside = self._chain(("+", "-"), depth + 1)
            if self._next() != ")":
                raise CalculationError("The formula's brackets do not match.")
            return inside
        if token in ("", ")", "+", "-", "*", "/"):
            raise CalculationError("The formula lacks a term.")
        return self._term(token)

    def _term(self, text: str) -> Expression:
        count = _COUNT.fullmatch(text)
        if count:
            if int(count[1]) not in CONSTANTS:
                raise CalculationError("The formula has a number that stands for nothing.")
            return constant(int(count[1]))
        text = _PLACE.sub("", text)
        average, change = _AVERAGE.match(text), _CHANGE.match(text)
        match = average or change
        words = text[match.end() :] if match else text
        when = sorted({written.period for written in periods(words)}, key=in_time)
        if not re.search(r"[^\W\d_]", without_periods(words)) or len(when) > (2 if match else 1):
            raise CalculationError("A term of the formula names no value, or too many periods.")
        if not match:
            return self._named(Term(words, when[0] if when else None))
        if len(when) == 1:
            when = [replace(when[0], year=when[0].year - 1), when[0]]
        both = [Term(words, one) for one in when] or [Term(words, None, -1), Term(words)]
        before, after = (self._named(one) for one in both)
        return combine("avg", before, after) if average else combine("-", after, before)

    def _named(self, term: Term) -> Expression:
        known = next((key for key, one in self._terms.items() if one == term), None)
        key = known or f"t{len(self._terms) + 1}"
        self._terms[key] = term
        return name(key)

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        self._at += 1
        return token


def _tokens(text: str) -> Iterator[str]:
    """Signs and the words between them. A bracket behind words is an aside: "D&A (from the cash flows)"."""
    position, aside = 0, 0
    words = ""
    for match in _SIGN.finditer(text):
        if not aside:
            words += text[position : match.start()]
        position = match.end()
        sign = match.lastgroup or ""
        if aside or (sign == "open" and words.strip()):
            aside += (sign == "open") - (sign == "close")
            continue
        if words.strip():
            yield words.strip(" ,")
        words = ""
        yield _OPERATORS.get(sign, match.group())
    words += "" if aside else text[position:]
    if words.strip(" ,"):
        yield words.strip(" ,")
