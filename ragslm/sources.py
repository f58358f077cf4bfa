"""The sources of a workspace: kept in step with, listened to, and what of them could not be read."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event

from ragslm.access.visibility import owner
from ragslm.errors import ConfigError
from ragslm.factory import Parts
from ragslm.ingest.receiving import listen
from ragslm.ingest.schedule import watch
from ragslm.ingest.sources import PREFIX, Source, read_sources
from ragslm.types import DeadLetter, Identity, Progress, SourceReport

FILE = "sources.yaml"
"""Where sources are named unless a call says otherwise; docs/connectors.md is its reference."""


class Sources:
    """Brings in what the entries of a `sources.yaml` hold; `Assistant.sources` gives one.

    Raises:
        AccessError: by every method, if the user may not change documents.
        ConfigError: by those that take a file, if it or an entry is wrong; no source was touched.
    """

    def __init__(self, parts: Parts, user: Identity) -> None:
        self._parts, self._user = parts, user

    def sync(
        self,
        file: str | Path = FILE,
        *,
        only: str | None = None,
        dry_run: bool = False,
        progress: Progress | None = None,
    ) -> tuple[SourceReport, ...]:
        """Bring the workspace in step with its sources: what is new, changed or gone there is so here.

        A source that fails is told in its report's `error`; the others go on, and its next run continues
        where it ended.

        Args:
            file: names the sources.
            only: name of the one source to bring in; None is all of them.
            dry_run: say what would happen and change nothing.
            progress: called with (done, None, stage).

        Raises:
            WorkspaceError: another synchronisation of this workspace is at work.
            StorageFullError: no space; what was acknowledged is safe.
        """
        identity = owner(self._user)
        chosen = self._chosen(file, only)
        if dry_run:
            return tuple(map(self._parts.sync.preview, chosen))
        return tuple(self._parts.sync.run(one, identity=identity, progress=progress) for one in chosen)

    def watch(self, file: str | Path = FILE, *, only: str | None = None) -> Iterator[SourceReport]:
        """`sync` for each source at its own interval, a report at a time, until the iterator is closed.

        A source that fails is tried again later and later, up to an hour.
        """
        identity = owner(self._user)
        return watch(self._chosen(file, only), partial(self._parts.sync.run, identity=identity))

    def listen(
        self,
        file: str | Path = FILE,
        *,
        only: str | None = None,
        stop: Event | None = None,
        ready: Callable[[str, str], None] = lambda name, address: None,
    ) -> None:
        """Take in what sources send, until `stop` is set. A sender is told that a document is safe only when
        it is stored and in search.

        Args:
            file: as for `sync`; of its entries those whose kind listens.
            only: name of the one to listen for.
            stop: ends it, after what was begun.
            ready: called once with name and address of each, when it can be sent to.

        Raises:
            ConfigError: none listens, or one cannot listen where it should.
        """
        identity = owner(self._user)
        listen(self._parts.sync, self._chosen(file, only), identity, stop or Event(), ready)

    def dead_letters(self) -> list[DeadLetter]:
        """Every quarantined document with its reason."""
        owner(self._user)
        return [
            replace(letter, source=letter.source and letter.source.removeprefix(PREFIX))
            for letter in self._parts.catalogue.dead_letters()
        ]

    def retry(
        self,
        uris: Collection[str] | None = None,
        file: str | Path = FILE,
        *,
        progress: Progress | None = None,
    ) -> tuple[SourceReport, ...]:
        """Try quarantined documents again by bringing in the sources they are of.

        One that a folder or file was ingested with is tried at the next `ingest`.

        Args:
            uris: which ones; None is all of them.
            file: as for `sync`.
            progress: as for `sync`.

        Raises:
            NotFoundError: a uri is not quarantined.
        """
        identity, work = owner(self._user), self._parts.sync
        owners = work.reopen(self._chosen(file, None), uris)
        return tuple(work.run(one, identity=identity, progress=progress) for one in owners)

    def drop(self, name: str) -> int:
        """Remove everything that a source brought in, whether a file still names it or not.

        Returns:
            How many documents were removed; the source itself is untouched.

        Raises:
            NotFoundError: there is nothing of such a source.
            WorkspaceError: a synchronisation of this workspace is at work.
        """
        return self._parts.sync.drop(name, identity=owner(self._user))

    def _chosen(self, file: str | Path, only: str | None) -> list[Source]:
        found = read_sources(Path(file))
        chosen = [source for source in found if only in (None, source.name)]
        if only is not None and not chosen:
            names = [source.name for source in found]
            raise ConfigError(f"{str(file)!r} has no source {only!r}; it has {names}.")
        self._parts.sync.check(chosen)
        return chosen
