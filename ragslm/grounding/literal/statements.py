"""A claim may not take its subject from one statement of a sentence and its predicate from another.

"Imports rose while exports fell" holds two statements; "imports fell" is neither. A sentence is cut where
"while", "but", a semicolon and the like begin another statement, at a bare "and" only between two amounts or
frequencies. Of a statement a claim may use what it begins with, alone or after the subject it shares with the
one before; it may not skip that beginning and go on.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from ragslm.grounding.reading.cues import is_cue
from ragslm.grounding.reading.synonyms import same_word
from ragslm.grounding.reading.text import Reading, read
from ragslm.grounding.reading.tokens import Token

_JOINT = re.compile(
    r";\s+(?:and\s+|or\s+|but\s+)?|,?\s(?:but(?!\s(?:no|not|at|less|more|under|over|below|above)\b)|whereas"
    r"|while(?!\s\w+ing\b))\s|,\s(?:although|though|yet)\s"
    r"|(?P<list>,\s(?:and|or)\s)|(?P<bare>\sand\s)",
    re.IGNORECASE,
)
_LIST = re.compile(r",(?:\W*\w+){1,6}\W*$")
"""A comma close before ", and": items of a list, not statements."""
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_LEAST = 3
"""Words before ", and" from which it may begin a statement."""
_TIME = re.compile(
    r"\b(?:during|throughout|compared|versus|since)\b|\b(?:in|for|over|at|by|on|of)\s(?:the\s)?(?:end\sof\s)?"
    r"(?:same\s|past\s|last\s|full\s)?(?:fiscal|year|month|quarter|week|day|half|first|second|third|fourth"
    r"|(?:19|20)\d\d|Q[1-4]|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*)\b",
    re.IGNORECASE,
)
_OF = re.compile(r"\b(?:of|for|in)(?:\s(?:the|a|an|this|\w+))?\s$", re.IGNORECASE)
_PREPOSITIONS = frozenset(
    """in on at for during after before under as by from since with within if when until because of to than
    through without which who where or and into over among per via about against despite unless""".split()
)
_SUBJECT = 2
_MIXED = "words of two statements joined"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a sentence.

    Attributes:
        words: its content words and figures in order, negations and the like left out.
        every: all its words.
        tail: where the time begins that it ends with, which may go for the statement before too.
        amounts: end of its last amount or frequency, -1 if there is none.
        bare: it begins after a bare "and".
    """

    words: tuple[Token, ...] = field(repr=False)
    every: tuple[Token, ...] = field(repr=False)
    tail: int
    amounts: int
    bare: bool

    def says(self, word: Token) -> bool:
        """Whether the word or one that says the same is in it."""
        return any(same_word(word, own) for own in self.words)


def joined(claim: Reading, span: Reading) -> list[str]:
    """The reason against a claim that puts together what the span says in two statements."""
    stated = statements(span.text)
    if len(stated) < 2:
        return []
    pieces = [piece for one in statements(claim.text) for piece in _as_stated(one.words, claim, stated)]
    return [_MIXED] if any(_mixes(piece, claim, stated) for piece in pieces) else []


@lru_cache(maxsize=1024)
def statements(text: str) -> tuple[Statement, ...]:
    """The statements of a sentence, one if it holds no joint."""
    reading = read(text)
    cuts = list(_cuts(reading))
    starts = [(0, False), *((end, bare) for _, end, bare in cuts)]
    ends = [*(start for start, _, _ in cuts), len(text)]
    return tuple(
        _statement(reading, start, end, bare) for (start, bare), end in zip(starts, ends, strict=True)
    )


def _as_stated(
    words: Sequence[Token], claim: Reading, stated: Sequence[Statement]
) -> Iterator[Sequence[Token]]:
    """A claim's words cut where it goes from statement to statement as its source does."""
    last = 0
    for i, (left, right) in enumerate(pairwise(words), start=1):
        between = f" {claim.text[left.end : right.start]}"
        if _JOINT.search(between) and any(_goes_on(left, right, *pair) for pair in pairwise(stated)):
            yield words[last:i]
            last = i
    yield words[last:]


def _goes_on(left: Token, right: Token, before: Statement, here: Statement) -> bool:
    """Whether two words stand on both sides of a joint of the source, and the first does not open it."""
    opens = here.words and same_word(right, here.words[0])
    return bool(opens) and before.says(left) and not same_word(left, before.words[0])


