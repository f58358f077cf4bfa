"""Takes from a claim what it gives away by itself: a verifier must not learn to judge without the passage."""

from collections.abc import Sequence
from random import Random
from typing import Any

from ragslm._claims import Part
from ragslm._optional import require
from ragslm.specialise.claim_sources import Example, Source

_BINS = 8
_FOLDS = 5
_FEW = 40


def balanced(examples: Sequence[Example], most: int, random: Random) -> list[Example]:
    """At most `most` examples, as many supported as not wherever a judge of the claim alone sees them alike.

    The judge (words and word pairs, logistic regression) is asked about claims it did not learn from.
    """
    shuffled = random.sample(list(examples), min(len(examples), 4 * most))
    if len(shuffled) < _FEW:
        return shuffled[:most]
    scores = _judged_alone(shuffled)
    ranked = sorted(range(len(shuffled)), key=lambda i: scores[i])
    size = -(-len(ranked) // _BINS)
    chosen: list[tuple[Example, Example]] = []
    for start in range(0, len(ranked), size):
        alike = sorted(ranked[start : start + size])
        true = [shuffled[i] for i in alike if shuffled[i].supported]
        false = [shuffled[i] for i in alike if not shuffled[i].supported]
        chosen += zip(true, false, strict=False)
    kept = random.sample(chosen, min(len(chosen), most // 2))
    return [example for pair in kept for example in pair]


def drawn(
    source: Source, examples: Sequence[Example], part: Part, most: int, random: Random
) -> list[Example]:
    """At most `most` examples of one part of a source, such that claims give nothing away."""
    own = [example for example in examples if example.part == part]
    if source.even:
        return random.sample(own, min(most, len(own)))
    return balanced(own, most, random)


def claim_only_auc(learnt: Sequence[Example], asked: Sequence[Example]) -> float:
    """AUC of a judge that never sees a passage, 0.5 where claims give nothing away."""
    metrics = require("sklearn.metrics", extra="train")
    judge = _judge([e.claim for e in learnt], [e.supported for e in learnt])
    scores = judge.predict_proba([e.claim for e in asked])[:, 1]
    return float(metrics.roc_auc_score([e.supported for e in asked], scores))


def _judged_alone(examples: Sequence[Example]) -> list[float]:
    """The judge's probability of support for each claim, asked of claims that it did not learn from."""
    texts, labels = [e.claim for e in examples], [e.supported for e in examples]
    fold_of = [_fold(text) for text in texts]
    scores = [0.5] * len(examples)
    for fold in range(_FOLDS):
        seen = [i for i in range(len(texts)) if fold_of[i] != fold]
        unseen = [i for i in range(len(texts)) if fold_of[i] == fold]
        if unseen and len({labels[i] for i in seen}) == 2:
            judge = _judge([texts[i] for i in seen], [labels[i] for i in seen])
            found = judge.predict_proba([texts[i] for i in unseen])[:, 1].tolist()
            for i, score in zip(unseen, found, strict=True):
                scores[i] = score
    return scores


def _fold(text: str) -> int:
    """The same fold for the same claim, in every run."""
    return sum(map(ord, text)) % _FOLDS


def _judge(texts: Sequence[str], labels: Sequence[bool]) -> Any:
    pipeline = require("sklearn.pipeline", extra="train")
    words = require("sklearn.feature_extraction.text", extra="train")
    linear = require("sklearn.linear_model", extra="train")
    judge = pipeline.make_pipeline(
        words.TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        linear.LogisticRegression(C=4.0, max_iter=400),
    )
    return judge.fit(texts, labels)
