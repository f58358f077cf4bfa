"""A bulk export asked of a FHIR server on loopback."""

import json

import pytest
from pydantic import SecretStr

from ragslm.errors import ConfigError, SourceError
from ragslm.testing.connector_contract import ConnectorContract
from ragslm_connectors.medical import fhir_bulk
from ragslm_connectors.medical.fhir_bulk import FhirBulk
from ragslm_connectors.medical.fhir_source import fhir
from tests.data.fhir_server import TOKEN, Fhir, fill, serving


@pytest.fixture(autouse=True)
def waits(monkeypatch):
    """The pauses between two looks, which are not waited for."""
    waits: list[float] = []
    monkeypatch.setattr(fhir_bulk.time, "sleep", waits.append)
    return waits


@pytest.fixture
def server():
    running = Fhir()
    with serving(running):
        fill(running)
        yield running


def bulk(server: Fhir, export: str = "system", types: tuple[str, ...] = ()) -> FhirBulk:
    return FhirBulk(server.base, export, types, "ehr", SecretStr(TOKEN))


class TestContract(ConnectorContract):
    telling = frozenset({"version"})

    @pytest.fixture
    def connector(self, server):
        return bulk(server)

    @pytest.fixture
    def snapshot(self, server):
        return lambda: list(server.versions)


def test_every_resource_of_the_export_is_a_document(server):
    found = [one.uri for one in bulk(server).load()]
    assert len(found) == 2 + 7 + 1 + 1
    assert "fhir-export://ehr/Observation/o0" in found


def test_the_job_is_followed_and_given_back(server, waits):
    server.looks = 3
    list(bulk(server).load())
    asked = [path.partition("?")[0] for path in server.asked]
    assert asked[:5] == ["/r4/$export", *["/r4/job/0"] * 4]
    assert waits == [1.0] * 3  # though the server says 0
    assert asked[-1] == "DELETE /r4/job/0"
    assert server.jobs == {}


@pytest.mark.parametrize(
    ("export", "path"), [("patient", "/r4/Patient/$export"), ("Group/g1", "/r4/Group/g1/$export")]
)
def test_whose_records_and_which(server, export, path):
    found = [one.uri for one in bulk(server, export, ("Patient",)).load()]
    assert found == ["fhir-export://ehr/Patient/p1", "fhir-export://ehr/Patient/p2"]
    assert server.asked[0].startswith(f"{path}?")
    assert "_type=Patient" in server.asked[0]


def test_an_export_without_files_is_an_empty_source(server):
    assert list(bulk(server, types=("Procedure",)).load()) == []


def test_an_export_that_is_not_complete_is_an_error_and_is_given_back(server):
    issue = {"severity": "error", "code": "exception", "diagnostics": "Ann Weaver"}
    server.failures = [{"resourceType": "OperationOutcome", "issue": [issue]}]
    with pytest.raises(SourceError, match="not complete") as raised:
        list(bulk(server).load())
    assert "Weaver" not in str(raised.value)
    assert server.jobs == {}


@pytest.mark.parametrize(
    "manifest",
    [
        {},  # nothing
        {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "exception"}]},
        {"transactionTime": "2024-03-01T08:00:00Z"},  # no files named
        {"transactionTime": "2024-03-01T08:00:00Z", "output": None},
        {"transactionTime": "2024-03-01T08:00:00Z", "output": {"type": "Patient"}},  # no list
        {"transactionTime": "2024-03-01T08:00:00Z", "output": [None]},  # not of files
        {"output": []},  # no time
    ],
)
def test_a_manifest_that_lists_no_files_is_no_empty_export(server, manifest):
    server.looks = 0
    server.refusals.append(("job", 200, {}, json.dumps(manifest).encode()))
    with pytest.raises(SourceError, match="Nothing was removed"):
        list(bulk(server).load())
    assert server.jobs == {}


def test_a_file_with_fewer_resources_than_the_server_says_is_an_error(server):
    server.counted = {"Observation": 8}
    with pytest.raises(SourceError, match="has 7 resources; the server says 8"):
        list(bulk(server).load())


def test_a_file_with_as_many_resources_as_the_server_says_is_read(server):
    server.counted = {"Observation": 7}
    assert len(list(bulk(server).load())) == 11


def test_a_warning_of_the_server_stops_nothing(server):
    server.failures = [
        {"resourceType": "OperationOutcome", "issue": [{"severity": "warning", "code": "throttled"}]}
    ]
    assert len(list(bulk(server).load())) == 11


def test_a_report_with_an_endless_line_is_an_error(server, monkeypatch):
    monkeypatch.setattr("ragslm_connectors.medical.fhir_export.LONGEST_LINE", 40)
    server.failures = [
        {"resourceType": "OperationOutcome", "issue": [{"severity": "warning", "code": "throttled"}]}
    ]
    with pytest.raises(SourceError, match="longer than is read"):
        list(bulk(server).load())


def test_files_on_another_host_are_not_fetched(server):
    server.elsewhere = "http://localhost:1/r4"
    with pytest.raises(SourceError, match="another host"):
        list(bulk(server).load())


@pytest.mark.parametrize(
    ("pattern", "status", "said"),
    [
        ("export", 403, "token does not allow"),
        ("job", 500, "status 500"),
        ("file", 404, "nothing at this address"),
    ],
)
def test_what_the_server_refuses_is_an_error(server, pattern, status, said):
    server.refusals.append((pattern, status, {}, b""))
    with pytest.raises(SourceError, match=said):
        list(bulk(server).load())


def test_a_server_that_says_no_address_is_named(server):
    server.refusals.append(("export", 202, {}, b""))
    with pytest.raises(SourceError, match="does not say where"):
        list(bulk(server).load())


@pytest.mark.parametrize(
    "settings",
    [
        {"url": "https://a.org", "export": "everything"},  # no such scope
        {"url": "http://a.org", "export": "system"},  # in clear
        {"path": ".", "export": "system"},  # files are an export already
        {"url": "https://a.org", "export": "system", "search": {"Observation": "category=x"}},  # no search
    ],
)
def test_settings_that_are_refused(settings):
    with pytest.raises(ConfigError):
        fhir("ehr", **settings)
