"""HL7 v2, C-CDA and DICOM samples with the real workers, scrubber, encoder and store: nobody in clear.

A choice of the samples, which takes seconds; `RAGSLM_ALL_SAMPLES=1` takes all of them.
"""

import os
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pydicom
import pytest
from lxml import etree

from ragslm.factory import open_parts
from ragslm.types import Identity

pytestmark = pytest.mark.models

FILES = Path(__file__).parents[1] / "data" / "formats"
OWNER = Identity.local_owner()
EVERY = [*sorted(FILES.glob("hl7v2/*")), *sorted(FILES.glob("ccda/*")), *sorted(FILES.glob("dicom/*.dcm"))]
_SOME = """
ADT01-23.hl7 LAB-ORU-1.hl7 MDM-T02-01.hl7 PC1-Problem-Update-v2.3.1.hl7
CDA_Embedded_Text_Plain_Surgical_Consult.xml Diagnostic_Imaging_Report.xml CT_small.dcm sr_document.dcm
test-SR.dcm
""".split()
SAMPLES = EVERY if os.environ.get("RAGSLM_ALL_SAMPLES") else [path for path in EVERY if path.name in _SOME]
_NUMBERS = re.compile(r"\d{8}")
_LEAST = 4  # shorter pieces of names are parts of other words
# Names of these samples that are also what the documents are about.
_WORDS = frozenset({"Anonymized", "Name", "First", "Last", "Test", "Text", "SAMPLE"})


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Title, section and text of every passage, and its header, by file name."""
    workspace = tmp_path_factory.mktemp("w") / "workspace"
    parts = open_parts(workspace, key="11" * 32, config=None, arguments={})
    docs = tmp_path_factory.mktemp("docs")
    for path in SAMPLES:
        shutil.copy(path, docs / path.name)
    assert parts.ingest("medical").run(docs, identity=OWNER).quarantined == ()
    ids = [change.added.id for change in parts.catalogue.changes(0) if change.added]
    told: dict[str, str] = defaultdict(str)
    for stored in parts.catalogue.passages(ids).values():
        passage = stored.passage
        told[passage.uri.rpartition("/")[2]] += "\n".join(
            [stored.header, passage.title, passage.section or "", passage.text, ""]
        )
    parts.close()
    return told


def hl7_originals(path: Path) -> Iterator[str]:
    """Names, birth date and identifiers of PID-2, 3, 4, 5, 6, 7, 9, 18, 19."""
    text = path.read_text(encoding="utf-8-sig")
    for line in text.splitlines():
        cells = line.split("|") if line.startswith("PID|") else []
        for number in (2, 3, 4, 18, 19):
            for one in (cells[number] if len(cells) > number else "").split("~"):
                yield one.split("^")[0]
        for number in (5, 6, 9):
            for one in (cells[number] if len(cells) > number else "").split("~"):
                yield from re.split(r"[&^]", "^".join(one.split("^")[:3]))
        yield from dates(cells[7] if len(cells) > 7 else "")


def cda_originals(path: Path) -> Iterator[str]:
    space = {"c": "urn:hl7-org:v3"}
    for target in etree.parse(path).iterfind(".//c:recordTarget", space):
        for one in target.iterfind("c:patientRole/c:id", space):
            yield one.get("extension") or ""
        for one in target.iterfind("c:patientRole/c:patient/c:name/*", space):
            if etree.QName(one).localname in ("given", "family"):
                yield (one.text or "").strip()
        for one in target.iterfind("c:patientRole/c:patient/c:birthTime", space):
            yield from dates(one.get("value") or "")


def dicom_originals(path: Path) -> Iterator[str]:
    dataset = pydicom.dcmread(path, stop_before_pixels=True)
    yield from re.split(r"[\^ ]", str(dataset.get("PatientName", "")))
    yield str(dataset.get("PatientID", ""))
    yield from dates(str(dataset.get("PatientBirthDate", "")))


def dates(stamp: str) -> Iterator[str]:
    if _NUMBERS.match(stamp):
        yield stamp[:8]
        yield f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}"


ORIGINALS = {"hl7v2": hl7_originals, "ccda": cda_originals, "dicom": dicom_originals}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_nobody_stands_in_clear(indexed: dict[str, str], path: Path) -> None:
    wanted = {one.strip() for one in ORIGINALS[path.parent.name](path)}
    for original in (one for one in wanted if len(one) >= _LEAST and one not in _WORDS):
        pattern = rf"(?<![\w.]){re.escape(original)}(?![\w.])"
        assert not re.search(pattern, indexed[path.name], re.IGNORECASE), (
            f"{len(original)} characters in clear"
        )
