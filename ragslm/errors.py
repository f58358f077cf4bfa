"""Every error ragslm raises on purpose, one class per remedy.

    RagslmError
    ├── ConfigError            a setting is missing, unknown or contradictory: mend the setting
    ├── MissingExtraError      an optional part is not installed: run the pip line in the message
    ├── ModelError             a model file is missing or not the pinned one: `ragslm models pull`
    ├── WorkspaceError         the workspace cannot be opened as it is
    │   ├── KeyMissingError    no encryption key was found: set one of the named sources
    │   ├── WrongKeyError      the key does not open this workspace: give the right one
    │   ├── WorkspaceVersionError  written by another version: use the named version or migrate
    │   └── IndexMismatchError the index was built by another embedder or policy: rebuild
    ├── StorageFullError       no space on the disk: free some, nothing was lost
    ├── SourceError            a source cannot be read now: mend it, the next run goes on from there
    │   └── CursorError            a stored cursor is not one its connector reads: read from the beginning
    ├── QuarantineError        one document cannot be read; the rest of the run goes on
    ├── ScrubError             scrubbing could not be completed, so nothing was stored or sent
    ├── QuestionError          the question is empty or too long: shorten it
    ├── NotFoundError          no such document, page or conversation for this user
    ├── AccessError            this user may not do that
    ├── EngineError            the chat engine failed; the extractive engine takes over
    │   └── EngineTimeoutError     it did not answer in time
    ├── AuditError             the audit record could not be written or does not verify
    └── ApiError               the server answered with an error (SDK)

Messages say what, which id, expected and got, and what to do next. They never hold the text of a
question or a document: lengths, ids and types only.
"""


class RagslmError(Exception):
    """Base of every error raised on purpose."""


class ConfigError(RagslmError):
    """A setting is missing, unknown or contradicts another."""


class MissingExtraError(RagslmError, ImportError):
    """An optional part of ragslm is not installed."""


class ModelError(RagslmError):
    """A model file is missing, or its SHA-256 is not the pinned one."""


class WorkspaceError(RagslmError):
    """The workspace cannot be opened or used as it is."""


class KeyMissingError(WorkspaceError):
    """No encryption key was found in any of its sources."""


class WrongKeyError(WorkspaceError):
    """The key does not open this workspace."""


class WorkspaceVersionError(WorkspaceError):
    """The workspace was written by another version of its schema."""


class IndexMismatchError(WorkspaceError):
    """The index was built by another embedder, chunker or scrub policy than the one configured."""


class StorageFullError(RagslmError):
    """The disk is full; what was acknowledged is safe, the current change was rolled back."""


class SourceError(RagslmError):
    """A source cannot be read as it is now. Nothing was removed; the next run goes on from there."""


class CursorError(SourceError):
    """A cursor is not one that this version of the connector reads; the source is read from its beginning."""


class QuarantineError(RagslmError):
    """One document cannot be read. Its reason is kept; the run goes on with the others."""


class ScrubError(RagslmError):
    """Scrubbing could not be completed, so nothing was stored or sent."""


class QuestionError(RagslmError):
    """The question is empty or longer than the configured limit."""


class NotFoundError(RagslmError):
    """No such document, page or conversation, or none this user may see."""


class AccessError(RagslmError):
    """This user is not allowed to do that."""


class EngineError(RagslmError):
    """The chat engine failed."""


class EngineTimeoutError(EngineError):
    """The chat engine did not answer within its time limit."""


class AuditError(RagslmError):
    """The audit record could not be written, or the chain does not verify."""


class ApiError(RagslmError):
    """The server answered with an error.

    Attributes:
        status: HTTP status code; 0 when the server could not be reached.
        code: the server's error name, such as `QuestionError`.
        request_id: the id to look for in the server's log, or None.
    """

    def __init__(
        self, message: str, *, status: int = 0, code: str = "", request_id: str | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.request_id = request_id
