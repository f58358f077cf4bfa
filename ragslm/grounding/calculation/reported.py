"""Measures worked out from the statements of a report: their value, or the yes or no that hangs on it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from ragslm._periods import Period
from ragslm._sentences import content_words
from ragslm.grounding.calculation.expression import Expression, combine, evaluate, renamed
from ragslm.grounding.calculation.formulas import Formula
from ragslm.grounding.calculation.measures import Measure, Measures
from ragslm.grounding.calculation.operands import Operand
from ragslm.grounding.calculation.quantities import CalculationError
from ragslm.grounding.calculation.readings import has
from ragslm.grounding.calculation.stated import says
from ragslm.grounding.calculation.statements import Report, stands, value_in
from ragslm.grounding.calculation.wording import Told, worked
from ragslm.grounding.reading.numbers import numbers
from ragslm.protocols import Unit
from ragslm.types import Passage


class Reported:
    """Works out what a question asks of a report.

    Args:
        measures: those that go by a name, and the statements that they are worked out from.
    """

    def __init__(self, measures: Measures) -> None:
        self._measures = measures

    def values(self, question: str, search: Callable[[str], Sequence[Passage]]) -> list[Passage]:
        """Passages of primary statements that a search for each line of the question's measure finds."""
        found = (passage for query in self._queries(question) for passage in search(query))
        own = {passage.id: passage for passage in found if self._measures.statements.statement(passage)}
        return list(own.values())

    def _queries(self, question: str) -> list[str]:
        measure = self._measures.asked(question)
        if measure is None and (test := self._measures.decided(question)):
            measure = test.measure
        if measure is None:
            return []
        when = " ".join(map(str, measure.when))
        terms = dict.fromkeys(term.words for term in measure.ways[0].terms.values())
        lines = [self._measures.statements.line(words) for words in terms]
        return [f"{measure.rest} {when} {line.statement}: {line.name}".strip() for line in lines]

    def told(self, question: str, units: Sequence[Unit], *, quoted: bool) -> Told | None:
        """The measure that the question asks for, or the yes or no that hangs on one; None if it asks for
        none, or its values are not all in the statements of one report. What the report states otherwise is
        left to be quoted, where its units are `quoted`.
        """
        if measure := self._measures.asked(question):
            found = self._agreed([measure], measure, units)
            return found[0][1] if found and not (quoted and _is_disputed(measure, *found[0], units)) else None
        test = self._measures.decided(question)
        if test is None:
            return None
        years = [replace(test.measure, when=(year,)) for year in test.measure.when]
        if not (found := self._agreed(years, test.measure, units)):
            return None
        yes = test.yes([value for value, _ in found])
        return _concluded("Yes" if yes else "No", [told for _, told in found])

    def naming(self, question: str, units: Sequence[Unit]) -> list[Unit]:
        """The units that give the measure that a question asks for by its name; all if it asks for none."""
        called = self._measures.called(question)
        if called is None:
            return list(units)
        name = content_words(called)
        return [unit for unit in units if name and numbers(unit.text) and _has(name, unit)]

    def _agreed(
        self, wanted: Sequence[Measure], measure: Measure, units: Sequence[Unit]
    ) -> list[tuple[Decimal, Told]]:
        """Each of some measures out of the one report they are asked of, or of reports that agree."""
        found = []
        reports = self._measures.statements.of_reports(units)
        if not measure.rest and len(reports) > 1:  # whose is asked for?
            return []
        for report in reports.values():
            each = [worked for one in wanted if (worked := self._worked(one, report))]
            if _is_of(measure, report) and len(each) == len(wanted):
                found.append(each)
        return found[0] if len({tuple(told.text for _, told in each) for each in found}) == 1 else []

    def _worked(self, measure: Measure, report: Report) -> tuple[Decimal, Told] | None:
        """The first way whose values are all in the report."""
        for way in measure.ways:
            values: dict[str, Operand] = {}
            years = [self._filled(way, year, report, values) for year in measure.when]
            whole = [one for one in years if one is not None]
            if len(whole) < len(years):
                continue
            expression = combine("avg", *whole) if len(whole) > 1 else whole[0]
            if not (measure.defined or _is_over_more_than_nothing(expression, values)):
                continue
            try:
                return worked(measure.called, measure.when, expression, values, percent=measure.percent)
            except CalculationError:
                continue
        return None

    def _filled(
        self, way: Formula, year: Period, report: Report, values: dict[str, Operand]
    ) -> Expression | None:
        """A formula of one year over values of the report, which are put into `values`."""
        names: dict[str, str] = {}
        for key, term in way.terms.items():
            one = value_in(self._measures.statements.line(term.words), term.of(year), report)
            if one is None:
                return None
            values[one.name] = one
            names[key] = one.name
        return renamed(way.expression, names)


def _is_over_more_than_nothing(expression: Expression, values: Mapping[str, Operand]) -> bool:
    """Whether all is divided by more than nothing: there is no growth from a loss, and no payout of one."""
    if expression.operator == "/":
        found = {name: operand.quantity for name, operand in values.items()}
        if any(evaluate(part, found).value <= 0 for part in expression.parts[1:]):
            return False
    return all(_is_over_more_than_nothing(part, values) for part in expression.parts)


def _has(name: Sequence[str], unit: Unit) -> bool:
    """Whether a unit or its section has every word of a name."""
    words = frozenset(content_words(f"{unit.passage.section or ''} {unit.text}"))
    return all(has(word, words) for word in name)


def _is_of(measure: Measure, report: Report) -> bool:
    """Whether a report is of whom the question names: its title or the headings of its statements say so."""
    said = {f"{one.unit.passage.title} {one.unit.passage.section or ''}".casefold() for _, one in report}
    return all(any(stands(word, text) for text in said) for word in content_words(measure.rest))


def _is_disputed(measure: Measure, value: Decimal, told: Told, units: Sequence[Unit]) -> bool:
    """Whether the report states a measure of that name with figures, none of which is this one."""
    documents = {unit.passage.document_id for unit in told.units}
    own = [unit.text for unit in units if unit.passage.document_id in documents]
    named = [text for text in own if measure.called.casefold() in text.casefold() and numbers(text)]
    return bool(named) and not measure.defined and not any(says(text, value) for text in named)


def _concluded(word: str, told: Sequence[Told]) -> Told:
    """A yes or no before the measures that it follows from."""
    pieces = [piece for one in told for piece in ("; ", *one.pieces)]
    text = " ".join(one.text for one in told)
    return Told(f"{word}. {text}", tuple(unit for one in told for unit in one.units), tuple(pieces[1:]))
