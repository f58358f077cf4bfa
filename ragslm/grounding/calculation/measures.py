"""Measures that a question defines, or asks for by a name that its domain knows.

"Asset turnover is defined as: revenue / average total assets" brings its formula along; "working capital" has
one in the profile (`measures:`); "capex as a percentage of revenue" is one itself. Everything else that the
question says must be said of the report, so that a segment's measure is never worked out from the group's
figures.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from ragslm._periods import Period, periods
from ragslm._sentences import content_words, split
from ragslm.errors import ConfigError
from ragslm.grounding.calculation import phrases
from ragslm.grounding.calculation.asked import in_time
from ragslm.grounding.calculation.decisions import direction, opens, plain
from ragslm.grounding.calculation.definitions import Definition, definitions
from ragslm.grounding.calculation.formulas import Formula, Term, read_formula
from ragslm.grounding.calculation.operands import without_periods
from ragslm.grounding.calculation.quantities import CalculationError
from ragslm.grounding.calculation.statements import Line, Statements

LONGEST_QUESTION = 2_000
"""Characters: a longer text is no question for a measure, and patterns take their time over it."""

_PERCENTAGE = r"(?:%|per ?cent(?:age)?)"
_SHARE = re.compile(
    r"(?P<a>[^,:?]{1,120}?)\s+(?:expressed )?as an? "
    rf"(?:{_PERCENTAGE}|share|proportion) of (?:total )?(?P<b>[^,?]+)",
    re.IGNORECASE,
)
_MARGIN = re.compile(rf"(?P<a>[\w&(),' +-]{{1,120}}?)\s*{_PERCENTAGE}\s*margin\b", re.IGNORECASE)
_RATE = rf"(?:growth(?: rate)?|{_PERCENTAGE} (?:change|increase|decrease|decline))"
_GROWTHS = (
    re.compile(rf"\b{_RATE} (?:of|in) (?P<line>[^,?]+)", re.IGNORECASE),
    re.compile(
        rf"\b(?:how fast|(?:by )?what {_PERCENTAGE}) (?:did|has|have) (?P<line>[^,?]+?) "
        r"(?:gr[eo]w|increase|rise|decrease|decline|change|fall|fallen|risen|go (?:up|down))",
        re.IGNORECASE,
    ),
    re.compile(rf"(?P<line>[^,?]+?) {_RATE}\b", re.IGNORECASE),
)
"""Ways to ask how much a line grew."""
_OF_IT = re.compile(rf"\s*(?:{_PERCENTAGE}?\s*margin\b|as an? {_PERCENTAGE} of\b)", re.IGNORECASE)
_ASIDE = re.compile(r"\([^()]*\)")
_ASKS = r"what|how|by how|calculate|compute|work out|determine|give|tell"
_LEAD = re.compile(rf"^.*?(?=\b(?:{_ASKS})\b)", re.IGNORECASE | re.DOTALL)
_OPENING = re.compile(
    rf"^\s*(?:(?:{_ASKS}|is|was|are|were|the|me|us|much|here|where|and|please)\b[\W_]*)+", re.IGNORECASE
)
_BASIS = re.compile(
    r"[,(]?\s*\b(?:taking|using|based on|on the basis of)\s+"
    r"(?P<line>[^,?();]+?)(?=[,?();]|\.\s+(?-i:[A-Z])|\.?\s*$)",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"\b(?:and|plus|less|minus|over)\b", re.IGNORECASE)
_PERCENT = re.compile(r"%|\bper ?cent|\bmargins?\b", re.IGNORECASE)
_PART_OF = re.compile(
    r"\b(?:segments?|regions?|divisions?|business(?:es)? units?|product lines?|countr(?:y|ies)|geograph\w+"
    r"|quarter\w*|months?|domestic|international|foreign|adjusted|non-gaap|organic|pro forma"
    r"|(?:dis)?continu\w+)\b",
    re.IGNORECASE,
)
"""Says that the measure is not that of the whole report."""
_CONDITION = re.compile(
    r"\b(?:why|if|would|should|forecast\w*|project(?:ed|ions?)|assum\w+|exclud\w+|without)\b", re.IGNORECASE
)
_SIGN = re.compile(r"\b(?:(?P<yes>positive)|negative)\b", re.IGNORECASE)
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5}
_YEARS = re.compile(r"\b(?P<n>[2-9]|two|three|four|five)[- ]years?\b", re.IGNORECASE)
_MEAN = re.compile(r"\b(?:\w+[- ]years?\s+)?(?:average|mean)\b(?: of)?", re.IGNORECASE)
_PART = re.compile(r"\b(?:what|which) (?:share|part|proportion|fraction|percentage) of\b", re.IGNORECASE)
_LONGEST_NAME = 6
"""Words of a name: more are a sentence."""
_LONGEST_LINE = 8
"""Words of a line's name."""
_VERB = re.compile(r"\b(?:did|does|do|has|have|had|was|were|is|are)\b", re.IGNORECASE)
_LIGHT = phrases.FILLER | phrases.OPTIONAL | phrases.PLACES


