"""Keeps a workspace in step with its sources: what is new or changed goes in, what is gone goes out.

A place in a source is committed only after every document before it is stored or quarantined. Whatever ends
a run, the next one goes on from there; a document that comes twice is unchanged by its hash.
"""

import traceback
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePath

from ragslm.errors import (
    AuditError,
    ConfigError,
    ModelError,
    NotFoundError,
    RagslmError,
    SourceError,
    StorageFullError,
    WorkspaceError,
)
from ragslm.ingest.connecting import bind
from ragslm.ingest.feed import Feed, is_document, resume
from ragslm.ingest.files import Files
from ragslm.ingest.intake import Intake
from ragslm.ingest.known import Known, conditions
from ragslm.ingest.lock import only_one
from ragslm.ingest.preview import Preview
from ragslm.ingest.runner import Ingest
from ragslm.ingest.sources import PREFIX, Source
from ragslm.ingest.tally import Tally
from ragslm.protocols import Connector, IncrementalConnector, Listener
from ragslm.settings import Settings
from ragslm.store.catalogue import Catalogue
from ragslm.store.cursors import Place
from ragslm.types import Identity, IngestReport, Progress, SourceDocument, SourceReport

MOST_TRIES = 5
"""Runs that try a dead letter again by themselves, if it was not its content that failed."""
_TWICE = "The source gave this uri twice in one listing; the first was kept."
_EVERYBODYS = (StorageFullError, AuditError, ModelError, WorkspaceError)
"""What no other source would survive either."""


