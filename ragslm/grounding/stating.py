"""Which rows of figures state what is asked: its measure, its period, and no other party or segment.

The words of the question are laid beside the words of a row and of what heads it, as calculations do. A row
that names itself by other words is a neighbour: true, and no answer.
"""

import re
from collections.abc import Iterable, Sequence

from ragslm._periods import Period, periods
from ragslm._sentences import content_words
from ragslm.grounding.calculation.cells import read_cell
from ragslm.grounding.calculation.headings import SEPARATOR, is_heading
from ragslm.grounding.calculation.operands import Operand, operands, without_periods
from ragslm.grounding.calculation.readings import has
from ragslm.grounding.calculation.statements import stands
from ragslm.grounding.sought import LIGHT, Sought
from ragslm.protocols import Unit

LEAST = 0.5
"""Share of the words asked about that a row and its headings must have. On half of the stated answers of
TAT-QA's dev part, 0.6 lost 8 right ones more for 11 wrong ones less."""

_SHORTEST = 3
"""Letters of a name that may be the beginning of a title's word: MGM is in MGMRESORTS."""
_RATE = re.compile(
    r"%|\b(?:percent(?:age)?|ratio|margin|coverage|proportion|rate|per|\w+ to \w+)\b", re.IGNORECASE
)
_RATES = frozenset(content_words("percent percentage ratio margin proportion rate"))
_NO_FIGURE = frozenset({"NM", "N/A", "n/a"})


def stating(asked: Iterable[Sought], rows: Sequence[Unit]) -> set[str]:
    """Labels of the rows that state what is asked; where some state more of it than others, of those alone.

    Args:
        asked: wordings of one question; each row is judged by the one that fits it best.
        rows: of figures.
    """
    values: dict[str, list[Operand]] = {row.label: [] for row in rows}
    for operand in operands(rows):
        values[operand.unit.label].append(operand)
    wordings = list(asked)
    shares = {
        row.label: max(_share(one, row, values[row.label]) for one in wordings)
        for row in rows
        if not _is_header(row)
    }
    best = max(shares.values(), default=0.0)
    return {label for label, share in shares.items() if 0 < share == best}


def states_all(asked: Iterable[Sought], rows: Sequence[Unit]) -> bool:
    """Whether a row has every word asked about, two at least, and a value of a period asked for."""
    wordings = [one for one in asked if one.form == "other" and one.periods]
    values = operands(rows)
    return any(
        len(subject(one, row)) > 1 and any(value.periods for value in own) and _share(one, row, own) == 1
        for one in wordings
        for row in rows
        if (own := [value for value in values if value.unit.label == row.label]) and not _is_header(row)
    )


def is_of_figures(unit: Unit) -> bool:
    """Whether it is a row of a table with nothing but figures, dashes or years after its first cell."""
    if unit.kind != "row":
        return False
    cells = [_value(cell) for cell in unit.text.split(SEPARATOR)]
    return all(_is_figure(cell) for cell in cells[1:]) or _is_header(unit)


def subject(asked: Sought, unit: Unit) -> frozenset[str]:
    """The words asked about but for the party that the title names: all of its document is about it."""
    title = unit.passage.title.casefold()
    words = frozenset(content_words(title))
    named = {word for word in asked.words if has(word, words) or _begins_one(word, words)}
    return asked.words - named - {name for name in asked.names if stands(name, title)}


def _share(asked: Sought, row: Unit, values: Sequence[Operand]) -> float:
    """Share of what is asked that the row and its headings have; 0 where it is another measure, period or
    segment, or has less than it must.
    """
    words = subject(asked, row)
    label = frozenset(content_words(without_periods(_label(row)))) - LIGHT
    named = not label or any(has(word, label) for word in words)
    if not named or not _in_period(asked.periods, row, values):
        return 0.0
    if asked.rate and not _is_of_rates(row, values):
        return 0.0
    heads = frozenset(content_words(row.text)).union(*(one.words | one.around for one in values))
    if any(not has(name, heads | _section(row)) for name in asked.names & words):
        return 0.0
    share = sum(has(word, heads) for word in words) / max(1, len(words))
    return share if share >= (LEAST if asked.form == "other" else 1.0) else 0.0


def _section(row: Unit) -> frozenset[str]:
    return frozenset(content_words(row.passage.section or ""))


def _is_of_rates(row: Unit, values: Sequence[Operand]) -> bool:
    """Whether it says in itself or in a column's heading that it holds a ratio or percentages."""
    columns = frozenset[str]().union(*(one.words for one in values))
    return _RATE.search(row.text) is not None or not columns.isdisjoint(_RATES)


def _in_period(asked: Sequence[Period], row: Unit, values: Sequence[Operand]) -> bool:
    """Whether it has a value of a period asked for, or says no period at all."""
    stated = [(one, value.part_of_year) for value in values for one in value.periods]
    stated = stated or [(written.period, False) for written in periods(row.text)]
    return not asked or not stated or any(_is_of(one, *other) for one in asked for other in stated)


def _is_of(asked: Period, stated: Period, part_of_year: bool) -> bool:
    """A year asked for is a whole one; a column of some months may be the quarter that ends with them."""
    if asked.year != stated.year:
        return False
    if asked.quarter:
        return stated.quarter == asked.quarter or (stated.quarter is None and part_of_year)
    return asked.month is not None or (stated.quarter is None and not part_of_year)


def _label(row: Unit) -> str:
    """The first cell, unless it is a value."""
    first = _value(row.text.split(SEPARATOR)[0])
    return "" if _is_figure(first) else first


def _value(cell: str) -> str:
    """What stands in a cell, without its heading."""
    return cell.rpartition(": ")[2].strip()


def _begins_one(word: str, title: frozenset[str]) -> bool:
    return len(word) >= _SHORTEST and any(one.startswith(word) for one in title)


def _is_header(unit: Unit) -> bool:
    """Whether it heads a table: words and periods, no amounts."""
    cells = unit.text.split(SEPARATOR)
    return is_heading(unit.text) and any(_is_period(cell.strip()) for cell in cells[1:])


def _is_period(cell: str) -> bool:
    return any(written.start == 0 and written.end == len(cell) for written in periods(cell))


def _is_figure(cell: str) -> bool:
    return read_cell(cell) is not None or cell in _NO_FIGURE or re.search(r"[^\W_]", cell) is None
