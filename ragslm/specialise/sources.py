"""Questions with the passage that answers each, out of public data whose licence permits shipping weights.

One function a source; `SOURCES` is what the model card lists. SciFact, ObliQA and FinanceBench are not
among them: they measure.
"""

import gzip
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and its place in a pool.

    Attributes:
        right: positions in the pool that answer it.
        group: document or subject; a group lies wholly in training or wholly in validation.
    """

    question: str = field(repr=False)
    right: frozenset[int]
    group: str


@dataclass(frozen=True, slots=True)
class Pool:
    """Passages as they are indexed (header line, line break, text), and what is asked of them."""

    passages: Sequence[str] = field(repr=False)
    asked: Sequence[Asked] = field(repr=False)

    def split(self) -> tuple["Pool", "Pool"]:
        """What is learnt from, and what validates: the same passages, the questions of other groups."""
        kept = [one for one in self.asked if not held_out(one.group)]
        validating = [one for one in self.asked if held_out(one.group)]
        return replace(self, asked=kept), replace(self, asked=validating)


@dataclass(frozen=True, slots=True)
class Source:
    """One data set.

    Attributes:
        name: for the model card.
        licence: as its repository states it.
        share: questions taken from it, at most.
    """

    name: str
    licence: str
    share: int
    read: Callable[[Path], Pool] = field(repr=False)


def held_out(group: str, *, parts: int = 5) -> bool:
    """Whether a group validates: one in `parts`, by its hash."""
    return hashlib.sha256(group.encode()).digest()[0] % parts == 0


def _medquad(data: Path) -> Pool:
    """Consumer health questions; the hard negatives are other questions' answers about the same disease."""
    corpus = list(rows(data / "medquad_dev" / "corpus.jsonl.gz"))
    place = {row["_id"]: i for i, row in enumerate(corpus)}
    same: dict[Any, set[int]] = {}
    for i, row in enumerate(corpus):
        same.setdefault(row.get("dup_group") if row.get("dup_group") is not None else row["_id"], set()).add(
            i
        )
    groups = {i: members for members in same.values() for i in members}
    right = _qrels(data / "medquad_dev" / "qrels.tsv")
    asked = [
        Asked(
            row["text"], frozenset().union(*(groups[place[id_]] for id_ in right[row["_id"]])), row["focus"]
        )
        for row in rows(data / "medquad_dev" / "queries.jsonl.gz")
        if row["_id"] in right
    ]
    return Pool([f"{row['title']}\n{row['text']}" for row in corpus], asked)


def _tatqa(data: Path) -> Pool:
    """Questions over annual reports: the table, or the paragraphs that are named as relevant."""
    passages: list[str] = []
    asked: list[Asked] = []
    for row in rows(data / "tatqa_dev" / "tatqa_dev.jsonl.gz"):
        table = len(passages)
        passages.append("\n" + "\n".join(" | ".join(filter(None, cells)) for cells in row["table"]["table"]))
        order = {}
        for paragraph in row["paragraphs"]:
            order[str(paragraph["order"])] = len(passages)
            passages.append("\n" + paragraph["text"])
        for question in row["questions"]:
            named = {order[n] for n in question["rel_paragraphs"] if n in order}
            right = named if question["answer_from"] == "text" else named | {table}
            if right:
                asked.append(Asked(question["question"], frozenset(right), row["table"]["uid"]))
    return Pool(passages, asked)


def _pubmedqa(data: Path) -> Pool:
    """Titles and conclusions of abstracts, each to the rest of its abstract."""
    passages: list[str] = []
    asked: list[Asked] = []
    for file in sorted((data / "pubmedqa_dev").glob("*.jsonl.gz")):
        for row in rows(file):
            right = frozenset([len(passages)])
            passages.append("\n" + " ".join(row["contexts"]))
            asked.append(Asked(row["question"], right, row["id"]))
            asked.append(Asked(row["long_answer"], right, row["id"]))
    return Pool(passages, asked)


def _claims(*names: str) -> Callable[[Path], Pool]:
    """Claims with the passage that supports or contradicts them: either is what a search must find."""

    def read(data: Path) -> Pool:
        place: dict[str, int] = {}
        asked: list[Asked] = []
        for name in names:
            for row in rows(data / "entailment_dev" / f"{name}.jsonl.gz"):
                if row["label"] != "neutral":
                    right = place.setdefault(row["passage"], len(place))
                    asked.append(Asked(row["claim"], frozenset([right]), row["passage"]))
        return Pool(["\n" + passage for passage in place], asked)

    return read


def _halueval(data: Path) -> Pool:
    """Questions with the knowledge that answers them."""
    place: dict[str, int] = {}
    asked: dict[str, Asked] = {}
    for file in sorted((data / "halueval_qa_dev").glob("*.jsonl.gz")):
        for row in rows(file):
            right = place.setdefault(row["knowledge"], len(place))
            asked[row["qid"]] = Asked(row["question"], frozenset([right]), row["qid"])
    return Pool(["\n" + passage for passage in place], list(asked.values()))


TATQA = Source("TAT-QA", "CC BY 4.0", 1200, _tatqa)
SOURCES = (
    Source("MedQuAD", "CC BY 4.0", 2500, _medquad),
    TATQA,
    Source("PubMedQA", "MIT", 900, _pubmedqa),
    Source("HaluEval QA", "MIT", 220, _halueval),
    Source(
        "FEVER, FEVER Symmetric, FEVEROUS, FoolMeTwice",
        "CC BY-SA 3.0, FoolMeTwice Apache-2.0 over CC BY-SA 3.0",
        3500,
        _claims("fever", "fever_symmetric", "feverous", "foolmetwice"),
    ),
    Source("InfoTabS", "MIT over CC BY-SA 3.0", 800, _claims("infotabs")),
)


def _qrels(path: Path) -> Mapping[str, set[str]]:
    right: dict[str, set[str]] = {}
    for line in path.read_text("utf-8").splitlines()[1:]:
        query, item, score = line.split("\t")
        if float(score) > 0:
            right.setdefault(query, set()).add(item)
    return right


def rows(path: Path) -> Iterator[Mapping[str, Any]]:
    """Lines of a compressed JSON lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)
