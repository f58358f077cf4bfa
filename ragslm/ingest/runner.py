"""One ingest: what is new or changed goes in, what is gone goes out, what cannot be read is named."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from ragslm.errors import IndexMismatchError, QuarantineError, ScrubError, StorageFullError
from ragslm.ingest.files import UNREAD, Files, title_of, too_large
from ragslm.ingest.items import Item, Prepared, digest
from ragslm.ingest.known import Known, conditions
from ragslm.ingest.messages import Parsed, ParseFailure
from ragslm.ingest.parsing import ParserPool
from ragslm.ingest.passages import CHUNKER, Origin, cut
from ragslm.ingest.scrubbing import Cleaned, clean
from ragslm.ingest.tally import Progress, Tally
from ragslm.protocols import Connector, Embedder, Scrubber
from ragslm.settings import IngestSettings
from ragslm.store.catalogue import Catalogue
from ragslm.store.records import IndexIdentity, NewDocument, NewPassage
from ragslm.types import Identity, IngestReport, Scrubbed, SourceDocument

if TYPE_CHECKING:
    from ragslm.protocols import Vectors

_log = logging.getLogger(__name__)

SCRUB_CHARACTERS = 200_000
"""Characters scrubbed together: small documents share a batch, a long report is one by itself."""
SCRUB_DOCUMENTS = 32
"""Documents scrubbed together at most, so that the first are acknowledged soon."""
EMBED_PASSAGES = 256
"""Passages embedded together over several documents."""
_FOREIGN = "Its language looks like {!r}; scrubbing and search are made for English and miss more there."


class Ingest:
    """Brings documents into the catalogue under one domain's profile. Thread-safe.

    A document is stored in one transaction; once it is counted, it survives anything.

    Args:
        settings: limits and size of a passage.
        domains: names of the domains whose parsers are loaded.
        domain: profile the documents are stored under.
        pool: parsing workers; None makes its own.
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
        pool: ParserPool | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._scrubber = scrubber
        self._embedder = embedder
        self._settings = settings
        self._domain = domain
        self._pool = pool or ParserPool(domains, settings)
        self._conditions = conditions(settings, tuple(domains))

    def run(
        self,
        source: Path | Connector | Iterable[SourceDocument],
        *,
        identity: Identity,
        scope: str | None = None,
        readers: frozenset[str] | None = None,
        progress: Progress | None = None,
        rebuild: bool = False,
    ) -> IngestReport:
        """Ingest a folder, a file, a connector or documents.

        What is gone from a folder, or from a source that the documents name, is removed; a single file
        never removes anything. A document that cannot be read is quarantined with its reason.

        Args:
            source: what to read.
            identity: who does this, for the audit log.
            scope: patient or account key of the documents; None takes what source or format tell.
            readers: who may read them; None takes what the source tells.
            progress: called with (documents done, in all or None, stage).
            rebuild: read everything again, and everything else the workspace holds from its stored originals,
                under the present encoder, cut and scrub policy.

        Raises:
            IndexMismatchError: the workspace was filled under another encoder, cut or scrub policy; or a
                stored document could not be rebuilt.
            StorageFullError: no space; what was counted is safe.
            ConfigError: a domain is unknown.
            MissingExtraError: a package that the parsers need is not installed.
        """
        present = self._check_identity(rebuild)
        files = Files(source, self._settings.max_bytes) if isinstance(source, Path) else None
        documents = _documents(files or source, self._settings.max_bytes)
        tally = Tally(len(files.paths()) if files else None, progress)
        known = Known(self._catalogue, self._domain, self._conditions)
        run = _Run(self, identity, tally, known)
        try:
            run.take_in(run.fresh(documents, scope, readers, rebuild))
            run.remove_gone(files)
            if rebuild:
                run.take_in(run.rest())
                run.finish_rebuild(present)
        except StorageFullError as error:
            counts = tally.counts
            raise StorageFullError(
                f"{error} Before that, {counts['added']} documents were added and {counts['changed']} "
                "changed; they are safe. The same command goes on from there."
            ) from error
        if tally.counts["changed"] or tally.counts["removed"]:
            self._catalogue.checkpoint()
        return tally.report()

    def read(self, source: Path | Connector) -> Iterator[tuple[SourceDocument, Scrubbed]]:
        """Parse and scrub documents without storing them; what cannot be read is left out, and logged."""
        for document in _documents(source, self._settings.max_bytes):
            try:
                self.check(document)
                parsed = self._pool.parse(document).document
                yield document, self._scrubber.scrub(parsed.text, parsed.fields)
            except (QuarantineError, ScrubError) as error:
                _log.warning("A document of %d bytes was left out: %s", len(document.content), error)

    def close(self) -> None:
        """End the parsing workers."""
        self._pool.close()

    # ---------------------------------------------------------------- steps of one document

    def check(self, document: SourceDocument) -> None:
        """Refuse what is not to be parsed at all.

        Raises:
            QuarantineError: its source could not read it, or it is too large.
        """
        if reason := document.metadata.get(UNREAD):
            raise QuarantineError(str(reason))
        if len(document.content) > self._settings.max_bytes:
            raise QuarantineError(too_large(len(document.content), self._settings.max_bytes))

    def scrub(self, batch: Sequence[tuple[Item, Parsed]]) -> list[Cleaned]:
        """Scrub several documents together.

        Raises:
            ScrubError: scrubbing could not be completed.
        """
        return clean(
            self._scrubber,
            [parsed.document for _, parsed in batch],
            [_title(item, parsed) for item, parsed in batch],
            [_scope(item, parsed) is not None for item, parsed in batch],
        )

    def prepare(self, item: Item, parsed: Parsed, cleaned: Cleaned) -> Prepared:
        """Cut a scrubbed document into passages."""
        origin = Origin(
            document_id=item.id,
            uri=item.document.uri,
            title=cleaned.title,
            date=item.document.effective_date or parsed.document.effective_date,
            sections=cleaned.sections,
        )
        cuts = cut(parsed.document, cleaned.replacements, origin, target=self._settings.passage_characters)
        return Prepared(
            item=item, parsed=parsed, replacements=cleaned.replacements, title=cleaned.title, cuts=cuts
        )

    def embed(self, prepared: Sequence[Prepared]) -> "Vectors":
        """Vectors of the passages of several documents, one after the other."""
        return self._embedder.embed([one.indexed for document in prepared for one in document.cuts])

    def put(self, prepared: Prepared, vectors: "Vectors", identity: Identity) -> bool:
        """Store a document; True if it replaced an older version."""
        item, parsed = prepared.item, prepared.parsed
        record = NewDocument(
            source=item.document,
            id=item.id,
            domain=item.domain,
            sha256=item.sha256,
            parsed=parsed.document,
            replacements=prepared.replacements,
            media_type=parsed.media_type,
            parser=parsed.parser,
            title=prepared.title,
            effective_date=item.document.effective_date or parsed.document.effective_date,
            scope=_scope(item, parsed),
            readers=item.readers,
            passages=[
                NewPassage(passage=c.passage, header=c.header, replacements=c.replacements, vector=vector)
                for c, vector in zip(prepared.cuts, vectors, strict=True)
            ],
        )
        return self._catalogue.put_document(record, identity=identity)

    # ---------------------------------------------------------------- the index's identity

    def _check_identity(self, rebuild: bool) -> IndexIdentity:
        """Vectors of two encoders, or texts under two policies, must not meet in one index."""
        present = IndexIdentity(
            embedder=self._embedder.identity,
            dim=self._embedder.dim,
            chunker=CHUNKER,
            scrubber=self._scrubber.version,
        )
        stored = self._catalogue.identity()
        if stored is None:
            self._catalogue.set_identity(present)
        elif stored != present and not rebuild:
            names = [
                n for n in IndexIdentity.__dataclass_fields__ if getattr(stored, n) != getattr(present, n)
            ]
            raise IndexMismatchError(
                f"The workspace was filled with another {' and '.join(names)} than is configured. "
                "Rebuild it: ragslm ingest --rebuild PATH"
            )
        return present


