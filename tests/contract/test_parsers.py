"""Every parser holds the contract, on real files."""

from pathlib import Path

import pytest

import ragslm_connectors
from ragslm.protocols import Parser
from ragslm.records import MEDIA_TYPE, record
from ragslm.testing.parser_contract import ContainerContract, ParserContract
from ragslm.types import SourceDocument
from ragslm_connectors._formats.archive import ArchiveParser
from ragslm_connectors._formats.csv import CsvParser
from ragslm_connectors._formats.docx import DocxParser
from ragslm_connectors._formats.eml import EmlParser
from ragslm_connectors._formats.html import HtmlParser
from ragslm_connectors._formats.markdown import MarkdownParser
from ragslm_connectors._formats.msg import MsgParser
from ragslm_connectors._formats.odt import OdtParser
from ragslm_connectors._formats.pdf import PdfParser
from ragslm_connectors._formats.pptx import PptxParser
from ragslm_connectors._formats.record import RecordParser
from ragslm_connectors._formats.rtf import RtfParser
from ragslm_connectors._formats.text import TextParser
from ragslm_connectors._formats.xls import XlsParser
from ragslm_connectors._formats.xlsx import XlsxParser
from ragslm_connectors.banking.camt import CamtParser
from ragslm_connectors.banking.inline_xbrl import InlineXbrlParser
from ragslm_connectors.banking.mt940 import Mt940Parser
from ragslm_connectors.banking.ofx import OfxParser
from ragslm_connectors.banking.payment_status import PaymentStatusParser
from ragslm_connectors.banking.payments import PaymentParser
from ragslm_connectors.banking.regml import RegmlParser
from ragslm_connectors.banking.statement_csv import StatementCsvParser
from ragslm_connectors.medical.ccda import CcdaParser
from ragslm_connectors.medical.dicom import DicomParser
from ragslm_connectors.medical.fhir import FhirParser
from ragslm_connectors.medical.hl7v2 import Hl7v2Parser

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


class TestPptx(ParserContract):
    @pytest.fixture
    def parser(self) -> Parser:
        return PptxParser()

    @pytest.fixture
    def samples(self) -> list[SourceDocument]:
        return documents(*FILES.glob("*.pptx"))


class TestXlsx(ParserContract):
    @pytest.fixture
    def parser(self) -> Parser:
        return XlsxParser()

    @pytest.fixture
    def samples(self) -> list[SourceDocument]:
        return documents(*FILES.glob("*.xlsx"))


class TestXls(ParserContract):
    @pytest.fixture
    def parser(self) -> Parser:
        return XlsParser()

    @pytest.fixture
    def samples(self) -> list[SourceDocument]:
        return documents(*FILES.glob("*.xls"))


class TestOdt(ParserContract):
    @pytest.fixture
    def parser(self) -> Parser:
        return OdtParser()

    @pytest.fixture
    def samples(self) -> list[SourceDocument]:
        return documents(*FILES.glob("*.odt"))


class TestRtf(ParserContract):
    @pytest.fixture
    def parser(self) -> Parser:
        return RtfParser()

    @pytest.fixture
    def samples(self) -> list[SourceDocument]:
        return documents(*FILES.glob("*.rtf"))


class TestMsg(ContainerContract):
    @pytest.fixture
    def parser(self) -> Parser:
        return MsgParser()

    @pytest.fixture
    def samples(self) -> list[SourceDocument]:
        return documents(*FILES.glob("*.msg"))


class TestEml(ContainerContract):
    @pytest.fixture
    def parser(self) -> Parser:
        return EmlParser()

    @pytest.fixture
    def samples(self) -> list[SourceDocument]:
        return documents(*FILES.glob("*.eml"))


class TestArchive(ContainerContract):
    @pytest.fixture
    def parser(self) -> Parser:
        return ArchiveParser()

    @pytest.fixture
    def samples(self) -> list[SourceDocument]:
        return documents(*FILES.glob("*.zip"), *FILES.glob("*.tar.gz"))


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


class TestHl7v2(ParserContract):
    @pytest.fixture
    def parser(self) -> Parser:
        return Hl7v2Parser()

    @pytest.fixture
    def samples(self) -> list[SourceDocument]:
        return documents(*FILES.glob("hl7v2/*.hl7"))


class TestCcda(ParserContract):
    @pytest.fixture
    def parser(self) -> Parser:
        return CcdaParser()

    @pytest.fixture
    def samples(self) -> list[SourceDocument]:
        return documents(*FILES.glob("ccda/*.xml"))


class TestDicom(ParserContract):
    @pytest.fixture
    def parser(self) -> Parser:
        return DicomParser()

    @pytest.fixture
    def samples(self) -> list[SourceDocument]:
        return documents(*FILES.glob("dicom/*.dcm"))


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


class TestPayments(ParserContract):
    @pytest.fixture
    def parser(self) -> Parser:
        return PaymentParser()

    @pytest.fixture
    def samples(self) -> list[SourceDocument]:
        return documents(
            *FILES.glob("pain.001*.xml"),
            *FILES.glob("pain.008*.xml"),
            *FILES.glob("pacs*.xml"),
            FILES / "sepa_pain_001_v3.xml",
        )


class TestPaymentStatus(ParserContract):
    @pytest.fixture
    def parser(self) -> Parser:
        return PaymentStatusParser()

    @pytest.fixture
    def samples(self) -> list[SourceDocument]:
        return documents(FILES / "pain_002_v3_group_reject.xml", FILES / "pain.002.001.10.xml")


class TestMt940(ParserContract):
    @pytest.fixture
    def parser(self) -> Parser:
        return Mt940Parser()

    @pytest.fixture
    def samples(self) -> list[SourceDocument]:
        readable = [path for path in FILES.glob("*.sta") if "invalid" not in path.name]
        return documents(*readable, FILES / "mt940.txt")


class TestOfx(ParserContract):
    @pytest.fixture
    def parser(self) -> Parser:
        return OfxParser()

    @pytest.fixture
    def samples(self) -> list[SourceDocument]:
        broken = ("date_missing.ofx", "decimal_error.ofx")
        return documents(*(path for path in FILES.glob("*.ofx") if path.name not in broken))


class TestStatementCsv(ParserContract):
    @pytest.fixture
    def parser(self) -> Parser:
        return StatementCsvParser()

    @pytest.fixture
    def samples(self) -> list[SourceDocument]:
        return documents(*FILES.glob("statement-*.csv"))


class TestInlineXbrl(ParserContract):
    @pytest.fixture
    def parser(self) -> Parser:
        return InlineXbrlParser()

    @pytest.fixture
    def samples(self) -> list[SourceDocument]:
        return documents(FILES / "filing.ixbrl.htm", FILES / "example-10k-1p.html")
