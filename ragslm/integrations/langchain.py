"""LangChain at the edge: adapters in both directions, and the only importer of `langchain_core`.

Outwards, `as_loader`, `RagslmRetriever`, `RagslmVectorStore`, `as_runnable` and `RagslmChatModel` let a
LangChain application use ragslm. Inwards, `LoaderConnector` brings any LangChain loader's documents in
through the scrubber, and `as_engine` lets any `BaseChatModel` word the answers.
"""

import asyncio
import json
import uuid
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any, ClassVar, Self

from langchain_core.callbacks import CallbackManagerForLLMRun, CallbackManagerForRetrieverRun
from langchain_core.document_loaders import BaseLoader
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, SystemMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from langchain_core.vectorstores import VectorStore
from pydantic import ConfigDict

from ragslm.assistant import Assistant
from ragslm.errors import ConfigError, QuarantineError
from ragslm.generation.deadline import Deadline
from ragslm.generation.prompted import Call, PromptedEngine
from ragslm.generation.relay import Outlet, relay
from ragslm.protocols import DOCUMENTS_ONLY, ChatEngine, Connector, TokenCount
from ragslm.registry import load_prompt
from ragslm.settings import GenerationSettings
from ragslm.types import Answer, ModelRef, Passage, SourceDocument

PIECES = 4
"""Pieces of a reply for each token asked for, as a model may send letter by letter; then it is stopped."""


def to_document(passage: Passage, *, score: float | None = None) -> Document:
    """A passage as a LangChain document: scrubbed text, and where it comes from as metadata."""
    metadata: dict[str, Any] = {
        "passage_id": passage.id,
        "document_id": passage.document_id,
        "source": passage.uri,
        "title": passage.title,
        "page": passage.page,
        "section": passage.section,
        "start": passage.start,
        "end": passage.end,
        "date": passage.date.isoformat() if passage.date else None,
    }
    if score is not None:
        metadata["score"] = score
    return Document(page_content=passage.text, metadata=metadata, id=str(passage.id))


# ---------------------------------------------------------------- loaders


class _Loader(BaseLoader):
    def __init__(self, assistant: Assistant, source: Connector) -> None:
        self._assistant = assistant
        self._source = source

    def lazy_load(self) -> Iterator[Document]:
        for document, scrubbed in self._assistant.read(self._source):
            yield Document(page_content=scrubbed.text, metadata={"source": document.uri})


def as_loader(assistant: Assistant, source: Connector) -> BaseLoader:
    """A connector as a LangChain loader; what it yields is parsed and scrubbed, and not stored."""
    return _Loader(assistant, source)


@dataclass(frozen=True, slots=True)
class LoaderConnector:
    """A LangChain loader as a connector: `assistant.ingest(LoaderConnector(loader))`.

    Attributes:
        loader: where the documents come from; each needs an id or a `source` in its metadata to be found
            again in the next run, else its position is taken.
        name: part of every uri, so that two loaders do not overwrite each other.
    """

    loader: BaseLoader
    name: str = "langchain"
    policy: ClassVar[Mapping[str, str]] = DOCUMENTS_ONLY

    def load(self) -> Iterator[SourceDocument]:
        """Yield the loader's documents lazily. Of several with one key, such as the pages of a file, the
        second is `key#2`, the third `key#3`.
        """
        times: Counter[str] = Counter()
        for position, document in enumerate(self.loader.lazy_load()):
            key = str(document.id or document.metadata.get("source") or position)
            times[key] += 1
            key += f"#{times[key]}" if times[key] > 1 else ""
            yield _source(document.page_content, _uri(key, self.name), document.metadata, self.name)


def _source(
    text: str, uri: str, metadata: Mapping[str, Any] | None, source: str | None = None
) -> SourceDocument:
    # Loaders put dates and paths there, and a path may be no text.
    told = json.dumps(dict(metadata or {}), default=str, ensure_ascii=False)
    given = json.loads(told.encode("utf-8", "replace"))
    return SourceDocument(
        uri=uri,
        content=text.encode("utf-8", "replace"),
        media_type="text/plain",
        title=str(given.get("title", "")),
        source=source,
        metadata=given,
    )


