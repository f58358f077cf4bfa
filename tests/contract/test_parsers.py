"""Every parser holds the contract, on real files."""

from pathlib import Path

import pytest

import ragslm_connectors
from ragslm.protocols import Parser
from ragslm.records import MEDIA_TYPE, record
from ragslm.testing.parser_contract import ParserContract
from ragslm.types import SourceDocument
from ragslm_connectors._formats.csv import CsvParser
from ragslm_connectors._formats.docx import DocxParser
from ragslm_connectors._formats.html import HtmlParser
from ragslm_connectors._formats.markdown import MarkdownParser
from ragslm_connectors._formats.pdf import PdfParser
from ragslm_connectors._formats.record import RecordParser
from ragslm_connectors._formats.text import TextParser
from ragslm_connectors.banking.camt import CamtParser
from ragslm_connectors.banking.regml import RegmlParser
from ragslm_connectors.medical.fhir import FhirParser

FILES = Path(__file__).parents[1] / "data" / "formats"
SAMPLES = Path(ragslm_connectors.__file__).parent / "samples"


def documents(*paths: Path) -> list[SourceDocument]:
    assert paths
    return [SourceDocument(uri=path.as_uri(), content=path.read_bytes()) for path in paths]


class TestPdf(ParserContract):
    @pytest.fixture
    def parser(self) -> Parser:
        return PdfParser()

    @pytest.fixture
    def samples(self) -> list[SourceDocument]:
        return documents(FILES / "fake-memo.pdf", SAMPLES / "banking/reg-dd-truth-in-savings.pdf")


class TestDocx(ParserContract):
    @pytest.fixture
    def parser(self) -> Parser:
        return DocxParser()

    @pytest.fixture
    def samples(self) -> list[SourceDocument]:
        return documents(*FILES.glob("*.docx"), *SAMPLES.glob("*/*.docx"))


class TestHtml(ParserContract):
    @pytest.fixture
    def parser(self) -> Parser:
        return HtmlParser()

    @pytest.fixture
    def samples(self) -> list[SourceDocument]:
        return documents(*FILES.glob("*.html"), *SAMPLES.glob("*/*.html"))


class TestMarkdown(ParserContract):
    @pytest.fixture
    def parser(self) -> Parser:
        return MarkdownParser()

    @pytest.fixture
    def samples(self) -> list[SourceDocument]:
        return documents(FILES / "table.md", *SAMPLES.glob("*/*.md"))


class TestText(ParserContract):
    @pytest.fixture
    def parser(self) -> Parser:
        return TextParser()

    @pytest.fixture
    def samples(self) -> list[SourceDocument]:
        return documents(FILES / "note.txt")


class TestCsv(ParserContract):
    @pytest.fixture
    def parser(self) -> Parser:
        return CsvParser()

    @pytest.fixture
    def samples(self) -> list[SourceDocument]:
        return documents(FILES / "fees.csv")


class TestRecord(ParserContract):
    @pytest.fixture
    def parser(self) -> Parser:
        return RecordParser()

    @pytest.fixture
    def samples(self) -> list[SourceDocument]:
        content = record(
            {"Name": "Ann Weaver", "Code": "I48.0", "Note": "Seen again after a trip. " * 20},
            {"Name": "PERSON", "Code": "KEEP", "Note": "TEXT"},
        )
        return [SourceDocument(uri="crm://1", content=content, media_type=MEDIA_TYPE)]


class TestFhir(ParserContract):
    @pytest.fixture
    def parser(self) -> Parser:
        return FhirParser()

    @pytest.fixture
    def samples(self) -> list[SourceDocument]:
        return documents(*FILES.glob("*.json"), SAMPLES / "medical/patient-record.json")


class TestCamt(ParserContract):
    @pytest.fixture
    def parser(self) -> Parser:
        return CamtParser()

    @pytest.fixture
    def samples(self) -> list[SourceDocument]:
        readable = [path for path in FILES.glob("camt*.xml") if "wrong" not in path.name]
        return documents(*readable, SAMPLES / "banking/statement.camt053.xml")


class TestRegml(ParserContract):
    @pytest.fixture
    def parser(self) -> Parser:
        return RegmlParser()

    @pytest.fixture
    def samples(self) -> list[SourceDocument]:
        return documents(SAMPLES / "banking/reg-e-error-resolution.xml")
