"""Later mentions of a person already found: a name masked once and shown twice protects nobody.

Source: the text anonymization benchmark (TAB) counts a person as masked only if every mention is.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator

from ragslm.privacy import gazetteer, lexicon
from ragslm.privacy.spans import Finding

_NO_NAMES = (lexicon.NOT_NAMES, lexicon.EPONYMS, lexicon.PARTICLES, lexicon.PLACES)
_ACRONYM = 4  # letters in a row of capitals that are more likely a firm than a name
# Where a surname that is a word as well is a name: "met with Price." and "Price said", not "the Price range".
_IN_A_SENTENCE, _AT_ITS_END = re.compile(r"(?<=[a-z,] )"), re.compile(r"['’]s|[.,;:)\n]")
_DOES = re.compile(r" (?:said|says|told|asked|wrote|reports?|lives|works)\b")
_TITLED = re.compile(
    r"(?<=\bM[rs] )|(?<=\bM[rs]\. )|(?<=\bMrs )|(?<=\bMrs\. )|(?<=\bMiss )|(?<=\bDr )|(?<=\bDr\. )"
)
# What may stand beside a surname: the given name or its initial, before it or behind it, as in lists and HL7.
_BEFORE = re.compile(r"([^\W\d_]+)\.?[ \u00a0]$")
_BEHIND = re.compile(r"(,[ ]?|[ \u00a0]|\^)([^\W\d_]\.|[^\W\d_]+)(?:\^[^\W\d_]+|[ \u00a0][A-Z]\.)?(?!\w)")
_LONGEST = 32
_HEAD = re.compile(r"\w+|(?<!\w)[^\w\s]")
_MORE = re.compile(r"\w")


def mentions(text: str, people: Iterable[str]) -> Iterator[Finding]:
    """Every mention of the people: name or surname verbatim, in capitals, turned, with an initial."""
    names = [_told_in_small(name) for name in people]
    yield from _found(text, (form for name in names for form in _forms(name)))
    yield from _found(text, (surname for name in names if is_word(surname := _surname(name))), _as_name)
    yield from _beside(text, names)


def given_names(text: str, people: Iterable[str]) -> Iterator[Finding]:
    """The people's given names alone, as letters are signed; a name that is a word of the language is not."""
    first = {_given(_told_in_small(name)) for name in people}
    return _found(text, {name for name in first if distinctive(name) and not gazetteer.is_common(name)})


def _found(
    text: str, forms: Iterable[str], fits: Callable[[str, int, int], bool] = lambda *_: True
) -> Iterator[Finding]:
    """Where one of the forms stands as a whole word and fits there, the longest first; none overlap.

    The words of the text are gone through once, however many forms there are: each is looked up by its first
    word, and then by its length.
    """
    wanted = {form for form in forms if form}
    lengths: dict[str, set[int]] = {}
    for form in wanted:
        if head := _HEAD.match(form):
            lengths.setdefault(head[0], set()).add(len(form))
    longest = {head: sorted(own, reverse=True) for head, own in lengths.items()}
    end = 0
    for word in _HEAD.finditer(text) if longest else ():
        start = word.start()
        for length in longest.get(word[0], ()) if start >= end else ():
            after = min(start + length, len(text))
            if text[start:after] in wanted and not _MORE.match(text, after) and fits(text, start, after):
                yield Finding("PERSON", start, after, 0.5)
                end = after
                break


def _as_name(text: str, start: int, end: int) -> bool:
    """Whether a word of the language is a name where it stands."""
    closes = _IN_A_SENTENCE.match(text, start) and _AT_ITS_END.match(text, end)
    return bool(closes or _DOES.match(text, end) or _TITLED.match(text, start))


def _told_in_small(name: str) -> str:
    """A full name in capitals, as formats write it, with capitals at its beginnings; any other as it is."""
    return name.title() if name.isupper() and len(name.split()) > 1 else name


def _beside(text: str, names: Iterable[str]) -> Iterator[Finding]:
    """Surnames with the person's given name or its initial beside them: `EVERYWOMAN EVE`, `E. Everywoman`."""
    given: dict[str, set[str]] = {}
    for name in names:
        if (surname := _surname(name)) and (first := _given(name)):
            for form in (surname, surname.upper()):
                given.setdefault(form, set()).add(first.upper())
    for found in _found(text, given):
        start, end = _widened(text, found.start, found.end, given[text[found.start : found.end]])
        if (start, end) != (found.start, found.end):
            yield Finding("PERSON", start, end, 0.5)


def _widened(text: str, start: int, end: int, firsts: Collection[str]) -> tuple[int, int]:
    """The span of a surname together with one of the given names, if one stands beside it."""
    before = _BEFORE.search(text[max(0, start - _LONGEST) : start])
    if before and before[1][0].isupper() and _is_first(before[1], firsts):
        return start - len(before[0]), end
    behind = _BEHIND.match(text, end, end + _LONGEST)
    if behind is None or not _is_first(behind[2].strip("."), firsts):
        return start, end
    marked = behind[1] not in " \u00a0" or "." in behind[2] or text[start:end].isupper()
    return start, behind.end() if marked or len(behind[2]) > 1 else end


def _is_first(word: str, firsts: Collection[str]) -> bool:
    """Whether it is one of the given names, or the initial of one."""
    return word.upper() in firsts or (len(word) == 1 and any(word == first[0] for first in firsts))


def _given(name: str) -> str:
    """The first given name of a full name; empty for a single word."""
    last, comma, first = name.partition(",")
    parts = (first if comma else last).split()
    return parts[0].strip(".") if parts and (comma or len(parts) > 1) else ""


def _surname(name: str) -> str:
    """The last word of a full name, or the first where a comma turns it; empty for a single word."""
    last, comma, _ = name.partition(",")
    parts = (last if comma else name).split()
    return parts[-1].strip(" .") if len(parts) > 1 or comma else ""


def is_word(surname: str) -> bool:
    """Whether a surname can be masked only where the text uses it as a name."""
    return gazetteer.is_common(surname) and surname.istitle() and surname.lower() not in lexicon.NOT_NAMES


def _forms(name: str) -> Iterator[str]:
    """The ways a found name may come back."""
    name = " ".join(name.split()).strip(" .,")
    last, comma, first = (part.strip() for part in name.partition(","))
    parts = (f"{first} {last}" if comma and first else name).split()
    if len(parts) < 2:
        if distinctive(name):
            yield name
            yield name.upper()
        return
    given, surname = " ".join(parts[:-1]), parts[-1]
    for whole in (f"{given} {surname}", f"{surname}, {given}", f"{parts[0]} {surname}"):
        yield from (whole, whole.upper())
    if distinctive(surname):
        yield from (surname, surname.upper())


def distinctive(word: str) -> bool:
    """Whether a single word can be replaced wherever it stands: a name, neither a word nor an acronym."""
    named = word[:1].isupper() and word.replace("-", "").isalpha() and not _is_known_word(word)
    return named and len(word) >= 3 and not (word.isupper() and len(word) <= _ACRONYM)


def _is_known_word(word: str) -> bool:
    plain = word.lower()
    listed = any(plain in words for words in _NO_NAMES)
    return listed or (gazetteer.is_common(word) and not gazetteer.is_given(word))
