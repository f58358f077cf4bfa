"""Which of several is the most: the segments, regions or products of one table, compared by one measure.

A table compares its rows under one column ("Las Vegas | 8,398", "MGM China | 674") or its columns in one row
("Total net revenue | Consumer: 12,517 | Corporate: (473)"). They count only where they add up to a total of
the table, for else one of them may not have been found, or where the question names them and all are there.
Tables that compare what is asked must name the same one.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from ragslm._periods import Period, periods
from ragslm._sentences import content_words
from ragslm.grounding.calculation import phrases
from ragslm.grounding.calculation.asked import in_time
from ragslm.grounding.calculation.operands import Operand, without_periods
from ragslm.grounding.calculation.options import chosen, without_options
from ragslm.grounding.calculation.readings import has
from ragslm.grounding.calculation.statements import squashed

LEAST = 3
"""Things that a comparison needs: of fewer, one may be a total."""

_MOST = r"highest|largest|biggest|greatest|most|best|top|strongest|maximum"
_FEWEST = r"lowest|smallest|least|fewest|worst|weakest|minimum"
_WHICH = re.compile(r"\b(?:which|what)\b(?:\s+(?:one|single))?", re.IGNORECASE)
_EXTREME = re.compile(rf"\b(?:(?P<more>{_MOST})|{_FEWEST})\b", re.IGNORECASE)
_GREW = re.compile(
    r"\b(?P<up>gr[eo]w\w*|increas\w+|rose|ris\w+|gain\w*|expand\w*)|\b(?:drop\w*|fell|fall\w*|declin\w+|decreas\w+|shr[aiu]nk\w*)\b",
    re.IGNORECASE,
)
_FAST = re.compile(r"\b(?P<fast>fastest)\b|\bslowest\b", re.IGNORECASE)
_RELATIVE = re.compile(
    r"%|\bper ?cent(?:age)?s?\b|\bproportion\w*|\brelative\w*|\brate\b|\bfastest\b|\bslowest\b", re.IGNORECASE
)
_ABSOLUTE = re.compile(r"\b(?:dollars?|absolute|amount)\b", re.IGNORECASE)
_CONDITION = re.compile(
    r"\b(?:why|if|exclud\w+|except|other than|besides|would|will|should)\b", re.IGNORECASE
)
_TOTAL = re.compile(r"\b(?:total|totals|consolidated|worldwide|subtotal|company-wide|all)\b", re.IGNORECASE)
_NONE = re.compile(
    r"\b(?:unallocated|eliminations?|reconcil\w+|adjustments?|affiliates|stock compensation"
    r"|inter-?segment)\b",
    re.IGNORECASE,
)
"""Rows that add to a total and are none of the things."""
_REST = re.compile(r"\b(?:other|corporate)\b", re.IGNORECASE)
"""Rows that may be none."""
_CHANGE = re.compile(r"\b(?:change|variance|growth|increase|decrease)\b|%", re.IGNORECASE)
_KINDS = {
    "segment": re.compile(r"\b(?:segments?|business(?:es)?|divisions?)\b", re.IGNORECASE),
    "product": re.compile(r"\b(?:products?|categor(?:y|ies)|brands?)\b", re.IGNORECASE),
}
_PLACE = re.compile(
    r"\b(?:united states|u\.?s\.?a?|americas?|canada|mexico|brazil|europe\w*|germany|france|united kingdom"
    r"|u\.?k\.?|asia|pacific|apac|emea|china|japan|india|australia|africa|middle east|north|south|latin|east"
    r"|west|central|world|international|domestic|foreign|region\w*|emerging markets|countries)\b",
    re.IGNORECASE,
)
"""Words of a region's name."""
_PART_OF_YEAR = re.compile(r"\b(?:quarter|months|half|weeks)\b", re.IGNORECASE)
_MONTHS = re.compile(
    r"\b(?:six|nine|6|9|26|39)[- ](?:months?|weeks?)\b|\bhalf\b|year[- ]to[- ]date", re.IGNORECASE
)
"""Heads a column of more than a quarter."""
_KIND = re.compile(
    r"\b(?:(?P<segment>segments?|business(?: units?| lines?| segments?)?|divisions?)"
    r"|(?P<region>regions?|geograph\w+(?: (?:area|region|segment)s?)?|areas?|countr(?:y|ies)|markets?)"
    r"|(?P<product>products?(?: (?:lines?|categor(?:y|ies)|groups?))?|categor(?:y|ies)))\b",
    re.IGNORECASE,
)
_LIGHT = frozenset(
    content_words(
        """during which show shown perform performance contribution contribute post record had have generate
        terms basis size year-over-year prior reportable reported million millions thousand total two
        three four five six seven eight line saw see deliver delivered earn earned bring brought lost versus
        vs"""
    )
)
"""Stems that say nothing of the measure."""


