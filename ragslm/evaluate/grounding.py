"""How well the verifier tells supported from unsupported claims, on public sets and on corrupted sentences.

`python -m ragslm.evaluate.grounding DIR` prints every number with its 95 % interval; DIR is a folder with
any of begin_dev, halueval_qa_dev, scifact_dev, medquad_dev and cfpb_regs_dev.
"""

import gzip
import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from random import Random
from typing import Any

from ragslm.evaluate.corruptions import make_cases, make_sources
from ragslm.evaluate.intervals import wilson
from ragslm.protocols import Verifier

_ROUNDS = 300


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim's label beside the verifier's score and decision."""

    supported: bool
    score: float
    accepted: bool
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its 95 % Wilson interval, 0 to 1, of `n` claims."""

    name: str
    value: float
    low: float
    high: float
    n: int


def measure(verifier: Verifier, data: Path, *, each: int = 100) -> Iterator[Share]:
    """AUC, accepted supported and accepted unsupported claims for every set found in `data`.

    Args:
        verifier: what is measured.
        data: folder of the sets.
        each: corrupted or reworded sentences per kind.
    """
    for name, load in _SETS.items():
        if (data / name).is_dir():
            yield from _report(name, [_judge(verifier, *claim) for claim in load(data / name)])
    sources = make_sources(list(_texts(data)))
    if sources:
        cases = make_cases(sources, each)
        judged = [_judge(verifier, c.supported, c.claim, (c.source,), c.kind) for c in cases]
        yield from _report("changed sentences", judged)
        for kind in dict.fromkeys(one.kind for one in judged):
            yield _accepted(
                f"changed sentences: {kind}, accepted", [one for one in judged if one.kind == kind]
            )


def auc(judged: Sequence[Judged]) -> float:
    """Probability that a supported claim scores above an unsupported one; 0.5 if there is no pair."""
    supported = [one.score for one in judged if one.supported]
    other = [one.score for one in judged if not one.supported]
    if not supported or not other:
        return 0.5
    ranked = sorted([(s, 1) for s in supported] + [(s, 0) for s in other])
    total, i = 0.0, 0
    while i < len(ranked):
        j = i
        while j < len(ranked) and ranked[j][0] == ranked[i][0]:
            j += 1
        total += sum(label for _, label in ranked[i:j]) * (i + j + 1) / 2
        i = j
    return (total - len(supported) * (len(supported) + 1) / 2) / (len(supported) * len(other))


def _report(name: str, judged: Sequence[Judged]) -> Iterator[Share]:
    random = Random(0)  # noqa: S311 - resampling, not a secret
    rounds = sorted(auc(random.choices(judged, k=len(judged))) for _ in range(_ROUNDS))
    low, high = rounds[int(0.025 * _ROUNDS)], rounds[int(0.975 * _ROUNDS)]
    yield Share(f"{name}: AUC", auc(judged), low, high, len(judged))
    yield _accepted(f"{name}: supported, accepted", [one for one in judged if one.supported])
    yield _accepted(f"{name}: unsupported, accepted", [one for one in judged if not one.supported])


def _accepted(name: str, judged: Sequence[Judged]) -> Share:
    count = sum(one.accepted for one in judged)
    return Share(name, count / max(1, len(judged)), *wilson(count, len(judged)), len(judged))


def _judge(
    verifier: Verifier, supported: bool, claim: str, passages: Sequence[str], kind: str = ""
) -> Judged:
    verdict = verifier.verify(claim, passages)
    return Judged(supported, verdict.score, verdict.supported, kind)


_Claim = tuple[bool, str, Sequence[str]]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _begin(folder: Path) -> Iterator[_Claim]:
    for row in _rows(folder / "begin_dev.jsonl.gz"):
        if row["begin_label"] != "Generic":
            yield row["begin_label"] == "Fully attributable", row["response"], (row["knowledge"],)


def _halueval(folder: Path) -> Iterator[_Claim]:
    for row in _rows(folder / "halueval_qa_dev.jsonl.gz"):
        yield not row["hallucinated"], row["answer"], (row["knowledge"],)


def _scifact(folder: Path) -> Iterator[_Claim]:
    abstracts = {row["_id"]: row for row in _rows(folder / "corpus.jsonl.gz")}
    for row in _rows(folder / "queries.jsonl.gz"):
        for document in map(str, row["cited_doc_ids"]):
            labels = {e["label"] for e in row["evidence"] if str(e["doc_id"]) == document}
            if document in abstracts:
                yield labels == {"SUPPORT"}, row["text"], (" ".join(abstracts[document]["sentences"]),)


_SETS: dict[str, Callable[[Path], Iterator[_Claim]]] = {
    "begin_dev": _begin,
    "halueval_qa_dev": _halueval,
    "scifact_dev": _scifact,
}


def _texts(data: Path) -> Iterator[str]:
    """Health texts and regulation paragraphs to change sentences of."""
    medquad = data / "medquad_dev" / "corpus.jsonl.gz"
    if medquad.is_file():
        rows = list(_rows(medquad))
        yield from (row["text"][:3000] for row in Random(7).sample(rows, min(900, len(rows))))  # noqa: S311
    for path in sorted((data / "cfpb_regs_dev").glob("*.xml.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for content in re.findall(r"<(?:\w+:)?content>(.*?)</(?:\w+:)?content>", file.read(), re.DOTALL):
                yield " ".join(unescape(re.sub(r"<[^>]+>", "", content)).split())


def _main(arguments: Sequence[str]) -> None:
    from ragslm.grounding.verifier import EvidenceVerifier

    for share in measure(EvidenceVerifier(), Path(arguments[0])):
        line = f"{share.name:60} {share.value:.3f} [{share.low:.3f}, {share.high:.3f}] n={share.n}\n"
        sys.stdout.write(line)


if __name__ == "__main__":
    _main(sys.argv[1:])
