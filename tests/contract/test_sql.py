"""The contract of connectors over a table in SQLite, with and without a cursor column."""

import sqlite3
from pathlib import Path

import pytest
from pydantic import SecretStr

from ragslm.testing.connector_contract import ConnectorContract, IncrementalContract
from ragslm_connectors.generic.sql import source
from tests.data import lab


@pytest.fixture
def file(tmp_path: Path) -> Path:
    with sqlite3.connect(tmp_path / "lab.db") as db:
        db.execute(lab.SCHEMA)
        db.executemany(f"INSERT INTO results VALUES ({','.join('?' * 11)})", lab.ROWS)
    db.close()
    return tmp_path / "lab.db"


class Lab:
    telling = frozenset({"effective_date", "scope", "readers"})

    @pytest.fixture
    def snapshot(self, file: Path):
        return lambda: (file.read_bytes(), sorted(file.parent.iterdir()))


class TestListing(Lab, ConnectorContract):
    @pytest.fixture
    def connector(self, file: Path):
        return source(SecretStr(f"sqlite:///{file}"), source_name="lab", **lab.SETTINGS)


class TestChanges(Lab, IncrementalContract):
    @pytest.fixture
    def connector(self, file: Path):
        return source(
            SecretStr(f"sqlite:///{file}"),
            cursor_column="changed",
            deleted_column="gone",
            overlap=0,
            source_name="lab",
            **lab.SETTINGS,
        )

    @pytest.fixture
    def change(self, file: Path):
        def go():
            with sqlite3.connect(file) as db:
                for statement in (lab.NEW, lab.CHANGED, lab.GONE):
                    db.execute(statement)
            db.close()
            return lab.URIS

        return go
