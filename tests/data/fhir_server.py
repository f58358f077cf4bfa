"""A small FHIR R4 server on loopback: search, paging, `_lastUpdated`, history, Binary, and refusals.

It speaks the REST dialect of https://hl7.org/fhir/R4/http.html. People and numbers are made up.
"""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "a-token-of-the-tests"
START = datetime(2024, 3, 1, 8, tzinfo=UTC)


class Fhir:
    """What the server holds. Every change is a version, an hour after the one before.

    Attributes:
        refusals: (status, headers, body) given instead of the next answers to paths that match a pattern.
        asked: paths with their queries, as asked.
        counted: how many resources an export says that a file of a type has.
    """

    def __init__(self) -> None:
        self.versions: list[tuple[str, str, datetime, dict[str, Any] | None]] = []
        self.binaries: dict[str, tuple[str, bytes]] = {}
        self.refusals: list[tuple[str, int, dict[str, str], bytes]] = []
        self.asked: list[str] = []
        self.accepted: list[str] = []
        self.history = True
        self.sorts = True
        self.base = ""
        self._pages: dict[str, list[dict[str, Any]]] = {}
        self.jobs: dict[str, list[str]] = {}
        self.looks = 2
        self.failures: list[dict[str, Any]] = []
        self.elsewhere = ""
        self.counted: dict[str, int] = {}

    def put(self, kind: str, logical_id: str, **fields: Any) -> str:
        at = START + timedelta(hours=len(self.versions))
        version = sum(one[:2] == (kind, logical_id) for one in self.versions) + 1
        meta = {"versionId": str(version), "lastUpdated": at.isoformat(timespec="milliseconds")}
        meta |= fields.pop("meta", {})
        resource = {"resourceType": kind, "id": logical_id, "meta": meta, **fields}
        self.versions.append((kind, logical_id, at, resource))
        return f"{self.base}/{kind}/{logical_id}"

    def delete(self, kind: str, logical_id: str) -> str:
        self.versions.append((kind, logical_id, START + timedelta(hours=len(self.versions)), None))
        return f"{self.base}/{kind}/{logical_id}"

    def current(self, kind: str) -> list[tuple[datetime, dict[str, Any]]]:
        newest = {one[1]: one for one in self.versions if one[0] == kind}
        found = [(at, resource) for _, _, at, resource in newest.values() if resource is not None]
        return sorted(found, key=lambda one: one[0]) if self.sorts else found

    def search(self, kind: str, query: dict[str, list[str]]) -> dict[str, Any]:
        found = self.current(kind)
        for bound in query.get("_lastUpdated", []):
            assert bound.startswith("ge")
            found = [one for one in found if one[0] >= datetime.fromisoformat(bound[2:])]
        for category in query.get("category", []):
            found = [one for one in found if category in json.dumps(one[1].get("category", ""))]
        entries = [self._entry(resource, "match") for _, resource in found]
        return self._page(entries, int(query["_count"][0]), query, kind)

    def _entry(self, resource: dict[str, Any], mode: str) -> dict[str, Any]:
        url = f"{self.base}/{resource['resourceType']}/{resource['id']}"
        return {"fullUrl": url, "resource": resource, "search": {"mode": mode}}

    def _page(
        self, entries: list[dict[str, Any]], count: int, query: dict[str, list[str]], kind: str
    ) -> dict[str, Any]:
        page, rest = entries[:count], entries[count:]
        heeded = "&_sort=_lastUpdated" if self.sorts else ""
        links = [{"relation": "self", "url": f"{self.base}/{kind}?_count={count}{heeded}"}]
        if rest:
            key = str(len(self._pages))
            self._pages[key] = rest
            links.append(
                {"relation": "next", "url": f"{self.base}?_getpages={key}&_count={count}&kind={kind}"}
            )
        drugs = {
            one["resource"].get("medicationReference", {}).get("reference", "").partition("/")[2]
            for one in page
        }
        if f"{kind}:medication" in query.get("_include", []):
            page += [self._entry(r, "include") for _, r in self.current("Medication") if r["id"] in drugs]
        return {"resourceType": "Bundle", "type": "searchset", "link": links, "entry": page}

    def next_page(self, query: dict[str, list[str]]) -> dict[str, Any]:
        key, kind = query["_getpages"][0], query["kind"][0]
        include = {"_include": [f"{kind}:medication"]}
        return self._page(self._pages[key], int(query["_count"][0]), include, kind)

    def changed(self, kind: str, query: dict[str, list[str]]) -> dict[str, Any]:
        since = datetime.fromisoformat(query["_since"][0])
        entries = []
        for of, logical_id, at, resource in reversed(self.versions):
            if of == kind and at >= since:
                request = {"method": "PUT" if resource else "DELETE", "url": f"{kind}/{logical_id}"}
                entries.append({"request": request} | ({"resource": resource} if resource else {}))
        return {"resourceType": "Bundle", "type": "history", "entry": entries}

    def begun(self, query: dict[str, list[str]]) -> str:
        """A job of `$export`: its address. It is ready after `looks` looks."""
        assert query["_outputFormat"] == ["application/fhir+ndjson"]
        kinds = query.get("_type", [",".join(sorted({one[0] for one in self.versions}))])[0].split(",")
        self.jobs[key := str(len(self.jobs))] = [*[""] * self.looks, *kinds]
        return f"{self.base}/job/{key}"

    def manifest(self, key: str) -> dict[str, Any] | None:
        """What a job holds; None while it goes on."""
        job = self.jobs[key]
        if not job[0]:
            del job[0]
            return None
        base = self.elsewhere or self.base
        output: list[dict[str, Any]] = [
            {"type": kind, "url": f"{base}/file/{kind}"}
            | ({"count": self.counted[kind]} if kind in self.counted else {})
            for kind in job
            if self.current(kind)
        ]
        errors = [{"type": "OperationOutcome", "url": f"{self.base}/file/errors"}] if self.failures else []
        return {
            "transactionTime": START.isoformat(),
            "requiresAccessToken": True,
            "output": output,
            "error": errors,
        }

    def lines(self, kind: str) -> bytes:
        """A file of an export."""
        found = self.failures if kind == "errors" else [resource for _, resource in self.current(kind)]
        return b"".join(json.dumps(one).encode() + b"\n" for one in found)

    def capability(self) -> dict[str, Any]:
        interactions = [{"code": "read"}, {"code": "search-type"}]
        interactions += [{"code": "history-type"}] if self.history else []
        kinds = ("Patient", "Observation", "MedicationRequest", "DocumentReference", "DiagnosticReport")
        offered = [
            {"type": kind, "interaction": interactions, "searchInclude": [f"{kind}:medication"]}
            for kind in kinds
        ]
        return {
            "resourceType": "CapabilityStatement",
            "fhirVersion": "4.0.1",
            "rest": [{"mode": "server", "resource": offered}],
        }


