"""What the literal checks alone let through: changed and reworded sentences by kind, rows, verbatim text.

`ragslm eval literal --data DIR` prints every share with its 95 % Wilson interval; DIR is a
folder with any of medquad_dev, cfpb_regs_dev, pubmedqa_dev and tatqa_dev. No model is loaded for it.
`--traps FILE` adds hand-made trap questions, judged by the literal checks and by all that a profile uses.
"""

import gzip
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from random import Random
from typing import Any

from ragslm import _sentences
from ragslm.evaluate.corruptions import Case, make_cases, make_sources
from ragslm.evaluate.intervals import wilson
from ragslm.evaluate.table_claims import table_cases, tables
from ragslm.protocols import Verifier

_TEXTS = 900
_LONGEST = 3000
_CONTENT = re.compile(r"<(?:\w+:)?content>(.*?)</(?:\w+:)?content>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Accepted:
    """How many of `n` claims of a kind were accepted. `supported`: whether they should be."""

    kind: str
    supported: bool
    count: int
    n: int

    @property
    def line(self) -> str:
        """One line of the report."""
        low, high = wilson(self.count, self.n)
        wanted = "supported" if self.supported else "not supported"
        share = self.count / max(1, self.n)
        return f"{self.kind:36} {wanted:14} accepted {share:.3f} [{low:.3f}, {high:.3f}] n={self.n}"


def measure(verifier: Verifier, data: Path, *, each: int = 100, verbatim: int = 2000) -> Iterator[Accepted]:
    """Accepted claims of every kind, of all supported and of all others, and of verbatim sentences.

    Args:
        verifier: what is measured.
        data: folder of the sets.
        each: claims per kind.
        verbatim: sentences shown as they stand.
    """
    corpus = list(_texts(data))
    sources = make_sources(corpus)
    cases = list(make_cases(sources, each)) if sources else []
    if (data / "tatqa_dev").is_dir():
        cases += table_cases(list(tables(data / "tatqa_dev")), each)
    yield from _by_kind(cases, [verifier.verify(c.claim, (c.source,)).supported for c in cases])
    sentences = [Case("verbatim sentence", True, t[a:b], t) for t in corpus for a, b in _sentences.split(t)]
    shown = Random(7).sample(sentences, min(verbatim, len(sentences)))  # noqa: S311 - sampling, not a secret
    statements = [case for case in shown if not case.claim.endswith("?")]
    yield from _by_kind(statements, [verifier.verify(c.claim, (c.source,)).supported for c in statements])


def measure_traps(judge: str, verifiers: Callable[[str], Verifier], traps: Path) -> Iterator[Accepted]:
    """Trap sentences accepted of all wrong and of all right ones.

    Args:
        judge: what to call the verifiers in the report.
        verifiers: the verifier of a domain.
        traps: JSON lines with `domain`, `source`, `wrong` (a list) and `right`.
    """
    rows = [json.loads(line) for line in traps.read_text("utf-8").splitlines()]
    for supported in (False, True):
        judged = [
            verifiers(row["domain"]).verify(claim, (row["source"],)).supported
            for row in rows
            for claim in ([row["right"]] if supported else row["wrong"])
        ]
        yield Accepted(f"traps, {judge}", supported, sum(judged), len(judged))


def _by_kind(cases: Sequence[Case], accepted: Sequence[bool]) -> Iterator[Accepted]:
    judged = list(zip(cases, accepted, strict=True))
    for kind, supported in dict.fromkeys((case.kind, case.supported) for case in cases):
        own = [one for case, one in judged if (case.kind, case.supported) == (kind, supported)]
        yield Accepted(kind, supported, sum(own), len(own))
    for supported in (True, False):
        own = [one for case, one in judged if case.supported is supported]
        if own:
            yield Accepted("all of them", supported, sum(own), len(own))


def _texts(data: Path) -> Iterator[str]:
    """Health texts, regulation paragraphs and abstracts."""
    medquad = data / "medquad_dev" / "corpus.jsonl.gz"
    if medquad.is_file():
        found = [row["text"][:_LONGEST] for row in _rows(medquad)]
        yield from Random(7).sample(found, min(_TEXTS, len(found)))  # noqa: S311 - sampling, not a secret
    for path in sorted((data / "cfpb_regs_dev").glob("*.xml.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for content in _CONTENT.findall(file.read()):
                yield " ".join(unescape(re.sub(r"<[^>]+>", "", content)).split())
    pubmed = data / "pubmedqa_dev" / "pubmedqa_dev.jsonl.gz"
    if pubmed.is_file():
        yield from (" ".join(row["contexts"]) for row in _rows(pubmed))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)
