"""How much memory and time a large table takes: rows from PostgreSQL's or SQLite's file to the catalogue.

python -m tests.bench.bench_sql [--rows 1000000] [--url URL]

Without a URL a SQLite file is made. With one, table `results` is made in that database.
Scrubber and encoder are those of the unit tests, so that the numbers tell of connector, synchronisation and
catalogue alone; documents are parsed in this process. Prints the highest resident memory beside the one
before the first row.
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

import sqlalchemy as sa

from ragslm.ingest.runner import Ingest
from ragslm.ingest.sources import Source
from ragslm.ingest.sync import Sync
from ragslm.settings import IngestSettings, Settings
from ragslm.store.catalogue import Catalogue
from ragslm.types import SourceReport
from tests.data import lab
from tests.unit.ingest.conftest import DOMAINS, OWNER, HashEmbedder, InProcess, NameScrubber

TOGETHER = 10_000


class Forgetful(HashEmbedder):
    """The test encoder without the list of what it was asked."""

    def embed(self, texts: list[str]) -> object:
        """As the encoder's."""
        vectors = super().embed(texts)
        self.texts.clear()
        return vectors


class Silent(InProcess):
    """The test parser without the list of what it parsed."""

    def parse(self, document: object) -> object:
        """As the parser's."""
        parsed = super().parse(document)
        self.parsed.clear()
        return parsed


def main() -> None:
    """Fill a table, bring it in, bring it in again."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--url")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = asked.url or f"sqlite:///{folder / 'lab.db'}"
        _fill(url, asked.rows)
        (folder / "url").write_text(url)
        with Catalogue.create(folder / "workspace", bytes(range(32))) as catalogue:
            before = _memory()
            for run in ("first", "again"):
                start = time.perf_counter()
                report = _bring_in(catalogue, folder)
                seconds = time.perf_counter() - start
                _tell(run, report, asked.rows, seconds, before)


def _fill(url: str, rows: int) -> None:
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    marks = ", ".join(f":c{column}" for column in range(11))
    with engine.begin() as connection:
        connection.exec_driver_sql(lab.SCHEMA)
        for start in range(0, rows, TOGETHER):
            made = [_row(number) for number in range(start, min(start + TOGETHER, rows))]
            connection.execute(sa.text(f"INSERT INTO results VALUES ({marks})"), made)
        connection.exec_driver_sql("CREATE INDEX by_change ON results (changed, id)")
    engine.dispose()


def _row(number: int) -> dict[str, object]:
    values = list(lab.ROWS[number % 3])
    values[0], values[1], values[4] = number, number, f"M-{number % 50_000}"
    return {f"c{column}": value for column, value in enumerate(values)}


def _bring_in(catalogue: Catalogue, folder: Path) -> SourceReport:
    pool = Silent()
    made = Ingest(
        catalogue,
        NameScrubber(),
        Forgetful(),
        settings=IngestSettings(),
        domains=DOMAINS,
        domain="generic",
        pool=pool,
    )
    sync = Sync(
        catalogue,
        settings=lambda domain: Settings(),
        ingest=lambda domain: made,
        default="generic",
        domains=DOMAINS,
    )
    settings = {**lab.SETTINGS, "url_file": "url", "cursor_column": "changed", "deleted_column": "gone"}
    return sync.run(Source(name="lab", kind="sql", settings=settings, base=folder), identity=OWNER)


def _tell(run: str, report: SourceReport, rows: int, seconds: float, before: int) -> None:
    if report.error:
        raise SystemExit(report.error)
    print(
        f"{run}: {rows:,} rows; {report.added:,} added, {report.unchanged:,} unchanged, {seconds:,.0f} s, "
        f"{(report.added + report.unchanged) / seconds:,.0f} rows/s; "
        f"{_memory() / 1024:,.0f} MB at most, {before / 1024:,.0f} MB before"
    )


def _memory() -> int:
    """Highest resident memory so far, in kB as Linux counts it."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
