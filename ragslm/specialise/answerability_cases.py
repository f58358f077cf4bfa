"""Questions asked of stores that hold their answer and of stores that do not, to fit what tells them apart.

MedQuAD and PubMedQA with and without what answers, three regulations, bank records with their own questions
and those of a record of another kind, tables. No question of `tests/data/unanswerable` is among them, nor, of
MedQuAD, a subject that one of them or the reranker's training asks about. The reranker may have seen the
questions of PubMedQA and TAT-QA.

For the reader of rules: questions of the regulations and of what they do not tell, with passages found by
meaning too, as banking finds them.

Source: MedQuAD and TAT-QA (CC BY 4.0), PubMedQA (MIT), Regulations B, E and DD (public domain), questions
written for this project in `tests/data/answerable`, `tests/data/facts/banking` and `rule_reader.other_rules`.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from ragslm._sentences import content_words
from ragslm.protocols import Embedder
from ragslm.registry import find_parser, load_domains
from ragslm.retrieval.known_questions import KnownQuestions
from ragslm.retrieval.reranker import Reranker
from ragslm.settings import IngestSettings
from ragslm.specialise.mining import Nearest
from ragslm.specialise.regulations import documents, is_taught
from ragslm.specialise.rule_reader import other_rules
from ragslm.specialise.sources import held_out, rows
from ragslm.types import ParsedDocument, Passage, SourceDocument

if TYPE_CHECKING:
    from ragslm.ingest.passages import Cut

SHOWN = 8
"""Passages of a store that are judged, as `retrieval.k` has it."""
DRAWN = {
    "medquad": 33,
    "pubmedqa": 15,
    "figures": 12,
    "records": 44,
    "tables": 80,
    "other rules": 133,
    "figures of rules": 80,
    "records of rules": 44,
    "medicine of rules": 40,
}
"""Questions of each set, the first by the SHA-256 of their text."""
_DEEP = 200
_RARE = 20
"""Titles that may have a word of a name; a word of more ("syndrome", "type") tells a subject only if it has
no rarer one."""
_NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Case:
    """A question and the passages closest to it in a store.

    Attributes:
        name: of the set.
        answerable: whether they may answer it.
        group: subject, abstract, record or question; a group is learnt from or judged, never both.
    """

    name: str
    answerable: bool
    group: str
    question: str = field(repr=False)
    passages: tuple[Passage, ...] = field(repr=False)


class Store(Protocol):
    """Finds the passages closest to a question."""

    def best(self, question: str) -> tuple[Passage, ...]:
        """`SHOWN` of them, best first."""
        ...


class WordStore:
    """Passages found by their words alone (BM25)."""

    def __init__(self, cuts: "Sequence[Cut]") -> None:
        from ragslm.retrieval.lexical_index import LexicalIndex
        from ragslm.store.records import IndexRow

        self._passages = [one.passage for one in cuts]
        self._index = LexicalIndex()
        none = np.zeros(1, dtype=np.float32)
        self._index.add(
            [IndexRow(id=i, document=i, text=one.indexed, vector=none) for i, one in enumerate(cuts)]
        )

    def best(self, question: str, without: frozenset[str] = _NOBODY) -> tuple[Passage, ...]:
        """The closest passages but those of some documents; where words find too few, the first ones too."""
        found = [self._passages[id_] for id_ in self._index.search(question, _DEEP).ids.tolist()]
        closest = {one.id: one for one in (*found, *self._passages[: 2 * SHOWN])}
        return tuple(one for one in closest.values() if one.document_id not in without)[:SHOWN]


class RuleStore:
    """The regulations, found as banking finds them: by words, by meaning, and read before they are judged.

    Args:
        data: folder of `cfpb_regs_dev`.
        embedder: embeds passages.
        questions: embeds questions.
        known: questions whose paragraph is known.
        reranker: reads the nearest.
    """

    def __init__(
        self,
        data: Path,
        embedder: Embedder,
        questions: Embedder,
        known: KnownQuestions,
        reranker: Reranker,
    ) -> None:
        self._cuts = [one for _, cuts in documents(data / "cfpb_regs_dev") for one in cuts]
        self._texts = {place: one.indexed for place, one in enumerate(self._cuts)}
        self._nearest = Nearest([*self._texts.values()], embedder, questions)
        self._questions, self._known = questions, known
        self._reranker = reranker

    def best(self, question: str) -> tuple[Passage, ...]:
        """`SHOWN` of them, best first."""
        sections = {place: one.passage.section for place, one in enumerate(self._cuts)}
        near = self._known.order(
            self._questions.embed([question])[0], self._nearest.found(question), sections
        )
        found = self._reranker.order(question, near, self._texts)
        return tuple(self._cuts[place].passage for place in found.ids[:SHOWN].tolist())


def rule_cases(data: Path, sets: Path, store: Store) -> Iterator[Case]:
    """Those that the reader of rules is fitted on: it was trained on none, and none is like a known one.

    Args:
        data: folder of `medquad_dev` and `tatqa_dev`.
        sets: see `cases`.
        store: of the regulations.
    """
    kept = measured(sets)
    records = [row["question"] for lines in _tables_of(sets / "facts" / "banking").values() for row in lines]
    asked = [row["text"] for row in rows(data / "medquad_dev" / "queries.jsonl.gz")]
    figures = [
        q["question"]
        for row in _reports(data / "tatqa_dev")
        if held_out(row["table"]["uid"])
        for q in row["questions"]
    ]
    yield from (one for one in _on_rules(sets, store) if not is_taught(one.question))
    for name, foreign in (
        ("other rules", other_rules(taught=False)),
        ("figures of rules", figures),
        ("records of rules", records),
        ("medicine of rules", asked),
    ):
        for question in first_by_hash((one for one in foreign if one not in kept), DRAWN[name]):
            yield Case(name, False, question, question, store.best(question))
    yield from (one for one in _records(sets / "facts" / "banking") if not one.answerable)


def measured(sets: Path) -> frozenset[str]:
    """Questions that measure refusals: nothing is trained or fitted on them."""
    return frozenset(row["text"] for row in _lines(sets / "unanswerable" / "questions.jsonl"))


def cases(data: Path, sets: Path) -> Iterator[Case]:
    """All of them.

    Args:
        data: folder of `medquad_dev`, `pubmedqa_dev`, `cfpb_regs_dev` and `tatqa_dev`.
        sets: folder of `unanswerable`, `answerable` and `facts`, as tests/data.
    """
    kept = measured(sets)
    yield from _medquad(data / "medquad_dev", kept)
    yield from _pubmedqa(data / "pubmedqa_dev", kept)
    yield from _regulations(data, sets, kept)
    yield from _records(sets / "facts" / "banking")
    yield from _tables(data / "tatqa_dev", kept)


def first_by_hash(texts: Iterable[str], most: int) -> list[str]:
    """At most so many, each once; a larger draw holds the smaller."""
    return sorted(set(texts), key=_hash)[:most]


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _medquad(folder: Path, kept: frozenset[str]) -> Iterator[Case]:
    """Of each subject one question, with the pages on it and without all that share a word of its name."""
    asked = list(rows(folder / "queries.jsonl.gz"))
    closed = {row["focus"] for row in asked if row["text"] in kept}
    subjects = first_by_hash(
        (row["focus"] for row in asked if held_out(row["focus"]) and row["focus"] not in closed),
        DRAWN["medquad"],
    )
    corpus = list(rows(folder / "corpus.jsonl.gz"))
    titles = {row["_id"]: frozenset(content_words(row["title"])) for row in corpus}
    counts = Counter(word for words in set(titles.values()) for word in words)
    store = WordStore([one for row in corpus for one in _cut(row["_id"], row["text"], row["title"])])
    for subject in subjects:
        (question,) = first_by_hash((row["text"] for row in asked if row["focus"] == subject), 1)
        told = content_words(subject)
        name = {word for word in told if counts[word] <= _RARE} | {min(told, key=lambda w: counts[w])}
        pages = frozenset(id_ for id_, words in titles.items() if words & name)
        yield from _with_and_without("MedQuAD", subject, question, store, pages)


def _pubmedqa(folder: Path, kept: frozenset[str]) -> Iterator[Case]:
    """With the question's own abstract and without."""
    abstracts = list(rows(folder / "pubmedqa_dev.jsonl.gz"))
    store = WordStore([one for row in abstracts for one in _cut(row["id"], "\n\n".join(row["contexts"]))])
    own = {row["question"]: row["id"] for row in abstracts if row["question"] not in kept}
    for question in first_by_hash(own, DRAWN["pubmedqa"]):
        yield from _with_and_without("PubMedQA", own[question], question, store, frozenset([own[question]]))


