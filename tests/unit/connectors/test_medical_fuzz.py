"""Damaged messages and documents end in a parse that is sound, or in quarantine, and in nothing else.

A thousand inputs in every run; `RAGSLM_FUZZ=100000` asks for that many of each format.
"""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ragslm.errors import QuarantineError
from ragslm.protocols import Parser
from ragslm.testing.parser_contract import assert_sound
from ragslm.types import SourceDocument
from ragslm_connectors.medical.ccda import CcdaParser
from ragslm_connectors.medical.dicom import DicomParser
from ragslm_connectors.medical.hl7v2 import Hl7v2Parser

FILES = Path(__file__).parents[2] / "data" / "formats"
EXAMPLES = int(os.environ.get("RAGSLM_FUZZ", "334"))
SEEDS = {
    # Small ones: what breaks a parser breaks it in a small file too, and a thousand of them are quick.
    "hl7v2": [path.read_bytes()[:3_000] for path in sorted((FILES / "hl7v2").glob("*.hl7"))],
    "ccda": [
        (FILES / "ccda" / "CDA_Embedded_Text_Plain_Surgical_Consult.xml").read_bytes(),
        (FILES / "ccda" / "Diagnostic_Imaging_Report.xml").read_bytes(),
    ],
    "dicom": [
        (FILES / "dicom" / name).read_bytes() for name in ("test-SR.dcm", "reportsi.dcm", "sr_document.dcm")
    ],
}
MARKS = {
    "hl7v2": [
        b"|",
        b"^",
        b"~",
        b"\\",
        b"&",
        b"\r",
        b"\n",
        b"MSH|",
        b"OBX|1|ED|",
        b'""',
        b"\\X0D\\",
        b"\x0b",
        b"\xff",
    ],
    "ccda": [
        b"<",
        b">",
        b'"',
        b"&#0;",
        b"</section>",
        b"<table>",
        b"<tr>",
        b'rowspan="9999999"',
        b"\xc3",
        b"\x00",
    ],
    "dicom": [
        b"\x00",
        b"\xff",
        b"\xff\xff\xff\xff",
        b"SQ",
        b"UN",
        b"\xfe\xff\x00\xe0",
        b"\x40\x00\x30\xa7",
        b"PN",
    ],
}
PARSERS: dict[str, Parser] = {"hl7v2": Hl7v2Parser(), "ccda": CcdaParser(), "dicom": DicomParser()}


def damaged(name: str) -> st.SearchStrategy[bytes]:
    """A sample in which pieces were cut out, doubled, moved, or overwritten by what means something."""
    piece = st.tuples(
        st.floats(0, 1), st.integers(0, 400), st.sampled_from(["cut", "put", "double", "noise"])
    )
    change = st.tuples(piece, st.one_of(st.sampled_from(MARKS[name]), st.binary(max_size=8)))
    return st.builds(_changed, st.sampled_from(SEEDS[name]), st.lists(change, min_size=1, max_size=6))


def _changed(content: bytes, changes: list[tuple[tuple[float, int, str], bytes]]) -> bytes:
    for (where, length, how), mark in changes:
        at = int(where * len(content))
        taken = content[at : at + length]
        middle = {"cut": b"", "put": mark + taken, "double": taken * 2, "noise": mark + taken[len(mark) :]}[
            how
        ]
        content = content[:at] + middle + content[at + length :]
    return content


@pytest.mark.parametrize("name", sorted(PARSERS))
def test_damaged_input_parses_or_is_quarantined(name: str) -> None:
    parser = PARSERS[name]

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(damaged(name))
    def check(content: bytes) -> None:
        try:
            parsed = parser.parse(SourceDocument(uri="file:///fuzzed", content=content))
        except QuarantineError:
            return
        assert_sound(parsed)

    check()
