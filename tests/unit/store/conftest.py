"""Documents to store, made without parser, scrubber and encoder. `killed_writer.py` uses them as well."""

import datetime as dt
import hashlib
from pathlib import Path

import numpy as np
import pytest

from ragslm._spans import Replacement
from ragslm.store.catalogue import Catalogue
from ragslm.store.records import NewDocument, NewPassage
from ragslm.types import Block, LabelledField, PageSpan, ParsedDocument, Passage, Section, SourceDocument

KEY = bytes(range(32))
DIM = 8


def make_document(
    name: str,
    *,
    content: bytes = b"content",
    count: int = 3,
    domain: str = "medical",
    scope: str | None = None,
    readers: frozenset[str] | None = None,
    date: dt.date | None = None,
    title: str | None = None,
    source: str | None = "/docs",
) -> NewDocument:
    """A document of `count` passages; ids follow from name, content and position."""
    id_ = hashlib.sha256(f"{domain} {name}".encode()).hexdigest()[:16]
    uri = f"file:///docs/{name}"
    text = "Mrs Smith takes aspirin. " * max(count, 1)
    return NewDocument(
        source=SourceDocument(uri=uri, content=content, source=source, version="v1", metadata={"ward": 3}),
        id=id_,
        domain=domain,
        sha256=hashlib.sha256(content).hexdigest(),
        parsed=ParsedDocument(
            text=text,
            title="Smith",
            effective_date=date,
            scope=scope,
            pages=(PageSpan(1, 0, 10), PageSpan(2, 10, len(text))),
            sections=(Section("A › B", 0, 10),),
            blocks=(Block("paragraph", 0, 10),),
            fields=(LabelledField(4, 9, "PERSON", "Patient.name"),),
        ),
        replacements=(Replacement(4, 9, "PERSON_7K3QXA"),),
        media_type="text/plain",
        parser="text",
        title=name if title is None else title,
        effective_date=date,
        scope=scope,
        readers=readers,
        passages=[_passage(id_, uri, name, content, number) for number in range(count)],
    )


def _passage(document_id: str, uri: str, name: str, content: bytes, number: int) -> NewPassage:
    digest = hashlib.sha256(f"{document_id} {number}".encode() + content).digest()
    vector = np.frombuffer(digest, dtype=np.uint8)[:DIM].astype(np.float32)
    return NewPassage(
        passage=Passage(
            id=int.from_bytes(digest[:8], "big") >> 1,
            document_id=document_id,
            uri=uri,
            title=name,
            page=number + 1,
            section="A › B",
            text=f"PERSON_7K3QXA takes aspirin {number}.",
            start=25 * number,
            end=25 * number + 25,
        ),
        header=f"{name} › A › B",
        replacements=(Replacement(25 * number + 4, 25 * number + 9, "PERSON_7K3QXA"),),
        vector=vector / np.linalg.norm(vector),
    )


@pytest.fixture
def catalogue(tmp_path: Path):
    with Catalogue.create(tmp_path / "workspace", KEY) as made:
        yield made


@pytest.fixture
def new_document():
    return make_document


@pytest.fixture
def key() -> bytes:
    return KEY
