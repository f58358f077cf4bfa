"""The peer's half of `plain_rag.py`, run in the environment of `plain-rag-env`.

plain_rag_peer.py split FOLDER     FOLDER/documents → FOLDER/chunks.jsonl
plain_rag_peer.py retrieve FOLDER  chunks, vectors.npy, asked.npy, questions.jsonl → FOLDER/prompts.jsonl
"""

import html
import json
import re
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_core.prompts import ChatPromptTemplate
from langchain_text_splitters import RecursiveCharacterTextSplitter
from precomputed import Precomputed
from pypdf import PdfReader

TOP = 5
CHARACTERS, OVERLAP = 1000, 200

# LangChain's published prompt (hub `rlm/rag-prompt`), with numbered passages so that they can be cited.
PROMPT = ChatPromptTemplate.from_messages(
    [
        (
            "human",
            "You are an assistant for question-answering tasks. Use the following pieces of retrieved "
            "context to answer the question. If you don't know the answer, just say that you don't know. "
            "Use three sentences maximum and keep the answer concise. End every sentence with the number "
            "of the piece of context it rests on, such as [1].\n"
            "Question: {question} \nContext: {context} \nAnswer:",
        )
    ]
)


def split(folder: Path) -> None:
    """Every file by pages or as a whole, in chunks of 1,000 characters that overlap by 200."""
    splitter = RecursiveCharacterTextSplitter(chunk_size=CHARACTERS, chunk_overlap=OVERLAP)
    pages = [page for path in sorted((folder / "documents").iterdir()) for page in read(path)]
    with (folder / "chunks.jsonl").open("w", encoding="utf-8") as out:
        for chunk in splitter.split_documents(pages):
            out.write(json.dumps({"text": chunk.page_content, **chunk.metadata}) + "\n")


def read(path: Path) -> list[Document]:
    """A PDF by pages; XML, HTML and DOCX without their marks; anything else as text."""
    about = {"document": path.stem, "file": path.name, "page": None}
    if path.suffix == ".pdf":
        return [
            Document(page.extract_text(), metadata={**about, "page": number})
            for number, page in enumerate(PdfReader(path).pages, start=1)
        ]
    if path.suffix == ".xml":
        return [Document(plain(path.read_text("utf-8")), metadata=about)]
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as packed:
            return [Document(plain(packed.read("word/document.xml").decode()), metadata=about)]
    if path.suffix in {".htm", ".html"}:
        shown = re.sub(r"<(script|style).*?</\1>|<[^>]+>", "\n", path.read_text("utf-8"), flags=re.DOTALL)
        return [Document(re.sub(r"\s*\n\s*", "\n", html.unescape(shown)), metadata=about)]
    return [Document(path.read_text("utf-8", errors="replace"), metadata=about)]


def plain(xml: str) -> str:
    """The text of XML, one line an element."""
    texts = (text.strip() for text in ElementTree.fromstring(xml).itertext())
    return "\n".join(text for text in texts if text)


def retrieve(folder: Path) -> None:
    """The prompt of every question over its five nearest chunks."""
    chunks, questions = rows(folder / "chunks.jsonl"), rows(folder / "questions.jsonl")
    asked = dict(zip((q["text"] for q in questions), np.load(folder / "asked.npy").tolist(), strict=True))
    store = FAISS.from_embeddings(
        zip((c["text"] for c in chunks), np.load(folder / "vectors.npy").tolist(), strict=True),
        Precomputed(asked),
        metadatas=[{name: c[name] for name in ("document", "file", "page")} for c in chunks],
    )
    with (folder / "prompts.jsonl").open("w", encoding="utf-8") as out:
        for question in questions:
            out.write(json.dumps(prompt_of(store, question)) + "\n")


def prompt_of(store: FAISS, question: dict) -> dict:
    """Through the retriever, restricted to one file where the question is."""
    search = {"k": TOP, "fetch_k": 100_000}
    if question["within"]:
        search["filter"] = {"file": question["within"]}
    found = store.as_retriever(search_kwargs=search).invoke(question["text"])
    context = "\n\n".join(f"[{i}] {chunk.page_content}" for i, chunk in enumerate(found, start=1))
    wanted = f"{question['text']} {question['task']}".strip()
    message = PROMPT.invoke({"question": wanted, "context": context}).to_messages()[0]
    passages = [
        {"text": c.page_content, "document": c.metadata["document"], "page": c.metadata["page"]}
        for c in found
    ]
    return {"id": question["id"], "user": message.content, "passages": passages}


def rows(path: Path) -> list[dict]:
    """The objects of a JSON lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


if __name__ == "__main__":
    {"split": split, "retrieve": retrieve}[sys.argv[1]](Path(sys.argv[2]))
