"""Claims with their passages and labels, out of public sets, each set cut by passage and question.

Training, calibration and validation never share a passage, a question or a page: whatever hangs together by
one of them lies in one part, chosen by hash. The recipe trains on the first, fits curves and thresholds on
the second, and every number that is reported comes from the third.
"""

import gzip
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any, Literal

Part = Literal["training", "calibration", "validation"]
_PARTS: tuple[tuple[Part, float], ...] = (("training", 0.5), ("calibration", 0.7), ("validation", 1.0))
_MARKS = re.compile(r"\s*\[\d+(?:\s*,\s*\d+)*\]")
_SHORTEST = 200


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim about passages.

    Attributes:
        source: name of the set.
        claim: what is said.
        passages: what it is checked against.
        supported: whether they say it.
        kind: the set's own label or the style of the claim.
        domain: `medical`, `banking` or `generic`.
        question: what it answers, or "".
    """

    source: str
    claim: str = field(repr=False)
    passages: tuple[str, ...] = field(repr=False)
    supported: bool
    kind: str = ""
    domain: str = "generic"
    question: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a corpus; `page` keeps what was cut from one page together."""

    source: str
    text: str = field(repr=False)
    page: str
    domain: str


def part_of(key: str) -> Part:
    """Half of the keys train, a fifth calibrates, three tenths validate."""
    place = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") / 2**32
    return next(name for name, end in _PARTS if place < end)


def parts_of(keys: Sequence[Iterable[str]]) -> list[Part]:
    """The part of each item; items that share a key, directly or over others, share their part."""
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        while parent.setdefault(key, key) != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    firsts = []
    for group in keys:
        first, *rest = map(root, group)
        for other in rest:
            low, high = sorted((root(first), root(other)))
            parent[high] = low
        firsts.append(first)
    return [part_of(root(first)) for first in firsts]


def claims(data: Path, name: str) -> Iterator[tuple[Part, Claim]]:
    """The claims of one of `SETS`, each with its part."""
    found = list(SETS[name](data))
    keys = [[f"q:{c.question or c.claim}", *(f"p:{text[:_SHORTEST]}" for text in c.passages)] for c in found]
    yield from zip(parts_of(keys), found, strict=True)


def texts(data: Path) -> Iterator[tuple[Part, Text]]:
    """Every text of the corpora whose sentences are changed, with its part."""
    for read in (_medquad, _cfpb, _pubmed_bodies, _tatqa_paragraphs):
        yield from ((part_of(text.page), text) for text in read(data))


def rows(path: Path) -> Iterator[Mapping[str, Any]]:
    """The rows of a compressed JSON-lines file; none if there is no such file."""
    if path.is_file():
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def _begin(data: Path) -> Iterator[Claim]:
    for row in rows(data / "begin_dev" / "begin_dev.jsonl.gz"):
        label = row["begin_label"]
        if label != "Generic":
            yield Claim(
                "BEGIN",
                row["response"],
                (row["knowledge"],),
                label == "Fully attributable",
                row["data_source"],
            )


def _halueval(data: Path) -> Iterator[Claim]:
    for row in rows(data / "halueval_qa_dev" / "halueval_qa_dev.jsonl.gz"):
        yield Claim(
            "HaluEval",
            row["answer"],
            (row["knowledge"],),
            not row["hallucinated"],
            row["style"],
            question=row["question"].strip(),
        )


def _scifact(data: Path) -> Iterator[Claim]:
    folder = data / "scifact_dev"
    abstracts = {row["_id"]: row for row in rows(folder / "corpus.jsonl.gz")}
    for row in rows(folder / "queries.jsonl.gz"):
        for document in map(str, row["cited_doc_ids"]):
            labels = {e["label"] for e in row["evidence"] if str(e["doc_id"]) == document}
            if document in abstracts:
                passage = " ".join(abstracts[document]["sentences"])
                kind = min(labels) if labels else "NOT ENOUGH"
                yield Claim("SciFact", row["text"], (passage,), labels == {"SUPPORT"}, kind, "medical")


def _expertqa(data: Path) -> Iterator[Claim]:
    for row in rows(data / "expertqa_dev" / "expertqa_dev.jsonl.gz"):
        if row["support"] in {"Complete", "Partial", "Incomplete", "Missing"}:
            topic = row["field"].lower()
            medical = any(word in topic for word in ("health", "medic", "nurs", "pharma", "bio"))
            banking = any(word in topic for word in ("law", "business", "econom", "account", "financ"))
            yield Claim(
                "ExpertQA",
                _MARKS.sub("", row["claim"]).strip(),
                tuple(evidence["text"] for evidence in row["evidence"]),
                row["support"] == "Complete",
                row["support"],
                "medical" if medical else "banking" if banking else "generic",
                row["question"],
            )


SETS: Mapping[str, Callable[[Path], Iterator[Claim]]] = {
    "HaluEval": _halueval,
    "SciFact": _scifact,
    "BEGIN": _begin,
    "ExpertQA": _expertqa,
}
"""Sets in which people, or a model told to lie, made the unsupported claims."""


def _medquad(data: Path) -> Iterator[Text]:
    for row in rows(data / "medquad_dev" / "corpus.jsonl.gz"):
        yield Text("MedQuAD", row["text"][:3000], row["title"], "medical")


def _cfpb(data: Path) -> Iterator[Text]:
    """Paragraphs of a section; the section is the page."""
    for path in sorted((data / "cfpb_regs_dev").glob("*.xml.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            sections = re.split(r"<(?:\w+:)?(?:section|interpSection|appendixSection)\b", file.read())
        for number, section in enumerate(sections):
            found = re.findall(r"<(?:\w+:)?content>(.*?)</(?:\w+:)?content>", section, re.DOTALL)
            for content in found:
                text = " ".join(unescape(re.sub(r"<[^>]+>", "", content)).split())
                yield Text("CFPB regulations", text, f"{path.name} {number}", "banking")


def _pubmed_bodies(data: Path) -> Iterator[Text]:
    for row in rows(data / "pubmedqa_dev" / "pubmedqa_dev.jsonl.gz"):
        yield Text("PubMedQA", " ".join(row["contexts"]), row["id"], "medical")


def _tatqa_paragraphs(data: Path) -> Iterator[Text]:
    for row in rows(data / "tatqa_dev" / "tatqa_dev.jsonl.gz"):
        table = "\n".join(" | ".join(filter(None, cells)) for cells in row["table"]["table"])
        for text in (table, *(paragraph["text"] for paragraph in row["paragraphs"])):
            yield Text("TAT-QA", text, row["table"]["uid"], "banking")
