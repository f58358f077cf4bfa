"""The front door: what it shows, and how light it is."""

import subprocess
import sys

import ragslm

HEAVY = (
    "torch",
    "faiss",
    "spacy",
    "langchain",
    "langchain_core",
    "fastapi",
    "streamlit",
    "numpy",
    "presidio_analyzer",
)


def test_everything_promised_is_there_and_sorted() -> None:
    assert ragslm.__all__ == sorted(ragslm.__all__)
    assert all(getattr(ragslm, name) is not None for name in ragslm.__all__)
    assert set(dir(ragslm)) == set(ragslm.__all__)


def test_importing_ragslm_loads_nothing_heavy() -> None:
    code = f"import sys, ragslm; print([m for m in {HEAVY!r} if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_the_sdk_loads_nothing_heavy() -> None:
    code = f"import sys; from ragslm import Client; print([m for m in {HEAVY!r} if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"