@dataclass(frozen=True, slots=True)
class Measure:
    """What a question asks to be worked out.

    Attributes:
        called: its name, for a reader.
        ways: formulas, any of which gives it; the first whose values are found counts.
        when: years asked for, earliest first; of several the mean is meant.
        percent: whether the result is told in per cent.
        defined: the question brought the formula along.
        rest: what else the question says, of whom above all.
    """

    called: str = field(repr=False)
    ways: tuple[Formula, ...] = field(repr=False)
    when: tuple[Period, ...]
    percent: bool = False
    defined: bool = False
    rest: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Criterion:
    """What a yes or no hangs on: a measure above or below nothing, or in two years more or less.

    Attributes:
        more: whether the answer is yes where it is above nothing or has risen.
    """

    measure: Measure
    more: bool

    def yes(self, values: Sequence[Decimal]) -> bool:
        """Whether the values of its years make it a yes."""
        gain = values[-1] - (values[0] if len(values) > 1 else 0)
        return gain > 0 if self.more else gain < 0


class Measures:
    """Those of a profile, and those that a question brings along.

    Args:
        profile: names by which questions ask, a comma between two, and formulas, a semicolon between two.
        statements: which terms are lines of a report.

    Raises:
        ConfigError: a formula cannot be read.
    """

    def __init__(self, profile: Mapping[str, str], statements: Statements) -> None:
        self.statements = statements
        self._texts = {
            name.strip().casefold(): text for names, text in profile.items() for name in names.split(",")
        }
        self._named = [(_named(name), self._of_profile(name)) for name in self._texts]
        self._named.sort(key=lambda one: -len(one[0].pattern))

    def asked(self, question: str) -> Measure | None:
        """The one measure a question asks for; None if it asks for none, for why, or under a condition."""
        question = self._plain(question)
        given = self._definition(question)
        found = self._of_definition(question, *given) if given else None
        if found is not None:
            return found
        if _asks_otherwise(question):
            return None
        return self._by_name(question) or self._by_growth(question) or self._by_shape(question)

    def called(self, question: str) -> str | None:
        """The name of the measure that a question asks for in some period, whether or not it can be worked
        out; "" for a formula that has none. None if it asks for no measure.
        """
        question = self._plain(question)
        given = self._definition(question)
        if given and (given[0].explicit or any(map(self._is_of_a_line, given[1]))):
            name = _name_of(given[0].name)
            return name if len(name.split()) <= _LONGEST_NAME else ""
        named = None if _asks_otherwise(question) or not periods(question) else self._name_in(question)
        return named[0].group() if named else None

    def decided(self, question: str) -> Criterion | None:
        """What a yes or no question hangs on, if that is a measure that goes by a name."""
        asks = self._plain(question).partition("?")[0]
        if not opens(asks) or phrases.OTHERWISE.search(asks):
            return None
        sign, more = _SIGN.search(asks), direction(asks)
        when = _years(asks)
        found = next(((match, ways) for name, ways in self._named if (match := name.search(asks))), None)
        if found is None or (sign is None) == (more is None) or not 1 <= len(when) <= (1 if sign else 2):
            return None
        match, ways = found
        rest = _SIGN.sub(" ", plain(f"{asks[: match.start()]} {asks[match.end() :]}"))
        if more is not None and len(when) == 1:
            when = (replace(when[0], year=when[0].year - 1), when[0])
        percent = _PERCENT.search(match.group()) is not None
        said = self._left_over(rest, match.group(), ways)
        measure = Measure(match.group(), ways, when, percent, rest=said)
        return Criterion(measure, sign["yes"] is not None if sign else bool(more))

    def _plain(self, question: str) -> str:
        """A question without former names and in single blanks; "" where it cannot ask for a measure."""
        if not self.statements or len(question) > LONGEST_QUESTION:
            return ""
        return phrases.FORMERLY.sub(" ", " ".join(question.split()))

    def _definition(self, question: str) -> tuple[Definition, tuple[Formula, ...]] | None:
        """How a question brings a formula along, and the formula's ways; words alone are a name."""
        for one in definitions(question):
            read = [ways for text in one.formulas if (ways := self._read(text))]
            known = (ways for ways in read if all(map(self._is_known, ways)))
            if ways := next(known, read[-1] if read else ()):
                return one, ways
        return None

    def _read(self, text: str) -> tuple[Formula, ...]:
        try:
            return self._ways(text) if read_formula(text).expression.operator else ()
        except CalculationError:
            return ()

    def _is_of_a_line(self, formula: Formula) -> bool:
        return any(self.statements.knows(term.words) for term in formula.terms.values())

    def _is_known(self, formula: Formula) -> bool:
        return all(self.statements.knows(term.words) for term in formula.terms.values())

    def _ways(self, text: str) -> tuple[Formula, ...]:
        """A formula, with the formulas of the measures that it names in their place."""
        found = read_formula(text)
        for term in found.terms.values():
            named = None if self.statements.knows(term.words) else self._texts.get(term.words.casefold())
            if named and term == Term(term.words):
                put = (text.replace(term.words, f"({way.strip()})") for way in named.split(";"))
                return tuple(way for one in put for way in self._ways(one))
        return (found,)

    def _of_profile(self, name: str) -> tuple[Formula, ...]:
        try:
            return tuple(way for text in self._texts[name].split(";") for way in self._ways(text))
        except CalculationError as error:
            raise ConfigError(f"measures: {name!r}: {error}") from None

    def _of_definition(self, question: str, given: Definition, ways: tuple[Formula, ...]) -> Measure | None:
        """The measure whose formula a sentence brings along; the rest says of whom and when."""
        name = given.name
        asking = question.replace(given.sentence if given.opens and name else given.said, " ")
        if not _years(asking) or not _parties(asking):  # "Acme's FY2022 asset turnover, calculated as …"
            asking = f"{asking} {name}"
        if _PART_OF.search(asking) or _CONDITION.search(asking):
            return None
        called = _name_of(name or asking)
        if not name and (len(called.split()) > _LONGEST_NAME or _VERB.search(called)):
            called = " over ".join(given.sides) or "The result"
        latest = _years(given.said)[-1:]  # "Compute (FY2022 capex - D&A) / …"
        found = self._measure(called, ways, asking if _years(asking) else " ".join(map(str, latest)), "")
        if found is None:
            return None
        of = [word for word in _parties(asking) if word != called and not self._is_term(word)]
        rest = " ".join(of) or self._left_over(asking, called, ways)  # in small letters
        return replace(found, percent=_PERCENT.search(question) is not None, defined=True, rest=rest)

    def _by_name(self, question: str) -> Measure | None:
        if (named := self._name_in(question)) is None:
            return None
        match, ways = named
        called, rest = match.group(), f"{question[: match.start()]} {question[match.end() :]}"
        basis = _BASIS.search(rest)
        one = basis is not None and not _SEVERAL.search(basis["line"])
        based = [self._based(way, basis["line"]) for way in ways] if basis and one else []
        if basis and any(based):
            called, rest = f"{called} based on {_name_of(basis['line'])}", rest.replace(basis.group(), " ")
            found = self._measure(called, tuple(filter(None, based)), question, rest)
            return found and replace(found, rest=" ".join([found.rest, *_parties(basis["line"])]).strip())
        return self._measure(called, ways, question, rest)

    def _based(self, way: Formula, line: str) -> Formula | None:
        """A formula with a line in the place of the term that it says more closely, "net income attributable
        to common shareholders" for "net income"; None if it does so for no term.
        """
        terms = {
            key: replace(term, words=line) if self.statements.narrows(line, term.words) else term
            for key, term in way.terms.items()
        }
        return replace(way, terms=terms) if terms != way.terms else None

    def _name_in(self, question: str) -> tuple[re.Match[str], tuple[Formula, ...]] | None:
        """The longest name of a measure in a question, and the measure's ways."""
        for pattern, ways in self._named:
            match = pattern.search(question)
            if match and not _OF_IT.match(question, match.end()):
                return match, ways
        return None

    def _by_growth(self, question: str) -> Measure | None:
        """How much a line of a report grew over a year, or from one year to another."""
        years = [one.year for one in _years(question)]
        if not 1 <= len(years) <= 2:
            return None
        first, last = years[0] - 2 + len(years), years[-1]
        for pattern in _GROWTHS:
            match = pattern.search(question)
            words = re.sub(r"^.*?['’]s?\s+", "", match["line"]) if match else ""
            line = self._line_in(words) or self._line_in(words, last=True)
            if match and line:
                way = read_formula(f"({line} FY{last} - {line} FY{first}) / ({line} FY{first})")
                called = f"growth of {line}" + (f" since FY{first}" if last - first > 1 else "")
                rest = question.replace(match.group(), match["line"])
                rest = phrases.YEAR_BEFORE.sub(" ", rest)
                when = _years(question)[-1:]
                return Measure(called, (way,), when, percent=True, rest=self._left_over(rest, called, (way,)))
        return None

    def _by_shape(self, question: str) -> Measure | None:
        """Something as a percentage of something, or its margin: both must be lines of a report."""
        for pattern, whole in ((_SHARE, None), (_MARGIN, "revenue")):
            match = pattern.search(question)
            if match is None:
                continue
            part = self._line_in(_ASIDE.sub(" ", match["a"]), last=True)
            of = self._line_in(whole or match["b"])
            if part is None or of is None:
                return None
            left = match.group().replace(part, " ").replace(of, " ")
            rest = re.sub(r"\bmargin\b|\bas an? (?:share|proportion) of\b", " ", left)
            called = f"{part} as a percentage of {of}"
            found = self._measure(
                called, (read_formula(f"({part}) / ({of})"),), question, question.replace(match.group(), rest)
            )
            return found and replace(found, percent=True)
        return None

    def _measure(self, called: str, ways: tuple[Formula, ...], question: str, rest: str) -> Measure | None:
        """A measure of the years that a question asks for; of several only as a mean."""
        when = _years(question)
        if not when or (len(when) > 1 and not phrases.AVERAGE.search(question)):
            return None
        percent = _PERCENT.search(question) is not None
        return Measure(called, ways, when, percent, rest=self._left_over(rest, called, ways))

    def _left_over(self, text: str, called: str, ways: Sequence[Formula]) -> str:
        """The words that say more than how, when and where to look, the measure's name, and the lines that it
        is worked out from, whatever they go by.
        """
        terms = [term.words for way in ways for term in way.terms.values()]
        lines = {self.statements.line(words) for words in terms}
        said = {stem for words in (called, *terms) for stem in content_words(words)}
        plain_ = _PART.sub(" ", _MEAN.sub(" ", re.sub(r"['’]s?\b", " ", text)))
        words = without_periods(plain_).split()
        left, at = [], 0
        while at < len(words):
            runs = (
                " ".join(words[at : at + size]) for size in range(min(_LONGEST_LINE, len(words) - at), 0, -1)
            )
            line = next((run for run in runs if self._names(run, lines)), None)
            if line is None and set(content_words(words[at])) - _LIGHT - said:
                left.append(words[at])
            at += len(line.split()) if line else 1
        return " ".join(left)

    def _names(self, words: str, lines: Collection[Line]) -> bool:
        return self.statements.knows(words) and self.statements.line(words) in lines

    def _is_term(self, word: str) -> bool:
        """Whether a word is the name of a line or of a measure: SG&A, EBITDA."""
        return self.statements.knows(word) or word.casefold() in self._texts

    def _line_in(self, text: str, *, last: bool = False) -> str | None:
        """The words at the end or the beginning of a text that a report has a line for: of the line that most
        of them name, as few as name it.
        """
        words = re.sub(r"\s+(?:in|for|of|at|from)\s*$", "", without_periods(text).replace("?", " ")).split()
        sizes = range(1, min(_LONGEST_LINE, len(words)) + 1)
        runs = [" ".join(words[-size:] if last else words[:size]) for size in sizes]
        known = [run for run in runs if self.statements.knows(run)]
        named = {self.statements.line(run): run for run in reversed(known)}
        return named[self.statements.line(known[-1])] if known else None


