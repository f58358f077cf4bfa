"""What a reply says in words: a refusal, a yes or a no, a hedge, the words that carry it."""

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from ragslm import _sentences

Decision = Literal["yes", "no", "maybe"]

_REFUSES = re.compile(
    r"\b(?:I|we)\s+(?:do\s+not|don['’]t|cannot|can['’]t|could\s+not|couldn['’]t|am\s+(?:not\s+able|unable)\s+to"
    r"|am\s+not\s+(?:sure|aware|certain)|(?:do|did)\s+not\s+have|have\s+no)\s*"
    r"(?:know|answer|determine|find|say|tell|provide|have|information|access|confirm|calculate|enough|give|\.|,|$)"
    r"|\bI['’]?m\s+(?:sorry|unable|not\s+(?:able|sure|aware|certain))\b"
    r"|\b(?:is|are|was|were)\s+not\s+(?:explicitly\s+|directly\s+|specifically\s+)?"
    r"(?:provided|given|stated|mentioned|specified|available|disclosed|included|contained|found)\b"
    r"|\b(?:does|do|did)\s+not\s+(?:explicitly\s+|directly\s+|specifically\s+)?(?:provide|contain|mention|specify|state"
    r"|include|give|say|disclose|address)\b"
    r"|\b(?:cannot|can['’]t|can\s+not|could\s+not)\s+be\s+(?:determined|answered|calculated|found|established)\b"
    r"|\b(?:no|not\s+enough|insufficient)\s+(?:(?:specific|explicit|direct|relevant|further|such)\s+)?"
    r"(?:information|data|details|evidence|context|mention)\b"
    r"|\bunable\s+to\s+(?:answer|determine|find|provide)\b|\bnot\s+(?:known|possible\s+to\s+(?:say|tell|determine))\b",
    re.IGNORECASE,
)
_DECIDES = re.compile(
    r"^[\s\"'*_(]*(?:(?:the\s+)?(?:short\s+)?answer(?:\s+is)?\s*:?\s*|based\s+on[^.:]{0,90}[,:]\s*)?[\"'*_(]*"
    r"(yes|no|maybe|perhaps|possibly)\b(?!\s+(?:information|data|evidence|specific|mention|details))",
    re.IGNORECASE,
)
_SO = re.compile(
    r"\b(?:the\s+(?:final\s+)?answer\s+is|so|therefore|thus)[:,]?\s+[\"'*]*(yes|no|maybe)\b", re.IGNORECASE
)
_HEDGES = re.compile(
    r"\beither\b|\bor\b|\bbetween\s+[$€£(\d]|\bmight\s+(?:be|have)\b|\bmay\s+(?:be|have)\b|\bcould\s+(?:be|have)\b"
    r"|\bestimated?\s+(?:to|at)\b|\bassum(?:e|ing)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"\s*\[\d+(?:\s*,\s*\d+)*\]")


def refuses(text: str) -> bool:
    """Whether a reply is nothing but a refusal: its first sentence says that it does not know.

    A reply that says something and adds what it does not know has answered.
    """
    first, rest = _opening(text)
    if not _REFUSES.search(first):
        return False
    return not any(_decided(sentence) for sentence in (first, *rest))


def decision(text: str) -> Decision | None:
    """The yes, no or maybe with which a reply opens or that it concludes; None if it says neither."""
    first, rest = _opening(text)
    found = _decided(first)
    for sentence in rest:
        found = found or _decided(sentence)
        if concluded := _SO.search(sentence):
            found = concluded.group(1).lower()
    return _as_decision(found)


def hedges(between: str) -> bool:
    """Whether the words around two amounts leave open which of them is meant."""
    return _HEDGES.search(between) is not None


def without_labels(text: str) -> str:
    """Without `[1]` and the like."""
    return _LABEL.sub("", text)


def covered(wanted: Iterable[str], said: str) -> float:
    """Share of content words, stemmed, that `said` has, 0 to 1; 1 if there are none."""
    words = set(wanted)
    return len(words & set(_sentences.content_words(said))) / len(words) if words else 1.0


def _opening(text: str) -> tuple[str, Sequence[str]]:
    plain = without_labels(text).strip()
    sentences = [plain[start:end] for start, end in _sentences.split(plain)]
    return (sentences[0], sentences[1:]) if sentences else ("", ())


def _decided(sentence: str) -> str | None:
    found = _DECIDES.match(sentence) or _SO.search(sentence)
    return found.group(1).lower() if found else None


def _as_decision(word: str | None) -> Decision | None:
    if word is None:
        return None
    return "maybe" if word in {"maybe", "perhaps", "possibly"} else ("yes" if word == "yes" else "no")
