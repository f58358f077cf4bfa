"""The prompts of plain RAG for `ragslm eval answers --plain`: LangChain splits, retrieves, prompts.

tests/bench/plain-rag-env                                       # once
python tests/bench/plain_rag.py --data DIR PROMPTS.jsonl
ragslm eval answers --data DIR --plain PROMPTS.jsonl …

The encoder is ragslm's own, so that both search with the same vectors; the model answers later, in the same
process and through the same engine class as ragslm's answers.
"""

import argparse
import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ragslm.evaluate.answers.sets import Asked, read_set
from ragslm.factory import open_parts
from ragslm.store.keys import new_key

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv-plain" / "bin" / "python"
PEER = ROOT / "tests" / "bench" / "plain_rag_peer.py"


def main() -> None:
    """Write one prompt a question."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("prompts", type=Path)
    given = parser.parse_args()
    chosen = read_set(given.data)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        chosen.write(folder / "documents")
        subprocess.run([PYTHON, PEER, "split", folder], check=True)
        embed(folder, chosen.questions)
        subprocess.run([PYTHON, PEER, "retrieve", folder], check=True)
        given.prompts.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / "prompts.jsonl", given.prompts)
    print(f"{given.prompts}: {len(chosen.questions)} prompts")


def embed(folder: Path, questions: Sequence[Asked]) -> None:
    """Chunks and questions, by ragslm's encoder."""
    lines = (folder / "chunks.jsonl").read_text("utf-8").splitlines()
    parts = open_parts(folder / "workspace", key=new_key(), config=None, arguments={})
    try:
        np.save(folder / "vectors.npy", parts.embedder.embed([json.loads(line)["text"] for line in lines]))
        np.save(folder / "asked.npy", parts.embedder.embed([one.text for one in questions]))
    finally:
        parts.close()
    with (folder / "questions.jsonl").open("w", encoding="utf-8") as out:
        for one in questions:
            row = {"id": one.id, "text": one.text, "task": one.task, "within": one.within}
            out.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
