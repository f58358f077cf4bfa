"""ragslm: answers from your documents, every sentence checked against the source it cites.

Importing this loads types and errors only, and lets OpenMP's threads wait briefly (`_threads`). `Assistant`,
`Client`, `AsyncClient` and `Settings` are loaded when first named, because they bring pydantic, an HTTP
client or the store with them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ragslm._threads import wait_briefly
from ragslm.errors import (
    AccessError,
    ApiError,
    AuditError,
    ConfigError,
    EngineError,
    EngineTimeoutError,
    IndexMismatchError,
    KeyMissingError,
    MissingExtraError,
    ModelError,
    NotFoundError,
    QuarantineError,
    QuestionError,
    RagslmError,
    ScrubError,
    StorageFullError,
    WorkspaceError,
    WorkspaceVersionError,
    WrongKeyError,
)
from ragslm.types import (
    Answer,
    Citation,
    DocumentInfo,
    Entity,
    Event,
    Filters,
    Hit,
    Identity,
    IngestReport,
    Passage,
    Scrubbed,
    Sentence,
    SourceView,
    Usage,
    Verdict,
)

if TYPE_CHECKING:
    from ragslm.assistant import Assistant
    from ragslm.client import AsyncClient, Client
    from ragslm.settings import Settings

__version__ = "0.1.0"

__all__ = [
    "AccessError",
    "Answer",
    "ApiError",
    "Assistant",
    "AsyncClient",
    "AuditError",
    "Citation",
    "Client",
    "ConfigError",
    "DocumentInfo",
    "EngineError",
    "EngineTimeoutError",
    "Entity",
    "Event",
    "Filters",
    "Hit",
    "Identity",
    "IndexMismatchError",
    "IngestReport",
    "KeyMissingError",
    "MissingExtraError",
    "ModelError",
    "NotFoundError",
    "Passage",
    "QuarantineError",
    "QuestionError",
    "RagslmError",
    "ScrubError",
    "Scrubbed",
    "Sentence",
    "Settings",
    "SourceView",
    "StorageFullError",
    "Usage",
    "Verdict",
    "WorkspaceError",
    "WorkspaceVersionError",
    "WrongKeyError",
    "__version__",
]

_LAZY = {
    "Assistant": "ragslm.assistant",
    "AsyncClient": "ragslm.client",
    "Client": "ragslm.client",
    "Settings": "ragslm.settings",
}

wait_briefly()


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module 'ragslm' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
