"""How often calculated answers are right, wrong or not given, on TAT-QA's questions over tables.

`ragslm eval calculation --data DIR` prints every number with its 95 % interval; DIR holds `tatqa_dev` or is
it. Each table and its paragraphs become a page of HTML, are read by the parser that ingest uses, and are the
whole evidence of their questions. The rules were written against one half of the tables (by hash of their
id); the other is held out.
"""

import gzip
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from html import escape
from pathlib import Path
from random import Random
from typing import Any, Literal

from ragslm.errors import ConfigError
from ragslm.evaluate.grounding import Share
from ragslm.evaluate.intervals import wilson
from ragslm.grounding.units import cut_units
from ragslm.protocols import Calculator, Proposer, TokenCount, Unit
from ragslm.registry import load_domain
from ragslm.types import Passage, SourceDocument

Outcome = Literal["right", "wrong", "not given"]

OTHERS = 7
"""Tables of other companies put beside a question's own: its company is not named, so another's may fit."""

_FIGURE = re.compile(r"(?P<sign>[+−])?[^\s\d+−]{0,4}(?P<digits>\d[\d,]*(?:\.\d+)?)")
_SCALES = ("thousand", "million", "billion")
_UNSIGNED = re.compile(r"\bdifference\b|\bhow much\b.*\b(?:decrease|decline|fall|drop)\b", re.IGNORECASE)
_CLOSE = Decimal("0.006")
_RELATIVE = Decimal("0.0005")


@dataclass(frozen=True, slots=True)
class Case:
    """A question over one table. `arithmetic`: its answer has to be calculated."""

    question: str = field(repr=False)
    answer: Any = field(repr=False)
    scale: str
    arithmetic: bool
    held_out: bool
    units: Sequence[Unit] = field(repr=False)


def measure_calculation(
    calculator: Calculator, data: Path, *, proposer: Proposer | None = None, most: int | None = None
) -> Iterator[Share]:
    """Shares of right and wrong calculations, by half, and of calculations of what is stated.

    Args:
        calculator: what is measured.
        data: folder.
        proposer: a model that chooses where the rules find more than one reading, or none.
        most: arithmetic questions at most, drawn at random; all if None.

    Raises:
        ConfigError: the folder holds no such data.
    """
    every = list(cases(data))
    if most is not None:
        every = Random(0).sample(every, min(most, len(every)))  # noqa: S311 - a sample, not a secret
    for name, half in (("written on", False), ("held out", True)):
        chosen = [case for case in every if case.held_out is half]
        asked = [judge(calculator, case, proposer) for case in chosen if case.arithmetic]
        count = Counter(asked)
        given = count["right"] + count["wrong"]
        yield _share(f"{name}: to be calculated, right", count["right"], len(asked))
        yield _share(f"{name}: to be calculated, wrong", count["wrong"], len(asked))
        yield _share(f"{name}: right of those given", count["right"], given)
        stated = [judge(calculator, case, proposer) for case in chosen if not case.arithmetic]
        given = sum(outcome != "not given" for outcome in stated)
        yield _share(f"{name}: stated or not asked for, yet calculated", given, len(stated))
    crowded = Counter(judge(calculator, case, proposer) for case in _among_others(every) if case.arithmetic)
    n = crowded.total()
    yield _share(f"among {OTHERS} other tables: to be calculated, right", crowded["right"], n)
    yield _share(f"among {OTHERS} other tables: to be calculated, wrong", crowded["wrong"], n)


def cases(data: Path) -> Iterator[Case]:
    """Every question with the units of its table and paragraphs."""
    folder = data / "tatqa_dev" if (data / "tatqa_dev").is_dir() else data
    file = folder / "tatqa_dev.jsonl.gz"
    if not file.is_file():
        raise ConfigError(f"{str(data)!r} has no tatqa_dev. docs/calculation.md describes the layout.")
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for context in map(json.loads, lines):
            units = _units(context)
            digest = hashlib.sha256(context["table"]["uid"].encode()).hexdigest()
            for row in context["questions"]:
                arithmetic = row["answer_type"] == "arithmetic"
                held_out = int(digest, 16) % 2 == 1
                yield Case(row["question"], row["answer"], row["scale"], arithmetic, held_out, units)


def _among_others(every: Sequence[Case]) -> Iterator[Case]:
    """Each question with the units of other companies' tables beside its own, in an order of chance."""
    tables = list({id(case.units): case.units for case in every}.values())
    random = Random(0)  # noqa: S311 - a sample, not a secret
    for case in every:
        others = [
            units for units in random.sample(tables, min(OTHERS, len(tables))) if units is not case.units
        ]
        mixed = random.sample([case.units, *others], 1 + len(others))
        units = [
            replace(unit, passage=replace(unit.passage, id=i)) for i, us in enumerate(mixed) for unit in us
        ]
        yield replace(case, units=[replace(unit, label=str(i)) for i, unit in enumerate(units, start=1)])


def judge(calculator: Calculator, case: Case, proposer: Proposer | None = None) -> Outcome:
    """What became of one question; the figure shown is what is judged, with its scale where it names one."""
    propose = partial(proposer.propose, case.question, count=TokenCount()) if proposer else None
    found = calculator.calculate(case.question, case.units, propose)
    if found is None:
        return "not given"
    shown = str(found.formula[-1])
    named = next((scale for scale in _SCALES if scale in shown), None)
    if named and case.scale in _SCALES and named != case.scale:
        return "wrong"
    return "right" if any(_same(case, figure) for figure in _figures(shown)) else "wrong"


def _figures(shown: str) -> list[Decimal]:
    return [
        Decimal(match["digits"].replace(",", "")) * (-1 if match["sign"] == "−" else 1)
        for match in _FIGURE.finditer(shown)
    ]


def _same(case: Case, figure: Decimal) -> bool:
    try:
        wanted = Decimal(str(case.answer))
    except ArithmeticError:
        return False
    if _UNSIGNED.search(case.question):
        wanted, figure = abs(wanted), abs(figure)
    return abs(figure - wanted) <= max(_CLOSE, abs(wanted) * _RELATIVE)


def _units(context: Mapping[str, Any]) -> list[Unit]:
    content = _page(context).encode()
    parser = next(p for p in load_domain("generic").parsers() if p.claims(content[:4096], ".html"))
    text = parser.parse(SourceDocument(uri="tatqa:table", content=content)).text
    passage = Passage(
        id=1, document_id="1", uri="tatqa:table", title="", page=None, section=None, text=text, start=0,
        end=len(text),
    )  # fmt: skip
    return cut_units([passage])


def _page(context: Mapping[str, Any]) -> str:
    paragraphs = sorted(context["paragraphs"], key=lambda paragraph: paragraph["order"])
    rows = (
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in context["table"]["table"]
    )
    words = "".join(f"<p>{escape(paragraph['text'])}</p>" for paragraph in paragraphs)
    return f"<html><body>{words}<table>{''.join(rows)}</table></body></html>"


def _share(name: str, count: int, n: int) -> Share:
    return Share(name, count / max(1, n), *wilson(count, n), n)
