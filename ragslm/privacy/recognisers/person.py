"""Names of persons.

Format: what the language model holds for a person, and names behind words that announce one (`Mr.`,
`my name is`, `Patient: DOE, JOHN`). Precision guards keep knowledge: diseases named after people, drugs,
headings, firms, law. Reference: 45 CFR 164.514(b)(2)(i)(A). Checksum: none.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from presidio_analyzer import RecognizerResult

from ragslm.privacy import gazetteer, lexicon
from ragslm.privacy.naming import TITLE, is_common, is_possible, is_rare, is_shaped, trimmed
from ragslm.privacy.recogniser import RagslmRecogniser

_CAP = r"[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’\-]{0,30}"
_NAME = (
    rf"{_CAP}(?:[ \t]{{1,2}}(?:(?:van|von|der|de|den|di|da|la|le|bin|al|del|dos|y)[ ])?(?:{_CAP}"
    rf"|[A-Z]\.)){{0,3}}"
)
# Words behind which a person stands whatever follows: `Mrs Smith fever` is no fever called after a Smith.
TITLED = re.compile(
    rf"(?:{TITLE}|\b(?:[Mm]y name is|[Mm]aiden name is|calls me"
    r"|(?i:directed by|attn|signed(?: by)?|dictated by|transcribed by|reviewed by|emergency contact|guardian"
    r"|next of kin|physician|provider|doctor|patient(?: name)?|author|surgeon|cardholder|beneficiary"
    rf"|account holder):)[ \t]{{1,6}}(?:{TITLE})?)(?P<value>{_NAME})"
)
_RELATION = (
    r"(?:father|mother|brother|sister|husband|wife|son|daughter|partner|friend|uncle|aunt|grandfather|grandmother)"
    r"(?:'s name)?,?(?:[ ](?:is|was))?(?:[ ](?:called|named))?"
)
_ANNOUNCED = re.compile(
    rf"\b(?:[Nn]ame:|[Nn]ame is|I'?m called|(?:was|is) called|{_RELATION}|[Ww]ritten by|[Aa]ttn"
    rf"|[Ss]igned(?: by)?|cc:|R[Ee]:)[ \t]{{1,6}}(?P<value>{_NAME})"
)
# A qualification behind a name: `Okafor, MD`.
_QUALIFIED = re.compile(
    rf"(?<![\w.\-])(?P<value>{_NAME}),[ ](?:M\.?D|D\.?O|R\.?N|Ph\.?D|PA-C|N\.?P|L\.?P\.?N|D\.?D\.?S"
    rf"|FACS|FRCP|Esq|CRNA|PharmD|MBBS)\b"
)
_LISTED = re.compile(
    r"\b(?:[Pp]atient(?: [Nn]ame)?|PATIENT(?: NAME)?|NAME|[Nn]ame|[Cc]lient"
    r"|[Cc]ustomer)[ ]?[:=][ ]{0,4}(?P<value>[A-Z][A-Za-z'\-]{1,30},[ ]?[A-Z][A-Za-z'\-]{0,30}"
    r"(?:[ ][A-Z]\.?)?)"
)
_LOWER = re.compile(
    r"\b(?:[Mm]y name is|[Mm]aiden name is|calls me|was called|(?:mr|mrs|ms|dr)\.)[ ]{1,2}"
    r"(?P<value>[a-zà-ž'\-]{2,30}(?:[ ][a-zà-ž'\-]{1,30}){0,2})"
)
_PAIR = re.compile(rf"(?<![\w.\-]){_CAP}[ ](?:[A-Z]\.?[ ])?{_CAP}(?![\w\-])")
_INITIAL = re.compile(r"(?<![\w.\-])[A-Z][a-z'\-]{1,20}[ ][A-Z]\.?[ ][A-Z][\w'\-]{2,30}(?![\w\-])")
_SPEAKER = re.compile(
    rf"(?<![\w.\-]){_CAP}(?=[ ](?:shouted|said|says|told|replied|asked|phoned|lives? (?:at|in)"
    rf"|flew to)\b)"
)
_ADDRESSED = re.compile(
    rf"\b(?:shouted at|said|says|said \w+ to|told|asked|dear|hi|hello)[ ,](?P<value>{_CAP})(?=\W)"
)
# A line of a letter head: the name, perhaps a firm, then a number and a street or flat.
_RECIPIENT = re.compile(
    rf"^[^\w\n]{{0,6}}(?P<value>{_CAP}(?:[ ]{_CAP}|[ ][A-Z]\.?){{1,3}})[ ]*(?=\n"
    rf"(?:[^\n]{{0,60}}\n){{0,3}}[^\w\n]{{0,6}}\d{{1,6}}[ ][^\n]{{0,60}}"
    rf"(?:\n[^\n]{{0,60}})?(?:Apt\.|Suite|P\.O\. Box|Street|Avenue|Road|Drive|Lane|APO|FPO)\b)",
    re.MULTILINE,
)
_LIST = re.compile(r"(?<![\w.\-])[A-Z]\w{2,20}(?:, [A-Z]\w{2,20}){1,12},? (?:and|&) [A-Z]\w{2,20}(?![\w\-])")
_SMALL_LIST = re.compile(r"(?<![\w.\-])[a-z]{3,20}(?:, [a-z]{3,20}){2,12},? and [a-z]{3,20}(?![\w\-])")
_CALLED = re.compile(
    rf"(?:, (?={_CAP}[!?])|^(?={_CAP}, (?:can|could|please|would)\b))(?P<value>{_CAP})", re.MULTILINE
)
_SAYS = re.compile(
    r"(?:['’]s (?:wife|husband|mother|father|son|daughter|address|email|phone|account|house|card"
    r"|room|birthday)"
    r"|,? (?:said|says|told|asked|wrote|lives?|lived|shouted|called|replied|works?|worked|is the CEO"
    r"|was born|phoned"
    r"|visited|thinks|thought|stated|reported|complain(?:s|ed)|flew"
    r")\b|, can I\b)"
)
_BEFORE = re.compile(
    r"\b(?:said|says|told|asked|hi|hello|hey|dear|thanks|regards|named|calls me|starring|features"
    r"|spoke (?:to|with)"
    r"|sung by|performed by|[Pp]roducer|including)[ ,:]+$",
    re.IGNORECASE,
)
_NEXT = re.compile(rf"(?:, (?:and |& )?| and | & |,)(?P<name>{_CAP})(?!\w)(?=\W|$)")
_PREVIOUS = re.compile(rf"(?<!\w)(?P<name>{_CAP})(?:, (?:and )?| and | & )$")
_LISTABLE = 0.35  # a finding from which a list of names is followed
_WORD = re.compile(r"\w+")
_OTHER_LABELS = frozenset({"ORG", "GPE", "FAC", "LOC", "PRODUCT", "WORK_OF_ART"})


class PersonRecogniser(RagslmRecogniser):
    """Names from the language model, guarded; names that are announced; census names in pairs and lists."""

    def analyze(self, text: str, entities: Sequence[str], nlp_artifacts: Any = None) -> list[Any]:
        """Presidio results for `text`."""
        found = list(self.find(text))
        if nlp_artifacts is not None:
            found += self._read(text, nlp_artifacts.entities)
        found += list(_listed_with(text, found))
        return [RecognizerResult("PERSON", start, end, score) for start, end, score in found]

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """What can be told without the model: announced names, and pairs of census names."""
        yield from _lists(text)
        for pattern in _SHAPES:
            for match in pattern.finditer(text):
                start, end = trimmed(text, *match.span("value" if "value" in pattern.groupindex else 0))
                possible = is_shaped(text[start:end]) if pattern is TITLED else is_possible(text, start, end)
                if possible and (score := _SHAPES[pattern](text[start:end])):
                    yield start, _last_name(text, start, end), score

    def _read(self, text: str, entities: Sequence[Any]) -> Iterator[tuple[int, int, float]]:
        for entity in entities:
            if entity.label_ == "PERSON" or entity.label_ in _OTHER_LABELS:
                start, end = trimmed(text, entity.start_char, entity.end_char)
                if is_possible(text, start, end):
                    yield start, end, _score(text, start, end, sure=entity.label_ == "PERSON")


def _lists(text: str) -> Iterator[tuple[int, int, float]]:
    """Single names in a row, at least two of them in the census: `Eklund, Michael and Hodge`."""
    for pattern in (_LIST, _SMALL_LIST):
        for match in pattern.finditer(text):
            parts = [m for m in _WORD.finditer(match[0]) if m[0] != "and"]
            known = [
                gazetteer.is_given(m[0]) or (m[0].istitle() and gazetteer.is_surname(m[0])) for m in parts
            ]
            sure = sum(gazetteer.is_name(m[0]) for m in parts)
            if sure >= 2 and sum(known) >= 2 * len(parts) / 3 and not _technical_list(parts):
                yield from ((match.start() + m.start(), match.start() + m.end(), 0.5) for m in parts)


def _technical_list(parts: Sequence[re.Match[str]]) -> bool:
    return any(part[0].lower() in lexicon.NOT_NAMES for part in parts)


def _last_name(text: str, start: int, end: int) -> int:
    """Where a name in small letters ends: at the last word of it that is a name."""
    while text[start:end].islower() and not gazetteer.is_surname(text[start:end].split()[-1]):
        shorter = text[start:end].rpartition(" ")[0].rstrip()
        if not shorter:
            break
        end = start + len(shorter)
    return end


def _lower_name(value: str) -> float:
    return 0.7 if gazetteer.is_name(value.split()[0]) else 0.0


def _announced(value: str) -> float:
    """Nearly sure, unless it is a thing that `was called` so."""
    parts = value.split()
    thing = not any(is_rare([part]) or gazetteer.is_name(part) for part in parts)
    return 0.0 if thing else 0.9


def _census_pair(value: str) -> float:
    """Given name and surname of the census, unless both together are a firm."""
    parts = value.split()
    last = parts[-1]
    second = gazetteer.is_surname(last) or not (last.endswith("s") or not is_rare([last]))
    known = (gazetteer.is_given(parts[0]) and second) or (gazetteer.is_family(last) and is_rare(parts[:1]))
    return 0.55 if known and value.lower() not in lexicon.PLACES else 0.0


_SHAPES: dict[re.Pattern[str], Callable[[str], float]] = {
    TITLED: _announced,
    _ANNOUNCED: _announced,
    _QUALIFIED: _announced,
    _LISTED: lambda value: 0.9,
    _LOWER: _lower_name,
    _PAIR: _census_pair,
    _INITIAL: lambda value: 0.5 if gazetteer.is_given(value.split()[0]) else 0.0,
    _SPEAKER: lambda value: 0.5 if gazetteer.is_name(value) else 0.0,
    _ADDRESSED: lambda value: 0.5 if gazetteer.is_name(value) else 0.0,
    _CALLED: lambda value: 0.45 if gazetteer.is_name(value) else 0.0,
    _RECIPIENT: lambda value: 0.5,
}


def _listed_with(text: str, found: Sequence[tuple[int, int, float]]) -> Iterator[tuple[int, int, float]]:
    """Census names in one list with a name that was found: `Hannah, Derek and Anna`."""
    seen = {start for start, _, score in found if score >= _LISTABLE}
    todo = [(start, end) for start, end, score in found if score >= _LISTABLE]
    while todo:
        start, end = todo.pop()
        for match in (_NEXT.match(text, end), _PREVIOUS.search(text[max(0, start - 48) : start])):
            if match is None:
                continue
            base = 0 if match.re is _NEXT else max(0, start - 48)
            left, right = (base + at for at in match.span("name"))
            if left not in seen and gazetteer.is_name(match["name"]) and is_possible(text, left, right):
                seen.add(left)
                todo.append((left, right))
                yield left, right, 0.5


def _score(text: str, start: int, end: int, *, sure: bool) -> float:
    """How far to believe a span the model marked; `sure`: it said person. 0 for not at all."""
    value = text[start:end]
    parts = value.replace(",", " ").split()
    told = bool(_SAYS.match(text, end) or _BEFORE.search(text[max(0, start - 24) : start]))
    if (value.isupper() and len(value) > 3) or not all(
        p[0].isupper() or p in lexicon.PARTICLES for p in parts
    ):
        lower = value.islower() and sure and gazetteer.is_given(parts[0]) and len(parts[0]) > 4
        return 0.4 if lower else 0.0
    if value.lower() in lexicon.PLACES:
        return 0.0
    names = sum(gazetteer.is_name(part) for part in parts)
    if len(parts) >= 2:
        if is_common(parts):
            return 0.0
        return (
            0.6 if sure and (names or told or not value.isascii() or is_rare(parts)) else 0.4 if told else 0.0
        )
    if len(value) < 3 or value.isupper() or re.search(rf"(?<!\w){re.escape(value.lower())}(?!\w)", text):
        return 0.0
    return 0.45 if told and (sure or names) else 0.4 if sure and names else 0.0


def recogniser() -> PersonRecogniser:
    """The recogniser of names."""
    return PersonRecogniser("PERSON", version="1")
