"""A bulk export that a FHIR server makes when it is asked: begun, followed, fetched, and given back.

Every run asks for the whole of it, so what is gone from the server is removed. No record is changed there;
the export itself is deleted at the server when it was fetched. Until its end a run keeps the files on
the disk, sealed under a key of its own; what a killed run left there is cleared by the next.
Source: HL7 FHIR Bulk Data Access 2.0, https://hl7.org/fhir/uv/bulkdata/export.html
"""

import logging
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from pydantic import SecretStr

from ragslm.errors import ConfigError, SourceError
from ragslm.protocols import DOCUMENTS_ONLY
from ragslm.types import SourceDocument
from ragslm_connectors._run_folder import run_folder
from ragslm_connectors._sealed_file import SealedFile
from ragslm_connectors.medical._fhir_http import FhirHttp, loaded
from ragslm_connectors.medical._fhir_values import items, words
from ragslm_connectors.medical.fhir_export import filled_lines, resources
from ragslm_connectors.medical.fhir_server import base_of

NDJSON = "application/fhir+ndjson"
MOST_BYTES = 50_000_000_000
"""Of all files of one export."""
LONGEST = timedelta(hours=12)
"""Until an export must be ready."""
_SCOPE = re.compile(r"system|patient|Group/[A-Za-z0-9\-.]{1,64}")
_FAILED = frozenset({"error", "fatal"})

_log = logging.getLogger(__name__)


class FhirBulk:
    """What `$export` of a FHIR R4 server gives: one document for each resource.

    Args:
        url: the service's base URL; HTTPS, or HTTP on this machine.
        export: `system`, `patient` (all patients), or `Group/` and the id of a group.
        types: resource types; empty for all that the server exports.
        source_name: the source's name, which uris begin with.
        token: bearer token.
        ca_file: certificates to trust instead of the system's, PEM.

    Raises:
        ConfigError: `url` is none that records may come from, or `export` is none of these.
    """

    name = "fhir"
    policy = DOCUMENTS_ONLY

    def __init__(
        self,
        url: str,
        export: str,
        types: tuple[str, ...] = (),
        source_name: str = "export",
        token: SecretStr | None = None,
        ca_file: Path | None = None,
    ) -> None:
        if not _SCOPE.fullmatch(export):
            raise ConfigError("`export` is `system`, `patient`, or `Group/` and the id of a group.")
        self._base = base_of(url)
        self._of = {"system": "", "patient": "/Patient"}.get(export, f"/{export}")
        self._types = types
        self._source_name = source_name
        self._token = token
        self._ca_file = ca_file

    def load(self) -> Iterator[SourceDocument]:
        """Every resource of the export, when all its files are here.

        Raises:
            SourceError: the server does not make it, or not in time, or not all of it.
        """
        with (
            run_folder("ragslm-export-") as folder,
            FhirHttp(self._base, self._token, self._ca_file) as http,
        ):
            job = http.begin(self._address())
            try:
                files = self._fetched(http, self._awaited(http, job), folder)
            finally:
                _give_back(http, job)
            for number, file in enumerate(files):
                with file.open() as lines:
                    yield from resources(lines, f"{number:06}.ndjson", self._source_name, self._types)

    def _address(self) -> str:
        query = {"_outputFormat": NDJSON} | ({"_type": ",".join(self._types)} if self._types else {})
        return f"{self._base}{self._of}/$export?{urlencode(query)}"

    def _awaited(self, http: FhirHttp, job: str) -> dict[str, Any]:
        """What the finished export holds."""
        end = time.monotonic() + LONGEST.total_seconds()
        while time.monotonic() < end:
            manifest, wait = http.look(job)
            if manifest is not None:
                return manifest
            time.sleep(wait)
        raise SourceError(f"The FHIR server's export was not ready after {LONGEST}. Narrow `types`.")

    def _fetched(self, http: FhirHttp, manifest: dict[str, Any], folder: Path) -> list[SealedFile]:
        """Fetch every file.

        Raises:
            SourceError: the server says, or shows, that something is missing: it would be taken for removed.
        """
        _check_finished(manifest)
        left, report = MOST_BYTES, SealedFile(folder / "error")
        for file in items(manifest.get("error")):
            left -= http.save(words(file.get("url")), NDJSON, report, left)
            if _tells_failure(report):
                raise SourceError(
                    "The FHIR server says that its export is not complete. Nothing was removed."
                )
        fetched = []
        for number, file in enumerate(manifest["output"]):
            fetched.append(SealedFile(folder / str(number)))
            left -= http.save(words(file.get("url")), NDJSON, fetched[-1], left)
            _check_count(fetched[-1], file.get("count"))
        return fetched


def _check_finished(manifest: dict[str, Any]) -> None:
    """Refuse what is no list of an export's files: read as an empty one it would remove every record.

    Source: HL7 FHIR Bulk Data Access 2.0, complete status: `transactionTime` and `output` are required.

    Raises:
        SourceError: it is none.
    """
    files = manifest.get("output")
    listed = isinstance(files, list) and all(isinstance(file, dict) for file in files)
    if not listed or not words(manifest.get("transactionTime")):
        raise SourceError(
            "The FHIR server's export ended without `transactionTime` and a list of files in `output`. "
            "Nothing was removed."
        )


def _check_count(file: SealedFile, count: Any) -> None:
    """Refuse a file with more or fewer resources than the server says, where it does.

    Raises:
        SourceError: they differ.
    """
    if not isinstance(count, int) or isinstance(count, bool):
        return
    with file.open() as lines:
        found = sum(1 for _ in filled_lines(lines))
    if found != count:
        raise SourceError(
            f"A file of the FHIR server's export has {found:,} resources; the server says {count:,}. "
            "Nothing was removed."
        )


def _tells_failure(report: SealedFile) -> bool:
    """Whether one of its OperationOutcomes is more than a warning."""
    with report.open() as lines:
        return any(
            issue.get("severity") in _FAILED
            for _, line in filled_lines(lines)
            for issue in items(loaded(line).get("issue"))
        )


def _give_back(http: FhirHttp, job: str) -> None:
    """Have the server delete the export. It does so by itself some day, so this may fail."""
    try:
        http.forget(job)
    except SourceError as error:
        _log.warning("The FHIR server keeps its export: %s", error)
