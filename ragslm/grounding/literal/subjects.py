"""Who it is said of: not the patient where the source speaks of his father, not the bank for its insurer."""

import re
from collections.abc import Sequence

from ragslm.grounding.reading.synonyms import same_word
from ragslm.grounding.reading.text import Reading
from ragslm.grounding.reading.tokens import Token, tokens

_OPENING = re.compile(r"\W*(?P<own>his|her|its|their)\b|\W*(?:it|they|he|she)\b", re.IGNORECASE)
_NOMINATIVE = {"his": "he", "her": "she", "its": "it", "their": "they"}
_GOVERNING = frozenset("of for in with from to than by among".split())
_REACH = 3
# What is said of the use or kind of a thing is said of the thing.
_LIGHT = frozenset(
    word.key
    for word in tokens(
        """use using type kind form treatment therapy administration intake addition case dose group class
        number total amount"""
    )
)
_OTHER = "subject differs"


def another_subject(claim: Reading, span: Reading, context: Reading | None) -> list[str]:
    """The reason against a claim that drops whose relative, part or doing the source speaks of."""
    if all(word.text[0].isupper() for word in _content(claim)):
        return []  # a name alone says nothing of anybody
    checks = (
        _owner_for_owned(claim, span),
        _pronoun_for_owned(claim, span),
        _governed(claim, span),
        context is not None and _predicate_lost(claim, span),
    )
    return [_OTHER] if any(checks) else []


def _said(word: Token, claim: Reading) -> bool:
    return any(same_word(word, one) for one in claim.words)


def _owner_for_owned(claim: Reading, span: Reading) -> bool:
    """Said of the patient what is said of his father: the owner stands alone, what is his is left out."""
    for word in claim.words:
        if not word.content or _owns(word):
            continue
        places = [i for i, one in enumerate(span.words) if same_word(_bare(one), word)]
        if places and all(_owns(span.words[i]) and not _owned(span, i, claim) for i in places):
            return True
    return False


def _owns(word: Token) -> bool:
    return word.lower.endswith("'s")


def _bare(word: Token) -> Token:
    """Without its "'s"."""
    return tokens(word.text[:-2])[0] if _owns(word) and len(word.text) > 3 else word


def _owned(span: Reading, i: int, claim: Reading) -> bool:
    """Whether the claim names what belongs to the owner at `i`."""
    owned = next((word for word in span.words[i + 1 :] if word.content), None)
    return owned is None or _said(owned, claim)


def _pronoun_for_owned(claim: Reading, span: Reading) -> bool:
    """Said of her what is said of "her sister"."""
    opening = _OPENING.match(span.text)
    if opening is None or not opening["own"] or not claim.words:
        return False
    alone = claim.words[0].lower == _NOMINATIVE[opening["own"].lower()]
    return alone and not any(_said(word, claim) for word in _content(span)[:1])


def _predicate_lost(claim: Reading, span: Reading) -> bool:
    """Whether a claim that names what the source calls "it" leaves out what the source says of it first."""
    stated = _content(span)
    named = any(not any(same_word(word, own) for own in stated) for word in _content(claim))
    return named and _OPENING.match(span.text) is not None and not any(_said(w, claim) for w in stated[:1])


def _content(span: Reading) -> list[Token]:
    return [word for word in span.words if word.content]


def _governed(claim: Reading, span: Reading) -> bool:
    """Said of the fund what is said of "the chairman of the fund": the word it hangs on is left out."""
    i = next((i for i, word in enumerate(claim.words) if word.content), None)
    if i is None or any(word.lower in _GOVERNING for word in claim.words[:i]):
        return False
    subject = claim.words[i]
    if subject.number:
        return False
    places = [j for j, word in enumerate(span.words) if same_word(word, subject)]
    return bool(places) and all(_hangs(span, j, claim) for j in places)


def _hangs(span: Reading, j: int, claim: Reading) -> bool:
    """Whether the word at `j` follows a preposition and, before that, a word the claim does not say."""
    linked = False
    for k in range(j - 1, max(-1, j - 2 - _REACH), -1):
        word = span.words[k]
        if _apart(span.text[word.end : span.words[k + 1].start]):
            return False
        linked = linked or (word.lower in _GOVERNING and not _infinitive(word, span.words[k + 1]))
        if word.content and linked:
            return not _said(word, claim) and word.key not in _LIGHT and not word.number
        if word.lower in {"and", "or", "as"}:
            return False
    return False


def _infinitive(word: Token, after: Token) -> bool:
    """Whether it is the "to" of "to be" and not that of "to the bank"."""
    return word.lower == "to" and after.lower not in {"the", "a", "an", "this", "these", "its", "their"}


def _apart(between: str) -> bool:
    return any(mark in between for mark in ",;:()")


def exchanged(claim: Reading, span: Reading) -> list[str]:
    """The reason against "B sued A" where the source has "A sued B"."""
    mine, theirs = _content(claim), _content(span)
    for i, verb in enumerate(mine):
        places = [j for j, word in enumerate(theirs) if word.lower == verb.lower]
        if len(places) == 1 and _mirrored(_sides(claim, mine, i), _sides(span, theirs, places[0])):
            return ["roles exchanged"]
    return []


Sides = tuple[frozenset[str], frozenset[str], bool]


def _sides(reading: Reading, words: Sequence[Token], i: int) -> Sides:
    """The two words on each side of a verb, and whether "by" follows it; none where a mark stands between."""
    left, right = words[max(0, i - 2) : i], words[i + 1 : i + 3]
    if not left or not right:
        return frozenset(), frozenset(), False
    around = reading.text[left[-1].end : words[i].start] + "|" + reading.text[words[i].end : right[0].start]
    if _apart(around) or re.search(r"\b(?:and|or|of)\b", around):
        return frozenset(), frozenset(), False
    one, other = frozenset(w.key for w in left), frozenset(w.key for w in right)
    return one - other, other - one, " by " in around


def _mirrored(claimed: Sides, stated: Sides) -> bool:
    left, right, by = claimed
    before, after, passive = stated
    crossed = bool(left & after and right & before)
    return crossed and not left & before and not right & after and by == passive
