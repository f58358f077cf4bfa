"""Sentences changed on purpose, in pairs: of two that differ in one place, each is true of one passage.

Both sentences are shown with both passages, the source as it was and the source changed likewise. So each
claim is as often supported as not, and nothing but the passage tells which: the claim alone carries no label.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from ragslm import _sentences

_NUMBER = re.compile(r"(?<![\w.,-])\d(?:[\d,.]*\d)?(?![\w-])")
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][A-Za-z]{2,}(?: [A-Z][A-Za-z]+)*\b")
_TERM = re.compile(
    r"\b[a-z]{3,}(?:mab|nib|pril|olol|statin|mycin|cillin|azole|itis|emia|osis|oma|pathy|ase)\b"
)
_WORD = re.compile(r"\b[a-z]{5,}\b")
_MODAL = re.compile(
    r"\b(is|are|was|were|can|may|should|must|will|has|have|does|do|could|would|did)\b(?! not\b)"
)
_NEGATED = re.compile(
    r"\b(is|are|was|were|can|may|should|must|will|has|have|does|do|could|would|did) not\b|\bcannot\b"
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_MONTHS = "January February March April May June July August September October November December".split()
_MONTH = re.compile(rf"\b(?:{'|'.join(_MONTHS)})\b(?= \d)")
_UNITS = (
    "mg g mcg kg ml L years months weeks days hours minutes percent dollars cents"
    " million billion thousand euros pounds inches feet miles km cm mm mmHg mmol"
).split()
_UNIT = re.compile(rf"(?<=\d )(?:{'|'.join(_UNITS)})\b|(?<=\d)%|(?:mg|g|mcg|ml|kg)(?=/)")
_TURNS = """
at least/at most/less than/more than|no more than/at least/more than|up to/at least/more than
more than/less than/at most|less than/more than/at least|greater than/less than|fewer than/more than
over/under|above/below|below/above|under/over|before/after|after/before|within/after|until/from
increase/decrease|increases/decreases|increased/decreased|decrease/increase|decreases/increases
decreased/increased|higher/lower|lower/higher|larger/smaller|smaller/larger|rise/fall|rose/fell|fell/rose
exceed/fall below|exceeds/falls below|minimum/maximum|maximum/minimum|longer/shorter|shorter/longer
earlier/later|later/earlier|older/younger|younger/older|gain/loss|loss/gain|better/worse|worse/better
reduce/raise|reduces/raises|reduced/raised|improved/worsened|most/least|positive/negative|negative/positive
""".strip().replace("\n", "|")
_CERTAINTY = """
may/must/will/does|might/will/does|can/must/always|should/must/need not|must/may/need not|some/all/no/most
all/some/no/most|many/few/all|most/few/all|usually/rarely/always|often/never/rarely|sometimes/always/never
rarely/often/usually|always/never/sometimes|never/always/often|only/also|unless/if|and/or|or/and|either/both
possible/certain|likely/unlikely|unlikely/likely|suggest/prove|suggests/proves|required/optional
permitted/prohibited|prohibited/permitted|common/rare|rare/common|before/during|cause/prevent|causes/prevents
""".strip().replace("\n", "|")
_LEADS = (
    "According to the document, ",
    "The source states that ",
    "According to the text, ",
    "It is stated that ",
    "The report says that ",
    "In short, ",
    "Yes, ",
    "In fact, ",
    "The answer is that ",
)
_ALIKE = """
such as/including|people/individuals|doctor/physician|begin/start|begins/starts|use/utilise|used/utilized
help/aid|helps/assists|children/kids|consumer/customer|shows/indicates|show/indicate|showed/found
medicines/drugs|medicine/medication|disease/illness|disorder/condition|two/2|three/3|four/4|five/5|six/6
ten/10|percent/%|approximately/about|about/around|occurs/happens|occur/happen|however/but|large/big
obtain/get|require/need|requires/needs|additional/further|prior to/before|in order to/to|is able to/can
are able to/can|symptoms/signs|treatment/therapy|because of/due to|due to/because of|also known as/called
purchase/buy|provide/give|provides/gives|usually/generally|often/frequently|caused by/due to|is not/isn't
are not/aren't|does not/doesn't|do not/don't|cannot/can't|was not/wasn't|patients/people|physician/doctor
""".strip().replace("\n", "|")


def _table(text: str) -> dict[str, tuple[str, ...]]:
    rows = [row.split("/") for row in text.split("|")]
    return {first: tuple(others) for first, *others in rows}


def _any_of(table: dict[str, tuple[str, ...]]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(sorted(table, key=len, reverse=True))})\b")


_TURN, _CERTAIN, _SAME = _table(_TURNS), _table(_CERTAINTY), _table(_ALIKE)
_ALIKE_WORD = _any_of(_SAME)


@dataclass(frozen=True, slots=True)
class Page:
    """A text cut into sentences or rows."""

    source: str
    sentences: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Changed:
    """A sentence before and after a change, in the passage where it stands.

    Attributes:
        kind: of change.
        before, after: the two claims, reworded alike.
        passage, other: what supports the one and what supports the other.
    """

    kind: str
    before: str = field(repr=False)
    after: str = field(repr=False)
    passage: str = field(repr=False)
    other: str = field(repr=False)


Change = Callable[["Maker", str, Sequence[str]], str | None]


def page_of(source: str, text: str) -> Page | None:
    """The page's usable sentences; None where there are fewer than two."""
    found = [text[a:b] for a, b in _sentences.split(text)]
    usable = tuple(s for s in found if 5 <= len(s.split()) <= 60 and len(s) <= 420)
    return Page(source, usable) if len(usable) >= 2 else None