def _regulations(data: Path, sets: Path, kept: frozenset[str]) -> Iterator[Case]:
    """What customers ask, facts of the rules, and figures of annual reports that no rule tells."""
    store = WordStore([one for _, cuts in documents(data / "cfpb_regs_dev") for one in cuts])
    yield from _on_rules(sets, store)
    figures = (q["question"] for row in _reports(data / "tatqa_dev") for q in row["questions"])
    for question in first_by_hash((one for one in figures if one not in kept), DRAWN["figures"]):
        yield Case("figures of rules", False, question, question, store.best(question))


def _on_rules(sets: Path, store: Store) -> Iterator[Case]:
    """What customers ask, and facts of the rules."""
    for row in _lines(sets / "answerable" / "questions.jsonl"):
        yield Case("customers", row["answerable"], row["text"], row["text"], store.best(row["text"]))
    for row in _lines(sets / "facts" / "banking" / "regml.jsonl"):
        yield Case("rules", True, row["question"], row["question"], store.best(row["question"]))


def _records(folder: Path) -> Iterator[Case]:
    """Questions of bank records, of their own and of one of another kind."""
    tables = _tables_of(folder)
    files = {(folder / row["file"]).resolve(): kind for kind, lines in tables.items() for row in lines}
    stores = {file: WordStore(_record(file)) for file in files}
    asked = {row["question"]: (folder / row["file"]).resolve() for lines in tables.values() for row in lines}
    for question in first_by_hash(asked, DRAWN["records"]):
        own = asked[question]
        others = {file.name: file for file, kind in files.items() if kind != files[own]}
        foreign = others[min(others, key=lambda name: _hash(f"{question} {name}"))]
        yield Case("records", True, own.name, question, stores[own].best(question))
        yield Case("records", False, own.name, question, stores[foreign].best(question))