# ---------------------------------------------------------------- retrieval


class RagslmRetriever(BaseRetriever):
    """ragslm's search as a LangChain retriever: readers, scope and filters hold here too."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    assistant: Assistant
    k: int = 10
    scope: str | None = None

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None, **kwargs: Any
    ) -> list[Document]:
        hits = self.assistant.search(query, k=self.k if k is None else k, scope=self.scope)
        return [to_document(hit.passage, score=hit.score) for hit in hits]


class RagslmVectorStore(VectorStore):
    """A workspace as a LangChain vector store. Texts are scrubbed before they are stored.

    One text is one document; ids are the caller's. The workspace's own encoder embeds, so `embedding`
    is accepted for LangChain's sake and must be None.
    """

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    @classmethod
    def from_texts(
        cls,
        texts: list[str],
        embedding: Embeddings | None = None,
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: list[str] | None = None,
        assistant: Assistant | None = None,
        **kwargs: Any,
    ) -> Self:
        """Store texts in an assistant's workspace.

        Raises:
            ConfigError: no assistant was given, or an embedding was.
        """
        if assistant is None or embedding is not None:
            raise ConfigError("RagslmVectorStore.from_texts wants assistant=… and no embedding.")
        store = cls(assistant)
        store.add_texts(texts, metadatas, ids=ids)
        return store

    def add_texts(
        self,
        texts: Iterable[str],
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: list[str] | None = None,
        **kwargs: Any,
    ) -> list[str]:
        """Store texts; an id that exists is replaced, and keeps its scope and readers. Returns the ids.

        Raises:
            QuarantineError: a text cannot be stored, such as an empty one; the others are.
        """
        texts = list(texts)
        keys = [key or uuid.uuid4().hex for key in ids or [""] * len(texts)]
        given = metadatas or [{} for _ in texts]
        sources = [_source(*row) for row in zip(texts, map(_uri, keys), given, strict=True)]
        if ids:
            sources = [self._replacing(source) for source in sources]
        refused = self._assistant.ingest(_Sources(sources)).quarantined
        if refused:
            raise QuarantineError(
                f"{len(refused)} of {len(keys)} texts were not stored, the others were. {refused[0][1]}"
            )
        return keys

    def delete(self, ids: list[str] | None = None, **kwargs: Any) -> bool | None:
        """Remove texts by id; ids that are not there are left alone. None removes nothing."""
        for key in ids or ():
            found = self._assistant.find(_uri(key))
            if found is not None:
                self._assistant.remove_document(found)
        return True

    def get_by_ids(self, ids: Sequence[str], /) -> list[Document]:
        """Texts by id, scrubbed; ids that are not there are left out."""
        found = ((key, self._assistant.find(_uri(key))) for key in ids)
        return [self._document(key, document_id) for key, document_id in found if document_id is not None]

    def similarity_search(self, query: str, k: int = 4, **kwargs: Any) -> list[Document]:
        """The `k` texts that match best, each once."""
        return [document for document, _ in self.similarity_search_with_score(query, k, **kwargs)]

    def similarity_search_with_score(
        self, query: str, k: int = 4, **kwargs: Any
    ) -> list[tuple[Document, float]]:
        """The same with their scores: fused relevance, higher is better."""
        hits = self._assistant.search(query, k=min(1000, 4 * k), scope=kwargs.get("scope"))
        best: dict[str, float] = {}
        uris = {hit.passage.document_id: hit.passage.uri for hit in hits}
        for hit in hits:
            best.setdefault(hit.passage.document_id, hit.score)
        return [
            (self._document(uris[document_id].removeprefix(_uri("")), document_id), score)
            for document_id, score in list(best.items())[:k]
        ]

    def _replacing(self, source: SourceDocument) -> SourceDocument:
        """What is to be stored. An ingest takes the same text for unchanged, whatever its metadata says now,
        so the stored one is removed first; the new one belongs to the same scope and readers.
        """
        found = self._assistant.find(source.uri)
        if found is None or dict(self._assistant.text(found)[1]) == dict(source.metadata):
            return source
        scope, readers = self._assistant.access(found)
        self._assistant.remove_document(found)
        return replace(source, scope=scope, readers=readers)

    def _document(self, key: str, document_id: str) -> Document:
        text, metadata = self._assistant.text(document_id)
        return Document(page_content=text, metadata=dict(metadata), id=key)


@dataclass(frozen=True, slots=True)
class _Sources:
    """Texts of one call as a connector."""

    documents: list[SourceDocument]
    name: str = "langchain"
    policy: ClassVar[Mapping[str, str]] = DOCUMENTS_ONLY

    def load(self) -> Iterator[SourceDocument]:
        yield from self.documents


def _uri(key: str, source: str = "langchain") -> str:
    """Keys stay apart where a path's bytes are no text and came in as lone surrogates."""
    return f"{source}:{key}".encode("utf-8", "backslashreplace").decode()


