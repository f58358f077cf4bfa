"""ragslm's ingest against LangChain's loader and splitter, stock Presidio, MiniLM, FAISS: prints the ratio.

tests/bench/peer-env                                                       # once
python tests/bench/bench_ingest.py [--files 2] [--data DIR] [--loader PyPDFium2Loader]

Both read the same PDF files with the same spaCy and encoder weights on all cores; models are loaded before
the clock starts. `parse` of ragslm is the time spent waiting for its parsing process, which works ahead. DIR
holds PDF files or a folder `pdfs`; the first N of them by name are taken. Without it the bundled sample is
read, which is too short to tell more than that the bench runs.
"""

import argparse
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

import pypdfium2

from ragslm import Assistant
from ragslm.models.pull import locate
from ragslm.registry import samples
from ragslm.settings import Settings
from ragslm.store.keys import new_key
from ragslm.types import IngestReport

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv-bench" / "bin" / "python"
LOADERS = ("PyPDFium2Loader", "PyPDFLoader")


def main() -> None:
    """Time both and print the ratio."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=2)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--loader", choices=LOADERS, default=LOADERS[0], help="the first is the faster")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pages = _copied(asked.data, asked.files, folder / "pdfs")
        ours = _ours(folder)
        theirs = _theirs(folder, asked.loader)
    print(f"{asked.files} files at most, {pages} pages; {ours.passages} passages and {theirs['passages']}")
    _line("ragslm", pages, ours.seconds, dict(ours.stages))
    _line(f"LangChain {asked.loader}", pages, theirs["seconds"], theirs["stages"])
    print(f"LangChain : ragslm       {theirs['seconds'] / ours.seconds:9.2f}")


def _copied(data: Path | None, most: int, folder: Path) -> int:
    """Put the files that are read into a folder of their own; their pages in all."""
    source = data or samples("banking")
    found = sorted((source / "pdfs" if (source / "pdfs").is_dir() else source).glob("*.pdf"))[:most]
    if not found:
        raise SystemExit(f"There is no PDF file in {source}.")
    folder.mkdir()
    pages = 0
    for file in found:
        shutil.copy(file, folder)
        with pypdfium2.PdfDocument(file) as pdf:
            pages += len(pdf)
    return pages


def _ours(folder: Path) -> IngestReport:
    """Parse, scrub, embed and commit, as `ragslm ingest` does."""
    with Assistant.open(folder / "workspace", domain="banking", key=new_key()) as assistant:
        assistant.warm()
        report = assistant.ingest(folder / "pdfs")
    if report.quarantined:
        raise SystemExit(f"{len(report.quarantined)} files were not read.")
    return report


def _theirs(folder: Path, loader: str) -> dict[str, object]:
    """What `peer_ingest.py` measured, in the environment of `peer-env`."""
    models = Settings.load().models
    weights = [locate(name, models.folder) for name in (models.ner, models.encoder)]
    script = ROOT / "tests" / "bench" / "peer_ingest.py"
    done = subprocess.run(
        [PYTHON, script, folder / "pdfs", folder / "peer", loader, *weights],
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def _line(name: str, pages: int, seconds: float, stages: dict[str, float]) -> None:
    parts = ", ".join(f"{stage} {spent:.1f}" for stage, spent in stages.items())
    print(f"{name:24} {seconds:9.1f} s {pages / seconds:7.1f} pages/s   ({parts})")


if __name__ == "__main__":
    main()