Values = dict[str, list[Operand]]
"""Values that may be compared, by what they are of."""
Place = tuple[str, int | None, str | None]
"""Document, page and section."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of several is asked for.

    Attributes:
        more: the most; else the least.
        by: what is compared: the values, or their growth from one period to the next, in amounts or in
            shares. Of several all must name the same.
        kind: of the things compared, a key of `_KINDS`.
        words: stems of the measure and of whom it is.
        when: one period, or two of a growth.
        options: stems of each of the things, where the question names them.
    """

    more: bool
    by: tuple[str, ...]
    kind: str
    words: frozenset[str] = field(repr=False)
    when: tuple[Period, ...]
    options: tuple[frozenset[str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Placed:
    """One of the things compared."""

    name: str
    value: Decimal
    operands: tuple[Operand, ...] = field(repr=False)

    @property
    def called(self) -> str:
        """Its name for a reader."""
        return self.name.rstrip(" :")


@dataclass(frozen=True, slots=True)
class Ranking:
    """The things compared, the one asked for first, and what they add up to, if that is known."""

    things: tuple[Placed, ...]
    total: Placed | None


@dataclass(frozen=True, slots=True)
class _Group:
    """Values that add up to a total, or are those of the things that the question names."""

    things: Values
    total: Placed | None

    @property
    def document(self) -> str:
        return next(iter(self.things.values()))[0].unit.passage.document_id

    @property
    def size(self) -> Decimal:
        return abs(self.total.value) if self.total else Decimal(0)


def wanted(question: str) -> Wanted | None:
    """What a question asks to be compared; None where it asks for something else, or under a condition."""
    asks, options = without_options(question.partition("?")[0])
    kind, extreme, fast, grew = (one.search(asks) for one in (_KIND, _EXTREME, _FAST, _GREW))
    if not _WHICH.search(asks) or not (kind or options) or not (extreme or fast) or _CONDITION.search(asks):
        return None
    when = tuple(sorted({written.period for written in periods(asks)}, key=in_time))
    if _PART_OF_YEAR.search(asks) and not all(one.quarter for one in when):
        return None
    more = bool(extreme and extreme["more"]) or bool(fast and fast["fast"])
    by: tuple[str, ...] = ("value",)
    if grew or fast:
        by = _ways(asks)
        more = more != bool(grew and not grew["up"])  # the biggest drop is the least growth
        when = (replace(when[0], year=when[0].year - 1), when[0]) if len(when) == 1 else when
    if len(when) != (1 if by == ("value",) else 2):
        return None
    plain = asks
    for pattern in (_WHICH, _EXTREME, _FAST, _GREW, _RELATIVE, _ABSOLUTE, _KIND):
        plain = pattern.sub(" ", plain)
    plain = re.sub(r"['’]s?\b|\([^()]*\)", " ", plain)
    words = frozenset(content_words(without_periods(plain))) - phrases.FILLER - phrases.OPTIONAL - _LIGHT
    return Wanted(more, by, str(kind.lastgroup) if kind else "", words, when, options) if words else None


def _ways(asks: str) -> tuple[str, ...]:
    """How growth is measured: as it says, or in both ways."""
    if _RELATIVE.search(asks):
        return ("share",)
    return ("amount",) if _ABSOLUTE.search(asks) else ("share", "amount")


def ranked(asked: Wanted, found: Sequence[Operand]) -> Ranking | None:
    """The things compared, the one asked for first; None where no table compares them, or tables disagree. Of
    a document's tables with other totals the largest counts: the others divide a part of it.
    """
    own = [one for one in found if _is_asked_of(asked, one)]
    added_up = (group for group in (*_rows(asked, own), *_columns(asked, own)) if _is_of_kind(asked, group))
    groups = list(_named(asked, own) if asked.options else added_up)
    largest: dict[str, Decimal] = {}
    for group in groups:
        largest[group.document] = max(group.size, largest.get(group.document, Decimal(0)))
    every = [
        Ranking(things, group.total)
        for group in groups
        if group.size == largest[group.document]
        for by in asked.by
        if (things := _placed(asked, group, by))
    ]
    named = {frozenset(content_words(one.things[0].name)) for one in every}
    return every[0] if len(named) == 1 and _counts(asked, every[0].things) else None


def _counts(asked: Wanted, best: Sequence[Placed]) -> bool:
    """Whether the first is ahead of the second, and no row that may be none of the things; a drop is one."""
    first, second = best[:2]
    in_rows = first.operands[0].row == first.name
    if first.value == second.value or (in_rows and _REST.search(first.name) and not asked.options):
        return False
    return asked.by == ("value",) or (first.value > 0) == asked.more


def _is_asked_of(asked: Wanted, one: Operand) -> bool:
    """Whether it is a value of a period asked for: no difference, and of no more months than asked for."""
    if _CHANGE.search(one.column) or (asked.when[-1].quarter and _MONTHS.search(one.column)):
        return False
    return any(_is_of(period, one) for period in asked.when)


def _rows(asked: Wanted, found: Iterable[Operand]) -> Iterator[_Group]:
    """Runs of rows under one heading that add up to the row after them, the measure among their headings."""
    tables: dict[tuple[Place, str], dict[tuple[int, int], list[Operand]]] = {}
    for one in found:
        at = one.unit.passage.start, one.unit.start
        tables.setdefault((_place(one), _head(one)), {}).setdefault(at, []).append(one)
    for (_, head), table in tables.items():
        rows = [table[at] for at in sorted(table)]
        for number, held in enumerate(rows):
            total = _total(asked, held[0].row, held)
            parts = _parts(asked, rows[:number], total) if total else {}
            says = all(_says(asked, f"{head} {held[0].row}", one[0]) for one in parts.values())
            if total and parts and says:
                yield _Group(parts, total)


def _parts(asked: Wanted, before: Sequence[list[Operand]], total: Placed) -> Values:
    """The rows right before a total that add up to it; none if they do not."""
    parts: Values = {}
    sum_ = Decimal(0)
    for held in reversed(before):
        name, value = held[0].row, _value(asked, held, "value")
        if value is None or not name or name in parts or _TOTAL.search(name):
            break
        parts[name] = held
        sum_ += value
        if len(parts) >= LEAST and _is_sum(sum_, total.value, len(parts)):
            return parts
    return {}


def _columns(asked: Wanted, found: Iterable[Operand]) -> Iterator[_Group]:
    """Columns of one row that add up to another of it, the measure being the row."""
    rows: dict[tuple[Place, str], Values] = {}
    for one in found:
        if one.row and _head(one) and _says(asked, one.row, one):
            rows.setdefault((_place(one), one.row), {}).setdefault(_head(one), []).append(one)
    for columns in rows.values():
        values = {name: _value(asked, held, "value") for name, held in columns.items()}
        for name, held in columns.items():
            parts = {one: columns[one] for one in values if one != name and not _TOTAL.search(one)}
            each = [value for one in parts if (value := values[one]) is not None]
            total = _total(asked, name, held)
            whole = len(each) == len(parts) >= LEAST
            if total and whole and _is_sum(sum(each, Decimal(0)), total.value, len(each)):
                yield _Group(parts, total)
                break


def _named(asked: Wanted, found: Iterable[Operand]) -> Iterator[_Group]:
    """The rows of one column, or the columns of one row, that are the things the question names."""
    tables: dict[tuple[str, int | None, str, str], Values] = {}
    for one in found:
        page = one.unit.passage.document_id, one.unit.passage.page
        head = _head(one)
        if one.row and _says(asked, f"{head} {one.row}", one):
            tables.setdefault((*page, "rows", head), {}).setdefault(one.row, []).append(one)
        if one.row and head and _says(asked, one.row, one):
            tables.setdefault((*page, "columns", one.row), {}).setdefault(head, []).append(one)
    for table in tables.values():
        names = chosen(asked.options, table)
        if len(names) > 1:
            yield _Group({name: table[name] for name in names}, None)


def _total(asked: Wanted, name: str, held: list[Operand]) -> Placed | None:
    """A total by its name, or without one; "Revenues" under revenues by region is one too."""
    if not _TOTAL.search(name) and not all(has(word, asked.words) for word in content_words(name)):
        return None
    value = _value(asked, held, "value")
    last = [one for one in held if _is_of(asked.when[-1], one)]
    return None if value is None else Placed(name, value, tuple(last))


def _head(one: Operand) -> str:
    return " ".join(without_periods(one.column).split())


def _place(one: Operand) -> Place:
    passage = one.unit.passage
    return passage.document_id, passage.page, passage.section


def _is_sum(sum_: Decimal, whole: Decimal, parts: int) -> bool:
    """Whether a total is the sum of so many parts, each of which was rounded."""
    exponent = whole.as_tuple().exponent
    step = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    return abs(sum_ - whole) <= parts * step / 2


def _says(asked: Wanted, measure: str, one: Operand) -> bool:
    """Whether it is a value of the measure: by the words of its row or column, or of what heads its table."""
    title = one.unit.passage.title
    heads = frozenset(content_words(without_periods(measure)))
    heads |= one.around - frozenset(content_words(title))
    measure_words = {word for word in asked.words if word not in squashed(title)}
    return bool(measure_words) and all(has(word, heads) for word in measure_words)


def _is_of_kind(asked: Wanted, group: _Group) -> bool:
    """Whether a table is of such things: of places by their names, of others by what heads it."""
    places = sum(_PLACE.search(name) is not None for name in group.things)
    if asked.kind == "region" or places >= LEAST:
        return asked.kind == "region" and places >= LEAST - 1
    every = (one.unit.passage for values in group.things.values() for one in values)
    return any(_KINDS[asked.kind].search(f"{passage.section} {passage.text}") for passage in every)


def _placed(asked: Wanted, group: _Group, by: str) -> tuple[Placed, ...]:
    """The things of a group in the order asked for; none if one of them has no value."""
    things = {name: held for name, held in group.things.items() if not _NONE.search(name)}
    placed = [
        Placed(name, value, tuple(held))
        for name, held in things.items()
        if (value := _value(asked, held, by)) is not None
    ]
    ordered = sorted(placed, key=lambda one: one.value, reverse=asked.more)
    return tuple(ordered) if len(ordered) == len(things) > 1 else ()


def _value(asked: Wanted, values: Sequence[Operand], by: str) -> Decimal | None:
    """The value, or its growth; None where a period has none or two."""
    each = [[one for one in values if _is_of(period, one)] for period in asked.when]
    if any(len({one.cell.value for one in found}) != 1 for found in each):
        return None
    first, last = each[0][0].cell.value, each[-1][0].cell.value
    if by == "value":
        return last
    if by == "amount":
        return last - first
    return (last - first) / first if first > 0 else None


def _is_of(asked: Period, one: Operand) -> bool:
    """Whether it is a value of the period: of a whole year, or of the months that are its quarter."""
    if len(one.periods) != 1 or one.periods[0].year != asked.year:
        return False
    if asked.quarter:
        return one.periods[0].quarter == asked.quarter or (
            one.periods[0].quarter is None and one.part_of_year
        )
    return one.periods[0].quarter is None and not one.part_of_year
