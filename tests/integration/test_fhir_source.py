"""A FHIR server as a source, against a small real one on loopback."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from ragslm.assistant import Assistant
from ragslm.errors import ConfigError, CursorError, QuarantineError, SourceError
from ragslm.types import EVERYONE, Cursor, ParsedDocument, Removed, SourceDocument
from ragslm_connectors.medical import _fhir_http
from ragslm_connectors.medical.fhir import FhirParser
from ragslm_connectors.medical.fhir_export import FhirExport
from ragslm_connectors.medical.fhir_server import FhirServer
from ragslm_connectors.medical.fhir_source import fhir as source
from tests.data.fhir_server import TOKEN, Fhir, fill, outcome, result, serving

TYPES = ("Patient", "Observation", "MedicationRequest", "DocumentReference", "DiagnosticReport")
SECRET = "Ann Weaver has hemoglobin 9.1"


@pytest.fixture
def server() -> Iterator[Fhir]:
    fhir = Fhir()
    with serving(fhir):
        fill(fhir)
        yield fhir


def connector(server: Fhir, **settings) -> FhirServer:
    return FhirServer(server.base, **({"types": TYPES, "token": SecretStr(TOKEN), "count": 2} | settings))


def read(document: SourceDocument) -> ParsedDocument:
    return FhirParser().parse(document)


def last(changes) -> str:
    return [one.value for one in changes if isinstance(one, Cursor)][-1]


def test_every_resource_is_a_document_that_can_be_read(server):
    found = {one.uri.removeprefix(server.base): one for one in connector(server).load()}
    assert len(found) == 2 + 7 + 1
    parsed = read(found["/Observation/o0"])
    assert "Hemoglobin: 9.1 g/dL" in parsed.text
    assert parsed.scope == "Patient/p1"
    assert found["/Observation/o0"].version == "1"


def test_a_prescription_names_the_drug_that_it_refers_to(server):
    found = next(one for one in connector(server, types=("MedicationRequest",)).load())
    assert "Warfarin 5 mg tablet" in read(found).text


def test_a_number_keeps_its_digits(server):
    body = json.dumps({"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Observation"}}]})
    raw = b'{"resourceType":"Observation","id":"x","valueQuantity":{"value":6.40,"unit":"1.50"},"n":1e5}'
    assert _fhir_http.dumped(_fhir_http.loaded(raw)) == raw
    assert _fhir_http.loaded(body)["resourceType"] == "Bundle"


def test_a_change_and_a_deletion_are_all_that_comes_again(server):
    source = connector(server)
    cursor = last(source.changes(None))
    server.put("Observation", "o3", **result("7.2", "p1"))
    server.delete("Observation", "o4")
    server.delete("Observation", "o5")
    back = server.put("Observation", "o5", **result("8.8", "p1"))
    changes = list(source.changes(cursor))
    uris = [one.uri for one in changes if isinstance(one, SourceDocument)]
    assert Removed(f"{server.base}/Observation/o4") in changes
    assert Removed(back) not in changes
    assert f"{server.base}/Observation/o3" in uris
    assert back in uris
    assert f"{server.base}/Observation/o0" not in uris


def test_without_history_everything_is_read_again_after_some_days(server):
    server.history = False
    source = connector(server, whole_days=1)
    cursor = last(source.changes(None))
    server.delete("Observation", "o0")
    assert not any(isinstance(one, Removed) for one in source.changes(cursor))
    for hour in range(24):
        server.put("Observation", "o1", **result(f"{hour}.1", "p2"))
    with pytest.raises(CursorError):
        next(source.changes(cursor))


def test_a_history_that_does_not_reach_back_leads_to_a_whole_reading(server):
    source = connector(server)
    cursor = last(source.changes(None))
    server.refusals.append(("_history", 410, {}, outcome("expired")))
    with pytest.raises(CursorError):
        next(source.changes(cursor))


def test_a_list_that_expires_is_asked_for_anew_from_where_it_was(server):
    server.refusals.append(("_getpages=1", 410, {}, outcome("expired")))
    found = [one.uri for one in connector(server).load()]
    assert len(found) == len(set(found)) == 10
    anew = [path for path in server.asked if "Observation?" in path]
    assert len(anew) == 2
    assert "_lastUpdated=ge2024" in anew[1]


def test_a_list_that_always_expires_ends_the_run(server):
    server.refusals += [("_getpages", 410, {}, b"")] * 9
    with pytest.raises(SourceError, match="410"):
        list(connector(server, count=1).load())  # a page of one never gets beyond what it begins with


def test_a_server_that_does_not_sort_gives_no_place_before_the_end_of_a_type(server):
    server.sorts = False
    changes = list(connector(server, types=("Observation",)).changes(None))
    places = [number for number, one in enumerate(changes) if isinstance(one, Cursor)]
    assert places == [7, 8]


def test_too_many_requests_are_waited_for(server, monkeypatch):
    waits: list[float] = []
    monkeypatch.setattr(_fhir_http.time, "sleep", waits.append)
    server.refusals += [
        ("Observation", 429, {"Retry-After": "7"}, outcome("throttled")),
        ("Observation", 503, {}, b""),
        ("Patient", 429, {"Retry-After": "86400"}, b""),
        ("Patient", 503, {"Retry-After": "Fri, 01 Mar 2024 08:00:00 GMT"}, b""),
    ]
    assert len(list(connector(server).load())) == 10
    assert waits == [60.0, 1.0, 7.0, 2.0]


def test_what_stays_down_ends_the_run(server, monkeypatch):
    monkeypatch.setattr(_fhir_http.time, "sleep", lambda _: None)
    server.refusals += [("Observation", 503, {}, b"")] * 5
    with pytest.raises(SourceError, match="503"):
        list(connector(server).load())


@pytest.mark.parametrize(
    ("path", "status", "headers", "body", "said"),
    [
        ("metadata", 401, {}, outcome("login", SECRET), "token_file"),
        ("Observation", 400, {}, outcome("invalid", SECRET), r"400 \(issue invalid\)"),
        ("Observation", 422, {}, outcome(SECRET), r"422\.$"),
        (
            "Observation",
            422,
            {},
            b'{"resourceType":"OperationOutcome","issue":[{"code":["x"]}, 5]}',
            r"422\.$",
        ),
        ("metadata", 404, {}, b"", "check `url`"),
        ("Observation", 500, {}, SECRET.encode(), r"500\.$"),
        ("Observation", 302, {"Location": "http://127.0.0.2/"}, b"", "redirects"),
        ("Observation", 200, {}, SECRET.encode(), "not valid JSON"),
        ("Observation", 200, {}, b"[1]", "no resourceType"),
        ("Observation", 200, {}, b'{"resourceType":"Patient"}', "no Bundle"),
        ("metadata", 200, {}, b'{"resourceType":"CapabilityStatement","fhirVersion":"3.0.2"}', "R4"),
    ],
)
def test_a_refusal_says_what_to_do_and_nothing_of_a_record(server, path, status, headers, body, said):
    server.refusals.append((path, status, headers, body))
    with pytest.raises(SourceError, match=said) as caught:
        list(connector(server).load())
    assert "Weaver" not in str(caught.value)


def bundle(url: str = "", *, of: bytes = b'{"resourceType":"Patient"}') -> bytes:
    page = {"resourceType": "Bundle", "link": [{"relation": "next", "url": url}] if url else []}
    return json.dumps(page | {"entry": [{"resource": json.loads(of)}]}).encode()


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (bundle("http://127.0.0.1:1/r4?page=2"), "another host"),
        (bundle("file:///etc/passwd"), "another host"),
        (bundle("http://[broken"), "another host"),
        (bundle(of=outcome("incomplete", SECRET)), "incomplete"),
        (bundle(of=b'{"resourceType":"Observation"}'), "without an id"),
        (bundle(of=b'{"resourceType":"Observation","id":"../../x"}'), "without an id"),
    ],
)
def test_a_page_that_cannot_be_trusted_ends_the_run(server, page, said):
    server.refusals.append(("Observation", 200, {}, page))
    with pytest.raises(SourceError, match=said):
        list(connector(server).load())


def test_pages_in_a_circle_end_the_run(server):
    here = f"{server.base}?loop=1"
    server.refusals += [("Observation", 200, {}, bundle(here)), ("loop", 200, {}, bundle(here))]
    with pytest.raises(SourceError, match="circle"):
        list(connector(server).load())


def test_a_page_that_is_too_large_is_not_read(server, monkeypatch):
    monkeypatch.setattr(_fhir_http, "PAGE_BYTES", 500)
    with pytest.raises(SourceError, match="more than 500 bytes"):
        list(connector(server).load())


def test_a_type_that_is_not_offered_is_named(server):
    with pytest.raises(SourceError, match="Appointment"):
        list(connector(server, types=("Appointment",)).load())


def test_a_search_can_be_narrowed(server):
    server.put("Observation", "lab", category=[{"coding": [{"code": "laboratory"}]}], **result("5.5", "p1"))
    found = connector(server, types=("Observation",), search={"Observation": "category=laboratory"}).load()
    assert [one.uri for one in found] == [f"{server.base}/Observation/lab"]


def test_a_restricted_resource_is_the_owners_alone(server):
    label = {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}
    server.put("Observation", "hiv", meta={"security": [label]}, **result("5.5", "p1"))
    readers = {one.uri.rpartition("/")[2]: one.readers for one in connector(server).load()}
    assert readers["hiv"] == frozenset()
    assert readers["o0"] == {EVERYONE}  # it says so: one that was restricted before is opened again


# ---------------------------------------------------------------- attachments

LETTER = b"{\\rtf1 The patient was discharged on warfarin.}"


def referring(server: Fhir, url: str, kind: str = "application/rtf") -> SourceDocument:
    attachment = {"contentType": kind, "url": url}
    server.put(
        "DocumentReference", "d1", subject={"reference": "Patient/p1"}, content=[{"attachment": attachment}]
    )
    return next(one for one in connector(server, types=("DocumentReference",)).load())


@pytest.mark.parametrize("place", ["Binary/b1", "{base}/Binary/b1"])
def test_an_attachment_is_fetched_and_read(server, place):
    server.binaries["b1"] = ("application/rtf", LETTER)
    document = referring(server, place.format(base=server.base))
    assert "discharged on warfarin" in read(document).text
    assert read(document).scope == "Patient/p1"
    assert server.accepted == ["application/rtf"]


def test_a_type_that_cannot_be_sent_asks_for_any(server):
    server.binaries["b1"] = ("application/rtf", LETTER)
    assert "discharged on warfarin" in read(referring(server, "Binary/b1", "application/rtf; n=\u00e9")).text
    assert server.accepted == ["*/*"]


def test_an_attachment_wrapped_in_a_binary_resource_is_read(server):
    wrapped = {"resourceType": "Binary", "data": base64.b64encode(LETTER).decode()}
    server.binaries["b1"] = ("application/fhir+json", json.dumps(wrapped).encode())
    assert "discharged on warfarin" in read(referring(server, "Binary/b1")).text


def test_an_attachment_that_is_broken_is_told_of_its_document_alone(server):
    server.binaries["b1"] = ("application/fhir+json", b"{broken")
    document = referring(server, "Binary/b1")
    with pytest.raises(QuarantineError, match="attachment"):
        read(document)


def test_the_form_that_a_report_was_issued_in_is_read(server):
    server.binaries["b1"] = ("text/plain", b"No acute findings in the chest.")
    form = {"contentType": "text/plain", "url": "Binary/b1"}
    server.put("DiagnosticReport", "x1", code={"text": "Chest X-ray"}, presentedForm=[form])
    document = next(one for one in connector(server, types=("DiagnosticReport",)).load())
    assert "No acute findings" in read(document).text


@pytest.mark.parametrize("url", ["Binary/none", "http://127.0.0.1:1/Binary/b1", "file:///etc/passwd"])
def test_an_attachment_that_is_not_there_is_said_to_be_unread(server, url):
    assert "was not read" in read(referring(server, url)).text


def test_an_attachment_that_is_too_large_is_said_to_be_unread(server):
    server.binaries["b1"] = ("application/rtf", LETTER)
    server.put("DocumentReference", "d1", content=[{"attachment": {"url": "Binary/b1"}}])
    found = next(one for one in connector(server, types=("DocumentReference",), max_bytes=10).load())
    assert "was not read" in read(found).text


# ---------------------------------------------------------------- settings, exports


@pytest.mark.parametrize("url", ["http://fhir.example.org/r4", "fhir.example.org", "https://a:b@c.org/r4"])
def test_records_come_over_tls_only(url):
    with pytest.raises(ConfigError):
        FhirServer(url)


def test_the_kind_takes_a_server_or_a_folder(tmp_path: Path):
    with pytest.raises(ConfigError, match="either"):
        source("x")
    with pytest.raises(ConfigError, match="either"):
        source("x", url="https://a.org", path=tmp_path)
    assert isinstance(source("x", url="https://a.org"), FhirServer)
    assert isinstance(source("x", path=tmp_path), FhirExport)


def test_an_export_is_read_line_by_line(tmp_path: Path):
    lines = ['{"resourceType":"Patient","id":"p1"}', "", '{"resourceType":"Patient"}', "broken"]
    (tmp_path / "Patient.ndjson").write_text("\n".join([*lines, '{"resourceType":"Group","id":"g"}', ""]))
    found = {one.uri: one for one in FhirExport(tmp_path, source_name="ward").load()}
    assert list(found) == [
        "fhir-export://ward/Patient/p1",
        "fhir-export://ward/Patient.ndjson/line/3",
        "fhir-export://ward/Patient.ndjson/line/4",
        "fhir-export://ward/Group/g",
    ]
    assert found["fhir-export://ward/Patient.ndjson/line/4"].content == b""
    assert len(list(FhirExport(tmp_path, ("Group",)).load())) == 3


def test_an_export_that_is_still_written_or_absent_removes_nothing(tmp_path: Path):
    with pytest.raises(SourceError, match=r"no \*\.ndjson"):
        list(FhirExport(tmp_path).load())
    (tmp_path / "Patient.ndjson").write_text('{"resourceType":"Patient","id":"p1"}\n{"resourceType":"Pat')
    with pytest.raises(SourceError, match="ends within a line"):
        list(FhirExport(tmp_path).load())


# ---------------------------------------------------------------- the whole way


@pytest.mark.models
def test_what_is_new_or_gone_at_the_server_is_so_in_search(server, tmp_path: Path):
    (tmp_path / "token").write_text(TOKEN)
    entry = {"name": "ehr", "kind": "fhir", "domain": "medical", "url": server.base, "token_file": "token"}
    entry |= {"types": ["Patient", "Observation", "MedicationRequest"], "count": 3}
    (tmp_path / "sources.yaml").write_text(json.dumps([entry]))
    with Assistant.open(tmp_path / "workspace", "medical", key="d3" * 32) as assistant:

        def sync() -> tuple[int, int, int, str | None]:
            (report,) = assistant.sources.sync(tmp_path / "sources.yaml")
            return report.added, report.changed, report.removed, report.error

        def found() -> str:
            return " ".join(
                hit.passage.text for hit in assistant.search("Hemoglobin", scope="Patient/p1", k=50)
            )

        assert sync() == (10, 0, 0, None)
        assert "9.1 g/dL" in found()
        assert "Weaver" not in found()
        assert "10.1 g/dL" not in found()  # the other patient's
        server.put("Observation", "o0", **result("6.3", "p1"))
        server.delete("Observation", "o2")
        assert sync() == (0, 1, 1, None)
        assert "6.3 g/dL" in found()
        assert "9.1 g/dL" not in found()
        assert "11.1 g/dL" not in found()
        server.refusals.append(("Observation", 500, {}, b""))
        assert sync() == (0, 0, 0, "The FHIR server answered with status 500.")
        assert "6.3 g/dL" in found()
