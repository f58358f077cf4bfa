"""Questions over banking regulations in customers' and staff's words, for reranker and question encoder.

`regulation_questions.tsv` names a paragraph and asks what it answers, in other words than the paragraph's
own; written for this project by language models, under its licence. The regulations are works of the US
Government, in the public domain (17 U.S.C. 105).

Nothing that measures is learnt from: the sections of `MEASURED`, which the questions of `tests/data/cfpb` and
`tests/data/cfpb_check` ask about, are neither asked about nor in the pool, with every paragraph in them and
every comment on them. The 41 validation questions of `tests/data/unanswerable` whose source is `cfpb` are of
`tests/data/cfpb`, so of these sections too.
"""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ragslm.errors import ConfigError
from ragslm.ingest.headers import SEPARATOR
from ragslm.settings import IngestSettings
from ragslm.specialise.sources import Asked, Pool, Source

if TYPE_CHECKING:
    from ragslm.ingest.passages import Cut
    from ragslm.types import ParsedDocument

QUESTIONS = Path(__file__).with_name("regulation_questions.tsv")
MEASURED = frozenset(
    "1002.2 1002.5 1002.6 1002.7 1002.9 1002.12 1002.13 1002.14 1005.3 1005.5 1005.6 1005.8 1005.9 1005.10 "
    "1005.11 1005.13 1005.16 1005.17 1005.20 1005.33 1005.34 1030.2 1030.3 1030.4 1030.5 1030.7 1030.8 "
    "1030.9 1030.11".split()
)
"""Sections that questions of the evaluation name."""
_SECTION = re.compile(r"\b1\d{3}\.\d+")
_LABEL = re.compile(r"(?:Comment )?1\d{3}\.\d+\S*")


def questions() -> list[tuple[str, str]]:
    """Label of a paragraph, and a question that it answers."""
    lines = QUESTIONS.read_text("utf-8").splitlines()
    pairs = [line.partition("\t") for line in lines if not line.startswith("#")]
    return [(label, question) for label, _, question in pairs]


def section_of(label: str) -> str | None:
    """The section that a label or a section path names first: `1005.7` of `Comment 1005.7(b)-1`."""
    found = _SECTION.search(label)
    return found[0] if found else None


def _read(data: Path) -> Pool:
    """The regulations in the folder `cfpb_regs_dev`, cut as ingest cuts them, without what measures."""
    passages: list[str] = []
    place: dict[str, int] = {}
    for parsed, cuts in documents(data / "cfpb_regs_dev"):
        labels = list(_labels(parsed))
        for cut in cuts:
            if section_of(cut.passage.section or "") in MEASURED:
                continue
            inside = [name for name, at in labels if cut.passage.start <= at < cut.passage.end]
            place |= dict.fromkeys(inside, len(passages))
            passages.append(cut.indexed)
    asked = [
        Asked(question, frozenset([place[label]]), section_of(label) or label)
        for label, question in questions()
        if label in place
    ]
    return Pool(passages, asked)


def documents(folder: Path) -> "Iterator[tuple[ParsedDocument, list[Cut]]]":
    """Every regulation of the folder, parsed and cut as ingest does."""
    from ragslm.ingest.passages import Origin, cut
    from ragslm.registry import find_parser, load_domains
    from ragslm.types import SourceDocument

    for path in sorted(folder.glob("*.xml.gz")):
        content, name = gzip.decompress(path.read_bytes()), path.name.removesuffix(".gz")
        parser = find_parser(load_domains(["banking"]), content, ".xml")
        if parser is None:
            raise ConfigError(f"{str(path)!r} is no regulation in RegML..")
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
        if found := _LABEL.match(section.path.rpartition(SEPARATOR)[2]):
            yield found[0], section.start


REGULATIONS = Source(
    "Regulations B, E and DD with written questions",
    "regulations public domain (US Government), questions Apache-2.0",
    len(questions()),
    _read,
)
