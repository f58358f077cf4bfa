"""LangChain's own standard suites over a real workspace with the real encoder, sync and async."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from langchain_core.vectorstores import VectorStore
from langchain_tests.integration_tests import RetrieversIntegrationTests, VectorStoreIntegrationTests

from ragslm import Assistant
from ragslm.integrations.langchain import RagslmRetriever, RagslmVectorStore

pytestmark = pytest.mark.models
KEY = "7c" * 32
TEXTS = (
    "Warfarin interacts with NSAIDs and the risk of bleeding rises.",
    "Heparin starts to work within hours of the first injection.",
    "A stroke is an emergency: call for help at once.",
    "Exercise lowers blood pressure in most adults.",
)


class TestVectorStore(VectorStoreIntegrationTests):
    """`RagslmVectorStore`; every test starts with an empty workspace."""

    @pytest.fixture
    def vectorstore(self, tmp_path: Path) -> Iterator[VectorStore]:
        with Assistant.open(tmp_path / "w", key=KEY, generation={"engine": "extractive"}) as assistant:
            yield RagslmVectorStore(assistant)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("retriever") / "w"
    with Assistant.open(folder, key=KEY, generation={"engine": "extractive"}) as assistant:
        RagslmVectorStore.from_texts(list(TEXTS), assistant=assistant)
        yield assistant


class TestRetriever(RetrieversIntegrationTests):
    """`RagslmRetriever` over four texts."""

    @pytest.fixture(autouse=True)
    def _open(self, shared: Assistant) -> None:
        self.assistant = shared

    @property
    def retriever_constructor(self) -> type[RagslmRetriever]:
        return RagslmRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Assistant]:
        return {"assistant": self.assistant}

    @property
    def retriever_query_example(self) -> str:
        return "Does warfarin interact with NSAIDs?"
