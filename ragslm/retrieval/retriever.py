"""HybridRetriever: what this identity may read, by meaning, by words and by the documents it names."""

import logging
from collections.abc import Callable, Mapping
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING

from ragslm._in_force import asks_history
from ragslm.errors import IndexMismatchError, StorageFullError
from ragslm.protocols import Embedder
from ragslm.retrieval.asides import asks_aside, set_back
from ragslm.retrieval.duplicates import Seen
from ragslm.retrieval.fusion import DenseShare
from ragslm.retrieval.glossary import spelled_out
from ragslm.retrieval.index import Found
from ragslm.retrieval.indexes import LAYOUT, Indexes
from ragslm.retrieval.known_questions import KnownQuestions
from ragslm.retrieval.late_interaction import LateInteraction
from ragslm.retrieval.ranking import Asked, rank
from ragslm.retrieval.reordered import reordered
from ragslm.retrieval.reranker import Reranker
from ragslm.retrieval.sharing import SharedLock
from ragslm.retrieval.snapshot import Snapshot, SnapshotError, read, write
from ragslm.retrieval.whom import without_patient
from ragslm.settings import RetrievalSettings
from ragslm.types import Filters, Hit, Identity

if TYPE_CHECKING:
    from ragslm.store.catalogue import Catalogue
    from ragslm.store.records import StoredPassage

log = logging.getLogger(__name__)


def no_glossary(domain: str) -> Mapping[str, str]:
    """No domain has abbreviations to spell out."""
    return {}


def no_known_questions(domain: str) -> KnownQuestions | None:
    """No domain knows a question's paragraph."""
    return None


def no_late_interaction(domain: str) -> LateInteraction | None:
    """No domain compares its candidates by sentences."""
    return None


def no_reranker(domain: str) -> Reranker | None:
    """No domain reads its candidates a second time."""
    return None


