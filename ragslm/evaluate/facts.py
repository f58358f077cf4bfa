"""Facts of records and messages, asked of the search: is the first passage the one that holds the answer?

`ragslm eval facts --data DIR` prints every number with its 95 % interval. DIR holds a folder for each domain
and in it a table for each format, as `tests/data/facts`: one JSON object a line with `id`, `file` (from the
table's folder), `question`, `answer` (words of the parsed text, before scrubbing) and `element` (where it
stands: in the section path, or in the text). A question is asked among the passages of its file, as of one
patient or account.
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
from ragslm.types import Filters, Hit, ParsedDocument, SourceDocument

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
    """Shares of questions answered by the first passages, table by table, then of all together."""
    every: list[int | None] = []
    for domain, name, facts in tables(data):
        ranks = _ranks(domain, facts)
        every += ranks
        yield from _shares(name, ranks)
    yield from _shares("all tables", every)


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


def _ranks(domain: str, facts: Sequence[Fact]) -> list[int | None]:
    """Ask every question of a workspace that holds the files of the table."""
    texts = {file: parsed(file, domain).text for file in {fact.file for fact in facts}}
    with (
        tempfile.TemporaryDirectory(prefix="ragslm-eval-") as scratch,
        opened(Path(scratch), domain, texts) as (assistant, uri_of),
    ):
        return [_rank(assistant, uri_of(fact.file), fact, texts[fact.file]) for fact in facts]


def _rank(assistant: Assistant, uri: str, fact: Fact, text: str) -> int | None:
    """Rank of the first passage that holds the answer in its element, from 1; None if it is not found."""
    hits = assistant.search(fact.question, k=max(DEPTHS), filters=Filters(uri=uri))
    return next((rank for rank, hit in enumerate(hits, start=1) if _answers(hit, fact, text)), None)


def _answers(hit: Hit, fact: Fact, text: str) -> bool:
    return holds(fact, hit.passage.section or "", text[hit.passage.start : hit.passage.end])


def _shares(name: str, ranks: Sequence[int | None]) -> Iterator[Share]:
    for depth in DEPTHS:
        found = sum(rank is not None and rank <= depth for rank in ranks)
        yield Share(
            f"{name}: answered by the first {depth}",
            found / len(ranks),
            *wilson(found, len(ranks)),
            len(ranks),
        )
