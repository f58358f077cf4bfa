"""One ingest: what is new or changed goes in, what is gone goes out, what cannot be read is named."""

import logging
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from ragslm.errors import ConfigError, IndexMismatchError, QuarantineError, ScrubError, StorageFullError
from ragslm.ingest.files import Files
from ragslm.ingest.intake import Intake
from ragslm.ingest.known import Known, conditions
from ragslm.ingest.parsing import ParserPool
from ragslm.ingest.passages import CHUNKER
from ragslm.ingest.scrubbed_files import scrub_documents
from ragslm.ingest.steps import Steps
from ragslm.ingest.tally import Tally
from ragslm.protocols import Connector, Embedder, Scrubber
from ragslm.settings import IngestSettings
from ragslm.store.catalogue import Catalogue
from ragslm.store.records import IndexIdentity
from ragslm.types import Identity, IngestReport, Progress, Scrubbed, ScrubbedDocument, SourceDocument

_log = logging.getLogger(__name__)


class Ingest:
    """Brings documents into the catalogue under one domain's profile. Thread-safe.

    A document is stored in one transaction; once it is counted, it survives anything.

    Args:
        settings: limits and size of a passage.
        domains: names of the domains whose parsers are loaded.
        domain: profile the documents are stored under.
        pool: parsing workers; None makes its own.
        unkept: entity types of which no original is stored.
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
        unkept: Collection[str] = (),
    ) -> None:
        self._catalogue = catalogue
        self._scrubber = scrubber
        self._embedder = embedder
        self._steps = Steps(catalogue, scrubber, embedder, settings, unkept)
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
            scope: patient or account key of the documents, `EVERYONE` for none; None takes what the source
                states, else what was stated before, else what the format tells.
            readers: who may read them, `EVERYONE` among them for every user; None takes what the source
                states, else who may read the stored version, else everyone.
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
        run = self._intake(identity, tally, rebuild=rebuild)
        try:
            run.take_in(run.fresh(documents, scope, readers))
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

    def open(self, identity: Identity, tally: Tally, only: Collection[str] | None = None) -> Intake:
        """A run that the caller feeds piece by piece, as `ragslm.ingest.sync` does.

        Args:
            identity: who does this, for the audit log.
            tally: counts, seconds and progress of the run.
            only: uris of all its documents, if they are few: what else is stored is not looked at.

        Raises:
            IndexMismatchError: the workspace was filled under another encoder, cut or scrub policy.
        """
        self._check_identity(rebuild=False)
        return self._intake(identity, tally, rebuild=False, only=only)

    def _intake(
        self, identity: Identity, tally: Tally, *, rebuild: bool, only: Collection[str] | None = None
    ) -> Intake:
        return Intake(
            self._catalogue,
            self._steps,
            self._pool,
            domain=self._domain,
            identity=identity,
            tally=tally,
            known=Known(self._catalogue, self._domain, self._conditions, only),
            rebuild=rebuild,
        )

    def read(self, source: Path | Connector) -> Iterator[tuple[SourceDocument, Scrubbed]]:
        """Parse and scrub documents without storing them; what cannot be read is left out, and logged.

        A document comes once its pseudonyms are on the disk, so that whoever keeps it can restore it.
        """
        for document in _documents(source, self._settings.max_bytes):
            try:
                self._steps.check(document)
                parsed = self._pool.parse(document).document
                subject = document.scope if document.scope is not None else parsed.scope
                scrubbed = self._scrubber.scrub(parsed.text, parsed.fields, subject=subject)
                self._catalogue.settle()
                yield document, scrubbed
            except (QuarantineError, ScrubError) as error:
                _log.warning("A document of %d bytes was left out: %s", len(document.content), error)

    def scrub(self, source: Path) -> Iterator[ScrubbedDocument]:
        """Parse and scrub a file or folder with everything inside it, and store nothing; else as `read`."""
        documents = Files(source, self._settings.max_bytes).load()
        for document in scrub_documents(documents, self._pool, self._steps, self._scrubber):
            self._catalogue.settle()
            yield document

    def warm(self) -> None:
        """Load the models and start a parsing worker, so that the first sender need not wait for them."""
        self._scrubber.scrub("Warm.")
        self._embedder.embed(["Warm."])
        with suppress(QuarantineError):  # whether any parser reads it does not matter
            self._pool.parse(SourceDocument(uri="warm:/text.txt", content=b"Warm.", media_type="text/plain"))

    def close(self) -> None:
        """End the parsing workers."""
        self._pool.close()

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


def _documents(
    source: Path | Connector | Iterable[SourceDocument], max_bytes: int
) -> Iterator[SourceDocument]:
    if isinstance(source, Path):
        source = Files(source, max_bytes)
    if isinstance(source, Connector):
        return source.load()
    if hasattr(source, "load"):
        raise ConfigError(
            f"{type(source).__name__} is no Connector: it lacks `name` or its field `policy`. Nothing is "
            "indexed without a field policy; see docs/write-a-connector.md."
        )
    return iter(source)
