"""A dose and how often it is taken, where one sentence of a record prescribes both.

Only what is prescribed is multiplied: advice ("the usual dose", "up to", "adults should"), ranges and
sentences with more than one dose give nothing. No dose is ever made from a guideline, a weight or an age.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from ragslm import _sentences
from ragslm._sentences import content_words
from ragslm.grounding.calculation.asked import Asked
from ragslm.grounding.calculation.cells import Cell
from ragslm.grounding.calculation.operands import Operand
from ragslm.grounding.calculation.readings import HOURS, Reading
from ragslm.grounding.reading.measures import measure
from ragslm.grounding.reading.tokens import alike
from ragslm.protocols import Unit

_DOSE = re.compile(
    r"(?<![\d.,/])(?P<amount>\d+(?:\.\d+)?)\s?"
    r"(?P<unit>mg|mcg|µg|μg|g|milligrams?|micrograms?|grams?|ml|IU|units?|tablets?|capsules?)\b(?!\s?/)",
    re.IGNORECASE,
)
_WORDS = {"once": 1, "one": 1, "twice": 2, "two": 2, "three": 3, "thrice": 3, "four": 4, "five": 5, "six": 6}
_WORDS |= {"bid": 2, "tid": 3, "qid": 4}
_TIMES = re.compile(
    r"\b(?P<times>once|twice|thrice|(?P<count>one|two|three|four|five|six|[1-6])\s+time\(?s?\)?)\s*,?\s*"
    r"(?:daily|(?:a|per|each|every)(?:\s+1)?\s+d(?:ay)?)\b"
    r"|\b(?P<latin>b\.?i\.?d|t\.?i\.?d|q\.?i\.?d)\b|\b(?:every\s+|q)(?P<hours>4|6|8|12|24)\s?h(?:ours?|rs?)?\b",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"\b(?:usual|usually|typical|recommend\w*|max(?:imum)?|minimum|up to|should|may|might|can|could|if|or)\b"
    r"|\b(?:adults?|children|initial|initially|start\w*|increased?|decreased?|titrat\w+|range|exceed\w*)\b"
    r"|\b(?:stop|stopped|discontinued?|as needed|prn|when needed|previously|formerly|was|per kg|not|never)\b"
    r"|\b(?:no longer|half|consider\w*|from|to|then|tapered?|weekly|week|alternate|other day|allerg\w+)\b"
    r"|\b(?:completed|cancelled|draft|on-hold|entered-in-error|suspended|ended)\b",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\d\s?[-–]\s?\d")
_LEAST = 4
"""Letters of a word that names a drug or a person."""
_LABEL = 6
"""Words of a drug's name with its form."""


def prescribed(wanted: Asked, units: Sequence[Unit]) -> list[Reading]:
    """One reading for each sentence or row that prescribes what is asked for."""
    return [reading for unit in units for reading in _of(wanted, unit, units)]


def _of(wanted: Asked, unit: Unit, units: Sequence[Unit]) -> Iterator[Reading]:
    """The drug may be named earlier in the same line: `Medication request: Metformin, active. Dosage: …`."""
    times = list(_TIMES.finditer(unit.text))
    if len(times) != 1:
        return
    said = next(span for span in _sentences.split(unit.text) if span[0] <= times[0].start() < span[1])
    doses = list(_DOSE.finditer(unit.text, *said))
    start = unit.passage.text.rfind("\n", 0, unit.start) + 1
    line = unit.passage.text[start : unit.end]
    if len(doses) != 1 or _RANGE.search(unit.text, *said) or _ADVICE.search(line):
        return
    known = measure(doses[0]["unit"])
    if known is None or not _is_about(wanted, unit, line):
        return
    cell = Cell(Decimal(doses[0]["amount"]), known[0], known[1], doses[0]["unit"])
    label = _before(unit.text[said[0] :], doses[0].start() - said[0]) or _before(line, line.find(","))
    before = [u for u in units if u.passage.id == unit.passage.id and start <= u.start < unit.start]
    dose = _operand("v1", unit, doses[0], cell, label)
    yield Reading("daily", (dose, _operand("v2", unit, times[0], _count(times[0]), "")), also=tuple(before))


def _is_about(wanted: Asked, unit: Unit, line: str) -> bool:
    """Whether all that the question names stands there or around, and some of it in the line."""
    named = [word for word in wanted.sides[0].words if len(word) >= _LEAST]
    own = set(content_words(line))
    around = own | set(content_words(f"{unit.passage.title} {unit.passage.section or ''}"))

    def stands(word: str, words: set[str]) -> bool:
        return any(alike(word, other) for other in words)

    return any(stands(word, own) for word in named) and all(stands(word, around) for word in named)


def _count(match: re.Match[str]) -> Cell:
    """How often a day as a pure number; or the hours between two doses."""
    if match["hours"]:
        return Cell(Decimal(match["hours"]), None, written=HOURS)
    word = (match["count"] or match["latin"] or match["times"]).lower().replace(".", "")
    return Cell(Decimal(int(word) if word.isdigit() else _WORDS[word]), None)


def _operand(name: str, unit: Unit, match: re.Match[str], cell: Cell, label: str) -> Operand:
    nothing: frozenset[str] = frozenset()
    table = (unit.passage.id, unit.start)
    return Operand(name, unit, match.start(), match.end(), cell, label, nothing, nothing, (), table)


def _before(text: str, end: int) -> str:
    """What the dose is of: the words before it, without what introduces them."""
    words = re.split(r"[|:;]", text[: max(0, end)])[-1].split()
    return " ".join(words[-_LABEL:]).strip(" ,(")
