"""Shown sentences and their citations opened: does each span hold the cited words, at the right place?

`ragslm eval citations --data DIR` asks the questions of `ragslm.evaluate.facts` of an assistant and opens
every citation of every sentence shown as the page does. A citation is right if four things agree: the words
it quotes, the same span of the original parsed anew, what the opened page lights up, and the page named. An
owner cleared for everything asks, so that all of them are in clear and can be compared.
"""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ragslm.assistant import Assistant
from ragslm.evaluate.facts import Fact, opened, parsed, tables
from ragslm.evaluate.grounding import Share
from ragslm.evaluate.intervals import wilson
from ragslm.privacy.plain_text import plain
from ragslm.types import Answer, Citation, Filters


@dataclass(frozen=True, slots=True)
class Shown:
    """One sentence that was shown: whether it cites anything, and whether all it cites opens rightly."""

    cited: bool
    right: bool


def measure_opened(data: Path) -> Iterator[Share]:
    """Shares of shown sentences that are cited and opened, table by table, then of all together."""
    every: list[Shown] = []
    for domain, name, facts in tables(data):
        shown = list(_shown(domain, facts))
        every += shown
        yield _share(f"{name}: cited and opened at the right place", [one.right for one in shown])
    yield _share("all tables: cited", [one.cited for one in every])
    yield _share("all tables: cited and opened at the right place", [one.right for one in every])


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


def _shown(domain: str, facts: Sequence[Fact]) -> Iterator[Shown]:
    """Every sentence of every answer to the questions of one table."""
    texts = {file: parsed(file, domain).text for file in {fact.file for fact in facts}}
    with (
        tempfile.TemporaryDirectory(prefix="ragslm-eval-") as scratch,
        opened(Path(scratch), domain, texts) as (assistant, uri_of),
    ):
        for fact in facts:
            answer = assistant.ask(fact.question, filters=Filters(uri=uri_of(fact.file)))
            yield from _of(assistant, answer, texts[fact.file])


def _of(assistant: Assistant, answer: Answer, text: str) -> Iterator[Shown]:
    right = {one.label: opens(assistant, one, text) for one in answer.citations}
    for sentence in answer.sentences:
        cited = bool(sentence.citations)
        yield Shown(cited, cited and all(right.get(label, False) for label in sentence.citations))


def _plain(text: str) -> str:
    """The words as they may be shown, in small letters: a name put back is spelled as it was first met."""
    return " ".join(plain(text).casefold().split())


def _share(name: str, right: Sequence[bool]) -> Share:
    return Share(name, sum(right) / max(1, len(right)), *wilson(sum(right), len(right)), len(right))
