"""Sentences changed on purpose: corruptions that a verifier must reject, rewordings that it should accept."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from ragslm import _sentences
from ragslm.evaluate import turns
from ragslm.grounding.reading.names import is_drug
from ragslm.grounding.reading.tokens import tokens

_NUMBER = re.compile(r"(?<![\w.,-])\d(?:[\d,.]*\d)?(?!\w)")
_WORD = re.compile(r"\b[a-z]{6,}\b")
_NAME = re.compile(r"(?<=[a-z] )[A-Z][a-z]{4,}\b")
_MODAL = re.compile(r"\b(is|are|can|may|should|must|was|were|will|has|does)\b(?! not)")
_MEASURED = re.compile(r"(?P<sign>[$€£]?)(?<![\w.,-])(?P<n>\d(?:[\d,.]*\d)?)(?P<unit> ?%| ?[a-z]{2,12}\b|)")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_CAUSE = re.compile(
    r"^(?P<from>[^,;()]{4,60}?) (?P<verb>causes?|increases?|reduces?|prevents?|leads? to|affects?|produces?"
    r"|inhibits?|treats?|results? in|requires?|controls?|notif(?:y|ies)|pays?|provides?)"
    r" (?P<to>[^,;()]{4,80})\.$"
)
_NEIGHBOURS = 30
_UNITS = (
    *(("percent", "years"), ("%", " years"), ("mg", "g"), ("years", "months"), ("days", "weeks")),
    *(("hours", "days"), ("$", "€"), ("months", "years"), ("weeks", "days")),
)
_TURNS = "at least>at most|more than>less than|less than>more than|up to>at least|before>after|after>before"
_TURNS += "|increase>decrease|higher>lower|may>must|must>may|some>all|usually>rarely|often>never|can>cannot"
_ALIKE = "such as>including|people>individuals|percent>%|doctor>physician|begin>start|used>utilized|help>aid"
_ALIKE += "|children>kids|consumer>customer|shows>indicates|medicines>drugs|two>2|three>3|four>4|five>5|six>6"


@dataclass(frozen=True, slots=True)
class Source:
    """A text, its usable sentences, and words of other texts to put in."""

    text: str = field(repr=False)
    sentences: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Case:
    """A claim about a source. `supported`: whether the change kept the meaning."""

    kind: str
    supported: bool
    claim: str = field(repr=False)
    source: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Maker:
    random: Random
    sources: Sequence[Source] = field(repr=False)

    def corrupt(self, kind: str, sentence: str, source: Source) -> str | None:
        return _CORRUPTIONS[kind](self, sentence, source)

    def foreign(self, pattern: re.Pattern[str], own: str) -> str:
        """A word of another source."""
        while True:
            words = pattern.findall(self.random.choice(self.random.choice(self.sources).sentences))
            if words and (word := self.random.choice(words)) not in own:
                return str(word)


def make_sources(texts: Sequence[str]) -> list[Source]:
    """Texts with three or more whole sentences of 8 to 40 words."""
    made = []
    for text in texts:
        found = [text[a:b] for a, b in _sentences.split(text)]
        usable = [s for s in found if 8 <= len(s.split()) <= 40 and s.endswith(".") and s[0].isupper()]
        if len(usable) >= 3:
            made.append(Source(text, tuple(usable)))
    return made


def make_cases(sources: Sequence[Source], each: int, seed: int = 7) -> Iterator[Case]:
    """Up to `each` cases of every kind, one per source."""
    random = Random(seed)  # noqa: S311 - sampling, not a secret
    maker = _Maker(random, sources)
    for supported, kinds in ((False, _CORRUPTIONS), (True, _REWORDINGS), (False, _LIKE)):
        for kind, change in kinds.items():
            yield from _some(maker, kind, supported, change, each)


def _some(maker: _Maker, kind: str, supported: bool, change: "_Change", each: int) -> Iterator[Case]:
    made = 0
    for source in maker.random.sample(list(maker.sources), len(maker.sources)):
        for sentence in maker.random.sample(source.sentences, len(source.sentences)):
            claim = change(maker, sentence, source)
            if claim and claim != sentence and (supported or claim not in source.text):
                yield Case(kind, supported, claim, source.text)
                made += 1
                break
        if made == each:
            return


_Change = Callable[[_Maker, str, Source], str | None]


def _put(sentence: str, match: re.Match[str], new: str) -> str:
    return sentence[: match.start()] + new + sentence[match.end() :]


def _exchange(sentence: str, found: Sequence[re.Match[str]]) -> str | None:
    if len(found) < 2 or found[0].group() == found[-1].group():
        return None
    return _put(_put(sentence, found[-1], found[0].group()), found[0], found[-1].group())


def _number_of_source(maker: _Maker, sentence: str, source: Source) -> str | None:
    own = _NUMBER.search(sentence)
    others = [n for n in _NUMBER.findall(source.text) if n not in sentence]
    return _put(sentence, own, maker.random.choice(others)) if own and others else None


def _number_changed(maker: _Maker, sentence: str, source: Source) -> str | None:
    own = _NUMBER.search(sentence)
    if own is None:
        return None
    digit = maker.random.randrange(1, 9)
    return _put(sentence, own, str((int(own.group()[0]) + digit) % 10 or 1) + own.group()[1:])


def _negated(maker: _Maker, sentence: str, source: Source) -> str | None:
    return _MODAL.sub(r"\1 not", sentence, count=1)


def _unnegated(maker: _Maker, sentence: str, source: Source) -> str | None:
    return re.sub(r"\b(?:not|no|never)\s", "", sentence, count=1)


def _replaced(pattern: re.Pattern[str]) -> _Change:
    def change(maker: _Maker, sentence: str, source: Source) -> str | None:
        found = list(pattern.finditer(sentence))
        return _put(sentence, maker.random.choice(found), maker.foreign(pattern, sentence)) if found else None

    return change


def _word_of_source(maker: _Maker, sentence: str, source: Source) -> str | None:
    own = list(_WORD.finditer(sentence))
    others = [w for w in _WORD.findall(source.text) if w not in sentence]
    return _put(sentence, maker.random.choice(own), maker.random.choice(others)) if own and others else None


def _unit_changed(maker: _Maker, sentence: str, source: Source) -> str | None:
    for unit, other in _UNITS:
        if re.search(rf"\d ?{re.escape(unit)}", sentence) or (unit == "$" and "$" in sentence):
            return sentence.replace(unit, other, 1)
    return None


def _turned(maker: _Maker, sentence: str, source: Source) -> str | None:
    pairs = _TURNS.split("|")
    for pair in maker.random.sample(pairs, len(pairs)):
        old, new = pair.split(">")
        if re.search(rf"\b{old}\b", sentence):
            return re.sub(rf"\b{old}\b", new, sentence, count=1)
    return None


def _other_sentence(maker: _Maker, sentence: str, source: Source) -> str | None:
    return maker.random.choice(maker.random.choice(maker.sources).sentences)


def _led(maker: _Maker, sentence: str, source: Source) -> str | None:
    return f"According to the document, {sentence}"


def _without_brackets(maker: _Maker, sentence: str, source: Source) -> str | None:
    return re.sub(r"\s*\([^)]*\)", "", sentence)


def _alike(maker: _Maker, sentence: str, source: Source) -> str | None:
    for pair in _ALIKE.split("|"):
        old, new = pair.split(">")
        sentence = re.sub(rf"\b{old}\b", new, sentence)
    return sentence


def _shortened(maker: _Maker, sentence: str, source: Source) -> str | None:
    cut = sentence.rfind(", ")
    return sentence[:cut] + "." if cut > len(sentence) // 2 else None


def _fronted(maker: _Maker, sentence: str, source: Source) -> str | None:
    match = re.match(r"([^,]{20,}?) ((?:in|during|after|for|within) [^,]{5,40})\.$", sentence)
    return f"{match[2].capitalize()}, {match[1]}." if match and "(" not in sentence else None


def _joined(maker: _Maker, sentence: str, source: Source) -> str | None:
    others = [s for s in source.sentences if s != sentence and len(s.split()) < 20]
    if not others or not re.match(r"(?:The|A|An|This|In|These)\b", others[0]):
        return None
    return f"{sentence[:-1]}, and {others[0][0].lower()}{others[0][1:]}"


_CORRUPTIONS: dict[str, _Change] = {
    "number of the passage": _number_of_source,
    "numbers exchanged": lambda m, s, o: _exchange(s, list(_NUMBER.finditer(s))),
    "digit changed": _number_changed,
    "unit changed": _unit_changed,
    "negation put in": _negated,
    "negation left out": _unnegated,
    "comparison or certainty turned": _turned,
    "word of another text": _replaced(_WORD),
    "name of another text": _replaced(_NAME),
    "word of the passage": _word_of_source,
    "words exchanged": lambda m, s, o: _exchange(s, list(_WORD.finditer(s))),
    "sentence of another text": _other_sentence,
}
_REWORDINGS: dict[str, _Change] = {
    "lead put before": _led,
    "brackets left out": _without_brackets,
    "synonym or numeral": _alike,
    "last clause left out": _shortened,
    "adverbial to the front": _fronted,
    "two sentences joined": _joined,
}


def _turn(table: str, *, inside: bool = False) -> _Change:
    """Puts the other word of a pair in. `inside`: a part of a word counts too, as in hypertension."""
    known = turns.pairs(table)

    def change(maker: _Maker, sentence: str, source: Source) -> str | None:
        for old, new in maker.random.sample(known, len(known)):
            tail = "" if inside and old in {"hyper", "hypo"} else r"(?!\w)"
            if match := re.search(rf"(?<!\w){re.escape(old)}{tail}", sentence):
                return _put(sentence, match, new)
        return None

    return change


def _like_number(maker: _Maker, sentence: str, source: Source) -> str | None:
    """A number of another sentence of the passage that has the same unit."""
    own = list(_MEASURED.finditer(sentence))
    for match in maker.random.sample(own, len(own)):
        like = {
            other["n"]
            for other in _MEASURED.finditer(source.text)
            if (other["sign"], other["unit"]) == (match["sign"], match["unit"]) and other["n"] not in sentence
        }
        if like:
            start, end = match.span("n")
            return sentence[:start] + maker.random.choice(sorted(like)) + sentence[end:]
    return None


def _another_period(maker: _Maker, sentence: str, source: Source) -> str | None:
    year = _YEAR.search(sentence)
    if year and maker.random.random() < 0.5:
        return _put(sentence, year, str(int(year.group()) + maker.random.choice((-2, -1, 1, 2))))
    return _turn(turns.PERIODS)(maker, sentence, source)


def _cause_turned(maker: _Maker, sentence: str, source: Source) -> str | None:
    match = _CAUSE.match(sentence)
    if match is None:
        return None
    cause, effect = match["from"], match["to"]
    return f"{effect[0].upper()}{effect[1:]} {match['verb']} {cause[0].lower()}{cause[1:]}."


def _another_drug(maker: _Maker, sentence: str, source: Source) -> str | None:
    own = [w for w in tokens(sentence) if is_drug(w)]
    others = (
        {w.text for one in maker.sources for s in one.sentences for w in tokens(s) if is_drug(w)}
        if own
        else ()
    )
    usable = sorted(other for other in others if other.lower() not in source.text.lower())
    if not usable:
        return None
    return sentence[: own[0].start] + maker.random.choice(usable).lower() + sentence[own[0].end :]


def _neighbour(maker: _Maker, sentence: str, source: Source) -> str | None:
    """The sentence of other texts that shares most words with this passage."""
    words = {w.key for w in tokens(source.text) if w.content}
    texts = maker.random.sample(list(maker.sources), min(_NEIGHBOURS, len(maker.sources)))
    found = [s for other in texts if other is not source for s in other.sentences]
    return max(found, key=lambda s: _share(s, words), default=None)


def _share(sentence: str, words: set[str]) -> float:
    own = {w.key for w in tokens(sentence) if w.content}
    return len(own & words) / max(1, len(own))


_LIKE: dict[str, _Change] = {
    "like number of the passage": _like_number,
    "dose unit changed": _turn(turns.DOSES),
    "frequency changed": _turn(turns.FREQUENCIES),
    "period changed": _another_period,
    "comparison turned": _turn(turns.COMPARISONS),
    "side, route or direction turned": _turn(turns.SIDES, inside=True),
    "party exchanged": _turn(turns.PARTIES),
    "drug of another text": _another_drug,
    "cause and effect exchanged": _cause_turned,
    "near sentence of another text": _neighbour,
}