# ---------------------------------------------------------------- answers


def as_engine(
    model: BaseChatModel, *, prompt: str | None = None, settings: GenerationSettings | None = None
) -> ChatEngine:
    """Any LangChain chat model as an engine: `Assistant.open(…, engine=as_engine(model))`.

    Its decoding cannot be constrained, so a label it invents is dropped with its sentence; what it writes
    passes the same checks as any engine's. A model that hangs is left after `settings.timeout`.

    Args:
        model: the chat model. Where it runs is yours to know: scrubbed evidence is sent to it.
        prompt: system prompt; None is the generic domain's.
        settings: sentences of one answer, context window and time limits; None means the defaults.
    """
    limits = settings or GenerationSettings()
    return PromptedEngine(
        "langchain",
        ModelRef(model.name or type(model).__name__),
        "near",
        _ChatModel(model, limits),
        prompt=load_prompt("generic") if prompt is None else prompt,
        most=limits.max_sentences,
        window=limits.context_tokens,
    )


class _ChatModel:
    """Carries calls to a LangChain chat model."""

    served: str | None = None

    def __init__(self, model: BaseChatModel, limits: GenerationSettings) -> None:
        self._model = model
        self._limits = limits

    def stream(self, call: Call, count: TokenCount) -> Generator[str, None, None]:
        """Pieces of the reply. Closing the iterator stops the model at its next piece."""
        # A model that does not stream gives its first sign of life with its last.
        limits = self._limits
        deadline = Deadline(limits.timeout, limits.silence, first=limits.timeout)
        messages = [SystemMessage(call.system), HumanMessage(call.user)]
        with closing(relay(partial(self._ask, messages, call.max_tokens), deadline)) as chunks:
            for chunk in chunks:
                usage = chunk.usage_metadata
                if usage is not None:
                    count.prompt += usage["input_tokens"]
                    count.completion += usage["output_tokens"]
                yield chunk.text

    def _ask(self, messages: list[BaseMessage], most: int, outlet: Outlet[AIMessageChunk]) -> None:
        """Stop when nobody listens, or when far more pieces came than were asked for."""
        for pieces, chunk in enumerate(self._model.stream(messages), 1):
            if outlet.put(chunk) or pieces >= PIECES * most:
                return

    def close(self) -> None:
        """The model belongs to the caller."""


def as_runnable(assistant: Assistant) -> Runnable[str, Answer]:
    """Question in, `Answer` out, sync and async."""

    async def answer(question: str) -> Answer:
        return await asyncio.to_thread(assistant.ask, question)

    return RunnableLambda(assistant.ask, afunc=answer, name="ragslm")


class RagslmChatModel(BaseChatModel):
    """The assistant as a LangChain chat model: the last human message is the question.

    The reply's `additional_kwargs["ragslm"]` holds citations, refusal and the audit id.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    assistant: Assistant

    @property
    def _llm_type(self) -> str:
        return "ragslm"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        question = next((m.text for m in reversed(messages) if m.type == "human"), "")
        answer = self.assistant.ask(question)
        proof = {
            "refused": answer.refused,
            "audit_id": answer.audit_id,
            "citations": [asdict(citation) for citation in answer.citations],
        }
        message = AIMessage(content=answer.text, additional_kwargs={"ragslm": proof})
        return ChatResult(generations=[ChatGeneration(message=message)])
