"""How a question brings the formula of a measure along: "defined as", "=", "using … as the numerator"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ragslm._sentences import split

_AS = r"(?:is|are|be|being|was)?\s*(?:defined|calculated|computed|measured|worked out|taken)(?: here)? as:?"
_FORMULAS = (
    re.compile(
        r"(?:,|\bby)?\s*\b(?:using|taking|take|with) (?P<a>.+?) (?:as|for) the numerator"
        r" and (?P<b>.+?) (?:as|for) the denominator",
        re.IGNORECASE | re.DOTALL,
    ),
    re.compile(
        r"\bif (?:you|we|one|i) (?:simply |just |only )?(?:take|use|go by)\s+(?P<formula>.+)",
        re.IGNORECASE | re.DOTALL,
    ),
    re.compile(
        r"\btaking (?P<formula>[^?]+? and (?:add|subtract|deduct)ing [^?]+)", re.IGNORECASE | re.DOTALL
    ),
    re.compile(
        r"\b(?:calculate|compute|measure|work)(?: (?:it|this|that))?(?: out)? as:?\s+(?P<formula>.+)",
        re.IGNORECASE | re.DOTALL,
    ),
    re.compile(
        r"\b(?:define|calculate|compute|take|treat|measure)\s+(?P<name>[^.?]{2,80}?)\s+as:?\s+(?P<formula>.+)",
        re.IGNORECASE | re.DOTALL,
    ),
    re.compile(rf"(?P<name>[^.:?]{{3,120}}?),?\s*{_AS}\s+(?P<formula>.+)", re.IGNORECASE | re.DOTALL),
    re.compile(r"(?P<name>[^.:?,]{3,80}?)\s+(?:here )?means\s+(?P<formula>.+)", re.IGNORECASE | re.DOTALL),
    re.compile(r"(?:^|:)\s*(?P<formula>\([^?]+\)\s*[/÷][^?]+)", re.DOTALL),
    re.compile(
        r"(?P<name>[^.:;?=]{3,80}?)\s+[-–—]\s+(?P<formula>[^?]{3,300}\s(?:over|divided by|/)\s[^?]+)",
        re.IGNORECASE | re.DOTALL,
    ),
    re.compile(
        r"\bwhere (?P<name>[\w&/' -]{2,60}?) (?:is|equals|means)\s+(?P<formula>.+)", re.IGNORECASE | re.DOTALL
    ),
    re.compile(r"(?P<name>[^.:;?=]{3,80}?)\s*=\s*(?P<formula>[^=]+)", re.DOTALL),
    re.compile(r"\b(?:calculate|compute|work out|find)\s+(?P<formula>\([^?]+)", re.IGNORECASE | re.DOTALL),
    re.compile(
        r"(?P<name>[^.:;?=()/*+]{3,80}?)\s*\((?P<formula>[^()]+(?:\([^()]*\)[^()]*)*)\)(?!\s*[-/*+÷×−])",
        re.DOTALL,
    ),
    re.compile(
        r"(?P<name>[^.:;?=,]{3,80}?),\s*(?P<formula>[^,?]+\s(?:over|divided by|/)\s[^,?]+)",
        re.IGNORECASE | re.DOTALL,
    ),
)
"""Ways to give a formula in a sentence, the surest first."""
_END = re.compile(
    r"(?<=[\w)%])[.?!;](?=\s|$)|,? and (?:report|give|express|round|state|answer|show)\b", re.IGNORECASE
)
_COMMA = re.compile(
    r",(?!\s*(?:all |then |the whole )?(?:divided|multiplied|over|times|plus|minus|less|and|or|[-+*/÷×−]))",
    re.IGNORECASE,
)
_EXPLICIT = re.compile(r"\b(?:defin|calculat|comput)\w*|=|\bnumerator\b", re.IGNORECASE)
_NAMELESS = frozenset({"it", "this", "that"})
_GOES_ON = re.compile(r"\b(?:and|then) (?:then )?(?:divide|multiply|add|subtract|take)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Definition:
    """A sentence that gives a formula, if what it gives can be read as one.

    Attributes:
        sentence: the whole of it.
        said: the part that defines.
        name: what is defined; "" if that is not said.
        formulas: what may be the formula, the longest first: the rest may say how to answer.
        sides: numerator and denominator, where they are told so.
    """

    sentence: str = field(repr=False)
    said: str = field(repr=False)
    name: str = field(repr=False)
    formulas: tuple[str, ...] = field(repr=False)
    sides: tuple[str, ...] = field(default=(), repr=False)

    @property
    def explicit(self) -> bool:
        """Whether it says that it defines; "take over the phone" may look like a formula."""
        return _EXPLICIT.search(self.said) is not None

    @property
    def opens(self) -> bool:
        """Whether the sentence begins with it."""
        return self.sentence.startswith(self.said)


def definitions(question: str) -> Iterator[Definition]:
    """The sentences of a question that may bring a formula along, the surest first, the last first."""
    sentences = [question[start:end] for start, end in reversed(split(question))]
    for pattern in _FORMULAS:
        for sentence in sentences:
            match = pattern.search(sentence)
            if match and (read := _definition(sentence, match)):
                yield read


def _definition(sentence: str, match: re.Match[str]) -> Definition | None:
    part = match.groupdict()
    sides = tuple(part[side] for side in ("a", "b") if side in part)
    text = _END.split(part["formula"])[0] if "formula" in part else "({}) / ({})".format(*sides)
    name = " ".join((part.get("name") or "").split())
    if _GOES_ON.search(text):
        return None
    return Definition(
        sentence, match.group(), "" if name.casefold() in _NAMELESS else name, _cuts(text), sides
    )


def _cuts(text: str) -> tuple[str, ...]:
    """A text and what stands before each of its commas, the longest first, unless the formula goes on."""
    ends = [match.start() for match in _COMMA.finditer(text)]
    return (text, *(text[:end] for end in reversed(ends)))
