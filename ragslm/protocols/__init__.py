"""The seams of ragslm. Each docstring is the contract; `ragslm.testing` ships the suites that check it."""

from ragslm.protocols.audit import AuditLog
from ragslm.protocols.connectors import (
    DOCUMENTS_ONLY,
    BringsConnectors,
    Connector,
    ConnectorFactory,
    IncrementalConnector,
    Listener,
)
from ragslm.protocols.domains import Domain
from ragslm.protocols.engines import ChatEngine, Draft, Proposer, TokenCount, Unit
from ragslm.protocols.grounding import Calculator, EvidenceRanker, Grounded, Grounder, Verifier
from ragslm.protocols.parsers import Container, PageRenderer, Parser, RunsPrograms
from ragslm.protocols.retrieval import Embedder, Retriever
from ragslm.protocols.scrubber import Guard, Scrubber
from ragslm.protocols.store import Conversations, Provenance, Standing

__all__ = [
    "DOCUMENTS_ONLY",
    "AuditLog",
    "BringsConnectors",
    "Calculator",
    "ChatEngine",
    "Connector",
    "ConnectorFactory",
    "Container",
    "Conversations",
    "Domain",
    "Draft",
    "Embedder",
    "EvidenceRanker",
    "Grounded",
    "Grounder",
    "Guard",
    "IncrementalConnector",
    "Listener",
    "PageRenderer",
    "Parser",
    "Proposer",
    "Provenance",
    "Retriever",
    "RunsPrograms",
    "Scrubber",
    "Standing",
    "TokenCount",
    "Unit",
    "Verifier",
]
