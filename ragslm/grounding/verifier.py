"""Judges a claim against passages: literal checks first, then a calibrated score; verbatim is 1."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ragslm import _sentences
from ragslm.grounding.calibration import SUPPORT, Features
from ragslm.grounding.literal.compare import Comparison, compare
from ragslm.grounding.reading.clauses import clauses
from ragslm.grounding.reading.frames import frame
from ragslm.grounding.reading.rows import BAR
from ragslm.grounding.reading.text import Reading, read
from ragslm.types import Verdict

if TYPE_CHECKING:
    from ragslm.grounding.trained import Trained

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
_NO_SOURCE = ("no source",)
_UNLIKELY = "says something else by the trained scorer"
_LONGEST = 4
_LEAST_WORDS = 2
_MOST_SCORED = 6
# Another wording: no score of a reader may be needed where these are absent, but one can outweigh them.
DOUBTS = frozenset({"word not in the source", "word order differs", "words stand apart in the source"})
# A claim with a veto is never supported; its score still ranks it.
_VETOED = 0.49


Comparing = Callable[[Reading, Reading, Reading | None], Comparison]
"""Lays a claim on a span, whose context is the sentence before where it says "it"."""


@dataclass(frozen=True, slots=True)
class _Source:
    """One sentence or row of a passage, and the sentence before it where it says "it"."""

    reading: Reading
    context: Reading | None


@dataclass(frozen=True, slots=True)
class Finding:
    """How one sentence of a claim meets the evidence.

    Attributes:
        features: what it has in common with the evidence.
        reasons: why it may not be supported, checks and doubts.
    """

    features: Features
    reasons: tuple[str, ...] = field(default=())

    @property
    def vetoes(self) -> tuple[str, ...]:
        """Reasons that no score outweighs."""
        return tuple(reason for reason in self.reasons if reason not in DOUBTS)


class EvidenceVerifier:
    """A claim is supported if one sentence of the passages says all of it, or each clause has one that does.

    With a trained scorer a wording that differs, but not in a number, name, negation or the like, is
    supported too where the calibrated score reaches what the promised error rate asks. A veto stays a veto.

    Args:
        threshold: score from which a claim without reasons against it is supported, 0 to 1.
        trained: opens scorer and curve at the first claim that is not verbatim; None: literal checks alone.
        comparing: the literal checks; others only to measure what each is worth.
    """

    def __init__(
        self,
        threshold: float = 0.5,
        *,
        trained: Callable[[], "Trained"] | None = None,
        comparing: Comparing = compare,
    ) -> None:
        self.threshold = threshold
        self._trained = trained
        self._compare = comparing

    def verify(self, claim: str, passages: Sequence[str]) -> Verdict:
        """The best verdict over the passages taken singly and together.

        Args:
            claim: one or more sentences; labels such as `[1]` are ignored.
            passages: texts that may support it.

        Returns:
            A verdict; `score` is the probability of support, at most 0.49 where a check vetoed.
        """
        said, claim = claim, tidy(claim)
        if not claim or claim.endswith("?"):
            return Verdict(False, 0.0, ("a question states nothing" if claim else "empty",))
        if any(is_verbatim(text, passage) for text in (claim, said) for passage in passages):
            return Verdict(True, 1.0)
        yes_no = _YES_NO.match(claim)
        claim = claim[yes_no.end() :].strip() if yes_no else claim
        judged = [self._judge(finding) for finding in self.examine(claim, passages)]
        score = min((score for score, _ in judged), default=0.0)
        reasons = tuple(dict.fromkeys(reason for _, found in judged for reason in found))
        if extra := (_NO_YES if yes_no else unfit(claim)):
            score, reasons = (score if reasons else _VETOED * score), (extra, *reasons)
        supported = score >= self.threshold and not reasons
        return Verdict(
            supported, score, reasons if supported or reasons else ("too little in common with the source",)
        )

    def examine(self, claim: str, passages: Sequence[str]) -> list[Finding]:
        """What each sentence of a claim has in common with the passages, before it is judged."""
        sources = [source for passage in passages for source in _sources(passage)]
        sentences = [claim[a:b] for a, b in _sentences.split(claim)]
        findings = [self._sentence(sentence, sources) for sentence in sentences]
        if self._trained is None or not sources or not sentences:
            return findings
        scores = self._trained().entailment.scores(pairs_of(claim, passages))
        n = len(scores) // len(sentences)
        return [
            replace(finding, features=replace(finding.features, logit=max(scores[i * n : (i + 1) * n])))
            for i, finding in enumerate(findings)
        ]

    def _judge(self, finding: Finding) -> tuple[float, tuple[str, ...]]:
        """Probability of support, and the reasons that stand."""
        if finding.reasons == _NO_SOURCE:
            return 0.0, finding.reasons
        if self._trained is None or finding.features.logit is None:
            score = SUPPORT.probability(finding.features)
            return (_VETOED * score if finding.reasons else score), finding.reasons
        trained = self._trained()
        score = trained.curve.probability(finding.features)
        if finding.reasons and (finding.vetoes or score < trained.reworded):
            return _VETOED * score, finding.reasons
        return score, (() if score >= self.threshold else (_UNLIKELY,))

    def _sentence(self, sentence: str, sources: Sequence[_Source]) -> Finding:
        whole = self._best(_without_lead(sentence), sources)
        parts = clauses(sentence) if whole.reasons else []
        if len(parts) < 2:
            return whole
        findings = [
            self._best(part.text, [s for s in sources if part.fits(s.reading.words)]) for part in parts
        ]
        if any(finding.reasons for finding in findings):
            return whole
        return min(findings, key=lambda finding: SUPPORT.probability(finding.features))

    def _best(self, statement: str, sources: Sequence[_Source]) -> Finding:
        claim = read(statement)
        if not sources:
            return Finding(Features(0.0, 0.0, 0.0, 1), _NO_SOURCE)
        compared = sorted(
            (self._compare(claim, source.reading, source.context) for source in sources),
            key=_closeness,
            reverse=True,
        )
        coverage = _coverage(claim, sources)
        findings = [_finding(comparison, coverage) for comparison in compared[:_MOST_SCORED]]
        return max(
            findings,
            key=lambda found: (not found.reasons, not found.vetoes, SUPPORT.probability(found.features)),
        )


def pairs_of(claim: str, passages: Sequence[str]) -> list[tuple[str, str]]:
    """What the trained scorer reads: each sentence of a claim with each passage and with all together."""
    read = [*passages, "\n".join(passages)] if len(passages) > 1 else passages
    sentences = [_without_lead(claim[a:b]) for a, b in _sentences.split(claim)]
    return [(sentence, passage) for sentence in sentences for passage in read]


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


def _finding(comparison: Comparison, coverage: float) -> Finding:
    a = comparison.alignment
    vetoes = sum(reason not in DOUBTS for reason in comparison.reasons)
    doubts = len(comparison.reasons) - vetoes
    features = Features(a.overlap, a.adjacency, min(a.breaks, 4) / 4, vetoes, doubts, coverage)
    return Finding(features, comparison.reasons)


def _coverage(claim: Reading, sources: Sequence[_Source]) -> float:
    """Share of the claim's content words that stand anywhere in the evidence, 0 to 1."""
    wanted = {word.key for word in claim.words if word.content}
    offered = {word.key for source in sources for word in source.reading.words}
    return len(wanted & offered) / len(wanted) if wanted else 0.0
