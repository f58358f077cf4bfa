"""One ingest run: what is new or changed goes in, what is gone goes out, what is broken is named."""

import hashlib
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ragslm._spans import Replacement
from ragslm.errors import IndexMismatchError, QuarantineError, ScrubError
from ragslm.ingest.files import Files
from ragslm.ingest.messages import Parsed
from ragslm.ingest.parsing import ParserPool
from ragslm.ingest.passages import CHUNKER, Cut, cut, document_id
from ragslm.protocols import Connector, Embedder, Scrubber
from ragslm.settings import IngestSettings
from ragslm.store.catalogue import Catalogue
from ragslm.store.records import IndexIdentity, NewDocument, NewPassage
from ragslm.types import Identity, IngestReport, Scrubbed, SourceDocument

Progress = Callable[[int, int | None, str], None]

_log = logging.getLogger(__name__)

EMBED_BATCH = 256
"""Passages embedded together over several documents: enough to sort by length, and soon committed."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that waits for its vectors."""

    source: SourceDocument
    sha256: str
    parsed: Parsed
    replacements: tuple[Replacement, ...]
    title: str = field(repr=False)
    cuts: list[Cut]


class Ingest:
    """Brings documents into the catalogue under one domain's profile.

    Each document commits in one transaction; once it is counted, it survives anything. Thread-safe: runs
    of one workspace follow each other.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        scrubber: Scrubber,
        embedder: Embedder,
        *,
        settings: IngestSettings,
        domains: Sequence[str],
        domain: str,
    ) -> None:
        self._catalogue = catalogue
        self._scrubber = scrubber
        self._embedder = embedder
        self._settings = settings
        self._domain = domain
        self._pool = ParserPool(domains, settings)

    def run(
        self,
        source: Path | Connector,
        *,
        identity: Identity,
        scope: str | None = None,
        readers: frozenset[str] | None = None,
        progress: Progress | None = None,
        rebuild: bool = False,
    ) -> IngestReport:
        """Ingest a folder, a file or a connector.

        Args:
            source: what to read. What is gone from a folder since the last run is removed.
            identity: who does this, for the audit record.
            scope: patient or account of these documents; None takes what the format tells.
            readers: who may read them; None takes what the source tells.
            progress: called with (documents done, None, stage).
            rebuild: read everything again under the present models and policy.

        Raises:
            IndexMismatchError: the workspace was filled by another encoder, cutter or scrub policy.
            StorageFullError: no space; what was counted is safe.
        """
        self._check_identity(rebuild)
        connector = self._connector(source)
        run = _Run(identity, scope, readers, progress or (lambda done, total, stage: None), rebuild)
        if isinstance(source, Path) and source.is_dir():
            run.sources.add(source.resolve().as_uri())
        waiting: list[Prepared] = []
        for document in connector.load():
            run.see(document)
            try:
                prepared = self._prepare(document, run)
            except (QuarantineError, ScrubError) as error:
                self._quarantine(document, str(error), run)
                continue
            if prepared is not None:
                waiting.append(prepared)
            if sum(len(one.cuts) for one in waiting) >= EMBED_BATCH:
                self._commit(waiting, run)
        self._commit(waiting, run)
        self._remove_gone(run)
        return run.report()

    def read(self, source: Path | Connector) -> Iterator[tuple[SourceDocument, Scrubbed]]:
        """Parse and scrub documents without storing them; what cannot be read is left out."""
        for document in self._connector(source).load():
            try:
                self._check_size(document)
                parsed = self._pool.parse(document)
                yield document, self._scrubber.scrub(parsed.document.text, parsed.document.fields)
            except (QuarantineError, ScrubError) as error:
                _log.warning("a document was left out: %s", error)

    def _connector(self, source: Path | Connector) -> Connector:
        return Files(source, self._settings.max_bytes) if isinstance(source, Path) else source

    def close(self) -> None:
        """End the parsing worker."""
        self._pool.close()

    # ---------------------------------------------------------------- the steps of one document

    def _prepare(self, document: SourceDocument, run: "_Run") -> Prepared | None:
        """Parse, scrub and cut; None if it is unchanged."""
        sha256 = hashlib.sha256(document.content).hexdigest()
        if not run.rebuild and self._known(document, sha256, run):
            run.counts["unchanged"] += 1
            return None
        self._check_size(document)
        with run.stage("parse"):
            parsed = self._pool.parse(document)
        if len(parsed.document.text) > self._settings.max_characters:
            raise QuarantineError(
                f"The text has {len(parsed.document.text):,} characters; at most "
                f"{self._settings.max_characters:,} are taken (ingest.max_characters)."
            )
        if not parsed.document.text.strip():
            raise QuarantineError("No text was found. A scanned document needs text recognition first.")
        with run.stage("scrub"):
            scrubbed, title, sections = self._scrub(document, parsed)
        replacements = tuple(Replacement(e.start, e.end, e.replacement) for e in scrubbed.entities)
        cuts = cut(
            parsed.document,
            replacements,
            document=document_id(self._domain, document.uri),
            uri=document.uri,
            title=title,
            effective_date=parsed.document.effective_date or document.effective_date,
            sections=sections,
            target=self._settings.passage_characters,
        )
        return Prepared(document, sha256, parsed, replacements, title, cuts)

    def _known(self, document: SourceDocument, sha256: str, run: "_Run") -> bool:
        """Whether exactly this is stored already, for the same readers and scope."""
        if run.hashes(self._catalogue, self._domain).get(document.uri) != sha256:
            return False
        found = self._catalogue.find(self._domain, document.uri)
        access = self._catalogue.access_of(found) if found else None
        readers = run.readers if run.readers is not None else document.readers
        return access is not None and access.readers == readers and run.scope in {None, access.scope}

    def _check_size(self, document: SourceDocument) -> None:
        if len(document.content) > self._settings.max_bytes:
            raise QuarantineError(
                f"The document is larger than {self._settings.max_bytes:,} bytes (ingest.max_bytes)."
            )

    def _scrub(self, document: SourceDocument, parsed: Parsed) -> tuple[Scrubbed, str, dict[str, str]]:
        """The scrubbed text, title and section paths. Titles and headings hold names too."""
        text = self._scrubber.scrub(parsed.document.text, parsed.document.fields)
        title = parsed.document.title or document.title or parsed.parser
        paths = list(dict.fromkeys(section.path for section in parsed.document.sections))
        short = self._scrubber.scrub_many([title, *paths])
        originals = {parsed.document.text[e.start : e.end] for e in text.entities}
        plain = [self._scrubber.seal(one.text, sorted(originals, key=len, reverse=True)) for one in short]
        return text, plain[0], dict(zip(paths, plain[1:], strict=True))

    def _commit(self, waiting: list[Prepared], run: "_Run") -> None:
        """Embed what waits, in one batch over documents, and commit each document by itself."""
        texts = [f"{one.header}\n{one.passage.text}" for document in waiting for one in document.cuts]
        with run.stage("embed"):
            vectors = self._embedder.embed(texts) if texts else None
        start = 0
        for prepared in waiting:
            end = start + len(prepared.cuts)
            with run.stage("commit"):
                part: Any = [] if vectors is None else vectors[start:end]
                replaced = self._catalogue.put_document(
                    self._record(prepared, part, run), identity=run.identity
                )
            run.counts["changed" if replaced else "added"] += 1
            run.counts["passages"] += len(prepared.cuts)
            start = end
        waiting.clear()

    def _record(self, prepared: Prepared, vectors: Any, run: "_Run") -> NewDocument:
        source, parsed = prepared.source, prepared.parsed.document
        return NewDocument(
            source=source,
            id=document_id(self._domain, source.uri),
            domain=self._domain,
            sha256=prepared.sha256,
            parsed=parsed,
            replacements=prepared.replacements,
            media_type=prepared.parsed.media_type,
            parser=prepared.parsed.parser,
            title=prepared.title,
            effective_date=parsed.effective_date or source.effective_date,
            scope=run.scope or source.scope or parsed.scope,
            readers=run.readers if run.readers is not None else source.readers,
            passages=[
                NewPassage(
                    passage=one.passage, header=one.header, replacements=one.replacements, vector=vector
                )
                for one, vector in zip(prepared.cuts, vectors, strict=True)
            ],
        )

    def _quarantine(self, document: SourceDocument, reason: str, run: "_Run") -> None:
        """Keep the reason. An older version that could be read is removed: it is not the source any more."""
        sha256 = hashlib.sha256(document.content).hexdigest()
        old = self._catalogue.find(self._domain, document.uri)
        if old is not None:
            self._catalogue.remove_document(old, identity=run.identity)
            run.counts["removed"] += 1
        self._catalogue.put_quarantine(document.uri, sha256, document.source, reason)
        run.quarantined.append((document.uri, reason))

    def _remove_gone(self, run: "_Run") -> None:
        """Remove what a folder no longer holds."""
        for source in run.sources:
            gone = set(self._catalogue.hashes(self._domain, source)) - run.seen
            for uri in sorted(gone):
                found = self._catalogue.find(self._domain, uri)
                if found is not None:
                    self._catalogue.remove_document(found, identity=run.identity)
                    run.counts["removed"] += 1
            for uri in set(self._catalogue.quarantine_hashes(source)) - run.seen:
                self._catalogue.clear_quarantine(uri)

    def _check_identity(self, rebuild: bool) -> None:
        """Vectors of two encoders, or texts of two policies, must not meet in one index."""
        present = IndexIdentity(
            embedder=self._embedder.identity,
            dim=self._embedder.dim,
            chunker=CHUNKER,
            scrubber=self._scrubber.version,
        )
        stored = self._catalogue.identity()
        if stored is not None and stored != present and not rebuild:
            changed = [
                name
                for name in IndexIdentity.__dataclass_fields__
                if getattr(stored, name) != getattr(present, name)
            ]
            raise IndexMismatchError(
                f"The workspace was filled with another {' and '.join(changed)}. "
                "Read its sources again: ragslm ingest --rebuild PATH"
            )
        if stored != present:
            self._catalogue.set_identity(present)


@dataclass(slots=True)
class _Run:
    """What one run has seen and done."""

    identity: Identity
    scope: str | None
    readers: frozenset[str] | None
    progress: Progress
    rebuild: bool
    seen: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    quarantined: list[tuple[str, str]] = field(default_factory=list)
    stages: dict[str, float] = field(default_factory=dict)
    started: float = field(default_factory=time.perf_counter)
    known: dict[str, str] | None = None

    def see(self, document: SourceDocument) -> None:
        """Count a document."""
        self.seen.add(document.uri)
        if document.source is not None:
            self.sources.add(document.source)
        self.progress(len(self.seen), None, "reading")

    def hashes(self, catalogue: Catalogue, domain: str) -> dict[str, str]:
        """What was stored when the run began, read once."""
        if self.known is None:
            self.known = catalogue.hashes(domain)
        return self.known

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time spent inside to the stage's seconds."""
        self.progress(len(self.seen), None, name)
        start = time.perf_counter()
        try:
            yield
        finally:
            self.stages[name] = self.stages.get(name, 0.0) + time.perf_counter() - start

    def report(self) -> IngestReport:
        """The run in numbers."""
        return IngestReport(
            added=self.counts["added"],
            changed=self.counts["changed"],
            unchanged=self.counts["unchanged"],
            removed=self.counts["removed"],
            passages=self.counts["passages"],
            quarantined=tuple(self.quarantined),
            seconds=time.perf_counter() - self.started,
            stages=dict(self.stages),
        )