def _asks_otherwise(question: str) -> bool:
    """Whether it wants a yes or no, or asks why or which, once it has said who asks."""
    lead = _LEAD.match(question)
    return opens(question) or phrases.OTHERWISE.search(question, lead.end() if lead else 0) is not None


def _name_of(text: str) -> str:
    """What a measure is called, out of the words that ask for it."""
    plain_ = _OPENING.sub("", without_periods(_LEAD.sub("", text, count=1)))
    plain_ = re.sub(r"^.*?['’]s\s+", "", plain_)
    plain_ = re.split(r"\s+(?:for|of|in|at|as of)(?:\s+(?=[A-Z0-9])|\s*(?=$|[?,(]))|[?,(]", plain_)[0]
    return " ".join(plain_.split()).strip(" .:;,\"'“”")


def _years(question: str) -> tuple[Period, ...]:
    """Years that a question asks for, of a range in a mean all; none where it counts them otherwise."""
    named = sorted({written.period for written in periods(question)}, key=in_time)
    if any(one.quarter for one in named):
        return ()
    whole = {one.year for one in named if not one.month}
    named = [one for one in named if not one.month or one.year not in whole]
    named = sorted({one.year: one for one in named}.values(), key=in_time)
    if len(named) == 2 and phrases.AVERAGE.search(question) and phrases.RANGE.search(question):
        first, last = named
        named = [Period(year, fiscal=first.fiscal) for year in range(first.year, last.year + 1)]
    count = _YEARS.search(question)
    wanted = _NUMBERS.get(count["n"].lower()) or int(count["n"]) if count else len(named)
    return tuple(named) if len(named) == wanted <= len(_NUMBERS) + 1 else ()


def _parties(text: str) -> list[str]:
    """Words that name somebody: those with a capital or a digit that do not just open a sentence."""
    found = []
    for start, end in split(without_periods(_MEAN.sub(" ", text))):
        for number, word in enumerate(without_periods(_MEAN.sub(" ", text))[start:end].split()):
            plain_ = re.sub(r"['’]s?\W*$", "", word)
            named = plain_[:1].isupper() or plain_[:1].isdigit()
            if named and (number or plain_ != word) and set(content_words(plain_)) - _LIGHT:
                found.append(plain_)
    return found


def _named(name: str) -> re.Pattern[str]:
    spaced = r"[\s-]+(?:(?:%|per ?cent(?:age)?)\s+)?".join(map(re.escape, name.split()))
    return re.compile(rf"(?<![\w-]){spaced}s?(?![\w-])", re.IGNORECASE)
