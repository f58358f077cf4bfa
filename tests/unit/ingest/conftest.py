"""Small stand-ins for scrubber, encoder and worker processes; the catalogue is the real one."""

import hashlib
import re
from pathlib import Path

import numpy as np
import pytest

from ragslm._spans import Replacement, apply
from ragslm.errors import QuarantineError, ScrubError
from ragslm.ingest.files import suffix_of
from ragslm.ingest.messages import ParseFailure
from ragslm.ingest.runner import Ingest
from ragslm.ingest.sync import Sync
from ragslm.ingest.worker import parse
from ragslm.registry import load_domains
from ragslm.settings import IngestSettings, Settings
from ragslm.store.catalogue import Catalogue
from ragslm.types import Entity, Identity, Scrubbed

OWNER = Identity.local_owner()
DOMAINS = ("generic", "medical", "banking")


class NameScrubber:
    """Takes `Smith` and `Jane Doe` for people. Refuses a text with `UNSCRUBBABLE`."""

    version = "names-1"
    names = re.compile(r"\b(?:Jane Doe|Smith)\b")

    def scrub(self, text, fields=(), *, subject=None, lasting=True):
        if "UNSCRUBBABLE" in text:
            raise ScrubError(f"A text of {len(text)} characters cannot be scrubbed.")
        spans = [(f.start, f.end, 1.0) for f in fields if f.entity != "KEEP"]
        spans += [(*m.span(), 0.8) for m in self.names.finditer(text)]
        found, position = [], 0
        for start, end, score in sorted(spans):
            if start >= position and end > start:
                found.append(Entity("PERSON", start, end, score, self.token(text[start:end])))
                position = end
        return Scrubbed(
            apply(text, [Replacement(e.start, e.end, e.replacement) for e in found]), tuple(found)
        )

    def scrub_many(self, texts, fields=None, subjects=None):
        return [self.scrub(*pair) for pair in zip(texts, fields or [()] * len(texts), strict=True)]

    def seal(self, texts, originals):
        known = re.compile("|".join(map(re.escape, originals)) or "(?!)")
        return [known.sub(lambda match: self.token(match[0]), text) for text in texts]

    def restore(self, text, types=None):
        return text

    @staticmethod
    def token(original):
        return "PERSON_" + hashlib.sha256(original.encode()).hexdigest()[:6].upper()


class HashEmbedder:
    """Unit vectors from digests; counts what it was asked."""

    identity = "hash-1"
    dim = 8

    def __init__(self):
        self.texts = []

    def embed(self, texts):
        self.texts += texts
        vectors = np.array(
            [list(hashlib.sha256(text.encode()).digest()[: self.dim]) for text in texts], dtype=np.float32
        ).reshape(len(texts), self.dim)
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)


class InProcess:
    """The worker's parsing without its process; counts what was parsed."""

    def __init__(self):
        self.parsed = []
        self.failing = {}

    def parse(self, document):
        self.parsed.append(document.uri)
        if document.uri in self.failing:
            raise self.failing[document.uri]
        try:
            return parse(document, suffix_of(document.uri), load_domains(DOMAINS))
        except QuarantineError as error:
            raise ParseFailure(str(error)) from None

    def parse_ahead(self, items, document):
        for item in items:
            try:
                yield item, self.parse(document(item))
            except ParseFailure as failure:
                yield item, failure

    def close(self):
        pass


def ingest_of(catalogue, scrubber=None, embedder=None, pool=None, *, domain="generic", unkept=(), **settings):
    """A real `Ingest` whose parser pool, scrubber and encoder are stand-ins; keywords are settings."""
    return Ingest(
        catalogue,
        scrubber or NameScrubber(),
        embedder or HashEmbedder(),
        settings=IngestSettings(**settings),
        domains=DOMAINS,
        domain=domain,
        pool=pool or InProcess(),
        unkept=unkept,
    )


def sync_of(catalogue, make):
    """A real `Sync` over what `make` gives for a domain; each is made once."""
    made = {}
    return Sync(
        catalogue,
        settings=lambda _: Settings(),
        ingest=lambda domain: made.setdefault(domain, make(domain=domain)),
        default="generic",
        domains=DOMAINS,
    )


@pytest.fixture
def catalogue(tmp_path: Path):
    with Catalogue.create(tmp_path / "workspace", bytes(range(32))) as made:
        yield made


@pytest.fixture
def embedder():
    return HashEmbedder()


@pytest.fixture
def pool():
    return InProcess()


@pytest.fixture
def folder(tmp_path: Path):
    made = tmp_path / "docs"
    made.mkdir()
    return made


@pytest.fixture
def make(catalogue, embedder, pool):
    """An `Ingest` over the catalogue; keywords are settings, `scrubber` and `domain`."""

    def build(*, scrubber=None, domain="generic", **settings):
        return ingest_of(catalogue, scrubber, embedder, pool, domain=domain, **settings)

    return build


@pytest.fixture
def run(make):
    """Run over a source with the defaults."""

    def go(source, **given):
        return make().run(source, identity=OWNER, **given)

    return go


@pytest.fixture
def scrubber():
    return NameScrubber()
