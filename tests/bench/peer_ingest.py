"""The peer's half of `bench_ingest.py`, run in the environment of `peer-env`: seconds by stage as JSON.

peer_ingest.py PDFS INDEX LOADER NER ENCODER

LangChain's PDF loader, its splitter at 1,000 characters with 200 of overlap, Presidio's analyzer and
anonymizer with every recogniser they come with, all-MiniLM-L6-v2, FAISS saved to disk.
"""

import json
import sys
import time
import warnings
from contextlib import contextmanager
from pathlib import Path

warnings.filterwarnings("ignore", category=DeprecationWarning)

from langchain_community import document_loaders  # noqa: E402
from langchain_community.vectorstores import FAISS  # noqa: E402
from langchain_huggingface import HuggingFaceEmbeddings  # noqa: E402
from langchain_text_splitters import RecursiveCharacterTextSplitter  # noqa: E402
from presidio_analyzer import AnalyzerEngine  # noqa: E402
from presidio_analyzer.nlp_engine import NlpEngineProvider  # noqa: E402
from presidio_anonymizer import AnonymizerEngine  # noqa: E402

SECONDS = dict.fromkeys(("load", "split", "scrub", "embed and save"), 0.0)


@contextmanager
def stage(name):
    """Add the time of the block to a stage."""
    start = time.perf_counter()
    yield
    SECONDS[name] += time.perf_counter() - start


def main() -> None:
    """Load models, then time the way of every file in the folder into a saved index."""
    pdfs, index, loader, ner, encoder = sys.argv[1:]
    nlp = {"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": ner}]}
    analyzer = AnalyzerEngine(nlp_engine=NlpEngineProvider(nlp_configuration=nlp).create_engine())
    anonymizer = AnonymizerEngine()
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    embeddings = HuggingFaceEmbeddings(model_name=encoder)
    embeddings.embed_query("Warm.")
    analyzer.analyze("Warm.", "en")
    start = time.perf_counter()
    with stage("load"):
        files = sorted(Path(pdfs).glob("*.pdf"))
        pages = [page for file in files for page in getattr(document_loaders, loader)(str(file)).load()]
    with stage("split"):
        passages = splitter.split_documents(pages)
    with stage("scrub"):
        for passage in passages:
            found = analyzer.analyze(passage.page_content, "en")
            passage.page_content = anonymizer.anonymize(passage.page_content, found).text
    with stage("embed and save"):
        FAISS.from_documents(passages, embeddings).save_local(index)
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "stages": SECONDS, "passages": len(passages)}))


if __name__ == "__main__":
    main()