class HybridRetriever:
    """Searches the derived indexes of one workspace. Thread-safe.

    Before each search it takes in what was committed since, by whichever process. Indexes come from the
    snapshot if that is whole and of the same making, else from the catalogue.

    Args:
        catalogue: the source of truth.
        embedder: the encoder the stored vectors were made with.
        settings: by domain, how many candidates, the share of the dense score, and what stands aside.
        index_key: 32 bytes, a key of its own for the snapshot's files.
        glossary: abbreviations by domain, spelled out in the question before searching.
        questions: by domain, what embeds its questions; None: the encoder of the vectors.
        known_questions: by domain, questions whose paragraph is known; None: there are none.
        late_interaction: by domain, what compares the best by sentences; None leaves the fused order.
        reranker: by domain, what orders the best candidates anew; None leaves the fused order.
    """

    def __init__(
        self,
        catalogue: "Catalogue",
        embedder: Embedder,
        settings: Callable[[str], RetrievalSettings],
        index_key: bytes,
        *,
        glossary: Callable[[str], Mapping[str, str]] = no_glossary,
        questions: Callable[[str], Embedder] | None = None,
        known_questions: Callable[[str], KnownQuestions | None] = no_known_questions,
        late_interaction: Callable[[str], LateInteraction | None] = no_late_interaction,
        reranker: Callable[[str], Reranker | None] = no_reranker,
    ) -> None:
        self._catalogue = catalogue
        self._embedder = embedder
        self._settings = settings
        self._key = index_key
        self._glossary = glossary
        self._questions = questions or (lambda domain: embedder)
        self._known_questions = known_questions
        self._late_interaction = late_interaction
        self._reranker = reranker
        self._folder = catalogue.path / "index"
        self._lock = SharedLock()
        self._opening = Lock()
        self._indexes: Indexes | None = None
        self._saved = -1

    def search(
        self,
        query: str,
        *,
        k: int,
        identity: Identity,
        domain: str,
        filters: Filters | None = None,
        scope: str | None = None,
        as_of: date | None = None,
    ) -> list[Hit]:
        """At most `k` hits, best first; nearly equal texts count once. `query` is already scrubbed.

        Versions that another has replaced are left out, unless the question or a filter asks for them.

        Raises:
            ConfigError: a filter cannot be read.
            IndexMismatchError: the workspace was made with another encoder.
        """
        indexes = self._current()
        filters = filters or Filters()
        allowed = self._catalogue.visible(
            identity=identity,
            domain=domain,
            filters=filters,
            scope=scope,
            as_of=as_of,
            in_force=not (asks_history(query) or _points_at_versions(filters)),
        )
        if allowed is not None:
            with self._lock.shared():
                allowed = indexes.titles.meeting(
                    allowed, issuer=filters.issuer, period=filters.period, kind=filters.type
                )
        if k < 1 or (allowed is not None and not len(allowed)):
            return []
        settings, glossary = self._settings(domain), self._glossary(domain)
        depth = max(settings.depth, 2 * k)
        query = without_patient(query)
        asked, meant = spelled_out(query, glossary), spelled_out(query, glossary, abbreviated=False)
        vector = self._questions(domain).embed([meant])[0]
        with self._lock.shared():
            found = rank(
                indexes,
                Asked(query, asked, vector),
                allowed,
                depth=depth,
                dense=DenseShare.configured(settings),
            )
        stored = self._catalogue.passages(found.ids[:depth].tolist())
        sections = {id_: one.passage.section for id_, one in stored.items()}
        if settings.asides and not asks_aside(query):
            found = set_back(found, sections, settings.asides)
        if (known := self._known_questions(domain)) is not None:
            found = known.order(vector, found, sections)
        texts = {id_: f"{one.header}\n{one.passage.text}" for id_, one in stored.items()}
        if (late_interaction := self._late_interaction(domain)) is not None:
            found = late_interaction.order(meant, vector, found, texts)
        if (reranker := self._reranker(domain)) is not None:
            found = reranker.order(meant, found, texts)
        return _hits(stored, reordered(query, found, {id_: one.passage for id_, one in stored.items()}), k)

    def refresh(self) -> None:
        """Take in everything that is committed now."""
        self._current()

    def save(self) -> bool:
        """Write the snapshot if anything changed since the last; False if it could not be written.

        A disk without space is no reason to stop: the indexes in memory are right, the old snapshot stays.
        """
        indexes = self._indexes
        if indexes is None or indexes.seq == self._saved:
            return True
        with self._lock.shared():
            snapshot = Snapshot(
                seq=indexes.seq, count=len(indexes), identity=self._identity(), files=indexes.save()
            )
        try:
            self._catalogue.settle()  # a snapshot on the disk must not know changes that are not
            write(self._folder, self._key, snapshot)
        except (OSError, StorageFullError) as error:
            log.warning("Index snapshot not written (%s); the old one stays.", type(error).__name__)
            return False
        self._saved = snapshot.seq
        return True

    def close(self) -> None:
        """Save and forget the indexes."""
        self.save()
        with self._lock.alone():
            self._indexes = None

    # ---------------------------------------------------------------- keeping up

    def _current(self) -> Indexes:
        """The indexes as of the last commit. One thread opens them, the others wait for it."""
        indexes = self._indexes
        if indexes is None:
            with self._opening:
                indexes = self._indexes = self._indexes or self._open()
        if indexes.seq != self._catalogue.seq():
            with self._lock.alone():
                indexes.replay(self._catalogue.changes(indexes.seq))
        return indexes

    def _open(self) -> Indexes:
        self._check_identity()
        try:
            snapshot = read(self._folder, self._key, self._identity())
            indexes = Indexes.load(snapshot.files, snapshot.seq, self._catalogue.vectors)
            if len(indexes) != snapshot.count or snapshot.seq > self._catalogue.seq():
                raise SnapshotError("it does not belong to this catalogue")
            self._saved = snapshot.seq
        except (SnapshotError, ValueError, KeyError) as error:
            level = logging.WARNING if self._folder.exists() else logging.INFO
            log.log(level, "Index is built from the catalogue: %s.", error)
            indexes = Indexes.empty(self._embedder.dim, self._catalogue.vectors)
        indexes.replay(self._catalogue.changes(indexes.seq))
        return indexes

    def _check_identity(self) -> None:
        made = self._catalogue.identity()
        if made is not None and (made.embedder, made.dim) != (self._embedder.identity, self._embedder.dim):
            raise IndexMismatchError(
                f"The workspace was made with encoder {made.embedder!r} ({made.dim} dimensions), configured "
                f"is {self._embedder.identity!r} ({self._embedder.dim}). Configure the former, or ingest "
                "the documents into a new workspace."
            )

    def _identity(self) -> dict[str, str | int]:
        made = self._catalogue.identity()
        own: dict[str, str | int] = {"layout": LAYOUT, "encoder": self._embedder.identity}
        if made is None:
            return own
        return own | {"dim": made.dim, "chunker": made.chunker, "scrubber": made.scrubber}


def _points_at_versions(filters: Filters) -> bool:
    """Whether a filter names the document or its time, so that replaced ones are wanted as well."""
    asked = filters.document_id, filters.uri, filters.date_from, filters.date_to, filters.period
    return any(value is not None for value in asked)


def _hits(stored: "Mapping[int, StoredPassage]", found: Found, k: int) -> list[Hit]:
    """Passages in order, without those that repeat a better one. One removed meanwhile is no longer there."""
    hits: list[Hit] = []
    seen = Seen()
    for id_, score in zip(found.ids.tolist(), found.scores.tolist(), strict=True):
        if id_ in stored and seen.new(stored[id_].passage.text):
            hits.append(Hit(score, stored[id_].passage))
            if len(hits) == k:
                break
    return hits
