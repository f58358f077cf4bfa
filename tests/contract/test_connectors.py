"""Every connector holds the contract, the example of docs/write-a-connector.md included."""

import importlib.util
import sqlite3
from pathlib import Path

import pytest
from pydantic import SecretStr

from ragslm.errors import ConfigError
from ragslm.ingest.files import Files
from ragslm.integrations.langchain_source import source as langchain_source
from ragslm.protocols import Connector, IncrementalConnector
from ragslm.testing.connector_contract import ConnectorContract, IncrementalContract
from ragslm_connectors.medical.fhir_export import FhirExport
from ragslm_connectors.medical.fhir_server import FhirServer
from tests.data.fhir_server import TOKEN, Fhir, fill, result, serving
from tests.data.tickets import SCHEMA, TICKETS, gone, said

EXAMPLE = Path(__file__).parents[2] / "docs/example-connector/ragslm_tickets.py"


class TestFolder(ConnectorContract):
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        for name in ("a.txt", "b/c.txt"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(f"Words of the document {name}.")
        return tmp_path

    @pytest.fixture
    def connector(self, folder: Path) -> Connector:
        return Files(folder, 1000)

    @pytest.fixture
    def snapshot(self, folder: Path):
        return lambda: sorted((p, p.stat().st_mtime_ns) for p in folder.rglob("*"))


class TestLangChain(ConnectorContract):
    @pytest.fixture
    def connector(self) -> Connector:
        return langchain_source("tests.unit.ingest.sources:loader", {"texts": ["one page", "another page"]})

    @pytest.fixture
    def snapshot(self):
        return lambda: None


class TestExample(IncrementalContract):
    telling = frozenset({"effective_date", "scope", "readers"})

    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        with sqlite3.connect(tmp_path / "tickets.db") as db:
            db.executescript(SCHEMA)
            db.executemany("INSERT INTO tickets VALUES (?,?,?,?,?,?,?,?,?)", TICKETS)
        db.close()
        return tmp_path / "tickets.db"

    @pytest.fixture
    def connector(self, file: Path) -> IncrementalConnector:
        spec = importlib.util.spec_from_file_location("ragslm_tickets", EXAMPLE)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        connector: IncrementalConnector = module.Tickets(file)
        return connector

    @pytest.fixture
    def snapshot(self, file: Path):
        return lambda: (file.read_bytes(), sorted(file.parent.iterdir()))

    @pytest.fixture
    def change(self, file: Path):
        def go():
            with sqlite3.connect(file) as db:
                said(db, 9, "A new ticket.")
                said(db, 2, "The message was changed.")
                gone(db, 3)
            db.close()
            return {"added": "tickets://9", "changed": "tickets://2", "removed": "tickets://3"}

        return go

    def test_a_field_that_was_forgotten_in_the_policy_stops_the_reading(self, connector, monkeypatch):
        monkeypatch.setattr(type(connector), "policy", {"Ticket": "KEEP"})
        with pytest.raises(ConfigError, match="'Customer' has no meaning"):
            list(connector.load())


class TestFhirServer(IncrementalContract):
    telling = frozenset({"version"})

    @pytest.fixture
    def server(self):
        fhir = Fhir()
        with serving(fhir):
            fill(fhir)
            yield fhir

    @pytest.fixture
    def connector(self, server: Fhir) -> IncrementalConnector:
        types = ("Patient", "Observation", "MedicationRequest")
        return FhirServer(server.base, types, token=SecretStr(TOKEN), count=2)

    @pytest.fixture
    def snapshot(self, server: Fhir):
        return lambda: list(server.versions)

    @pytest.fixture
    def change(self, server: Fhir):
        def go():
            return {
                "added": server.put("Observation", "new", **result("6.1", "p1")),
                "changed": server.put("Observation", "o1", **result("7.2", "p2")),
                "removed": server.delete("Observation", "o2"),
            }

        return go


class TestFhirExport(ConnectorContract):
    telling = frozenset({"version"})

    @pytest.fixture
    def connector(self, tmp_path: Path) -> Connector:
        line = '{"resourceType":"Observation","id":"%s","meta":{"versionId":"1"},"valueString":"x"}\n'
        for name in ("Observation", "Observation-2"):
            (tmp_path / f"{name}.ndjson").write_text(line % f"{name}a" + line % f"{name}b")
        return FhirExport(tmp_path)

    @pytest.fixture
    def snapshot(self, tmp_path: Path):
        return lambda: sorted((p, p.stat().st_mtime_ns) for p in tmp_path.rglob("*"))
