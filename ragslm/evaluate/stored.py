"""Suites over documents that were brought in as a user would, scrubbing included."""

import gzip
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ragslm.errors import ConfigError
from ragslm.evaluate.collection import Case, Collection, Progress, Unit
from ragslm.evaluate.paragraphs import beginnings
from ragslm.evaluate.ranking import distinct, rank_of
from ragslm.evaluate.reading import rows_of
from ragslm.evaluate.report import Metric, share
from ragslm.evaluate.variants import Searcher
from ragslm.types import Filters, Passage

if TYPE_CHECKING:
    from ragslm.assistant import Assistant

_PASSAGES = 60
"""Passages asked for, so that there are five distinct pages among them."""


class StoredDocuments(Collection):
    """Documents in an assistant's workspace.

    Args:
        assistant: open, over a workspace of its own; documents it already holds are not read again.
        documents: the folder to bring in.
        progress: called with (documents done, all).
    """

    def __init__(self, assistant: "Assistant", documents: Path, progress: Progress | None) -> None:
        report = progress
        assistant.ingest(
            documents,
            progress=None if report is None else lambda done, total, stage: report(done, total or done),
        )
        self._assistant = assistant
        self._parts = assistant._parts
        self.documents = len(assistant.documents())
        self.searcher = _searcher(assistant)

    def seen(self, case: Case) -> str:
        """Scrubbed."""
        return self._parts.scrubber.scrub(case.text).text

    def shown(self, case: Case) -> Sequence[Unit]:
        """The hits of a search."""
        return self._units([hit.passage for hit in self._assistant.search(case.text, k=_PASSAGES)])

    def units(self, ids: Sequence[int]) -> Sequence[Unit]:
        """Of these passages of the store, identical texts once, as a search shows them."""
        stored = self._parts.catalogue.passages(list(ids))
        passages = [stored[id_].passage for id_ in ids if id_ in stored]
        return self._units(list({" ".join(p.text.split()): p for p in reversed(passages)}.values())[::-1])

    @abstractmethod
    def _units(self, passages: Sequence[Passage]) -> Sequence[Unit]:
        """Units of different passages."""


class Filings(StoredDocuments):
    """Questions over PDFs with the page that answers each, in the FinanceBench layout."""

    suite = "filings"
    top = 5
    noted = ("filing first",)

    def __init__(self, assistant: "Assistant", data: Path, progress: Progress | None) -> None:
        super().__init__(assistant, data / "pdfs", progress)
        present = {path.stem for path in (data / "pdfs").glob("*.pdf")}
        self.cases = [
            Case(
                str(q["id"]),
                q["question"],
                frozenset((e["doc_name"], int(e["page_num_0based"]) + 1) for e in q["evidence"]),
                q["doc_name"],
            )
            for q in rows_of(data, "questions.jsonl")
            if q["doc_name"] in present
        ]

    def _units(self, passages: Sequence[Passage]) -> Sequence[Unit]:
        """Distinct pages."""
        return [frozenset((page,)) for page in distinct([(Path(p.uri).stem, p.page) for p in passages])]

    def measured(self, case: Case, ranked: Sequence[Unit]) -> Mapping[str, Any]:
        """Whether a right page is among the first five, and whether the first is of the right filing."""
        first = next(iter(ranked[0]), None) if ranked else None
        return {
            "page": (rank_of(ranked, case.relevant) or self.top + 1) <= self.top,
            "filing first": isinstance(first, tuple) and first[0] == case.document,
        }

    def metrics(self, measured: Sequence[Mapping[str, Any]]) -> tuple[Metric, ...]:
        """Their shares."""
        return (
            share(f"page among the first {self.top} pages", [one["page"] for one in measured]),
            share("right filing first", [one["filing first"] for one in measured]),
        )


class Paragraphs(StoredDocuments):
    """Questions over rules with the paragraphs that answer them; a passage is right if one begins in it."""

    suite = "paragraphs"
    top = 3

    def __init__(self, assistant: "Assistant", data: Path, folder: Path, progress: Progress | None) -> None:
        super().__init__(assistant, _unpacked(data / "documents", folder), progress)
        self.cases = [
            Case(str(q["id"]), q["question"], frozenset(q["paragraphs"]))
            for q in rows_of(data, "questions.jsonl")
        ]
        self._begins = _begins(assistant, {str(label) for case in self.cases for label in case.relevant})

    def _units(self, passages: Sequence[Passage]) -> Sequence[Unit]:
        """Passages, by the paragraphs that begin in them."""
        return [
            frozenset(
                label
                for label, at in self._begins.get(passage.document_id, ())
                if passage.start <= at < passage.end
            )
            for passage in passages
        ]

    def measured(self, case: Case, ranked: Sequence[Unit]) -> Mapping[str, Any]:
        """Whether a right passage is among the first three, and whether it is the first."""
        rank = rank_of(ranked, case.relevant)
        return {"found": rank is not None and rank <= self.top, "first": rank == 1}

    def metrics(self, measured: Sequence[Mapping[str, Any]]) -> tuple[Metric, ...]:
        """Their shares."""
        return (
            share(f"paragraph among the first {self.top} passages", [one["found"] for one in measured]),
            share("paragraph in the first passage", [one["first"] for one in measured]),
        )


def _searcher(assistant: "Assistant") -> Searcher:
    """Looks inside the assistant's search: the same indexes, encoder and settings, for the same user."""
    parts = assistant._parts
    allowed = parts.catalogue.visible(
        identity=assistant.user, domain=assistant.domain, filters=Filters(), scope=None, as_of=None
    )
    settings = parts.settings_of(assistant.domain)
    depth = max(settings.retrieval.depth, 2 * _PASSAGES)  # what a search for so many passages takes
    retrieval = settings.retrieval.model_copy(update={"depth": depth})
    return Searcher(
        parts.retriever._current(),
        parts.embedder,
        parts.question_embedder(assistant.domain),
        retrieval,
        settings.glossary,
        texts=lambda ids: {
            id_: f"{one.header}\n{one.passage.text}"
            for id_, one in parts.catalogue.passages(list(ids)).items()
        },
        passages=lambda ids: {id_: one.passage for id_, one in parts.catalogue.passages(list(ids)).items()},
        known_questions=parts.known_questions(assistant.domain),
        late_interaction=parts.late_interaction(assistant.domain),
        reranker=parts.reranker(assistant.domain),
        allowed=allowed,
    )


def _unpacked(documents: Path, folder: Path) -> Path:
    """The documents, in `folder` without their compression if any is compressed."""
    if not list(documents.glob("*.gz")):
        return documents
    plain = folder / "documents"
    plain.mkdir(parents=True, exist_ok=True)
    for path in documents.iterdir():
        content = path.read_bytes()
        packed = path.suffix == ".gz"
        (plain / (path.stem if packed else path.name)).write_bytes(
            gzip.decompress(content) if packed else content
        )
    return plain


def _begins(assistant: "Assistant", labels: set[str]) -> dict[str, list[tuple[str, int]]]:
    """Label and offset of every paragraph that is asked for, by document.

    Raises:
        ConfigError: no document has one of them.
    """
    begins = {
        info.id: [(label, at) for label in sorted(labels) for at in beginnings(parsed, label)]
        for info in assistant.documents()
        if (parsed := assistant._parts.catalogue.document(info.id).parsed)
    }
    missing = labels - {label for found in begins.values() for label, _ in found}
    if missing:
        raise ConfigError(f"No document has the paragraphs {sorted(missing)}, which questions.jsonl names.")
    return begins