def outcome(code: str, diagnostics: str = "") -> bytes:
    issue = [{"severity": "error", "code": code, "diagnostics": diagnostics}]
    return json.dumps({"resourceType": "OperationOutcome", "issue": issue}).encode()


class _Handler(BaseHTTPRequestHandler):
    fhir: Fhir

    def do_GET(self) -> None:
        fhir = self.fhir
        fhir.asked.append(self.path)
        for number, (pattern, status, headers, body) in enumerate(fhir.refusals):
            if re.search(pattern, self.path):
                del fhir.refusals[number]
                return self._send(status, body, headers)
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self._send(401, outcome("login"), {})
        parts = urlsplit(self.path)
        path, query = parts.path.removeprefix("/r4").strip("/").split("/"), parse_qs(parts.query)
        if path[0] == "Binary":
            return self._binary(path[1])
        if path[-1] == "$export":
            assert self.headers["Prefer"] == "respond-async"
            return self._send(202, b"", {"Content-Location": fhir.begun(query)})
        if path[0] == "job":
            return self._job(path[1])
        if path[0] == "file":
            return self._send(200, fhir.lines(path[1]), {"Content-Type": "application/fhir+ndjson"})
        if path == ["metadata"]:
            found = fhir.capability()
        elif path == [""]:
            found = fhir.next_page(query)
        else:
            found = fhir.changed(path[0], query) if path[1:] else fhir.search(path[0], query)
        return self._send(200, json.dumps(found).encode(), {"Content-Type": "application/fhir+json"})

    def do_DELETE(self) -> None:
        self.fhir.asked.append(f"DELETE {self.path}")
        known = self.fhir.jobs.pop(self.path.rpartition("/")[2], None) is not None
        self._send(202 if known else 404, b"", {})

    def _job(self, key: str) -> None:
        if key not in self.fhir.jobs:
            return self._send(404, outcome("not-found"), {})
        manifest = self.fhir.manifest(key)
        if manifest is None:
            return self._send(202, b"", {"Retry-After": "0", "X-Progress": "half"})
        return self._send(200, json.dumps(manifest).encode(), {"Content-Type": "application/json"})

    def _binary(self, key: str) -> None:
        if key not in self.fhir.binaries:
            return self._send(404, outcome("not-found"), {})
        kind, content = self.fhir.binaries[key]
        self.fhir.accepted.append(self.headers["Accept"])
        return self._send(200, content, {"Content-Type": kind})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def date_time_string(self, timestamp: float | None = None) -> str:
        at = START + timedelta(hours=len(self.fhir.versions))
        return super().date_time_string(at.timestamp())

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(fhir: Fhir) -> Iterator[str]:
    """The base URL of a running server."""
    handler = type("Handler", (_Handler,), {"fhir": fhir})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    fhir.base = f"http://127.0.0.1:{server.server_port}/r4"
    try:
        yield fhir.base
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def fill(fhir: Fhir) -> None:
    """Two patients with results, and a prescription whose drug is another resource."""
    for one in ("p1", "p2"):
        fhir.put("Patient", one, name=[{"family": "Weaver", "given": ["Ann"]}], birthDate="1950-02-03")
    for number in range(7):
        fhir.put("Observation", f"o{number}", **result(f"{9 + number}.10", f"p{number % 2 + 1}"))
    fhir.put("Medication", "m1", code={"text": "Warfarin 5 mg tablet"})
    fhir.put(
        "MedicationRequest",
        "r1",
        subject={"reference": "Patient/p1"},
        medicationReference={"reference": "Medication/m1"},
        authoredOn="2024-02-01",
    )


def result(value: str, patient: str) -> dict[str, Any]:
    return {
        "status": "final",
        "code": {"text": "Hemoglobin"},
        "subject": {"reference": f"Patient/{patient}"},
        "effectiveDateTime": "2024-03-02",
        "valueQuantity": {"value": float(value), "unit": "g/dL"},
    }
