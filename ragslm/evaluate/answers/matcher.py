"""Whether a reply is right, wrong or a refusal, against an answer that people wrote.

Rules only, so that every verdict can be argued about: amounts are compared with their unit, scale, sign and
period as exactly as the written answer states them; a yes or no by the reply's own decision; names and
sentences by the words that the written answer adds to the question.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from ragslm import _sentences
from ragslm.evaluate.answers.amounts import SCALES, Amount, amounts, declared_scale, periods
from ragslm.evaluate.answers.wording import Decision, covered, decision, hedges, refuses, without_labels

Outcome = Literal["right", "wrong", "refused"]

COVERED = 0.6
"""Share of the written answer's new words that a right reply says."""

COARSE = Decimal("0.01")
"""A reply rounded more coarsely than the written answer is right within this share of the amount."""

FIRST = 6
"""The right amount must be among so many of its kind: a reply that lists every number has not answered."""

LEAD = 12
"""Characters before two amounts in which `between` may stand."""

NEAR = 60
"""Characters within which a year belongs to an amount."""

_ROW = " | "
_FALLS = r"(?:decreas|declin|drop|fell|fall|lower|reduc|shr[aiu]nk|down\b|loss|lost|negative|worsen|outflow)"
_RISES = r"(?:increas|r[io]se|rising|grew|grow|higher|up\b|gain|improv|expand)"
_MOVES = re.compile(
    rf"(?:(?P<falls>{_FALLS})|(?P<rises>{_RISES}))\w*(?:\s[\w-]+){{0,4}}?\s+(?:by|of)\s+[\w~≈]*\s?[-($€£]*\s?$",
    re.IGNORECASE,
)
_MOVED = re.compile(rf"^[\s)]*(?:\w+\s)?(?:(?P<falls>{_FALLS})|(?P<rises>{_RISES}))", re.IGNORECASE)
_ANY_FALL = re.compile(rf"\b{_FALLS}", re.IGNORECASE)
_PAID = re.compile(
    r"capital\s+expenditure|cap-?ex|purchase|paid|pay|dividend|expense|cost|spen[dt]|acqui|repay|outflow|tax|invest|used",
    re.IGNORECASE,
)
_ABBREVIATED = re.compile(r"\b(adj|approx|incl|excl|vs)\.", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_PERCENT = re.compile(r"%|per\s?cent", re.IGNORECASE)
_MARKS = re.compile(
    r"^[\s~≈$€£(+-]*[\d.,]+[\s)%]*(?:million|billion|thousand|mn|bn|percent|times|x)?[\s.)]*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """The answer that people wrote.

    Attributes:
        answers: what a right reply says, all of it; empty where only `label` counts.
        scale: of amounts that carry none: `thousand`, `million`, `billion`, `percent` or empty.
        label: yes, no or maybe, where the set asks for that.
    """

    answers: tuple[str, ...] = field(default=(), repr=False)
    scale: str = ""
    label: Decision | None = None

    @property
    def decision(self) -> Decision | None:
        """What a yes or no question is answered with; None for any other question."""
        if self.label or not self.answers:
            return self.label
        return decision(self.answers[0]) if len(self.answers) == 1 else None


@dataclass(frozen=True, slots=True)
class Judged:
    """The outcome of one reply; `reason` in a word or two where it is wrong."""

    outcome: Outcome
    reason: str = ""


RIGHT = Judged("right")
REFUSED = Judged("refused")


def judge(question: str, gold: Gold, reply: str, *, said: Decision | None = None) -> Judged:
    """Compare a reply with the written answer.

    Args:
        question: it may state unit, scale and period of what it asks for.
        gold: the written answer.
        reply: labels such as `[1]` are ignored.
        said: the decision a reader took from the reply, where it opens with none of its own.
    """
    reply = without_labels(reply).strip()
    if not reply or refuses(reply):
        return REFUSED
    wanted = gold.decision
    if wanted is not None:
        return _decided(question, gold, wanted, reply, decision(reply) or said)
    years = [int(answer) for answer in gold.answers if _YEAR.fullmatch(answer)]
    if len(years) == len(gold.answers) and gold.scale not in SCALES:
        return _years(years, reply)
    for answer in gold.answers:
        scaled = f"{answer} {gold.scale}" if _YEAR.fullmatch(answer) and gold.scale in SCALES else answer
        judged = _one(question, scaled, gold.scale, reply)
        if judged is not RIGHT:
            return judged
    return RIGHT


def _decided(question: str, gold: Gold, wanted: Decision, reply: str, found: Decision | None) -> Judged:
    if found is None or (found == "maybe" and gold.label is None):
        grounds = _key_amounts(gold.answers[0]) if gold.answers else []
        told = grounds and all(_amount(question, one, gold.scale, reply) is RIGHT for one in grounds)
        return RIGHT if told else Judged("wrong", "undecided")
    return RIGHT if found == wanted else Judged("wrong", "opposite")


def _one(question: str, answer: str, scale: str, reply: str) -> Judged:
    first = _first_sentence(answer)
    keys = _key_amounts(first)
    if keys and (_MARKS.match(answer) or len(_new_words(question, first)) < 2):
        for key in keys:
            judged = _amount(question, key, scale, reply)
            if judged is not RIGHT:
                return judged
        return RIGHT
    years = periods(answer)
    if years and not _new_words(question, re.sub(r"\d+", "", answer)):
        return _years([years[0].year], reply)
    new = _new_words(question, first) or _new_words(question, answer) or _sentences.content_words(answer)
    return RIGHT if covered(new, reply) >= COVERED else Judged("wrong", "other words")


def _years(wanted: Sequence[int], reply: str) -> Judged:
    """The first years that a reply names are those it means."""
    named = list(dict.fromkeys(period.year for period in periods(reply)))
    if set(named[: len(wanted)]) == set(wanted):
        return RIGHT
    return Judged("wrong", "other year" if named else "no year")


@dataclass(frozen=True, slots=True)
class _Key:
    """An amount of the written answer, and whether it is said to fall."""

    amount: Amount
    falls: bool
    negative: bool


def _key_amounts(answer: str) -> list[_Key]:
    """The amounts of its first sentence, else of the whole."""
    first = _first_sentence(answer)
    text = first if amounts(first) else answer
    return [_Key(one, _direction(text, one) < 0, one.value < 0) for one in amounts(text)]


def _amount(question: str, key: _Key, scale: str, reply: str) -> Judged:
    """Whether the reply says this amount, and what is wrong if it says another."""
    said = amounts(reply)
    if not said:
        return Judged("wrong", "no amount")
    power = _asked_power(question, scale, key.amount)
    percent = key.amount.kind == "percent" or scale == "percent" or bool(_PERCENT.search(question))
    alike = [one for one in said if _kind_fits(key.amount, one, percent)]
    if not alike:
        return Judged("wrong", "other unit")
    equal = [one for one in alike if _equal(key.amount, one, power, reply, percent)]
    if not equal:
        digits = [one for one in alike if _same_digits(key.amount, one)]
        return Judged("wrong", "wrong scale" if digits else "other amount")
    signed = [one for one in equal if _sign_fits(question, key, one, reply)]
    if not signed:
        return Judged("wrong", "wrong sign")
    timed = [one for one in signed if _period_fits(question, one, reply)]
    if not timed:
        return Judged("wrong", "wrong period")
    return _unambiguous(timed[0], alike, reply)


def _unambiguous(found: Amount, alike: Sequence[Amount], reply: str) -> Judged:
    """Neither one of two that are left open, nor one of a long list."""
    place = [one.start for one in alike].index(found.start)
    for other in (alike[i] for i in (place - 1, place + 1) if 0 <= i < len(alike)):
        first, second = sorted((other, found), key=lambda one: one.start)
        around = reply[max(0, first.start - LEAD) : second.start]
        open_ = second.start - first.end < NEAR and _ROW not in around and hedges(around)
        if open_ and abs(other.value) != abs(found.value):
            return Judged("wrong", "hedged")
    before = {reply.count("\n", 0, one.start) if _in_row(reply, one) else -one.start for one in alike[:place]}
    return RIGHT if len(before) < FIRST else Judged("wrong", "one of many")


def _asked_power(question: str, scale: str, gold: Amount) -> int:
    """The power of ten of an amount that is written without its scale."""
    if gold.scaled or gold.kind in {"percent", "times"}:
        return 0
    if scale in SCALES:
        return SCALES[scale]
    return declared_scale(question) or 0


def _kind_fits(gold: Amount, said: Amount, percent: bool) -> bool:
    if gold.currency and said.currency and gold.currency != said.currency:
        return False
    if percent:
        return said.kind != "money"
    if gold.kind == "money":
        return said.kind in {"money", "number"}
    if gold.kind == "times":
        return said.kind != "money"
    return True


def _equal(gold: Amount, said: Amount, power: int, reply: str, percent: bool) -> bool:
    target = abs(gold.value).scaleb(power)
    quantum = _stated_quantum(gold).scaleb(power)
    return any(
        _rounds_to(target, quantum, abs(said.value).scaleb(shift), said.quantum.scaleb(shift))
        for shift in _shifts(gold, said, power, reply, percent)
    )


def _shifts(gold: Amount, said: Amount, power: int, reply: str, percent: bool) -> set[int]:
    """The scales a bare number of the reply may have: as written, as asked for, or as its table says."""
    if percent:
        return {0} if said.kind == "percent" else {0, 2}
    if said.kind == "percent":
        return {-2}
    if said.scaled:
        return {0}
    declared = declared_scale(reply)
    shifts = {0, power} if declared is None else {declared}
    if declared is None and _in_row(reply, said):
        shifts |= {3, 6}
    if gold.kind == "times" or (gold.kind == "number" and said.kind == "times"):
        shifts = {0}
    return shifts


def _rounds_to(target: Decimal, quantum: Decimal, said: Decimal, said_quantum: Decimal) -> bool:
    """Equal as exactly as the written answer states it, or rounded a little more coarsely."""
    apart = abs(target - said)
    if apart <= quantum / 2:
        return True
    return apart <= said_quantum / 2 and apart <= COARSE * target


def _stated_quantum(gold: Amount) -> Decimal:
    """One unit of its last place that says something: `$8.70` is stated to a tenth."""
    digits = abs(gold.value).scaleb(-gold.power)
    exponent = digits.normalize().as_tuple().exponent
    places = min(gold.places, max(0, -exponent if isinstance(exponent, int) else 0))
    return Decimal(1).scaleb(gold.power - places)


def _same_digits(gold: Amount, said: Amount) -> bool:
    """Equal but for a power of a thousand."""
    a, b = abs(gold.value), abs(said.value)
    if not a or not b:
        return False
    quantum = _stated_quantum(gold)
    return any(abs(b.scaleb(shift) - a) <= quantum / 2 for shift in (-12, -9, -6, -3, 3, 6, 9, 12))


def _in_row(reply: str, amount: Amount) -> bool:
    start, end = reply.rfind("\n", 0, amount.start) + 1, reply.find("\n", amount.end)
    return _ROW in reply[start : end if end >= 0 else len(reply)]


def _sign_fits(question: str, key: _Key, said: Amount, reply: str) -> bool:
    gold_falls = key.negative or key.falls
    direction = _direction(reply, said)
    said_falls = said.value < 0 or direction < 0
    if gold_falls == said_falls:
        return True
    if gold_falls:
        return direction == 0 and bool(_ANY_FALL.search(_sentence_of(reply, said)[0]))
    if direction < 0:
        return False
    return said.bracketed and bool(_PAID.search(question) or (_in_row(reply, said) and _PAID.search(reply)))


def _direction(text: str, amount: Amount) -> int:
    """-1 where the words around say that it falls by the amount, 1 where it rises, 0 for neither."""
    match = _MOVES.search(text[: amount.start]) or _MOVED.match(text[amount.end :])
    if not match:
        return 0
    return -1 if match["falls"] else 1


def _period_fits(question: str, said: Amount, reply: str) -> bool:
    """Whether the year nearest to an amount is the one the question asks about, if it asks about one."""
    asked = {period.year for period in periods(question)}
    if len(asked) != 1:
        return True
    text, offset = _cell_of(reply, said) if _in_row(reply, said) else _sentence_of(reply, said)
    near = [
        (_distance(period.start + offset, period.end + offset, said), period.year) for period in periods(text)
    ]
    closest = min(near, default=(NEAR + 1, 0))[0]
    return closest > NEAR or any(year in asked for distance, year in near if distance == closest)


def _distance(start: int, end: int, amount: Amount) -> int:
    return start - amount.end if start >= amount.end else amount.start - end


def _sentence_of(text: str, amount: Amount) -> tuple[str, int]:
    """The sentence around an amount, and where it begins."""
    spans = (span for span in _sentences.split(text) if span[0] <= amount.start < span[1])
    start, end = next(spans, (amount.start, amount.end))
    return text[start:end], start


def _cell_of(text: str, amount: Amount) -> tuple[str, int]:
    """The cell of a table row in which an amount stands: `2020: $381,603`."""
    start = max(text.rfind(_ROW, 0, amount.start), text.rfind("\n", 0, amount.start)) + 1
    ends = [at for at in (text.find(_ROW, amount.start), text.find("\n", amount.start)) if at >= 0]
    end = min(ends, default=len(text))
    return text[start:end], start


def _first_sentence(text: str) -> str:
    text = _ABBREVIATED.sub(r"\1", text)
    spans = _sentences.split(text)
    return text[spans[0][0] : spans[0][1]] if spans else text


def _new_words(question: str, answer: str) -> list[str]:
    """Content words of the answer, without numbers, that the question has not."""
    asked = set(_sentences.content_words(question))
    return [word for word in _sentences.content_words(answer) if word not in asked and not word[0].isdigit()]
