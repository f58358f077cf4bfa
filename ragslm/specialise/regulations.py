"""Questions over banking regulations in customers' and staff's words, for reranker and question encoder.

`ragslm/retrieval/regulation_questions.tsv` names a paragraph and asks what it answers, in other words than
the paragraph's own; written for this project by language models, under its licence. The regulations are works
of the US Government, in the public domain (17 U.S.C. 105).

No question that measures is among them, nor one like it, and who wrote them had not seen those; the sections
that those ask about are taught. So figures over `tests/data/cfpb` and `tests/data/cfpb_check` are of new
questions over known regulations; sections held out are measured for unknown ones.
"""

import gzip
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ragslm._sentences import content_words
from ragslm.errors import ConfigError
from ragslm.retrieval.known_questions import SHIPPED, read_questions
from ragslm.settings import IngestSettings
from ragslm.specialise.sources import Asked, Pool, Source
from ragslm.types import PATH_SEPARATOR

if TYPE_CHECKING:
    from ragslm.ingest.passages import Cut
    from ragslm.types import ParsedDocument

_LIKE = 0.4
"""Share of the words of two questions that both have, from which they may be one in other words."""
_SECTION = re.compile(r"\b1\d{3}\.\d+")
_LABEL = re.compile(r"(?:Comment )?1\d{3}\.\d+\S*")


def questions() -> list[tuple[str, str]]:
    """Label of a paragraph, and a question that it answers."""
    return read_questions(SHIPPED)


def is_taught(question: str) -> bool:
    """Whether it is one of them, or has so many words in common with one that it may be the same."""
    words = set(content_words(question))
    return any(len(words & one) >= _LIKE * len(words | one) for one in _taught_words())


@cache
def _taught_words() -> list[set[str]]:
    return [set(content_words(question)) for _, question in questions()]


def section_of(label: str) -> str | None:
    """The section that a label or a section path names first: `1005.7` of `Comment 1005.7(b)-1`."""
    found = _SECTION.search(label)
    return found[0] if found else None


def pool_of(folder: Path, pairs: Sequence[tuple[str, Sequence[str]]]) -> Pool:
    """The regulations of a folder, cut as ingest cuts them, and what is asked of them.

    Args:
        folder: holds them, as RegML, compressed.
        pairs: a question, and labels of the paragraphs that answer it; other regulations are left out.
    """
    passages: list[str] = []
    place: dict[str, int] = {}
    for parsed, cuts in documents(folder):
        labels = list(_labels(parsed))
        for cut in cuts:
            inside = [name for name, at in labels if cut.passage.start <= at < cut.passage.end]
            place |= dict.fromkeys(inside, len(passages))
            passages.append(cut.indexed)
    asked = [
        Asked(question, frozenset(right), section_of(labels[0]) or labels[0])
        for question, labels in pairs
        if (right := {place[label] for label in labels if label in place})
    ]
    return Pool(passages, asked)


def _read(data: Path) -> Pool:
    return pool_of(data / "cfpb_regs_dev", [(question, [label]) for label, question in questions()])


def documents(folder: Path) -> "Iterator[tuple[ParsedDocument, list[Cut]]]":
    """Every regulation of the folder, parsed and cut as ingest does."""
    from ragslm.ingest.passages import Origin, cut
    from ragslm.registry import find_parser, load_domains
    from ragslm.types import SourceDocument

    for path in sorted(folder.glob("*.xml.gz")):
        content, name = gzip.decompress(path.read_bytes()), path.name.removesuffix(".gz")
        parser = find_parser(load_domains(["banking"]), content, ".xml")
        if parser is None:
            raise ConfigError(f"{str(path)!r} is no regulation in RegML.")
        parsed = parser.parse(SourceDocument(uri=name, content=content, title=name))
        origin = Origin(
            document_id=name,
            uri=name,
            title=parsed.title or name,
            sections={section.path: section.path for section in parsed.sections},
        )
        yield parsed, cut(parsed, (), origin, target=IngestSettings().passage_characters)


def _labels(parsed: "ParsedDocument") -> Iterator[tuple[str, int]]:
    """Label and offset of every paragraph that is a section: `1005.7(b)(1)` of `1005.7(b)(1) Liability`."""
    for section in parsed.sections:
        if found := _LABEL.match(section.path.rpartition(PATH_SEPARATOR)[2]):
            yield found[0], section.start


REGULATIONS = Source(
    "Regulations B, E and DD with written questions",
    "regulations public domain (US Government), questions Apache-2.0",
    len(questions()),
    _read,
)
