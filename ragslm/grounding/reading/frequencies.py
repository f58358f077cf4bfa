"""How often: twice daily, b.i.d., every 8 hours, 5 % a month. Another frequency is another dose or rate.

Source for the Latin: ISMP List of Error-Prone Abbreviations (2021), which names what prescriptions hold.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

_COUNTS = {"once": 1, "twice": 2, "thrice": 3, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_COUNTS |= {"seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "other": 2, "second": 2}
_ADVERBS = {"hourly": "hour", "daily": "day", "nightly": "night", "weekly": "week", "monthly": "month"}
_ADVERBS |= {"quarterly": "quarter", "annually": "year", "yearly": "year"}
_LATIN = {"qd": 1, "bid": 2, "tid": 3, "qid": 4}
_PERIOD = r"(?P<{}>hour|day|night|week|month|quarter|year|annum|dose)s?\b"
_COUNT = r"(?:\d{1,3}|" + "|".join(_COUNTS) + r")"
_FREQUENCY = re.compile(
    rf"\b(?P<times>once|twice|thrice|{_COUNT}(?:\stimes|x))[\s-]"
    rf"(?:(?P<adverb>{'|'.join(_ADVERBS)})\b|(?:a|an|per|each|every|/)\s?{_PERIOD.format('of')})"
    rf"|\bq\s?(?P<hours>\d{{1,2}})\s?h\b"
    rf"|(?<![\w.])(?P<latin>q\.?d|b\.?i\.?d|t\.?i\.?d|q\.?i\.?d)\b\.?"
    rf"|\bevery\s(?P<every>{_COUNT})\s{_PERIOD.format('steps')}"
    rf"|\b(?:per|each|every)\s{_PERIOD.format('rate')}"
    rf"|\b(?P<alone>{'|'.join(_ADVERBS)})\b",
    re.IGNORECASE,
)
_LEFT = 60
_RIGHT = 40


@dataclass(frozen=True, slots=True)
class Frequency:
    """So many `times` in `every` so many `period`s. `exact`: a number of times is said, as in "once"."""

    start: int
    end: int
    times: Decimal
    every: Decimal
    period: str
    exact: bool

    def says(self, claimed: "Frequency") -> bool:
        """Whether a claim's frequency is this one; "daily" is said by "once daily", not the other way."""
        same = (self.times, self.every, self.period) == (claimed.times, claimed.every, claimed.period)
        return same and (self.exact or not claimed.exact)


def frequencies(text: str) -> list[Frequency]:
    """Frequencies of `text` in order."""
    return [_read(match) for match in _FREQUENCY.finditer(text)]


def bound(
    start: int, end: int, found: Sequence[Frequency], others: Sequence[tuple[int, int]]
) -> list[Frequency]:
    """Frequencies that go with the number at `[start, end)`: after it, or before where no number is nearer.

    Args:
        start: first character of the number.
        end: one past its last.
        found: frequencies of the same text.
        others: places of the text's other numbers.
    """
    after = [f for f in found if 0 <= f.start - end <= _LEFT and not _between(end, f.start, others)]
    if after:
        return after[:1]
    before = [f for f in found if 0 <= start - f.end <= _RIGHT and not _between(f.end, start, others)]
    return [f for f in before[-1:] if not any(0 <= f.start - b <= _LEFT for _, b in others)]


def _between(start: int, end: int, others: Sequence[tuple[int, int]]) -> bool:
    return any(start <= a < end for a, _ in others)


def _read(match: re.Match[str]) -> Frequency:
    said = {name: value.lower() for name, value in match.groupdict().items() if value}
    times = every = Decimal(1)
    if "times" in said:
        times = _count(said["times"])
        period = _ADVERBS[said["adverb"]] if "adverb" in said else said["of"]
    elif "hours" in said:
        every, period = Decimal(said["hours"]), "hour"
    elif "latin" in said:
        times, period = Decimal(_LATIN[said["latin"].replace(".", "")]), "day"
    elif "every" in said:
        every, period = _count(said["every"]), said["steps"]
    else:
        period = said.get("rate") or _ADVERBS[said["alone"]]
    exact = bool({"times", "latin"} & said.keys())
    return Frequency(match.start(), match.end(), times, every, period.replace("annum", "year"), exact)


def _count(word: str) -> Decimal:
    word = re.sub(r"(?:\stimes|x)$", "", word)
    return Decimal(_COUNTS.get(word, word))
