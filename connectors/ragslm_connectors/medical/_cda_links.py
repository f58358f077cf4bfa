"""Which lines of its narrative a coded entry refers to: to a reader both are one record.

An entry points into the narrative of its section by `<text><reference value="#id"/></text>`, or from the
original text of a code or a value.

Source: HL7 CDA R2, section 4.3.5.1 (references of entries to the narrative); C-CDA R2.1 volume 1, 4.2.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ragslm_connectors._formats._builder import one_line
from ragslm_connectors._formats._xml import local
from ragslm_connectors.medical._cda_narrative import Line
from ragslm_connectors.medical._cda_statements import INNER, inner_statements, opens_record, statements
from ragslm_connectors.medical._cda_values import target


@dataclass(frozen=True, slots=True)
class Record:
    """What becomes one record: an entry, or one result of a panel in it.

    Attributes:
        entry: the entry.
        opener: the statement that it begins with; of the first record the entry itself.
    """

    entry: Any
    opener: Any


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words of the narrative that belong to a record, and the ID by which it refers to them."""

    text: str
    id: str


_Claims = Mapping[str, Mapping[Record, None]]
"""Records by the IDs that they refer to, or by the names of their codes."""
_KIND = re.compile(r"\s*\([^()]*\)$")
_AFTER_NAME = re.compile(r"\s*[(\[,;:–—-]")
_LONGEST_NAME = 300  # characters; what begins a longer line is no name of a code
_LONGEST_TALE = 600  # characters of a narrative that is told of one entry: together they make one passage


def divided(lines: Sequence[Line], entries: Sequence[Any]) -> tuple[list[Line], dict[Any, list[Quotation]]]:
    """Lines that belong to no entry, and the others by the openers of the records that they belong to.

    A row that several records refer to is divided: each takes the cells that it names, and those that none
    names. Any other line that several share belongs to the first record of their entry; if they are of
    several entries it stays. Not every sender writes references: a row or item that no record refers to, and
    that alone begins with the name of a code, belongs to the one record that has this code. And a short
    narrative of one row or item at most, in a section of one entry, tells that entry.
    """
    ids, names = _claims(entries)
    shares = [_referring(line, ids) for line in lines]
    called: dict[str, list[int]] = defaultdict(list)
    for place, line in enumerate(lines):
        for name in _called(line) & names.keys():
            called[name].append(place)
    for name, places in called.items():
        if len(places) == len(names[name]) == 1 and not shares[places[0]]:
            shares[places[0]] = {next(iter(names[name])): (_columns(lines[places[0]]), "")}
    if not any(shares) and _tells_one(lines, entries):
        return [], {entries[0]: [Quotation("\n".join(line.text() for line in lines), "")]}
    quoted: dict[Any, list[Quotation]] = defaultdict(list)
    for line, share in zip(lines, shares, strict=True):
        for record, (columns, id_) in share.items():
            quoted[record.opener].append(Quotation(line.text(columns), id_))
    return [line for line, share in zip(lines, shares, strict=True) if not share], quoted


def _claims(entries: Iterable[Any]) -> tuple[_Claims, _Claims]:
    """By ID and by name, the records that point to a line so."""
    ids: dict[str, dict[Record, None]] = defaultdict(dict)
    names: dict[str, dict[Record, None]] = defaultdict(dict)
    for entry in entries:
        for statement in statements(entry):
            for record, part in _parts(statement, Record(entry, entry)):
                for one in part.iter("{*}reference", "{*}code", "{*}value"):  # in one pass: parsing's cost
                    if name := one.get("displayName"):
                        names[_name(name)][record] = None
                    elif (id_ := target(one)) and local(one) == "reference":
                        ids[id_][record] = None
    return ids, names


def _tells_one(lines: Sequence[Line], entries: Sequence[Any]) -> bool:
    """Whether a short narrative of one row or item at most stands beside one entry that is no panel."""
    several = sum(line.kind in ("row", "list_item") for line in lines) > 1
    if not lines or several or len(entries) != 1:
        return False
    panel = any(opens_record(statement) for statement in statements(entries[0]))
    return not panel and sum(len(line.text()) for line in lines) <= _LONGEST_TALE


def _parts(element: Any, record: Record) -> Iterator[tuple[Record, Any]]:
    """What stands in a statement and in those in it, each with its record."""
    for part in element:
        if (len(part) or part.get("displayName")) and local(part) not in INNER:
            yield record, part
    for inner in inner_statements(element):
        yield from _parts(inner, Record(record.entry, inner) if opens_record(element) else record)


def _name(display: str) -> str:
    """The name of a code, in small letters, without the kind that SNOMED CT adds to it."""
    return one_line(_KIND.sub("", display) if display.endswith(")") else display).casefold()


def _called(line: Line) -> set[str]:
    """What a row or item may be named, in small letters: all its first words, and those before any mark."""
    if line.kind not in ("row", "list_item"):
        return set()
    said = next((cell.text for cell in line.cells if cell.text), "").casefold()
    marks = _AFTER_NAME.finditer(said, 0, _LONGEST_NAME)
    return {said, *(said[: mark.start()] for mark in marks)} - {""}


def _columns(line: Line) -> set[int]:
    return set(range(len(line.cells)))


def _referring(line: Line, claims: _Claims) -> dict[Record, tuple[set[int], str]]:
    """By record, the columns it takes and the ID that it names them by; empty if the line stays."""
    named: dict[Record, tuple[set[int], str]] = {}
    for column, cell in enumerate(line.cells):
        for id_ in sorted(cell.ids):
            for record in claims.get(id_, ()):
                named.setdefault(record, (set(), id_))[0].add(column)
    everything = _columns(line)
    if named and line.kind == "row":
        free = everything.difference(*(columns for columns, _ in named.values()))
        return {record: (columns | free, id_) for record, (columns, id_) in named.items()}
    around = next((id_ for id_ in line.around if claims.get(id_)), "")
    ids = {record: id_ for record, (_, id_) in named.items()} or dict.fromkeys(claims.get(around, ()), around)
    if len({record.entry for record in ids}) != 1:
        return {}
    first, id_ = next(iter(ids.items()))
    owner = first if len(ids) == 1 else Record(first.entry, first.entry)
    return {owner: (everything, id_)}
