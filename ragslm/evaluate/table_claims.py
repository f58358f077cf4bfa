"""Sentences about table rows: a value under its heading, and the same with a cell taken from elsewhere.

Source: TAT-QA (CC BY 4.0), tables of annual reports. Rows are written as connectors write them.
"""

import gzip
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from ragslm.evaluate.corruptions import Case

_VALUE = re.compile(r"[(\-–]?\s*[$€£]?\s*\(?\d[\d,]*(?:\.\d+)?\)?\s*%?\)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LABEL = re.compile(r"[A-Z][A-Za-z ,'&-]{3,60}")


@dataclass(frozen=True, slots=True)
class Table:
    """Column headings that are years, and rows of a label with a value under each."""

    years: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...] = field(repr=False)

    @property
    def text(self) -> str:
        """All rows, one a line."""
        return "\n".join(self.line(i) for i in range(len(self.rows)))

    def line(self, index: int) -> str:
        """A row such as `Net sales | 2018: 32,765 | 2017: 31,657`."""
        label, values = self.rows[index]
        cells = (f"{year}: {value}" for year, value in zip(self.years, values, strict=True))
        return " | ".join([label, *cells])


def tables(folder: Path) -> Iterator[Table]:
    """Tables of `tatqa_dev` with a row of two or more years above the values."""
    with gzip.open(folder / "tatqa_dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            rows = json.loads(line)["table"]["table"]
            years = next((row for row in rows if sum(map(_is_year, row)) >= 2 and not row[0].strip()), None)
            if years is not None and (table := _table(years, rows)):
                yield table


def table_cases(found: Sequence[Table], each: int, seed: int = 7) -> Iterator[Case]:
    """Up to `each` sentences of every kind, one per table."""
    random = Random(seed)  # noqa: S311 - sampling, not a secret
    for kind, supported, made in (
        ("row said as a sentence", True, _said),
        ("cell of another column", False, _other_column),
        ("columns exchanged", False, _both_exchanged),
        ("cell of another row", False, _other_row),
        ("label of another row", False, _other_label),
        ("digit of a cell changed", False, _digit),
    ):
        usable = (made(random, table) for table in random.sample(list(found), len(found)))
        claims = [claim for claim in usable if claim][:each]
        yield from (Case(kind, supported, claim, source) for claim, source in claims)


def _is_year(cell: str) -> bool:
    return _YEAR.fullmatch(cell.strip()) is not None


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> Table | None:
    places = [i for i, cell in enumerate(heading) if _is_year(cell)]
    years = tuple(heading[i].strip() for i in places)
    kept: dict[str, tuple[str, ...]] = {}
    for row in rows:
        values = tuple(" ".join(row[i].split()) for i in places)
        if _LABEL.fullmatch(row[0].strip()) and all(map(_VALUE.fullmatch, values)):
            kept.setdefault(row[0].strip(), values)
    whole = len(set(years)) == len(years) and len(kept) >= 3
    return Table(years, tuple(kept.items())) if whole else None


_Made = tuple[str, str] | None


def _pick(random: Random, table: Table) -> tuple[int, int, int]:
    """A row and two of its columns whose values differ in size; the same column twice if there are none."""
    for row in random.sample(range(len(table.rows)), len(table.rows)):
        one, other = random.sample(range(len(table.years)), 2)
        if _size(table.rows[row][1][one]) != _size(table.rows[row][1][other]):
            return row, one, other
    return 0, 0, 0


def _size(value: str) -> str:
    return re.sub(r"[^\d.]", "", value)


def _sentence(label: str, value: str, year: str) -> str:
    return f"{label} was {value} in {year}."


def _said(random: Random, table: Table) -> _Made:
    row, one, _ = _pick(random, table)
    label, values = table.rows[row]
    return _sentence(label, values[one], table.years[one]), table.text


def _other_column(random: Random, table: Table) -> _Made:
    row, one, other = _pick(random, table)
    label, values = table.rows[row]
    return (_sentence(label, values[other], table.years[one]), table.text) if one != other else None


def _both_exchanged(random: Random, table: Table) -> _Made:
    row, one, other = _pick(random, table)
    label, values = table.rows[row]
    text = f"{label} was {values[other]} in {table.years[one]} and {values[one]} in {table.years[other]}."
    return (text, table.text) if one != other else None


def _other_row(random: Random, table: Table) -> _Made:
    row, one, _ = _pick(random, table)
    label, values = table.rows[row]
    others = [v[one] for _, v in table.rows if _size(v[one]) not in map(_size, values)]
    return (_sentence(label, random.choice(others), table.years[one]), table.text) if others else None


def _other_label(random: Random, table: Table) -> _Made:
    row, one, _ = _pick(random, table)
    wanted = table.rows[row][1][one]
    others = [label for label, v in table.rows if _size(wanted) not in map(_size, v)]
    return (_sentence(random.choice(others), wanted, table.years[one]), table.text) if others else None


def _digit(random: Random, table: Table) -> _Made:
    row, one, _ = _pick(random, table)
    label, values = table.rows[row]
    places = [i for i, ch in enumerate(values[one]) if ch.isdigit()]
    place = random.choice(places)
    changed = (
        values[one][:place]
        + str((int(values[one][place]) + 1 + random.randrange(8)) % 10)
        + values[one][place + 1 :]
    )
    known = {_size(value) for _, found in table.rows for value in found}
    return (_sentence(label, changed, table.years[one]), table.text) if _size(changed) not in known else None