class _Run:
    """One run over one source."""

    def __init__(self, ingest: Ingest, identity: Identity, tally: Tally, known: Known) -> None:
        self._ingest = ingest
        self._catalogue = ingest._catalogue
        self._identity = identity
        self._tally = tally
        self._known = known
        self._seen: set[str] = set()
        self._sources: set[str] = set()
        self._finished: set[str] = set()
        self._stale: list[str] = []

    # ---------------------------------------------------------------- what to read

    def fresh(
        self,
        documents: Iterable[SourceDocument],
        scope: str | None,
        readers: frozenset[str] | None,
        rebuild: bool,
    ) -> Iterator[Item]:
        """Documents that are not stored yet as they are now, and can be tried."""
        for document in documents:
            self._seen.add(document.uri)
            if document.source is not None:
                self._sources.add(document.source)
            item = Item(
                document=document,
                sha256=digest(document.content),
                domain=self._ingest._domain,
                scope=scope if scope is not None else document.scope,
                readers=readers if readers is not None else document.readers,
            )
            if rebuild or not self._is_settled(item):
                try:
                    self._ingest.check(document)
                except QuarantineError as error:
                    self._quarantine(item, error)
                else:
                    yield item

    def rest(self) -> Iterator[Item]:
        """Every stored document that this run has not read, from its stored original."""
        for info in self._catalogue.documents():
            if info.id in self._finished:
                continue
            stored = self._catalogue.document(info.id)
            document = SourceDocument(
                uri=info.uri,
                content=stored.content,
                title=_title_of_uri(info.uri) or info.title,
                source=stored.source,
                version=stored.version,
                effective_date=info.date,
                metadata=stored.metadata,
            )
            yield Item(
                document=document,
                sha256=info.sha256,
                domain=stored.domain,
                scope=stored.scope,
                readers=stored.readers,
                stored=True,
            )

    def _is_settled(self, item: Item) -> bool:
        """Whether it is stored already, or is known not to be readable."""
        if self._known.has(item):
            self._tally.done("unchanged")
            return True
        if reason := self._known.reason(item):
            self._tally.quarantined.append((item.document.uri, reason))
            self._tally.done("quarantined")
            return True
        return False

    # ---------------------------------------------------------------- taking in

    def take_in(self, items: Iterator[Item]) -> None:
        """Parse, scrub, cut, embed and store."""
        for batch in self._parsed(items):
            self._store(self._prepared(batch))

    def _parsed(self, items: Iterator[Item]) -> Iterator[list[tuple[Item, Parsed]]]:
        """Parsed documents in batches for the scrubber; workers parse the next ones meanwhile."""
        batch: list[tuple[Item, Parsed]] = []
        outcomes = self._ingest._pool.parse_ahead(items, _document)
        while True:
            with self._tally.stage("parse"):
                item, outcome = next(outcomes, (None, None))
            if item is None or outcome is None:
                break
            if isinstance(outcome, ParseFailure):
                self._quarantine(item, outcome)
                continue
            batch.append((item, outcome))
            full = sum(len(parsed.document.text) for _, parsed in batch) >= SCRUB_CHARACTERS
            if full or len(batch) >= SCRUB_DOCUMENTS:
                yield batch
                batch = []
        if batch:
            yield batch

    def _prepared(self, batch: Sequence[tuple[Item, Parsed]]) -> list[Prepared]:
        """Scrubbed and cut. If a batch fails, one by one, so that only the culprit is quarantined."""
        with self._tally.stage("scrub"):
            try:
                cleaned = self._ingest.scrub(batch)
            except ScrubError as error:
                if len(batch) > 1:
                    return [one for pair in batch for one in self._prepared([pair])]
                self._quarantine(batch[0][0], error)
                return []
            return [self._ingest.prepare(*pair, clean) for pair, clean in zip(batch, cleaned, strict=True)]

    def _store(self, prepared: Sequence[Prepared]) -> None:
        """Embed over several documents, store each by itself."""
        for group in _groups(prepared):
            with self._tally.stage("embed"):
                vectors = self._ingest.embed(group)
            start = 0
            for one in group:
                end = start + len(one.cuts)
                self._commit(one, vectors[start:end])
                start = end

    def _commit(self, one: Prepared, vectors: "Vectors") -> None:
        try:
            with self._tally.stage("commit"):
                replaced = self._ingest.put(one, vectors, self._identity)
        except QuarantineError as error:
            self._quarantine(one.item, error)
            return
        self._finished.add(one.item.id)
        if unread := one.parsed.document.unread:
            self._tally.notes.append((one.item.document.uri, _unread(unread)))
        if (language := one.parsed.document.language) not in (None, "en"):
            self._tally.notes.append((one.item.document.uri, _FOREIGN.format(language)))
        self._tally.counts["passages"] += len(one.cuts)
        self._tally.done("changed" if replaced else "added")

    def _quarantine(self, item: Item, error: QuarantineError | ScrubError) -> None:
        """Keep the reason, and remove the older version: it is not what the source holds any more.

        A file that could not be opened may still be the same, so what is stored of it stays.
        """
        reason, uri = str(error), item.document.uri
        again = isinstance(error, ScrubError) or getattr(error, "again", False)
        if item.stored:
            self._stale.append(item.id)
        elif UNREAD not in item.document.metadata:
            self._remove(item.domain, uri)
        mark = "" if again or UNREAD in item.document.metadata else self._known.mark(item)
        self._catalogue.put_quarantine(uri, mark, item.document.source, reason)
        self._tally.quarantined.append((uri, reason))
        self._tally.done("quarantined")

    # ---------------------------------------------------------------- what is gone

    def remove_gone(self, files: Files | None) -> None:
        """Remove what the sources of this run held before and hold no more."""
        gone: set[str] = set()
        for source in self._sources | ({files.root} if files and files.root else set()):
            gone |= self._catalogue.hashes(self._ingest._domain, source).keys() - self._seen
            for uri in self._catalogue.quarantine_hashes(source).keys() - self._seen:
                self._catalogue.clear_quarantine(uri)
        unread: list[str] = []
        if files is not None and files.root is not None:
            gone |= set(self._known.below(files.root)) - self._seen
            unread = files.unread
        for uri in sorted(gone):
            if not any(uri.startswith(f"{folder}/") for folder in unread):
                self._remove(self._ingest._domain, uri)

    def _remove(self, domain: str, uri: str) -> None:
        found = self._catalogue.find(domain, uri)
        if found is not None:
            self._catalogue.remove_document(found, identity=self._identity)
            self._tally.counts["removed"] += 1

    def finish_rebuild(self, present: IndexIdentity) -> None:
        """Name what the index is made with now, if all of it is.

        Raises:
            IndexMismatchError: some stored documents could not be read again.
        """
        if self._stale:
            raise IndexMismatchError(
                f"{len(self._stale)} stored documents could not be rebuilt, the first is {self._stale[0]!r}. "
                "The quarantine list tells why. Remove them or mend the reason, then rebuild again."
            )
        self._catalogue.set_identity(present)