def _tables_of(folder: Path) -> dict[str, list[Mapping[str, Any]]]:
    """Questions of bank records, by kind of record."""
    return {path.stem: _lines(path) for path in sorted(folder.glob("*.jsonl")) if path.stem != "regml"}


def _tables(folder: Path, kept: frozenset[str]) -> Iterator[Case]:
    """Questions of a table and its text, of their own."""
    own = {q["question"]: row for row in _reports(folder) for q in row["questions"]}
    for question in first_by_hash((one for one in own if one not in kept), DRAWN["tables"]):
        row = own[question]
        lines = "\n".join(" | ".join(filter(None, cells)) for cells in row["table"]["table"])
        text = "\n\n".join([lines, *(paragraph["text"] for paragraph in row["paragraphs"])])
        store = WordStore(_cut(row["table"]["uid"], text))
        yield Case("tables", True, row["table"]["uid"], question, store.best(question))


def _with_and_without(
    name: str, group: str, question: str, store: WordStore, answering: frozenset[str]
) -> Iterator[Case]:
    yield Case(name, True, group, question, store.best(question))
    yield Case(name, False, group, question, store.best(question, answering))


def _cut(name: str, text: str, title: str = "") -> "list[Cut]":
    return _passages(name, ParsedDocument(text=text, title=title))


def _record(file: Path) -> "list[Cut]":
    content = file.read_bytes()
    parser = find_parser(load_domains(["generic", "banking"]), content[:4096], file.suffix.lower())
    if parser is None:  # the set names files that the domain reads
        return []
    return _passages(file.name, parser.parse(SourceDocument(uri=file.as_uri(), content=content)))


def _passages(name: str, parsed: ParsedDocument) -> "list[Cut]":
    from ragslm.ingest.passages import Origin, cut

    sections = {section.path: section.path for section in parsed.sections}
    origin = Origin(document_id=name, uri=name, title=parsed.title or "", sections=sections)
    return cut(parsed, (), origin, target=IngestSettings().passage_characters)


def _reports(folder: Path) -> list[Mapping[str, Any]]:
    return list(rows(folder / "tatqa_dev.jsonl.gz"))


def _lines(path: Path) -> list[Mapping[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