class Sync:
    """Brings sources in, one at a time.

    Args:
        settings: settings of a domain, by its name.
        ingest: what brings documents of a domain in, by its name.
        default: the domain of a source that names none.
        domains: names of the configured domains.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        settings: Callable[[str], Settings],
        ingest: Callable[[str], Ingest],
        default: str,
        domains: Sequence[str],
    ) -> None:
        self._catalogue = catalogue
        self._settings = settings
        self._ingest = ingest
        self._default = default
        self._domains = domains

    def check(self, sources: Iterable[Source]) -> None:
        """Refuse sources that cannot be connected as they are written, before any of them is touched.

        Raises:
            ConfigError: kind, domain or a setting of one is wrong.
        """
        for source in sources:
            try:
                self._settings(self._domain(source))
            except ConfigError as error:
                raise ConfigError(f"{source.where}: {error}") from None
            bind(source, self._domains)

    def run(self, source: Source, *, identity: Identity, progress: Progress | None = None) -> SourceReport:
        """Bring one source in. Whatever fails in it is told in the report, so that the others go on.

        Raises:
            WorkspaceError: another synchronisation is at work, or the workspace cannot be used.
            StorageFullError: no space; what was counted is safe.
        """
        tally = Tally(None, progress)
        error = None
        with only_one(self._catalogue.path):
            before = self._catalogue.place(source.name)
            try:
                self._bring_in(source, identity, tally)
            except _EVERYBODYS:
                raise
            except Exception as failure:  # a connector may raise anything
                error = _told(failure)
            if tally.counts["changed"] or tally.counts["removed"]:
                self._catalogue.checkpoint()
            moved = self._catalogue.place(source.name) != before
        return report_of(source, tally.report(), moved, error)

    def receive(
        self, source: Source, documents: Sequence[SourceDocument], *, identity: Identity
    ) -> dict[str, str]:
        """Bring in what a source sent. When this returns, each document is stored durably: as it is, or as a
        dead letter with the reason that is returned for its uri. What was stored before is unchanged.

        A document here holds no others: members of a container would not be looked for. Synchronisations may
        be at work meanwhile: only one of them removes at a time, and nothing is removed here.

        Raises:
            SourceError: some could not be read, and nothing unread may be kept (`forget_authentication`).
            RagslmError: not all of them are stored; sent again, those that are stay as they are.
        """
        domain, tally = self._domain(source), Tally(None, None)
        run = self._ingest(domain).open(identity, tally, only=[document.uri for document in documents])
        run.letter_bytes = self._settings(domain).ingest.max_bytes
        _take(run, source, documents)
        if tally.quarantined and not run.keeps_letters:
            raise SourceError(
                f"{len(tally.quarantined)} of {len(documents)} documents could not be read and are not kept "
                "(privacy.forget_authentication). Their sender keeps them; `ragslm sync --dead-letters` "
                "tells why."
            )
        return dict(tally.quarantined)

    def listeners(self, sources: Iterable[Source]) -> list[tuple[Source, Listener]]:
        """Those of these sources that send by themselves.

        Raises:
            ConfigError: none does.
        """
        bound = [(source, bind(source, self._domains)()) for source in sources]
        found = [(source, connector) for source, connector in bound if isinstance(connector, Listener)]
        if not found:
            raise ConfigError("None of these sources sends by itself. Name one of a kind such as `mllp`.")
        return found

    def warm(self, source: Source) -> None:
        """Make ready what `receive` needs for this source."""
        self._ingest(self._domain(source)).warm()

    def preview(self, source: Source) -> SourceReport:
        """What `run` would do, as far as can be told without parsing. Nothing is changed."""
        domain = self._domain(source)
        tally = Tally(None, None)
        known = Known(
            self._catalogue, domain, conditions(self._settings(domain).ingest, tuple(self._domains))
        )
        error, moves = None, False
        try:
            connector = bind(source, self._domains)()
            if not isinstance(connector, Listener):
                moves = Preview(source, domain, known, tally).count(connector, self._place(source, domain))
        except _EVERYBODYS:
            raise
        except Exception as failure:
            error = _told(failure)
        return report_of(source, tally.report(), moves, error)

    def reopen(self, sources: Sequence[Source], uris: Collection[str] | None) -> list[Source]:
        """Let quarantined documents be tried again, `uris` or all; the sources whose next run will do so.

        Raises:
            NotFoundError: a uri is not quarantined.
        """
        letters = {letter.uri: letter for letter in self._catalogue.dead_letters()}
        if missing := [uri for uri in uris or () if uri not in letters]:
            raise NotFoundError(f"{len(missing)} of the uris are not quarantined: ragslm sync --dead-letters")
        chosen = list(letters.values()) if uris is None else [letters[uri] for uri in uris]
        self._catalogue.reopen([letter.uri for letter in chosen])
        owners = [source for source in sources if source.root in {letter.source for letter in chosen}]
        for source in owners:
            if any(letter.source == source.root and not letter.kept for letter in chosen):
                self._catalogue.forget_place(source.name)  # only the source can give it again
        return owners

    def drop(self, name: str, *, identity: Identity) -> int:
        """Remove what a source brought in, its dead letters and its place; how many documents that were.

        Raises:
            NotFoundError: there is nothing of such a source.
            WorkspaceError: a synchronisation is at work.
        """
        root = PREFIX + name
        with only_one(self._catalogue.path):
            stored, letters = self._catalogue.of_source(root), self._catalogue.quarantine_hashes(root)
            if not stored and not letters and self._catalogue.place(name) is None:
                raise NotFoundError(f"There is nothing of a source {name!r} in this workspace.")
            for document in stored:
                self._catalogue.remove_document(document, identity=identity)
            for uri in letters:
                self._catalogue.clear_quarantine(uri)
            self._catalogue.forget_place(name)
            self._catalogue.checkpoint()
        return len(stored)

    # ---------------------------------------------------------------- one source

    def _bring_in(self, source: Source, identity: Identity, tally: Tally) -> None:
        domain = self._domain(source)
        connector = bind(source, self._domains)()
        run = self._ingest(domain).open(identity, tally)
        if isinstance(connector, Listener):  # `receive` brings it in; here its dead letters are tried again
            run.letter_bytes = self._settings(domain).ingest.max_bytes
            _take(run, source, self._letters(source, domain))
            whole = False
        elif isinstance(connector, IncrementalConnector):
            whole = self._follow(source, domain, connector, run)
        else:
            _take(run, source, _each_once(connector, tally))
            run.remove_gone(connector if isinstance(connector, Files) else None, source.root)
            whole = True
        if whole:
            self._remove_strays(source, domain, identity, tally)

    def _follow(self, source: Source, domain: str, connector: IncrementalConnector, run: Intake) -> bool:
        """Take in what changed since the place kept; whether that was everything the source holds."""
        changes, whole = resume(connector, self._place(source, domain))
        # From the beginning over documents of an earlier reading, what is gone shows only at the end: a place
        # in between would leave it in.
        between = not whole or not self._has_any(source.root)
        run.letter_bytes = self._settings(domain).ingest.max_bytes
        if not whole:
            _take(run, source, self._letters(source, domain))
        feed = Feed(changes, run.remove)
        while not feed.ended:
            _take(run, source, feed.stretch())
            feed.settle()
            run.remove_gone_members()
            if between:
                self._commit(source, domain, feed.cursor)
        if feed.failure is not None:
            raise feed.failure
        if whole:
            run.remove_gone(None, source.root)
        self._commit(source, domain, feed.cursor)
        return whole

    def _has_any(self, root: str) -> bool:
        """Whether an earlier reading left something, in whichever domain."""
        return bool(self._catalogue.of_source(root) or self._catalogue.quarantine_hashes(root))

    def _letters(self, source: Source, domain: str) -> Iterator[SourceDocument]:
        for letter in self._catalogue.letters(source.root, MOST_TRIES):
            if letter.domain == domain:
                yield letter.document

    def _commit(self, source: Source, domain: str, cursor: str | None) -> None:
        if cursor is not None and cursor != self._place(source, domain):
            self._catalogue.put_place(source.name, Place(source.fingerprint(domain), cursor))

    def _place(self, source: Source, domain: str) -> str | None:
        """The cursor kept, if the source is read as it was then."""
        kept = self._catalogue.place(source.name)
        return kept.cursor if kept and kept.settings == source.fingerprint(domain) else None

    def _remove_strays(self, source: Source, domain: str, identity: Identity, tally: Tally) -> None:
        """What it brought in under another domain, before `sources.yaml` was changed."""
        for found, of in self._catalogue.of_source(source.root).items():
            if of != domain:
                self._catalogue.remove_document(found, identity=identity)
                tally.counts["removed"] += 1

    def _domain(self, source: Source) -> str:
        return source.domain or self._default


def report_of(source: Source, report: IngestReport, moved: bool, error: str | None) -> SourceReport:
    """A run's report as that of its source."""
    return SourceReport(
        name=source.name,
        added=report.added,
        changed=report.changed,
        unchanged=report.unchanged,
        removed=report.removed,
        quarantined=report.quarantined,
        notes=report.notes,
        seconds=report.seconds,
        cursor_moved=moved,
        error=error,
    )


def _take(run: Intake, source: Source, documents: Iterable[SourceDocument]) -> None:
    owned = (replace(document, source=source.root) for document in documents)
    readers = None if source.readers is None else frozenset(source.readers)
    run.take_in(run.fresh(owned, source.scope, readers))


def _each_once(connector: Connector, tally: Tally) -> Iterator[SourceDocument]:
    """A listing. Of two documents with one uri always the same one is kept, so that runs agree."""
    seen: set[str] = set()
    for found in connector.load():
        document = is_document(found)
        if document.uri in seen:
            tally.notes.append((document.uri, _TWICE))
        else:
            seen.add(document.uri)
            yield document


def _told(error: Exception) -> str:
    """An error in words. Of one that is not ours only type and place: its message may quote a document."""
    if isinstance(error, RagslmError):
        return str(error)
    last = traceback.extract_tb(error.__traceback__)[-1]
    reason = f" ({error.strerror})" if isinstance(error, OSError) and error.strerror else ""
    return f"{type(error).__name__}{reason} in {PurePath(last.filename).name}, line {last.lineno}."
