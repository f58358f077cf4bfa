"""Rows, an encoder and a workspace small enough to reason about."""

import datetime as dt
import hashlib
import zlib
from types import SimpleNamespace

import numpy as np
import pytest

from ragslm.retrieval.tokens import tokens
from ragslm.store.catalogue import Catalogue
from ragslm.store.records import Change, IndexIdentity, IndexRow, NewDocument, NewPassage
from ragslm.types import Identity, ParsedDocument, Passage, SourceDocument

DIM = 64
KEY = bytes(range(32))
OWNER = Identity.local_owner()


class WordEmbedder:
    """Adds up one fixed direction per word: texts that share words are close."""

    identity = "words@1"
    dim = DIM

    def embed(self, texts):
        vectors = np.zeros((len(texts), DIM), dtype=np.float32)
        for i, text in enumerate(texts):
            for word in tokens(text):
                vectors[i] += np.random.default_rng(zlib.crc32(word.encode())).normal(size=DIM)
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def row(id_, document, text):
    return IndexRow(id=id_, document=document, text=text, vector=WordEmbedder().embed([text])[0])


def adding(seq, id_, document, text):
    return Change(seq=seq, added=row(id_, document, text))


def removing(seq, id_):
    return Change(seq=seq, removed=id_)


def put(catalogue, title, texts, *, section=None, scope=None, readers=None, domain="generic", date=None):
    """Store a document of one passage per text; returns the passage ids."""
    id_ = hashlib.sha256(f"{domain}{title}".encode()).hexdigest()[:16]
    embedder = WordEmbedder()
    passages = []
    for i, text in enumerate(texts):
        digest = hashlib.sha256(f"{id_}{i}{text}".encode()).digest()
        passage = Passage(
            id=int.from_bytes(digest[:8]) >> 1,
            document_id=id_,
            uri=f"file:///{title}",
            title=title,
            page=i + 1,
            section=section,
            text=text,
            start=0,
            end=len(text),
            date=date,
        )
        header = f"{title} › page {i + 1}"
        vector = embedder.embed([f"{header}\n{text}"])[0]
        passages.append(NewPassage(passage=passage, header=header, vector=vector))
    catalogue.put_document(
        NewDocument(
            source=SourceDocument(uri=f"file:///{title}", content=b"x", title=title),
            id=id_,
            domain=domain,
            sha256="0" * 64,
            parsed=ParsedDocument(text="\n".join(texts)),
            media_type="text/plain",
            parser="text",
            title=title,
            effective_date=date,
            scope=scope,
            readers=readers,
            passages=passages,
        ),
        identity=OWNER,
    )
    return [p.passage.id for p in passages]


@pytest.fixture
def small():
    """The helpers of this file, for tests to use."""
    return SimpleNamespace(
        row=row,
        adding=adding,
        removing=removing,
        put=put,
        embedder=WordEmbedder(),
        key=KEY,
        owner=OWNER,
        dim=DIM,
    )


@pytest.fixture
def catalogue(tmp_path):
    with Catalogue.create(tmp_path / "workspace", KEY) as made:
        made.set_identity(IndexIdentity(embedder="words@1", dim=DIM, chunker="1", scrubber="1"))
        put(made, "3M 2018 10-K", ["Purchases of property and plant were 1,577.", "Net sales grew in Asia."])
        put(made, "3M 2022 10-K", ["Purchases of property and plant were 1,749.", "Net sales fell in Asia."])
        put(made, "Leave policy", ["Staff take thirty days of leave.", "Net sales fell in Asia."])
        put(made, "Ann report", ["Haemoglobin was low."], scope="patient-1", date=dt.date(2024, 5, 1))
        put(made, "Board paper", ["The merger is planned."], readers=frozenset({"board"}))
        yield made