class Maker:
    """Changes sentences of pages.

    Args:
        pages: all that may lend words to each other.
        random: draws everything.
    """

    def __init__(self, pages: Sequence[Page], random: Random) -> None:
        self.random = random
        self._pages = pages

    def changed(self, kind: str, page: Page) -> Changed | None:
        """One sentence of the page changed, or None where none offers itself."""
        for place in self.random.sample(range(len(page.sentences)), min(6, len(page.sentences))):
            first, last = self._window(place, len(page.sentences))
            sentences = list(page.sentences[first:last])
            before = page.sentences[place]
            after = KINDS[kind](self, before, [s for s in sentences if s != before] or page.sentences)
            if not after or after == before:
                continue
            same = self._same_draws()
            one, two = reworded(before, same()), reworded(after, same())
            passage = " ".join(sentences)
            sentences[place - first] = after
            other = " ".join(sentences)
            if one != two and before not in other and after not in passage:
                return Changed(kind, one, two, passage, other)
        return None

    def neighbours(self, page: Page) -> Changed | None:
        """Two sentences of one page, or of two pages of a source, each with its own surroundings."""
        here = page
        if len(page.sentences) < 6 or self.random.random() < 0.4:
            here = self.random.choice(self._pages)
        one = self.random.randrange(len(page.sentences))
        two = self.random.randrange(len(here.sentences))
        passages = [
            " ".join(held.sentences[slice(*self._window(place, len(held.sentences)))])
            for held, place in ((page, one), (here, two))
        ]
        before, after = page.sentences[one], here.sentences[two]
        if before in passages[1] or after in passages[0]:
            return None
        same = self._same_draws()
        return Changed("off-topic", reworded(before, same()), reworded(after, same()), *passages)

    def _same_draws(self) -> Callable[[], Random]:
        """Makes generators that all draw the same."""
        seed = self.random.random()
        return lambda: Random(seed)  # noqa: S311 - rewording, not a secret

    def foreign(self, pattern: re.Pattern[str], own: str) -> str | None:
        """A word of another page."""
        for _ in range(12):
            words = pattern.findall(" " + self.random.choice(self.random.choice(self._pages).sentences))
            if words and (word := self.random.choice(words)) not in own:
                return str(word)
        return None

    def _window(self, place: int, n: int) -> tuple[int, int]:
        """The sentence alone, or up to four sentences on either side."""
        before, after = (self.random.choice((0, 0, 1, 1, 2, 3)) for _ in range(2))
        return max(0, place - before), min(n, place + 1 + after)


def reworded(sentence: str, random: Random) -> str:
    """The same said a little differently, by the same draws for sentences that differ in one place."""
    draws = [random.random() for _ in range(6)]
    text = sentence
    if draws[0] < 0.25:
        text = re.sub(r"\s*\([^()]*\)", "", text)
    if draws[1] < 0.6:
        text = _ALIKE_WORD.sub(lambda match: _SAME[match.group()][0], text)
    if draws[2] < 0.15:
        text = re.sub(r", which [^,.;]+(?=[.,;]|$)", "", text)
    if draws[3] < 0.12:
        lead = _LEADS[int(draws[4] * len(_LEADS))]
        text = lead + (text[0].lower() + text[1:] if text[1:2].islower() else text)
    if draws[5] < 0.12:
        text = re.sub(r"\s*([.,;])", r" \1", text.lower())
    elif draws[5] < 0.3:
        text = text.rstrip(".")
    return re.sub(r"\s+", " ", text).strip()


def _put(text: str, match: re.Match[str], new: str) -> str:
    return text[: match.start()] + new + text[match.end() :]


