"""Facts of records and messages: does the first passage hold the answer, and is it answered or refused?

`ragslm eval facts --data DIR` prints every number with its 95 % interval. DIR holds a folder for each domain
and in it a table for each format, as `tests/data/facts`: one JSON object a line with `id`, `file` (from the
table's folder), `question`, `answer` (words of the parsed text, before scrubbing) and `element` (where it
stands: in the section path, or in the text). A question is asked among the passages of its file, as of one
patient or account: once of the search, once for an answer, quoted.
"""

import json
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ragslm.assistant import Assistant
from ragslm.errors import ConfigError
from ragslm.evaluate.grounding import Share
from ragslm.evaluate.intervals import wilson
from ragslm.registry import find_parser, load_domains
from ragslm.store.keys import new_key
from ragslm.types import Citation, Filters, ParsedDocument, Passage, SourceDocument

UNHURRIED = {"rerank_seconds": 3600.0}
"""Quality must not depend on how busy the machine is: whoever measures it waits for the reranker."""
DEPTHS = (1, 3)
"""First passages among which the answer may be."""

UriOf = Callable[[Path], str]
"""Where the store has a file from."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One question with its place. `file`: absolute."""

    id: str
    file: Path
    question: str = field(repr=False)
    answer: str = field(repr=False)
    element: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question.

    Attributes:
        rank: of the first passage that holds the answer in its element, from 1; None if it is not found.
        refused: whether the answer is a refusal.
        cited: whether a shown sentence cites that element.
    """

    rank: int | None
    refused: bool
    cited: bool


def tables(data: Path) -> Iterator[tuple[str, str, list[Fact]]]:
    """Domain, name and facts of each table.

    Raises:
        ConfigError: there is none, one is empty, or a line is no fact of a file that is there.
    """
    files = sorted(data.glob("*/*.jsonl"))
    if not files:
        raise ConfigError(f"{str(data)!r} has no tables of facts. docs/evaluation.md describes the layout.")
    for file in files:
        facts = [
            _fact(line, number, file)
            for number, line in enumerate(file.read_bytes().splitlines(), 1)
            if line.strip()
        ]
        if not facts:
            raise ConfigError(f"{file.name} has no facts. Remove it, or write one a line.")
        yield file.parent.name, file.stem, facts


def measure_facts(data: Path) -> Iterator[Share]:
    """Shares of questions found by the first passages, answered and refused: by table, domain and in all."""
    every: dict[str, list[Outcome]] = {}
    for domain, name, facts in tables(data):
        found = _outcomes(domain, facts)
        every.setdefault(domain, []).extend(found)
        yield from _shares(name, found)
    for domain, found in every.items():
        yield from _shares(f"all of {domain}", found)
    yield from _shares("all tables", [one for found in every.values() for one in found])


def parsed(file: Path, domain: str) -> ParsedDocument:
    """The file as the parsers of its domain read it.

    Raises:
        ConfigError: none of them does.
        QuarantineError: it cannot be read.
    """
    content = file.read_bytes()
    parser = find_parser(load_domains(["generic", domain]), content[:4096], file.suffix.lower())
    if parser is None:
        raise ConfigError(f"{file.name!r} is of no format that domain {domain!r} reads.")
    return parser.parse(SourceDocument(uri=file.as_uri(), content=content))


def holds(fact: Fact, section: str, text: str) -> bool:
    """Whether a stretch of the original, under its section path, answers at the right place."""
    return fact.answer.lower() in text.lower() and (fact.element in section or fact.element in text)


def _fact(line: bytes, number: int, table: Path) -> Fact:
    where = f"{table.name}, line {number}"
    try:
        row = json.loads(line)
        file = (table.parent / row["file"]).resolve()
        fact = Fact(row["id"], file, row["question"], row["answer"], row["element"])
    except KeyError as error:
        raise ConfigError(f"{where} has no {error}.") from None
    except (ValueError, TypeError):
        raise ConfigError(f"{where} is no JSON object of texts in UTF-8.") from None
    if not file.is_file():
        raise ConfigError(f"{where}: there is no file {str(file)!r}.")
    return fact


@contextmanager
def opened(scratch: Path, domain: str, files: Collection[Path]) -> Iterator[tuple[Assistant, UriOf]]:
    """An assistant over copies of the files, and under which uri each of them lies in its store."""
    folder = scratch / "documents"
    copies = {file: folder / str(number) / file.name for number, file in enumerate(files)}
    for file, copy in copies.items():  # each in a folder of its own: two may have one name
        copy.parent.mkdir(parents=True)
        shutil.copy(file, copy)
    with Assistant.open(scratch / "workspace", domain, key=new_key(), retrieval=UNHURRIED) as assistant:
        assistant.ingest(folder)
        yield assistant, lambda file: copies[file].as_uri()


def _outcomes(domain: str, facts: Sequence[Fact]) -> list[Outcome]:
    """Ask every question of a workspace that holds the files of the table."""
    texts = {file: parsed(file, domain).text for file in {fact.file for fact in facts}}
    with (
        tempfile.TemporaryDirectory(prefix="ragslm-eval-") as scratch,
        opened(Path(scratch), domain, texts) as (assistant, uri_of),
    ):
        return [_outcome(assistant, uri_of(fact.file), fact, texts[fact.file]) for fact in facts]


def _outcome(assistant: Assistant, uri: str, fact: Fact, text: str) -> Outcome:
    only = Filters(uri=uri)
    hits = (hit.passage for hit in assistant.search(fact.question, k=max(DEPTHS), filters=only))
    answer = assistant.ask(fact.question, filters=only, mode="quote")
    return Outcome(
        rank=next((rank for rank, one in enumerate(hits, start=1) if _answers(one, fact, text)), None),
        refused=answer.refused,
        cited=any(_answers(one, fact, text) for one in answer.citations),
    )


def _answers(found: Passage | Citation, fact: Fact, text: str) -> bool:
    return holds(fact, found.section or "", text[found.start : found.end])


def _shares(name: str, found: Sequence[Outcome]) -> Iterator[Share]:
    for depth in DEPTHS:
        within = [one.rank is not None and one.rank <= depth for one in found]
        yield _share(f"{name}: answered by the first {depth}", within)
    yield _share(f"{name}: its element quoted", [one.cited for one in found])
    yield _share(f"{name}: refused", [one.refused for one in found])


def _share(name: str, counted: Sequence[bool]) -> Share:
    n, count = len(counted), sum(counted)
    return Share(name, count / n, *wilson(count, n), n)