def _documents(
    source: Path | Connector | Iterable[SourceDocument], max_bytes: int
) -> Iterator[SourceDocument]:
    if isinstance(source, Path):
        source = Files(source, max_bytes)
    return source.load() if isinstance(source, Connector) else iter(source)


def _document(item: Item) -> SourceDocument:
    return item.document


def _title(item: Item, parsed: Parsed) -> str:
    """The format's own title, and the source's where it says more; else the parser's name."""
    own, given = parsed.document.title or "", item.document.title
    if own and given and not set(given.casefold().split()) <= set(own.casefold().split()):
        return f"{own} ({given})"
    return own or given or parsed.parser


def _title_of_uri(uri: str) -> str:
    """The title a file or an upload had; empty for other sources."""
    if not uri.startswith(("file://", "upload://")):
        return ""
    return title_of(PurePosixPath(unquote(uri.rsplit("/", 1)[-1])).stem)


def _unread(pages: Sequence[int]) -> str:
    """What to tell of pages that nobody could read."""
    some = ", ".join(map(str, pages[:10])) + (", …" if len(pages) > 10 else "")
    return (
        f"{len(pages)} pages are pictures and were not read ({some}). "
        "Run: apt-get install tesseract-ocr, then: ragslm ingest --rebuild PATH"
    )


def _scope(item: Item, parsed: Parsed) -> str | None:
    return item.scope if item.scope is not None else parsed.document.scope


def _groups(prepared: Sequence[Prepared]) -> Iterator[list[Prepared]]:
    """Documents whose passages are embedded together."""
    group: list[Prepared] = []
    for one in prepared:
        group.append(one)
        if sum(len(document.cuts) for document in group) >= EMBED_PASSAGES:
            yield group
            group = []
    if group:
        yield group
