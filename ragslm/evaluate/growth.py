"""Real passages grown to any number by copies that differ a little, the same ones at every run.

A copy has another vector (noise of 0.4 of its length, cosine 0.93 to the original), other words in
places (one of 16 comes from another passage, three trade places) and belongs to a document of its own.
"""

import gzip
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ragslm.assistant import Assistant
from ragslm.errors import ConfigError
from ragslm.protocols import Embedder
from ragslm.registry import samples
from ragslm.store.keys import new_key
from ragslm.types import Identity, ParsedDocument, Passage, SourceDocument

if TYPE_CHECKING:
    from ragslm.store.catalogue import Catalogue
    from ragslm.store.records import Change, IndexRow

NOISE = 0.4
"""Length of what is added to a unit vector."""
REPLACED = 16
"""One word of so many comes from another passage."""
WORDS = 180
"""Longest passage that is cut from a text, in words."""
TOGETHER = 50
"""Passages of one document: filings and guidelines have some hundreds, letters one."""
BLOCK = 4_096
"""Passages made at once."""


@dataclass(frozen=True, slots=True)
class Seeds:
    """Real passages to grow a store from.

    Attributes:
        texts: header, newline, body.
        vectors: float32, shape (len(texts), dim), unit length.
        questions: what to ask.
    """

    texts: list[str] = field(repr=False)
    vectors: NDArray[np.float32] = field(repr=False)
    questions: list[str] = field(repr=False)


def seeds_of(texts: list[str], embedder: Embedder, questions: list[str]) -> Seeds:
    """Embed the texts. Without questions, pieces of the texts are asked."""
    asked = questions or [_piece(text, Random(i)) for i, text in enumerate(texts)]  # noqa: S311
    return Seeds(texts, embedder.embed(texts), asked)


def corpus_texts(folder: Path, most: int) -> tuple[list[str], list[str]]:
    """At most `most` passages, and the questions, of a folder in the layout of judged corpora.

    Raises:
        ConfigError: it has no corpus.jsonl.gz.
    """
    if not (folder / "corpus.jsonl.gz").is_file():
        raise ConfigError(f"{str(folder)!r} has no corpus.jsonl.gz. docs/evaluation.md describes the layout.")
    items = list(_lines(folder / "corpus.jsonl.gz"))
    Random(0).shuffle(items)  # noqa: S311 - a sample, not a secret
    texts: list[str] = []
    for item in items:
        words = (item.get("text") or " ".join(item.get("sentences", ()))).split()
        texts += [f"{item.get('title') or ''}\n{' '.join(few)}" for few in _cut(words)]
        if len(texts) >= most:
            break
    asked = [str(item["text"]) for item in _lines(folder / "queries.jsonl.gz")]
    Random(0).shuffle(asked)  # noqa: S311 - a sample, not a secret
    return texts[:most], asked


def sample_texts(domain: str) -> list[str]:
    """The passages of the bundled samples, as ingest cuts and scrubs them."""
    from ragslm.store.catalogue import Catalogue

    key = new_key()
    with tempfile.TemporaryDirectory(prefix="ragslm-bench-") as name:
        folder = Path(name) / "workspace"
        with Assistant.open(folder, domain, key=key) as assistant:
            assistant.ingest(samples(domain))
        with Catalogue.open(folder, bytes.fromhex(key)) as catalogue:
            return [change.added.text for change in catalogue.changes(0) if change.added]


def grown(seeds: Seeds, count: int) -> "Iterator[list[Change]]":
    """`count` passages in blocks; ids count up from 0, documents hold `TOGETHER` of them."""
    from ragslm.store.records import Change, IndexRow

    words = [text.partition("\n")[2].split() for text in seeds.texts]
    for start in range(0, count, BLOCK):
        vectors = vectors_of(seeds, start, min(start + BLOCK, count))
        yield [
            Change(
                seq=i + 1,
                added=IndexRow(id=i, document=i // TOGETHER, text=_text(seeds, words, i), vector=vector),
            )
            for i, vector in enumerate(vectors, start)
        ]


def store(catalogue: "Catalogue", block: "list[Change]") -> None:
    """Keep the passages of a block in a catalogue, in one document, under the ids they have."""
    from ragslm.store.records import NewDocument, NewPassage

    rows = [change.added for change in block if change.added]
    name = f"block {rows[0].id}"
    document = NewDocument(
        source=SourceDocument(uri=name, content=b"", title=name),
        id=name,
        domain="generic",
        sha256="0" * 64,
        parsed=ParsedDocument(text=""),
        media_type="text/plain",
        parser="bench",
        title=name,
        passages=[
            NewPassage(passage=_passage(row, name), header=row.text.partition("\n")[0], vector=row.vector)
            for row in rows
        ],
    )
    catalogue.put_document(document, identity=Identity.local_owner())


def _passage(row: "IndexRow", document: str) -> Passage:
    text = row.text.partition("\n")[2]
    return Passage(
        id=row.id,
        document_id=document,
        uri=document,
        title=document,
        page=None,
        section=None,
        text=text,
        start=0,
        end=len(text),
        date=None,
    )


def vectors_of(seeds: Seeds, start: int, end: int) -> NDArray[np.float32]:
    """The vectors of the passages `start` to `end`, float32, unit length; a block has a seed of its own."""
    originals = np.arange(start, end) % len(seeds.texts)
    noise = np.random.default_rng(start).standard_normal((end - start, seeds.vectors.shape[1]), np.float32)
    noise *= NOISE / np.sqrt(seeds.vectors.shape[1])
    noise[np.arange(start, end) < len(seeds.texts)] = 0
    vectors: NDArray[np.float32] = seeds.vectors[originals] + noise
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def _text(seeds: Seeds, words: list[list[str]], i: int) -> str:
    """A copy's text; its document is titled as its first passage's, with the number of the copy."""
    copy, original = divmod(i, len(words))
    title = seeds.texts[(i // TOGETHER * TOGETHER) % len(words)].partition("\n")[0]
    body = list(words[original])
    random = Random(i)  # noqa: S311 - a sample, not a secret
    if copy and body:
        for _ in range(1 + len(body) // REPLACED):
            body[random.randrange(len(body))] = random.choice(words[random.randrange(len(words))] or body)
        for _ in range(3):
            a, b = random.randrange(len(body)), random.randrange(len(body))
            body[a], body[b] = body[b], body[a]
    return f"{title} edition {copy}\n{' '.join(body)}"


def _piece(text: str, random: Random) -> str:
    words = text.partition("\n")[2].split()
    start = random.randrange(max(1, len(words) - 12))
    return " ".join(words[start : start + 12])


def _cut(words: list[str]) -> Iterator[list[str]]:
    return (words[start : start + WORDS] for start in range(0, len(words), WORDS))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    if path.is_file():
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)