def _one(maker: Maker, pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = list(pattern.finditer(text))
    return maker.random.choice(found) if found else None


def _number(maker: Maker, sentence: str, others: Sequence[str]) -> str | None:
    """One digit changed, two exchanged, the point moved, or a little more or less."""
    match = _one(maker, _NUMBER, sentence)
    if match is None:
        return None
    digits, way = match.group(), maker.random.random()
    if way < 0.4:
        place = maker.random.choice([i for i, sign in enumerate(digits) if sign.isdigit()])
        new = str((int(digits[place]) + maker.random.randrange(1, 9)) % 10)
        return _put(sentence, match, digits[:place] + new + digits[place + 1 :])
    if way < 0.55 and len(digits) > 1 and digits[0].isdigit() and digits[1].isdigit():
        return _put(sentence, match, digits[1] + digits[0] + digits[2:])
    if way < 0.7:
        return _put(sentence, match, digits + "0" if digits.isdigit() else digits.replace(".", "", 1))
    whole = digits.replace(",", "")
    if not whole.isdigit():
        return None
    return _put(
        sentence, match, str(max(0, int(whole) + maker.random.choice((-10, -2, -1, 1, 2, 5, 10, 100))))
    )


def _number_of_passage(maker: Maker, sentence: str, others: Sequence[str]) -> str | None:
    match = _one(maker, _NUMBER, sentence)
    found = [n for other in others for n in _NUMBER.findall(other) if n not in sentence]
    return _put(sentence, match, maker.random.choice(found)) if match and found else None


def _exchanged(pattern: re.Pattern[str]) -> Change:
    def change(maker: Maker, sentence: str, others: Sequence[str]) -> str | None:
        found = list(pattern.finditer(sentence))
        if len(found) < 2:
            return None
        one, two = sorted(maker.random.sample(found, 2), key=lambda match: match.start())
        return _put(_put(sentence, two, one.group()), one, two.group())

    return change


def _turned(table: dict[str, tuple[str, ...]]) -> Change:
    pattern = _any_of(table)

    def change(maker: Maker, sentence: str, others: Sequence[str]) -> str | None:
        match = _one(maker, pattern, sentence)
        return _put(sentence, match, maker.random.choice(table[match.group()])) if match else None

    return change


def _negated(maker: Maker, sentence: str, others: Sequence[str]) -> str | None:
    denied = _NEGATED.search(sentence)
    if denied:
        return _put(sentence, denied, "can" if denied.group() == "cannot" else denied.group(1))
    bare = re.search(r"\b(?:no|not|never|without)\b", sentence)
    if bare:
        return _put(sentence, bare, {"no": "some", "without": "with"}.get(bare.group(), "indeed"))
    match = _one(maker, _MODAL, sentence)
    if match is None:
        return None
    way = maker.random.random()
    new = (
        f"{match.group()} not"
        if way < 0.7
        else f"{match.group()} never"
        if way < 0.85
        else f"{match.group()} no longer"
    )
    return _put(sentence, match, new)


def _replaced(*patterns: re.Pattern[str]) -> Change:
    """By another of the same kind, half the time out of the same passage."""

    def change(maker: Maker, sentence: str, others: Sequence[str]) -> str | None:
        for pattern in patterns:
            match = _one(maker, pattern, sentence)
            if match is None:
                continue
            near = [w for other in others for w in pattern.findall(other) if w not in sentence]
            new = (
                maker.random.choice(near)
                if near and maker.random.random() < 0.5
                else maker.foreign(pattern, sentence)
            )
            if new:
                return _put(sentence, match, new)
        return None

    return change


def _date(maker: Maker, sentence: str, others: Sequence[str]) -> str | None:
    month, year = _one(maker, _MONTH, sentence), _one(maker, _YEAR, sentence)
    if month and (year is None or maker.random.random() < 0.5):
        return _put(sentence, month, maker.random.choice(_MONTHS))
    return (
        _put(sentence, year, str(int(year.group()) + maker.random.choice((-10, -2, -1, 1, 2, 10))))
        if year
        else None
    )


def _unit(maker: Maker, sentence: str, others: Sequence[str]) -> str | None:
    match = _one(maker, _UNIT, sentence)
    if match is None:
        return None
    like = (
        _UNITS[:6]
        if match.group() in _UNITS[:6]
        else _UNITS[6:12]
        if match.group() in _UNITS[6:12]
        else _UNITS[12:17]
    )
    return _put(sentence, match, (" " if match.group() == "%" else "") + maker.random.choice(like))


def _added(maker: Maker, sentence: str, others: Sequence[str]) -> str | None:
    """Something of another page joined to the end."""
    extra = maker.foreign(re.compile(r"^.{20,120}\.$"), sentence)
    if extra is None or not sentence.endswith("."):
        return None
    return f"{sentence[:-1]}, and {extra[0].lower()}{extra[1:]}"


KINDS: dict[str, Change] = {
    "number": _number,
    "number of the passage": _number_of_passage,
    "numbers exchanged": _exchanged(_NUMBER),
    "unit": _unit,
    "date": _date,
    "comparator": _turned(_TURN),
    "certainty": _turned(_CERTAIN),
    "negation": _negated,
    "name": _replaced(_NAME, _TERM),
    "names exchanged": _exchanged(_NAME),
    "word": _replaced(_WORD),
    "words exchanged": _exchanged(_WORD),
    "added": _added,
}


def examples(changed: Changed, random: Random) -> Iterator[tuple[str, str, str, bool]]:
    """(claim, its counterpart, passage, supported): one claim true and the other false of one passage."""
    straight = random.random() < 0.5
    passage = changed.passage if straight else changed.other
    yield changed.before, changed.after, passage, straight
    yield changed.after, changed.before, passage, not straight
