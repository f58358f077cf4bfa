"""Shown sentences and their citations opened: does each span hold the cited words, at the right place?

`ragslm eval citations --data DIR …` asks the questions of `ragslm.evaluate.facts`, or those of a set that
`ragslm eval answers` reads, of an assistant and opens every citation of every sentence shown as the page
does. A citation is right if four things agree: the words it quotes, the same span of the original parsed
anew, what the opened page lights up, and the page named. An owner cleared for everything asks, so that all of
them are in clear and can be compared.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ragslm.assistant import Assistant
from ragslm.evaluate.answers.sets import AnswerSet, read_set
from ragslm.evaluate.answers.workspace import kept_or_scratch
from ragslm.evaluate.answers.workspace import opened as opened_set
from ragslm.evaluate.facts import UNHURRIED, Fact, opened, parsed, tables
from ragslm.evaluate.grounding import Share
from ragslm.evaluate.intervals import wilson
from ragslm.generation.extractive import ExtractiveEngine
from ragslm.privacy.plain_text import plain
from ragslm.types import Answer, Citation, Filters

TextOf = Callable[[str], str]
"""The text of an original, parsed anew, by its uri."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One sentence that was shown.

    Attributes:
        cited: whether it cites anything.
        right: whether all it cites opens rightly.
        format: ending of the first cited file's name; empty if it cites none.
    """

    cited: bool
    right: bool
    format: str


def measure_opened(folders: Sequence[Path], *, sample: int = 0, kept: Path | None = None) -> Iterator[Share]:
    """Shares of shown sentences that are cited and opened, table by table, by format, then of all together.

    Args:
        folders: of tables of facts, or of one set each.
        sample: questions of each set at most, drawn with seed 0; 0: all.
        kept: folder in which a set's documents stay between runs, in a folder of its name.
    """
    every: list[Shown] = []
    for folder in folders:
        for name, found in _tables(folder) if any(folder.glob("*/*.jsonl")) else _set(folder, sample, kept):
            shown = list(found)
            every += shown
            yield _share(f"{name}: cited and opened at the right place", shown)
    for ending in sorted({one.format for one in every} - {""}):
        yield _share(f"all {ending}: opened at the right place", [o for o in every if o.format == ending])
    cited = sum(one.cited for one in every)
    yield Share("all: cited", cited / max(1, len(every)), *wilson(cited, len(every)), len(every))
    yield _share("all: cited and opened at the right place", every)


def opens(assistant: Assistant, citation: Citation, text: str) -> bool:
    """Whether a citation leads to the words it quotes.

    Args:
        assistant: whose owner is cleared.
        citation: of a shown sentence.
        text: the original, parsed anew.
    """
    quote = _plain(citation.quote)
    mark = (citation.start, citation.end)
    view = assistant.page(citation.document_id, 0, marks=[mark])
    lit = " ".join(view.text[start:end] for start, end in view.marks)
    named = citation.page is None or citation.page == view.number
    return bool(quote) and quote == _plain(text[slice(*mark)]) == _plain(lit) and named


def _tables(folder: Path) -> Iterator[tuple[str, Iterator[Shown]]]:
    """Name and shown sentences of each table of facts."""
    for domain, name, facts in tables(folder):
        yield name, _of_facts(domain, facts)


def _of_facts(domain: str, facts: Sequence[Fact]) -> Iterator[Shown]:
    """Every sentence of every answer to the questions of one table, each asked of its own file."""
    files = {fact.file for fact in facts}
    with (
        tempfile.TemporaryDirectory(prefix="ragslm-eval-") as scratch,
        opened(Path(scratch), domain, files) as (assistant, uri_of),
    ):
        text_of = _texts(domain)
        for fact in facts:
            answer = assistant.ask(fact.question, filters=Filters(uri=uri_of(fact.file)))
            yield from _of(assistant, answer, text_of)


def _set(folder: Path, sample: int, kept: Path | None) -> Iterator[tuple[str, Iterator[Shown]]]:
    """Name and shown sentences of the one set in a folder."""
    chosen = read_set(folder)
    yield chosen.name, _of_set(chosen, sample, kept and kept / chosen.name)


def _of_set(chosen: AnswerSet, sample: int, kept: Path | None) -> Iterator[Shown]:
    """Every sentence of every answer to a set's questions, asked of all its documents."""
    with (
        kept_or_scratch(kept) as folder,
        opened_set(
            chosen, folder, kept=kept is not None, engine=ExtractiveEngine(), retrieval=UNHURRIED
        ) as assistant,
    ):
        text_of = _texts(chosen.domain)
        for asked in chosen.sample(sample, seed=0):
            yield from _of(assistant, assistant.ask(asked.text), text_of)


def _of(assistant: Assistant, answer: Answer, text_of: TextOf) -> Iterator[Shown]:
    cited = {one.label: one for one in answer.citations}
    right = {label: opens(assistant, one, text_of(one.uri)) for label, one in cited.items()}
    for sentence in answer.sentences:
        labels = sentence.citations
        ending = _file(cited[labels[0]].uri).suffix.lower() if labels and labels[0] in cited else ""
        yield Shown(bool(labels), bool(labels) and all(right.get(one, False) for one in labels), ending)


def _texts(domain: str) -> TextOf:
    """Texts of a domain's files, each parsed once."""
    return cache(lambda uri: parsed(_file(uri), domain).text)


def _file(uri: str) -> Path:
    return Path(unquote(urlsplit(uri).path))


def _plain(text: str) -> str:
    """The words as they may be shown, in small letters: a name put back is spelled as it was first met."""
    return " ".join(plain(text).casefold().split())


def _share(name: str, shown: Sequence[Shown]) -> Share:
    right = sum(one.right for one in shown)
    return Share(name, right / max(1, len(shown)), *wilson(right, len(shown)), len(shown))
