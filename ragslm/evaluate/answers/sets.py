"""Questions with written answers and the documents to find them in; docs/evaluation.md has the layouts."""

import gzip
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Literal

from ragslm.errors import ConfigError
from ragslm.evaluate.answers.matcher import Gold
from ragslm.evaluate.reading import file_of, rows_of

Suite = Literal["filings", "abstracts", "tables", "paragraphs", "documents"]

DECIDE = "Answer with yes, no or maybe first."
"""What a question of the `abstracts` suite is followed by; a system that quotes leaves it out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question.

    Attributes:
        task: what is asked for beyond the question, for systems that write freely.
        gold: the written answer.
        places: where the answer stands: `(document, page)`, `(document, None)` or paragraph labels.
        within: the one document to look in, for questions that make no sense without it.
        proof: texts that are known to hold the answer, for judging sentences by the labelled answer.
    """

    id: str
    text: str = field(repr=False)
    task: str = ""
    gold: Gold = Gold()
    places: frozenset[Any] = frozenset()
    within: str | None = None
    proof: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSet:
    """Questions over one body of documents.

    Attributes:
        name: of the folder.
        domain: profile that fits.
        folder: where the documents lie ready to be brought in; None where they are to be written first.
        files: documents that lie there, by name.
        texts: documents made from rows, by file name.
    """

    name: str
    suite: Suite
    domain: str
    questions: Sequence[Asked]
    folder: Path | None = None
    files: Mapping[str, Path] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict, repr=False)

    def sample(self, n: int | None, seed: int) -> Sequence[Asked]:
        """`n` questions drawn with a seed; a larger sample holds the smaller one."""
        drawn = sorted(self.questions, key=lambda one: one.id)
        Random(seed).shuffle(drawn)  # noqa: S311 - a sample, not a secret
        return drawn[:n] if n else drawn

    def write(self, folder: Path) -> None:
        """Put every document into a folder, compressed ones unpacked."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in self.texts.items():
            _put(folder / name, text.encode())
        for name, path in self.files.items():
            content = path.read_bytes()
            _put(folder / name, gzip.decompress(content) if path.suffix == ".gz" else content)


def read_set(data: Path) -> AnswerSet:
    """The set in a folder; its files say which layout it has.

    Raises:
        ConfigError: the folder has none of the layouts.
    """
    rows = list(_rows(data))
    if (data / "pdfs").is_dir():
        return _filings(data, rows)
    if rows and {"long_answer", "contexts", "label"} <= rows[0].keys():
        return _abstracts(data, rows)
    if rows and {"table", "paragraphs", "questions"} <= rows[0].keys():
        return _tables(data, rows)
    if rows and "paragraphs" in rows[0] and (data / "documents").is_dir():
        return _paragraphs(data, rows)
    if rows and {"question", "answer"} <= rows[0].keys():
        return _documents(data, rows)
    raise ConfigError(
        f"{str(data)!r} has no set of questions with answers; docs/evaluation.md has the layouts."
    )


def _filings(data: Path, rows: Sequence[Mapping[str, Any]]) -> AnswerSet:
    files = {path.name: path for path in sorted((data / "pdfs").glob("*.pdf"))}
    return AnswerSet(
        name=data.name,
        suite="filings",
        domain="banking",
        folder=data / "pdfs",
        files=files,
        questions=[
            Asked(
                id=str(row["id"]),
                text=row["question"],
                gold=Gold(answers=(str(row["answer"]),)),
                places=frozenset((e["doc_name"], int(e["page_num_0based"]) + 1) for e in row["evidence"]),
            )
            for row in rows
            if f"{row['doc_name']}.pdf" in files
        ],
    )


def _abstracts(data: Path, rows: Sequence[Mapping[str, Any]]) -> AnswerSet:
    """Every abstract is a document without its conclusion, which is the labelled answer."""
    return AnswerSet(
        name=data.name,
        suite="abstracts",
        domain="medical",
        texts={f"{row['id']}.txt": "\n\n".join(row["contexts"]) for row in rows},
        questions=[
            Asked(
                id=str(row["id"]),
                text=row["question"],
                task=DECIDE,
                gold=Gold(label=row["label"]),
                places=frozenset({(str(row["id"]), None)}),
                proof=(*row["contexts"], row["long_answer"]),
            )
            for row in rows
        ],
    )


def _tables(data: Path, rows: Sequence[Mapping[str, Any]]) -> AnswerSet:
    """Every table is a document together with its paragraphs."""
    return AnswerSet(
        name=data.name,
        suite="tables",
        domain="banking",
        texts={f"{row['table']['uid']}.md": _report(row) for row in rows},
        questions=[
            Asked(
                id=str(one["uid"]),
                text=one["question"],
                gold=Gold(answers=_answers(one["answer"]), scale=one["scale"]),
                places=frozenset({(str(row["table"]["uid"]), None)}),
                within=f"{row['table']['uid']}.md",
            )
            for row in rows
            for one in row["questions"]
        ],
    )


def _paragraphs(data: Path, rows: Sequence[Mapping[str, Any]]) -> AnswerSet:
    return AnswerSet(
        name=data.name,
        suite="paragraphs",
        domain="banking",
        files={path.name.removesuffix(".gz"): path for path in sorted((data / "documents").iterdir())},
        questions=[
            Asked(id=str(row["id"]), text=row["question"], places=frozenset(row["paragraphs"]))
            for row in rows
        ],
    )


def _documents(data: Path, rows: Sequence[Mapping[str, Any]]) -> AnswerSet:
    """Any documents: those of `documents/`, or those that the questions name beside their folder."""
    folder = data / "documents"
    paths = sorted(folder.iterdir()) if folder.is_dir() else [data / row["document"] for row in rows]
    return AnswerSet(
        name=data.name,
        suite="documents",
        domain="generic",
        files={path.name.removesuffix(".gz"): path for path in paths},
        questions=[
            Asked(
                id=str(row["id"]),
                text=row["question"],
                gold=Gold(answers=_answers(row["answer"]), scale=row.get("scale", "")),
                places=frozenset({(Path(row["document"]).stem, None)} if "document" in row else ()),
            )
            for row in rows
        ],
    )


def _rows(data: Path) -> Iterator[Mapping[str, Any]]:
    """Of `questions.jsonl`, or of the one other JSON lines file that is there."""
    if file_of(data, "questions.jsonl"):
        yield from rows_of(data, "questions.jsonl")
        return
    names = {path.name.removesuffix(".gz") for path in data.glob("*.jsonl*")} if data.is_dir() else set()
    if len(names) == 1:
        yield from rows_of(data, names.pop())


def _report(row: Mapping[str, Any]) -> str:
    """A table in Markdown after its paragraphs, in their order."""
    lines = [one["text"] for one in sorted(row["paragraphs"], key=lambda one: int(one["order"]))]
    cells = [
        "| " + " | ".join(cell.replace("|", "/").strip() for cell in line) + " |"
        for line in row["table"]["table"]
    ]
    width = max(len(line) for line in row["table"]["table"])
    return "\n\n".join([*lines, "\n".join([*cells[:1], "|" + " --- |" * width, *cells[1:]])])


def _answers(answer: object) -> tuple[str, ...]:
    return tuple(str(one) for one in answer) if isinstance(answer, list) else (str(answer),)


def _put(path: Path, content: bytes) -> None:
    """Written only if it differs, so that an ingest sees no change where there is none."""
    if not path.is_file() or path.read_bytes() != content:
        path.write_bytes(content)
