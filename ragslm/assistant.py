"""Assistant: the public face. Opens a workspace and delegates to the rooms behind it."""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from ragslm._pseudonyms import put_back
from ragslm._run import Question
from ragslm.access.api_keys import new_api_key
from ragslm.access.clearance import NOTHING, named
from ragslm.access.identify import Authenticator
from ragslm.access.visibility import owner
from ragslm.audit.chain import VerifyReport, export, verify
from ragslm.documents import Documents
from ragslm.errors import AccessError, ConfigError, QuestionError
from ragslm.factory import Parts, open_parts
from ragslm.ingest.files import existing
from ragslm.protocols import ChatEngine, Connector
from ragslm.sources import Sources
from ragslm.types import (
    Answer,
    DocumentInfo,
    Event,
    Filters,
    Hit,
    Identity,
    IngestReport,
    Mode,
    ModelRef,
    PrivacyPolicy,
    Progress,
    Scrubbed,
    ScrubbedDocument,
    SourceDocument,
    SourceView,
    Verdict,
)
from ragslm.types.answers import MODES
from ragslm.types.filters import day
from ragslm.types.identity import listed


class Assistant:
    """Answers from one workspace under one domain's profile.

    Thread-safe: one assistant serves many requests. Use it as a context manager, or call `close`.
    """

    def __init__(self, parts: Parts, domain: str, user: Identity) -> None:
        self._parts = parts
        self.domain = domain
        self.user = user
        self.settings = parts.settings_of(domain)

    @classmethod
    def open(
        cls,
        workspace: str | Path,
        domain: str | None = None,
        *,
        key: str | bytes | None = None,
        user: Identity | None = None,
        config: str | Path | None = None,
        engine: ChatEngine | None = None,
        **settings: Any,
    ) -> Self:
        """Open a workspace; an absent or empty folder becomes a new one.

        Args:
            workspace: folder of the encrypted store.
            domain: profile to use, such as `medical`; None takes the configured one.
            key: 64 hex digits; None looks at `RAGSLM_KEY`, `RAGSLM_KEY_FILE` and the OS keyring.
            user: who asks; None is the local owner with full access.
            config: path of `ragslm.yaml`.
            engine: a chat engine of your own instead of the configured one.
            settings: sections that win over every other source, as `generation={"engine": "extractive"}`.

        Raises:
            KeyMissingError: no key was found.
            WrongKeyError: the key is not this workspace's.
            WorkspaceVersionError: another version of ragslm wrote it.
            ConfigError: a setting or the domain is unknown; no workspace was made.
            ModelError: a folder that a setting names holds no model; no workspace was made.
        """
        file = None if config is None else Path(config)
        parts = open_parts(
            Path(workspace), key=key, config=file, arguments=settings, engine=engine, domain=domain
        )
        try:
            return cls(parts, domain or parts.default_domain, user or Identity.local_owner())
        except BaseException:
            parts.close()
            raise

    def for_domain(self, domain: str) -> "Assistant":
        """The same workspace and models under another domain's profile.

        Raises:
            ConfigError: the domain is not among the configured ones.
        """
        return self if domain == self.domain else Assistant(self._parts, domain, self.user)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Record the answers under way, write the index snapshot and free models, workers and files."""
        self._parts.close()

    def warm(self) -> None:
        """Load models and indexes now instead of at the first question."""
        self._parts.warm(self.domain)

    # ---------------------------------------------------------------- documents

    def ingest(
        self,
        path: str | Path | Connector,
        scope: str | None = None,
        readers: Iterable[str] | None = None,
        *,
        rebuild: bool = False,
        progress: Progress | None = None,
        user: Identity | None = None,
    ) -> IngestReport:
        """Bring a folder, a file or a connector's documents into the workspace, scrubbed.

        What is gone from a folder is removed; a single file never removes anything. A document that
        cannot be read is quarantined with its reason and the rest goes in.

        Args:
            path: folder, file or connector.
            scope: patient or account key the documents belong to; None keeps what was stated before, else
                takes what the format tells; `"*"` takes back what was stated.
            readers: user ids or groups that may read them. None keeps who may read a stored document and lets
                everyone read a new one; only `["*"]` opens a stored one to everyone.
            rebuild: read everything again under the present models and scrub policy.
            progress: called with (done, total or None, stage).
            user: who does this; None is the assistant's user.

        Raises:
            ConfigError: the path does not exist, or `readers` is no list.
            IndexMismatchError: the workspace was filled under other models or another scrub policy.
            StorageFullError: no space; what was acknowledged is safe.
            AccessError: the user may not change documents.
        """
        identity, source = owner(user or self.user), _source(path)
        return self._parts.ingest(self.domain).run(
            source,
            scope=scope,
            readers=listed("readers", readers),
            identity=identity,
            rebuild=rebuild,
            progress=progress,
        )

    @property
    def sources(self) -> Sources:
        """What `sources.yaml` names, to be kept in step with."""
        return Sources(self._parts, self.user)

    def add_document(
        self,
        name: str,
        content: bytes,
        *,
        scope: str | None = None,
        readers: Iterable[str] | None = None,
        user: Identity | None = None,
    ) -> IngestReport:
        """Bring one uploaded document in; the same name replaces the earlier upload.

        Scope and readers as for `ingest`: where None, those of the earlier upload stay.

        Raises:
            ConfigError: `readers` is no list.
        """
        return self._documents(user).add(name, content, scope=scope, readers=listed("readers", readers))

    def read(self, path: str | Path | Connector) -> Iterator[tuple[SourceDocument, Scrubbed]]:
        """Parse and scrub documents without storing them; what cannot be read is left out.

        Each comes with its original bytes beside its scrubbed text.

        Raises:
            ConfigError: the path does not exist.
            AccessError: the user may not read this machine's files and sources.
        """
        owner(self.user)
        source = _source(path)
        return self._parts.ingest(self.domain).read(source)

    def find(self, uri: str) -> str | None:
        """Id of the document with this uri in this domain, or None if the user may not read one."""
        return self._documents(None).find(uri)

    def access(self, document_id: str) -> tuple[str | None, frozenset[str] | None]:
        """Scope and readers of a document; None is no scope, and every user.

        Raises:
            NotFoundError: there is none for this user.
        """
        return self._documents(None).access(document_id)

    def text(self, document_id: str, *, user: Identity | None = None) -> tuple[str, Mapping[str, Any]]:
        """Scrubbed text of a whole document, and what else its source told, scrubbed too.

        Raises:
            NotFoundError: there is none for this user.
        """
        return self._documents(user).text(document_id)

    def documents(self, *, user: Identity | None = None) -> list[DocumentInfo]:
        """Every document of this domain that the user may read."""
        return self._documents(user).all()

    def remove_document(self, document_id: str, *, user: Identity | None = None) -> None:
        """Remove a document from the store and from every index; no byte of it stays in the files.

        What lies inside it (attachments, members of an archive) goes with it.

        Raises:
            NotFoundError: there is none for this user.
            AccessError: the user may not change documents.
        """
        self._documents(user).remove(document_id)

    def page(
        self,
        document_id: str,
        number: int,
        *,
        marks: Sequence[tuple[int, int]] = (),
        user: Identity | None = None,
    ) -> SourceView:
        """One page or section of a document with spans lit up, as this user may see it.

        Args:
            document_id: from a citation, passage or `documents`.
            number: 1-based page; section for formats without pages.
            marks: `[start, end)` spans of the parsed original to highlight.
            user: who looks; scrubbed spans are boxed out for users who are not cleared. For those who are,
                it is recorded. What they are cleared for is told by the rules of the document's own domain.

        Raises:
            NotFoundError: no such document or page for this user.
            ConfigError: the document's domain is not configured, and its rules decide what the user sees.
        """
        return self._documents(user).page(document_id, number, marks)

    # ---------------------------------------------------------------- questions

    def search(
        self,
        question: str,
        k: int = 10,
        filters: Filters | Mapping[str, Any] | None = None,
        scope: str | None = None,
        as_of: dt.date | str | None = None,
        *,
        user: Identity | None = None,
    ) -> list[Hit]:
        """The passages that match best, best first.

        Args:
            question: words to look for; scrubbed before anything else sees them.
            k: how many hits at most, 1 to 1,000.
            filters: see `Filters`.
            scope: only this patient's or account's documents, and those without a scope.
            as_of: leave out documents that took effect later.
            user: who asks; None is the assistant's user.

        Raises:
            QuestionError: the question is empty or too long.
            ConfigError: a filter or `k` is out of range.
        """
        if not 1 <= k <= 1000:
            raise ConfigError(f"k must be between 1 and 1000, not {k}.")
        asked = self._question(question, filters, scope, as_of, user)
        return self._parts.pipeline(self.domain).search(asked, k=k)

    def ask(
        self,
        question: str,
        conversation: str | None = None,
        filters: Filters | Mapping[str, Any] | None = None,
        scope: str | None = None,
        as_of: dt.date | str | None = None,
        *,
        mode: Mode | None = None,
        user: Identity | None = None,
    ) -> Answer:
        """Answer with sentences that their cited sources support, or refuse.

        Args:
            question: in the user's words.
            conversation: id of earlier turns to refer back to; `new` starts one.
            filters: see `Filters`.
            scope: only this patient's or account's documents, and those without a scope.
            as_of: leave out documents that took effect later.
            mode: how far the wording may leave the source; None is what the engine deserves.
            user: who asks; None is the assistant's user.

        Raises:
            QuestionError: the question is empty or too long.
            AuditError: the answer could not be recorded, so it is not given.
        """
        answer: Answer | None = None
        for event in self.stream(question, conversation, filters, scope, as_of, mode=mode, user=user):
            answer = event.answer or answer
        assert answer is not None, "a stream ends with `done`"  # noqa: S101
        return answer

    def stream(
        self,
        question: str,
        conversation: str | None = None,
        filters: Filters | Mapping[str, Any] | None = None,
        scope: str | None = None,
        as_of: dt.date | str | None = None,
        *,
        mode: Mode | None = None,
        user: Identity | None = None,
    ) -> Iterator[Event]:
        """`ask`, as events: `evidence`, one `sentence` each once it is verified, `done`.

        Closing the iterator, from any thread, stops the engine and records the answer as cancelled. Closing
        the assistant closes every stream first; reading on is a `WorkspaceError` then.
        """
        asked = self._question(question, filters, scope, as_of, user, conversation=conversation, mode=mode)
        return self._parts.streams.open(self._parts.pipeline(self.domain).answer(asked))

    def verify(self, claim: str, passages: Sequence[str]) -> Verdict:
        """Whether the passages support the claim.

        Raises:
            QuestionError: the claim or every passage is empty.
            ConfigError: `passages` is a single text.
        """
        if isinstance(passages, str):
            raise ConfigError("passages wants a list of texts, not a single one. Write it as [text].")
        if not claim.strip() or not any(passage.strip() for passage in passages):
            raise QuestionError("verify wants a claim and at least one passage, neither of them empty.")
        return self._parts.verifier(self.domain).verify(claim, list(passages))

    # ---------------------------------------------------------------- privacy

    def scrub(self, text: str) -> Scrubbed:
        """Replace personal data by stable pseudonyms, which are on the disk when this returns.

        Raises:
            ScrubError: scrubbing could not be completed.
        """
        scrubbed = self._parts.scrubber.scrub(text, lasting=False)
        self._parts.catalogue.settle()
        return scrubbed

    def scrub_documents(
        self, path: str | Path, *, originals: bool = False, user: Identity | None = None
    ) -> Iterator[ScrubbedDocument]:
        """Scrub a file, or a folder with everything in it, without storing a document of it.

        Args:
            path: read by the parsers of the configured domains; a mail's attachments come too.
            originals: tell what each finding was; recorded in the audit log.
            user: who asks; None is the assistant's user.

        Raises:
            ConfigError: the path does not exist.
            AccessError: the user may not read this machine's files, or may not see every type of originals.
        """
        identity, path = owner(user or self.user), existing(path)
        if originals:
            types = self._parts.restorable(identity)
            if types is not None:
                raise AccessError("Seeing originals needs a user who is cleared for every type.")
            committed = self._parts.audit.commit(str(path))
            facts = {"documents": "scrubbed", "path": committed, "types": named(types)}
            self._parts.audit.record("restore", identity, facts)
        found = self._parts.ingest(self.domain).scrub(path)
        return (document if originals else replace(document, originals=()) for document in found)

    @property
    def privacy_policy(self) -> PrivacyPolicy:
        """What scrubbing does in this workspace: one policy for all its domains."""
        return self._parts.privacy_policy

    def restore(self, text: str, *, user: Identity | None = None) -> str:
        """Put originals back in place of pseudonyms, of the types the user may see; recorded.

        Nobody knows of which domain a text is: what every domain's rules let the user see is put back.

        Raises:
            AccessError: the user is not cleared for it, or for no type at all (`privacy.restore`).
        """
        identity, audit = user or self.user, self._parts.audit
        types = self._parts.restorable(identity)
        if types == NOTHING:
            raise AccessError("Restoring personal data needs a user who is cleared for it.")
        restored = self._parts.scrubber.restore(text, types)
        facts = {"characters": len(text), "text": audit.commit(text)}
        audit.record("restore", identity, facts | {"types": sorted(put_back(text, restored))})
        return restored

    # ---------------------------------------------------------------- what this is

    def identify(self, api_key: str) -> Identity:
        """Who holds this API key.

        Raises:
            AccessError: nobody does.
        """
        return Authenticator(self._parts.catalogue.identity_for).identify(api_key)

    def add_api_key(self, identity: Identity) -> str:
        """Make an API key for a user. It is returned once; only its hash is kept.

        Raises:
            ConfigError: this user has one already.
        """
        plain, hashed = new_api_key()
        self._parts.catalogue.add_key(hashed, identity, identity.id)
        return plain

    def api_key_names(self) -> list[str]:
        """Users who have a key."""
        return [key.name for key in self._parts.catalogue.keys()]  # noqa: SIM118 - not a mapping

    def remove_api_key(self, name: str) -> None:
        """Take a user's key away; it stops working at once.

        Raises:
            NotFoundError: this user has none.
        """
        self._parts.catalogue.remove_key(name)

    def verify_audit(self) -> VerifyReport:
        """Check the whole chain of records."""
        return verify(self._parts.catalogue)

    def export_audit(self) -> Iterator[dict[str, Any]]:
        """Every record, oldest first."""
        return export(self._parts.catalogue)

    @property
    def intended_use(self) -> str:
        """The statement that is shown with every session."""
        return self.settings.intended_use

    @property
    def engine_name(self) -> str:
        """The engine that `auto` picked."""
        return self._parts.engines(self.domain).selector.name

    def models(self) -> list[ModelRef]:
        """The models in use, with their SHA-256."""
        return self._parts.model_refs(self.domain)

    def health(self, *, user: Identity | None = None) -> dict[str, str | int | bool]:
        """What a health check needs to know, without any text; `documents` counts those the user may read."""
        return self._parts.health(self.domain, user or self.user)

    def check_ready(self) -> None:
        """Nothing, if a question could be answered now. No model is loaded for it.

        Raises:
            ModelError: a model that every answer needs is not there, or is not the pinned one.
            WorkspaceError: the store does not answer.
        """
        self._parts.check_ready(self.domain)

    # ---------------------------------------------------------------- helpers

    def _question(
        self,
        text: str,
        filters: Filters | Mapping[str, Any] | None,
        scope: str | None,
        as_of: dt.date | str | None,
        user: Identity | None,
        *,
        conversation: str | None = None,
        mode: Mode | None = None,
    ) -> Question:
        limit = self.settings.question_characters
        if not text.strip():
            raise QuestionError("The question is empty. Ask something.")
        if len(text) > limit:
            raise QuestionError(f"The question has {len(text):,} characters; at most {limit:,} are allowed.")
        if mode not in (None, *MODES):
            raise ConfigError(f"There is no such mode; there are {', '.join(MODES)}.")
        if mode == "free" and self.settings.grounding.verifier is None:
            raise ConfigError("Mode 'free' needs a large verifier; name its folder in `grounding.verifier`.")
        return Question(
            text=text,
            identity=user or self.user,
            domain=self.domain,
            conversation=uuid.uuid4().hex if conversation == "new" else conversation,
            filters=Filters.of(filters),
            scope=scope,
            as_of=day("as_of", as_of),
            mode=mode,
        )

    def _documents(self, user: Identity | None) -> Documents:
        return Documents(self._parts, self.domain, user or self.user)


def _source(path: str | Path | Connector) -> Path | Connector:
    return existing(path) if isinstance(path, str | Path) else path