def _cuts(reading: Reading) -> Iterator[tuple[int, int, bool]]:
    """Joints that begin another statement: where they start, where they end, whether a bare "and"."""
    last, text = 0, reading.text
    asides = [match.span() for match in _ASIDE.finditer(text)]
    for match in _JOINT.finditer(text):
        start, end = match.span()
        before = text[last:start]
        if any(a < start < b for a, b in asides):
            continue
        if match["bare"]:
            fits = _measured(reading, last, start) and _measured(reading, end, len(text))
        elif match["list"]:
            fits = len(before.split()) >= _LEAST and not _LIST.search(before)
        else:
            fits = bool(before.strip())
        if fits:
            yield start, end, bool(match["bare"])
            last = end


def _measured(reading: Reading, start: int, end: int) -> bool:
    """Whether an amount or frequency stands there."""
    places = [*((n.start, n.year) for n in reading.numbers), *((f.start, False) for f in reading.frequencies)]
    return any(start <= at < end and not year for at, year in places)


def _statement(reading: Reading, start: int, end: int, bare: bool) -> Statement:
    every = tuple(w for w in reading.words if start <= w.start < end)
    places = [(p.start, p.end) for p in reading.numbers] + [(p.start, p.end) for p in reading.frequencies]
    amounts = [b for a, b in places if start <= a and b <= end]
    time = _TIME.search(reading.text, start, end)
    return Statement(
        words=tuple(w for w in every if _telling(w)),
        every=every,
        tail=time.start() if time else end,
        amounts=max(amounts, default=-1),
        bare=bare,
    )


def _telling(word: Token) -> bool:
    """Content, or a letter that names a thing, as in "drug B"."""
    letter = len(word.text) == 1 and word.text.isupper() and word.text != "I" and word.start > 0
    return letter or (word.content and not is_cue(word))


def _mixes(words: Sequence[Token], claim: Reading, stated: Sequence[Statement]) -> bool:
    pinned: list[tuple[Token, int]] = [
        (word, own[0]) for word in _in_order(words, claim) if len(own := _holders(word, stated)) == 1
    ]
    used = sorted({i for _, i in pinned})
    for before, here in pairwise(used):
        if not _continues(words, stated[before], stated[here], stated[:here]):
            return True
    return any(_returns(word, there, here, stated, claim) for (_, here), (word, there) in pairwise(pinned))


def _holders(word: Token, stated: Sequence[Statement]) -> list[int]:
    return [i for i, one in enumerate(stated) if one.says(word)]


def _in_order(words: Sequence[Token], claim: Reading) -> list[Token]:
    """The words with an adverbial that opens the claim moved to the end."""
    comma = claim.text.find(", ")
    opens = claim.words[0].lower in _PREPOSITIONS if claim.words else False
    if not opens or comma < 0:
        return list(words)
    return [*(w for w in words if w.start > comma), *(w for w in words if w.start < comma)]


def _continues(
    words: Sequence[Token], before: Statement, here: Statement, earlier: Sequence[Statement]
) -> bool:
    """Whether a claim that began with the statement before may go on with what it says of this one."""
    said = [any(same_word(word, w) for w in words) for word in here.words]
    mine = [not any(one.says(word) for one in earlier) for word in here.words]
    first = next((i for i, new in enumerate(mine) if new), None)
    if first is None:
        return True
    if said[first]:
        return not _breaks_off(here, said, first)
    used = [w for w, yes, new in zip(here.words, said, mine, strict=True) if yes and new]
    return bool(used) and all(_shared_end(word, before, here) for word in used)


def _breaks_off(here: Statement, said: Sequence[bool], first: int) -> bool:
    """Whether the claim takes the subject of a statement and leaves its whole predicate: "infants need …"."""
    left = next((i for i in range(first, len(said)) if not said[i]), None)
    if left is None or any(said[left:]):
        return False
    start, end = here.words[left - 1].end, here.words[left].start
    between = [w.lower for w in here.every if start <= w.start < end]
    adverb = here.words[left].lower.endswith("ly")
    return not adverb and not any(word in _PREPOSITIONS for word in between)


def _shared_end(word: Token, before: Statement, here: Statement) -> bool:
    """Whether a word belongs to what ends the sentence and goes for both statements."""
    last = max((w.end for w in before.words), default=0)
    if word.start >= here.tail and before.tail >= last:
        return True
    return here.bare and word.start >= here.amounts >= 0 and last <= before.amounts


def _returns(word: Token, there: int, here: int, stated: Sequence[Statement], claim: Reading) -> bool:
    """Whether a claim goes back to an earlier statement, other than to say "of" its subject."""
    if there >= here:
        return False
    subject = any(same_word(word, w) for w in stated[there].words[:_SUBJECT])
    return not (subject and _OF.search(claim.text, 0, word.start))
