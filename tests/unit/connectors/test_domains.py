import json
import subprocess
import sys
from pathlib import Path

import pytest

import ragslm_connectors
from ragslm.protocols import Domain, Parser
from ragslm.registry import find_parser
from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors.banking import DOMAIN as BANKING
from ragslm_connectors.generic import DOMAIN as GENERIC
from ragslm_connectors.medical import DOMAIN as MEDICAL

SAMPLES = Path(ragslm_connectors.__file__).parent / "samples"
FILES = sorted(SAMPLES.glob("*/*"))


def parse(path: Path) -> ParsedDocument:
    content = path.read_bytes()
    parser = find_parser([GENERIC, MEDICAL, BANKING], content[:4096], path.suffix)
    assert parser is not None
    return parser.parse(SourceDocument(uri=path.as_uri(), content=content))


@pytest.mark.parametrize("domain", [GENERIC, MEDICAL, BANKING])
def test_domains(domain: Domain) -> None:
    assert isinstance(domain, Domain)
    assert all(isinstance(parser, Parser) for parser in domain.parsers())
    assert domain.resources().is_dir()
    assert list(domain.parsers()) == list(domain.parsers())  # the same instances


def test_generic_has_no_recognisers() -> None:
    assert list(GENERIC.recognisers()) == []


def test_importing_the_domains_loads_no_format_library() -> None:
    code = (
        "import sys, ragslm_connectors.generic, ragslm_connectors.medical, ragslm_connectors.banking;"
        "print([m for m in ('lxml', 'docx', 'pypdfium2', 'PIL', 'presidio_analyzer') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert out.stdout.strip() == "[]"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_sample_parses_and_is_attributed(path: Path) -> None:
    assert len(parse(path).text) > 500
    assert f"`{path.name}`" in (SAMPLES / "ATTRIBUTION.md").read_text(encoding="utf-8")


def test_the_samples_are_small() -> None:
    assert sum(path.stat().st_size for path in SAMPLES.glob("*/*")) < 1_000_000


def test_the_regulation_is_cited_by_section() -> None:
    parsed = parse(SAMPLES / "banking/reg-e-error-resolution.xml")
    section = next(s for s in parsed.sections if "1005.6(b)(1)" in s.path)
    assert section.path.endswith(
        "› 1005.6(b) Limitations on amount of liability › 1005.6(b)(1) Timely notice given"
    )
    assert "shall not exceed the lesser of $50" in parsed.text[section.start : section.end]
    assert parsed.title == "12 CFR 1005 Electronic Fund Transfers"


def test_the_regulation_loses_no_word() -> None:
    from lxml import etree

    content = (SAMPLES / "banking/reg-e-error-resolution.xml").read_bytes()
    parsed = parse(SAMPLES / "banking/reg-e-error-resolution.xml").text
    for paragraph in etree.fromstring(content).iter("{eregs}paragraph"):
        content_element = paragraph.find("{eregs}content")
        words = " ".join("".join(content_element.itertext()).split())
        assert words in parsed


def test_the_patient_record_is_one_patient() -> None:
    parsed = parse(SAMPLES / "medical/patient-record.json")
    assert parsed.scope is not None
    assert parsed.text.count("Clemente Kreiger") == sum(
        parsed.text[f.start : f.end] == "Clemente Kreiger" for f in parsed.fields
    )
    assert json.loads((SAMPLES / "medical/patient-record.json").read_text())["resourceType"] == "Bundle"
