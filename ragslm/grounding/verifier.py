"""Judges a claim against passages: literal checks first, then a calibrated score; verbatim is 1."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ragslm import _sentences
from ragslm.grounding.calibration import SUPPORT, Features
from ragslm.grounding.cells import BAR
from ragslm.grounding.clauses import clauses
from ragslm.grounding.frames import frame
from ragslm.grounding.literal import Comparison, compare
from ragslm.grounding.reading import Reading, read
from ragslm.types import Verdict

_LABELS = re.compile(r"\s*\[\d+(?:\s*,\s*\d+)*\]")
_SPACE = re.compile(r"\s+")
_LEAD = re.compile(
    r"^(?:according to (?:the|this) (?:document|source|text|passage|report|evidence|guideline|regulation)s?"
    r",?|"
    r"the (?:document|source|text|passage|report|evidence|guideline)s? (?:says?|states?|notes?|reports?"
    r"|mentions?)"
    r"(?: that)?|the answer is(?: that)?:?)\s+",
    re.IGNORECASE,
)
ANAPHOR = re.compile(r"(?:it|its|they|their|this|these|those|such|he|she|his|her)\b", re.IGNORECASE)
_YES_NO = re.compile(r"(?:yes|no)\b\s*[,.!:;–-]", re.IGNORECASE)
_NO_YES = "answers yes or no, which the source does not say"
_LONGEST = 4
_LEAST_WORDS = 2
_MOST_SCORED = 6
# A claim with a veto is never supported; its score still ranks it.
_VETOED = 0.49


@dataclass(frozen=True, slots=True)
class _Source:
    """One sentence or row of a passage, and the sentence before it where it says "it"."""

    reading: Reading
    context: Reading | None


@dataclass(frozen=True, slots=True)
class _Finding:
    score: float
    reasons: tuple[str, ...] = field(default=())


class EvidenceVerifier:
    """A claim is supported if one sentence of the passages says all of it, or each clause has one that does.

    Args:
        threshold: score from which a claim without veto is supported, 0 to 1.
    """

    def __init__(self, threshold: float = 0.5) -> None:
        self.threshold = threshold

    def verify(self, claim: str, passages: Sequence[str]) -> Verdict:
        """The best verdict over the passages taken singly and together.

        Args:
            claim: one or more sentences; labels such as `[1]` are ignored.
            passages: texts that may support it.

        Returns:
            A verdict; `score` is the probability of support, at most 0.49 where a check vetoed.
        """
        claim = tidy(claim)
        if not claim or claim.endswith("?"):
            return Verdict(False, 0.0, ("a question states nothing" if claim else "empty",))
        if any(is_verbatim(claim, passage) for passage in passages):
            return Verdict(True, 1.0)
        yes_no = _YES_NO.match(claim)
        claim = claim[yes_no.end() :].strip() if yes_no else claim
        sources = [source for passage in passages for source in _sources(passage)]
        findings = [self._sentence(claim[a:b], sources) for a, b in _sentences.split(claim)]
        score = min((finding.score for finding in findings), default=0.0)
        reasons = tuple(dict.fromkeys(reason for finding in findings for reason in finding.reasons))
        if extra := (_NO_YES if yes_no else unfit(claim)):
            score, reasons = min(score, _VETOED), (extra, *reasons)
        supported = score >= self.threshold and not reasons
        return Verdict(
            supported, score, reasons if supported or reasons else ("too little in common with the source",)
        )

    def _sentence(self, sentence: str, sources: Sequence[_Source]) -> _Finding:
        whole = self._best(_without_lead(sentence), sources)
        parts = clauses(sentence) if whole.reasons else []
        if len(parts) < 2:
            return whole
        findings = [
            self._best(part.text, [s for s in sources if part.fits(s.reading.words)]) for part in parts
        ]
        if any(finding.reasons for finding in findings):
            return whole
        return _Finding(min(finding.score for finding in findings))

    def _best(self, statement: str, sources: Sequence[_Source]) -> _Finding:
        claim = read(statement)
        if not sources:
            return _Finding(0.0, ("no source",))
        compared = sorted(
            (compare(claim, source.reading, source.context) for source in sources),
            key=_closeness,
            reverse=True,
        )
        findings = [_score(comparison) for comparison in compared[:_MOST_SCORED]]
        return max(findings, key=lambda finding: (not finding.reasons, finding.score))


def tidy(text: str) -> str:
    """Without labels, blanks and quotation marks around it."""
    return _SPACE.sub(" ", _LABELS.sub("", text)).strip().strip('"“”').strip()


def unfit(claim: str) -> str | None:
    """Why a text that is not verbatim cannot be checked at all, or None."""
    words = [w for w in read(claim).words if w.content and w.lower not in {"yes", "no", "answer"}]
    named = all(w.text[0].isupper() for w in words)
    if len(words) < _LEAST_WORDS or (named and len(claim.split()) == len(words)):
        return "states too little to be checked"
    return None


def is_verbatim(claim: str, passage: str) -> bool:
    """Whether `claim` is one or several whole consecutive sentences of `passage`."""
    wanted = _plain(claim)
    spans = _sentences.split(passage)
    if wanted == _plain(passage):
        return True
    return any(
        wanted == _plain(passage[spans[i][0] : spans[j][1]])
        for i in range(len(spans))
        for j in range(i, min(i + _LONGEST, len(spans)))
    )


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text).replace("’", "'").strip().strip('"“”').rstrip(". ")


def _sources(passage: str) -> Iterator[_Source]:
    before: Reading | None = None
    for start, end in _sentences.split(passage):
        reading = read(passage[start:end])
        refers = before is not None and ANAPHOR.match(reading.text)
        above = frame(passage, start) if BAR in reading.text else ""
        yield _Source(reading, before if refers else read(above) if above else None)
        before = reading


def _without_lead(sentence: str) -> str:
    return _LEAD.sub("", sentence)


def _closeness(comparison: Comparison) -> tuple[int, float, float]:
    a = comparison.alignment
    return -len(comparison.reasons), a.overlap, a.adjacency


def _score(comparison: Comparison) -> _Finding:
    a = comparison.alignment
    features = Features(a.overlap, a.adjacency, min(a.breaks, 4) / 4, len(comparison.reasons))
    score = SUPPORT.probability(features)
    return _Finding(min(score, _VETOED) if comparison.reasons else score, comparison.reasons)
