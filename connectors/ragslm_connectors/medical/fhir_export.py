"""The NDJSON files of a FHIR bulk export as a source: one document for each line.

Source: HL7 FHIR Bulk Data Access, https://hl7.org/fhir/uv/bulkdata/export.html
"""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from ragslm.errors import SourceError
from ragslm.ingest.files import UNREAD
from ragslm.protocols import DOCUMENTS_ONLY
from ragslm.types import SourceDocument
from ragslm_connectors.medical._fhir_document import document, id_of
from ragslm_connectors.medical._fhir_http import PAGE_BYTES, loaded

LONGEST_LINE = PAGE_BYTES
"""Bytes of the longest line that is read."""


class FhirExport:
    """A folder with a whole bulk export: `*.ndjson`, one resource a line. Read line by line.

    Args:
        path: the folder.
        types: resource types to bring in; empty for all.
        source_name: the source's name, which its uris begin with.
    """

    name = "fhir"
    policy = DOCUMENTS_ONLY

    def __init__(self, path: Path, types: tuple[str, ...] = (), source_name: str = "export") -> None:
        self._path = path
        self._types = frozenset(types)
        self._source_name = source_name

    def load(self) -> Iterator[SourceDocument]:
        """Every resource, in the order of files and lines. A line that is none is quarantined.

        Raises:
            SourceError: there are no such files, or the last line of one is not finished yet.
        """
        files = sorted(self._path.glob("*.ndjson"))
        if not files:
            raise SourceError("There are no *.ndjson files at `path`. Check that the export is there.")
        for file in files:
            try:
                with file.open("rb") as lines:
                    yield from resources(lines, file.name, self._source_name, self._types)
            except OSError as error:
                raise SourceError(f"A file of the FHIR export cannot be read: {error.strerror}.") from None


def resources(lines: BinaryIO, name: str, source: str, types: Collection[str]) -> Iterator[SourceDocument]:
    """Every resource of one file, read line by line.

    Args:
        lines: the file.
        name: its name, for lines that hold no resource.
        source: the source's name, which uris begin with.
        types: resource types to bring in; empty for all.

    Raises:
        SourceError: a line is too long, or the last one is not finished yet.
    """
    root = f"fhir-export://{quote(source)}"
    for number, line in filled_lines(lines):
        try:
            resource = loaded(line)
            uri = f"{root}/{quote(resource['resourceType'], safe='')}/{id_of(resource)}"
        except SourceError as error:
            yield _unread(line, f"{root}/{quote(name)}/line/{number}", f"Line {number}: {error}")
        else:
            if not types or resource["resourceType"] in types:
                yield document(uri, resource)


def filled_lines(lines: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Each line of a file that is not blank, with its number from 1.

    Raises:
        SourceError: a line is too long.
    """
    number = 0
    while line := lines.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise SourceError(f"Line {number} of a file of the FHIR export is longer than is read.")
        if line.strip():
            yield number, line


def _unread(line: bytes, uri: str, reason: str) -> SourceDocument:
    """A line that is no resource, to be quarantined.

    Raises:
        SourceError: it is the last one, and cut.
    """
    if not line.endswith(b"\n"):
        raise SourceError("A file of the FHIR export ends within a line. Wait until it is whole.") from None
    return SourceDocument(uri=uri, content=b"", metadata={UNREAD: reason})
