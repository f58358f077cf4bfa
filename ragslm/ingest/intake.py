"""One run of an ingest over one source, from what is to be read to what is gone."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ragslm.errors import IndexMismatchError, QuarantineError, ScrubError
from ragslm.ingest.files import UNREAD, Files, name_of, title_of
from ragslm.ingest.items import Item, Prepared, digest
from ragslm.ingest.known import Known
from ragslm.ingest.members import Members
from ragslm.ingest.messages import Parsed, ParseFailure
from ragslm.ingest.parsing import ParserPool
from ragslm.ingest.steps import Steps, scope_of
from ragslm.ingest.tally import Tally
from ragslm.store.catalogue import Catalogue
from ragslm.store.quarantine import Letter
from ragslm.store.records import IndexIdentity
from ragslm.types import EVERYONE, Identity, SourceDocument

if TYPE_CHECKING:
    from ragslm.protocols.retrieval import Vectors

SCRUB_CHARACTERS = 200_000
"""Characters scrubbed together: small documents share a batch, a long report is one by itself."""
SCRUB_DOCUMENTS = 128
"""Documents scrubbed together at most, so that the first are acknowledged soon."""
EMBED_PASSAGES = 256
"""Passages embedded together over several documents."""
_FOREIGN = "Its language looks like {!r}; scrubbing and search are made for English and miss more there."


class Intake:
    """One run over one source: takes in what is new or changed, removes what is gone. For one thread.

    Args:
        steps: what is done to each document.
        pool: parses ahead of the other steps.
        domain: profile the documents are stored under.
        identity: who does this, for the audit log.
        tally: counts, seconds and progress of the run.
        known: what was stored when the run began.
        rebuild: read again what is stored as it is.

    Attributes:
        letter_bytes: largest quarantined document that is kept as a dead letter; 0 keeps none, as for a
            source that gives it again.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        steps: Steps,
        pool: ParserPool,
        *,
        domain: str,
        identity: Identity,
        tally: Tally,
        known: Known,
        rebuild: bool,
    ) -> None:
        self._catalogue = catalogue
        self._steps = steps
        self._pool = pool
        self._domain = domain
        self._identity = identity
        self._tally = tally
        self._known = known
        self._rebuild = rebuild
        self._members = Members()
        self._opened: list[SourceDocument] = []
        self._seen: dict[str, str] = {}
        self._sources: set[str] = set()
        self._finished: set[str] = set()
        self._stale: list[str] = []
        self.letter_bytes = 0

    @property
    def keeps_letters(self) -> bool:
        """Whether a document that could not be read may be kept at all."""
        return self._steps.keeps_unread

    # ---------------------------------------------------------------- what to read

    def fresh(
        self,
        documents: Iterable[SourceDocument],
        scope: str | None,
        readers: frozenset[str] | None,
    ) -> Iterator[Item]:
        """Documents that are not stored yet as they are now, and can be tried, with their readers and scope.

        `scope` and `readers` go before what a document's source states of them; None states nothing.
        """
        for document in documents:
            sha256 = digest(document.content)
            again = self._seen.get(document.uri, sha256) != sha256  # what the catalogue had is not the latest
            self._seen[document.uri] = sha256
            if document.source is not None:
                self._sources.add(document.source)
            item = Item(
                document=document,
                sha256=sha256,
                domain=self._domain,
                scope=scope if scope is not None else document.scope,
                readers=readers if readers is not None else document.readers,
            )
            if self._rebuild or again or not self._is_settled(item):
                item = self._known.with_access(item)
                try:
                    self._steps.check(document)
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
                media_type=info.media_type,
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
                keeps_readers=True,
                stored=True,
            )

    def _is_settled(self, item: Item) -> bool:
        """Whether it is stored already, or is known not to be readable."""
        inside = self._known.quarantined_inside(item.document)
        if self._known.has(item) and not any(again for _, _, again in inside):
            self._tally.done("unchanged")
            self._settle_members(item.document, inside)
            return True
        if reason := self._known.reason(item):
            self._tally.quarantined.append((item.document.uri, reason))
            self._tally.done("quarantined")
            return True
        return False

    def _settle_members(self, container: SourceDocument, quarantined: list[tuple[str, str, bool]]) -> None:
        """What an unchanged container holds is unchanged too."""
        for uri in self._known.inside(container):
            self._saw(uri)
            self._tally.more()
            self._tally.done("unchanged")
        for uri, reason, _ in quarantined:
            self._saw(uri)
            self._tally.more()
            self._tally.quarantined.append((uri, reason))
            self._tally.done("quarantined")

    def _saw(self, uri: str) -> None:
        """The source holds it, though it is not read now."""
        self._seen.setdefault(uri, "")

    def _inside(self, batch: Sequence[tuple[Item, Parsed]]) -> Iterator[Item]:
        """Members of containers that are not stored yet as they are now, and can be tried."""
        for item, parsed in batch:
            if not parsed.members or item.stored:  # stored members have originals of their own
                continue
            scope = scope_of(item, parsed)
            whose = EVERYONE if scope is None else scope  # the container's, whatever a member was stored with
            readers = frozenset({EVERYONE}) if item.readers is None else item.readers
            for document, reason in self._members.documents(item.document, parsed.members):
                self._tally.more()
                if reason is None:
                    yield from self.fresh([document], whose, readers)
                else:
                    self._saw(document.uri)
                    sha256 = digest(document.content)
                    member = replace(item, document=document, sha256=sha256, scope=scope)
                    self._quarantine(member, QuarantineError(reason))

    # ---------------------------------------------------------------- taking in

    def take_in(self, items: Iterator[Item]) -> None:
        """Parse, scrub, cut, embed and store. Members come before their container: whatever ends the run
        in between, the next one opens the container again.
        """
        for batch in self._parsed(items):
            self.take_in(self._inside(batch))
            self._store(self._prepared(batch))

    def _parsed(self, items: Iterator[Item]) -> Iterator[list[tuple[Item, Parsed]]]:
        """Parsed documents in batches for the scrubber; workers parse the next ones meanwhile."""
        batch: list[tuple[Item, Parsed]] = []
        held = 0
        outcomes = self._pool.parse_ahead(items, _document)
        while True:
            with self._tally.stage("parse"):
                item, outcome = next(outcomes, (None, None))
            if item is None or outcome is None:
                break
            if isinstance(outcome, ParseFailure):
                self._quarantine(item, outcome)
                continue
            batch.append((item, outcome))
            held += _size(outcome)
            if held >= SCRUB_CHARACTERS or len(batch) >= SCRUB_DOCUMENTS:
                yield batch
                batch, held = [], 0
        if batch:
            yield batch

    def _prepared(self, batch: Sequence[tuple[Item, Parsed]]) -> list[Prepared]:
        """Scrubbed and cut. If a batch fails, one by one, so that only the culprit is quarantined."""
        with self._tally.stage("scrub"):
            try:
                cleaned = self._steps.scrub(batch)
            except ScrubError as error:
                if len(batch) > 1:
                    return [one for pair in batch for one in self._prepared([pair])]
                self._quarantine(batch[0][0], error)
                return []
            return [self._steps.prepare(*pair, clean) for pair, clean in zip(batch, cleaned, strict=True)]

    def _store(self, prepared: Sequence[Prepared]) -> None:
        """Embed over several documents, store each by itself.

        Only the last of a group waits for the disk, and with it all before it: each wait costs milliseconds,
        most of what a row of a database costs. Nothing is acknowledged, and no cursor kept, in between.
        """
        for group in _groups(prepared):
            with self._tally.stage("embed"):
                vectors = self._steps.embed(group)
            stored: list[tuple[Prepared, bool]] = []
            try:
                self._commit(group, vectors, stored)
            except BaseException:
                self._catalogue.settle()  # those before are counted, so they must be on the disk
                self._count(stored)
                raise
            self._count(stored)

    def _commit(
        self, group: Sequence[Prepared], vectors: "Vectors", stored: list[tuple[Prepared, bool]]
    ) -> None:
        """Commit one after the other; `stored` is given each that is, and whether it replaced another."""
        start = 0
        for one in group:
            end = start + len(one.cuts)
            try:
                with self._tally.stage("commit"):
                    replaced = self._steps.put(
                        one, vectors[start:end], self._identity, durable=one is group[-1]
                    )
            except QuarantineError as error:
                self._quarantine(one.item, error)
            else:
                stored.append((one, replaced))
            start = end

    def _count(self, stored: Sequence[tuple[Prepared, bool]]) -> None:
        """Count what is stored and on the disk."""
        for one, replaced in stored:
            self._finished.add(one.item.id)
            self._opened.append(replace(one.item.document, content=b""))  # its bytes are not held any longer
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
        access = item.scope, item.readers
        if item.stored:
            self._stale.append(item.id)
        elif UNREAD not in item.document.metadata:
            self._remove(item.domain, uri)
            self._opened.append(replace(item.document, content=b""))
        else:
            for inside in self._known.inside(item.document):
                self._saw(inside)
        mark = "" if again or UNREAD in item.document.metadata else self._known.mark(item)
        kept = self.keeps_letters and 0 < len(item.document.content) <= self.letter_bytes
        letter = Letter(item.document, item.domain) if kept else None
        self._catalogue.put_quarantine(uri, mark, item.document.source, reason, letter, access)
        self._tally.quarantined.append((uri, reason))
        self._tally.done("quarantined")

    # ---------------------------------------------------------------- what is gone

    def remove(self, uri: str) -> None:
        """The source holds it no more, and says so."""
        container = SourceDocument(uri=uri, content=b"")
        for gone in (uri, *self._known.inside(container)):
            self._remove(self._domain, gone)
            self._catalogue.clear_quarantine(gone)
            self._known.forget(gone)
            self._seen.pop(gone, None)

    def remove_gone(self, files: Files | None, root: str | None = None) -> None:
        """Remove what the sources of this run, or `root`, held before and hold no more."""
        gone: set[str] = set()
        for source in self._sources | {r for r in (root, files and files.root) if r}:
            gone |= self._catalogue.hashes(self._domain, source).keys() - self._seen.keys()
            for uri in self._catalogue.quarantine_hashes(source).keys() - self._seen.keys():
                self._catalogue.clear_quarantine(uri)
        self.remove_gone_members()
        unread: list[str] = []
        if files is not None and files.root is not None:
            gone |= set(self._known.below(files.root)) - self._seen.keys()
            unread = files.unread
        for uri in sorted(gone):
            if not any(uri.startswith(f"{folder}/") for folder in unread):
                self._remove(self._domain, uri)

    def remove_gone_members(self) -> None:
        """Remove what containers that were opened anew held before and hold no more."""
        for container in self._opened:
            for uri in self._known.inside(container):
                if uri not in self._seen:
                    self._remove(self._domain, uri)
            for uri, _, _ in self._known.quarantined_inside(container):
                if uri not in self._seen:
                    self._catalogue.clear_quarantine(uri)
        self._opened = []

    def _remove(self, domain: str, uri: str) -> None:
        found = self._catalogue.find(domain, uri)
        if found is not None:
            self._catalogue.remove_document(found, identity=self._identity)
            self._tally.counts["removed"] += 1

    def finish_rebuild(self, present: IndexIdentity) -> None:
        """Name what the index is made with now, if all of it is; drop letters that may not be kept now.

        Raises:
            IndexMismatchError: some stored documents could not be read again.
        """
        if self._stale:
            raise IndexMismatchError(
                f"{len(self._stale)} stored documents could not be rebuilt, the first is {self._stale[0]!r}. "
                "The quarantine list tells why. Remove them or mend the reason, then rebuild again."
            )
        if not self.keeps_letters:
            self._catalogue.drop_letters()
        self._catalogue.set_identity(present)


