"""Facts of the sample files, asked of the search: is the first passage the one that holds the answer?

python tests/bench/bench_facts.py office eml [--domain generic] [--misses]

Each table's files, and what lies inside them, go into one encrypted workspace with the models as they ship;
every question is searched over all of them. An answer counts where it stands in the part of the original that
the passage was cut from, and the element, which begins a block, stands there too. Intervals: Wilson, 95 %.
"""

import argparse
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from ragslm import Assistant
from ragslm.ingest.worker import parse
from ragslm.registry import load_domains
from ragslm.store.keys import new_key
from ragslm.types import Hit, SourceDocument

FACTS = Path(__file__).resolve().parents[1] / "data" / "facts"
DEPTHS = (1, 3, 8)
Z = 1.96


def main() -> None:
    """Ask every table and print a line for each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("tables", nargs="+")
    parser.add_argument("--domain", default="generic")
    parser.add_argument("--misses", action="store_true", help="name the questions not answered first")
    asked = parser.parse_args()
    for name in asked.tables:
        lines = (FACTS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        _ask(name, [json.loads(line) for line in lines], asked.domain, asked.misses)


def _ask(name: str, facts: list[dict[str, str]], domain: str, misses: bool) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary, "docs")
        folder.mkdir()
        for file in sorted({(FACTS / fact["file"]).resolve() for fact in facts}):
            shutil.copy(file, folder)
        with Assistant.open(Path(temporary, "workspace"), domain=domain, key=new_key()) as assistant:
            report = assistant.ingest(folder)
            print(f"{name}: {report.added} documents, {report.passages} passages")
            print(f"  {len(report.quarantined)} of what was found is quarantined")
            ranks = [_rank(assistant.search(fact["question"], k=max(DEPTHS)), fact, folder) for fact in facts]
    for depth in DEPTHS:
        found = sum(rank is not None and rank <= depth for rank in ranks)
        share = f"{found / len(facts):.3f} {_interval(found, len(facts))}"
        print(f"  answered within {depth}: {share} n={len(facts)}")
    for fact, rank in zip(facts, ranks, strict=True):
        if misses and rank != 1:
            print(f"  {fact['id']}: {'not found' if rank is None else f'rank {rank}'}")


def _rank(hits: list[Hit], fact: dict[str, str], folder: Path) -> int | None:
    """The first hit, from 1, that holds answer and element."""
    file = folder / Path(fact["file"]).name
    for rank, hit in enumerate(hits, start=1):
        if hit.passage.uri == file.as_uri():
            said = _text(file)[hit.passage.start : hit.passage.end]
            if fact["answer"] in said and fact["element"] in said:
                return rank
    return None


_texts: dict[str, str] = {}


def _text(file: Path) -> str:
    """The parsed text of a file."""
    if file.name not in _texts:
        document = SourceDocument(uri=file.as_uri(), content=file.read_bytes())
        parsed: Any = parse(document, file.suffix.lower(), load_domains(["generic", "medical", "banking"]))
        _texts[file.name] = parsed.document.text
    return _texts[file.name]


def _interval(found: int, n: int) -> str:
    """Source: Wilson (1927), Probable inference, Journal of the American Statistical Association 22."""
    share, square = found / n, Z * Z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = Z / (1 + square / n) * (share * (1 - share) / n + square / (4 * n * n)) ** 0.5
    return f"[{middle - half:.3f}, {middle + half:.3f}]"


if __name__ == "__main__":
    main()