def _document(item: Item) -> SourceDocument:
    return item.document


def _title_of_uri(uri: str) -> str:
    """The title a file or an upload had; empty for other sources."""
    if not uri.startswith(("file://", "upload://")):
        return ""
    return title_of(PurePosixPath(name_of(uri)).stem)


def _size(parsed: Parsed) -> int:
    """What a parsed document holds in memory: characters, and a part of its members' bytes."""
    return len(parsed.document.text) + sum(len(member.content) for member in parsed.members) // 100


def _unread(pages: Sequence[int]) -> str:
    """What to tell of pages with pictures that nobody read."""
    some = ", ".join(map(str, pages[:10])) + (", …" if len(pages) > 10 else "")
    return (
        f"{len(pages)} pages hold pictures that were not read ({some}). "
        "Tesseract reads those that cover most of a page: "
        "apt-get install tesseract-ocr, then: ragslm ingest --rebuild PATH"
    )


def _groups(prepared: Sequence[Prepared]) -> Iterator[list[Prepared]]:
    """Documents whose passages are embedded together."""
    group: list[Prepared] = []
    passages = 0
    for one in prepared:
        group.append(one)
        passages += len(one.cuts)
        if passages >= EMBED_PASSAGES:
            yield group
            group, passages = [], 0
    if group:
        yield group
