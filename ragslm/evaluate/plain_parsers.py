"""What the parsing library of each format does with its bytes, without a line of ragslm.

Each makes its own objects of the whole file, as its documentation says, and reads out what it holds. None of
them makes a readable text with labelled fields. Some stop at a tree or at cells (`lxml`, `json`, `csv`);
where there is a library that gives typed values, amounts and dates, it stands beside them.
"""

import csv
import email
import email.policy
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache, partial
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from platform import python_version
from typing import Any

Parse = Callable[[bytes], object]


@dataclass(frozen=True, slots=True)
class PlainParser:
    """A library's own reading of one format.

    Attributes:
        format: name of the ragslm parser it stands beside.
        distribution: package that has it; empty: Python itself.
        parse: reads one file.
        how: what it is asked for, where it stands twice.
    """

    format: str
    distribution: str
    parse: Parse
    how: str = ""

    @property
    def label(self) -> str | None:
        """`lxml 6.1.3`, with what it is asked for; None if it is not installed."""
        if not self.distribution:
            return f"{self.parse.__name__.strip('_').replace('_', ' ')} of Python {python_version()}"
        try:
            return f"{self.distribution} {version(self.distribution)} {self.how}".strip()
        except PackageNotFoundError:
            return None


def _xml(content: bytes) -> object:
    from lxml import etree

    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))


def _iso20022(content: bytes) -> object:
    found = re.search(rb":xsd:((?:camt|pain|pacs)[.\d]+)", content)
    name = found[1].decode().replace(".", "_") if found else ""
    message = import_module(f"pyiso20022.{name[:4]}.{name}")
    return _binding().from_bytes(content, message.Document)


@cache
def _binding() -> Any:
    from xsdata.formats.dataclass.parsers import XmlParser  # type: ignore[import-not-found,unused-ignore]

    return XmlParser()  # kept, as its documentation advises: it describes each class once


def _camt053(content: bytes) -> object:
    from pycamt.parser import Camt053Parser  # type: ignore[import-not-found,unused-ignore]

    parser = Camt053Parser(content)
    return parser.get_group_header(), parser.get_statement_info(), parser.get_transactions()


def _html(content: bytes) -> object:
    from lxml import html

    return html.fromstring(content)


def _json(content: bytes) -> object:
    return json.loads(content)


def _fhir(content: bytes) -> object:
    from fhir.resources.R4B import get_fhir_model_class  # type: ignore[import-not-found,unused-ignore]

    resource = json.loads(content)
    return get_fhir_model_class(resource["resourceType"]).model_validate(resource)


def _hl7apy(content: bytes) -> object:
    from hl7apy.parser import parse_message  # type: ignore[import-untyped,unused-ignore]

    return parse_message(_lines(content), find_groups=False)


def _hl7(content: bytes) -> object:
    import hl7  # type: ignore[import-not-found,unused-ignore]

    return hl7.parse(_lines(content))


def _lines(content: bytes) -> str:
    return content.decode("utf-8", "replace").replace("\r\n", "\r").replace("\n", "\r").strip()


def _ccda(content: bytes) -> object:
    from ccda_to_fhir import convert_document  # type: ignore[import-not-found,unused-ignore]

    return convert_document(content.decode("utf-8-sig"))


def _dicom(content: bytes) -> object:
    import pydicom

    dataset = pydicom.dcmread(io.BytesIO(content), stop_before_pixels=True)
    return [element.value for element in dataset.iterall()]


def _mt940(content: bytes) -> object:
    import mt940  # type: ignore[import-not-found,unused-ignore]

    return list(mt940.parse(content.decode("utf-8", "replace")))


def _ofx(content: bytes) -> object:
    from ofxparse import OfxParser  # type: ignore[import-not-found,unused-ignore]

    return OfxParser.parse(io.BytesIO(content))


def _csv(content: bytes) -> object:
    return list(csv.reader(io.StringIO(content.decode("utf-8", "replace"), newline="")))


def _typed_csv(content: bytes) -> object:
    """The rows below a mapping, with dates and amounts: what a bank's own import script does."""
    _, front, text = content.decode("utf-8").split("---\n", 2)
    mapping = _mapping(front)
    lines = io.StringIO(text, newline="")
    for _ in range(mapping.get("skip_lines", 0)):
        next(lines)
    reader = csv.DictReader(lines, delimiter=mapping.get("delimiter", ","))
    headings = reader.fieldnames or ()
    typed = {
        column if isinstance(column, str) else headings[column - 1]: read
        for meaning, read in _typed(mapping).items()
        if (column := mapping["columns"].get(meaning))
    }
    return [
        {name: typed[name](cell) if cell and name in typed else cell for name, cell in row.items()}
        for row in reader
    ]


@cache
def _mapping(front: str) -> Any:
    import yaml

    return yaml.safe_load(front)


def _typed(mapping: Any) -> dict[str, Callable[[str], object]]:
    """How the columns of each meaning are read."""
    pattern = mapping.get("date_format", "%Y-%m-%d")
    point, thousands = mapping.get("decimal", "."), mapping.get("thousands", "")

    def day(cell: str) -> object:
        return datetime.strptime(cell, pattern)

    def amount(cell: str) -> object:
        return Decimal(cell.replace(thousands, "").replace(point, "."))

    amounts = dict.fromkeys(("amount", "debit", "credit", "balance"), amount)
    return {"date": day, "value_date": day, **amounts}


def _xlsx(content: bytes) -> object:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content), data_only=True)
    return [row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True)]


def _xls(content: bytes, formats: bool = False) -> object:
    import xlrd  # type: ignore[import-untyped,unused-ignore]

    book = xlrd.open_workbook(file_contents=content, formatting_info=formats)
    return [sheet.row_values(row) for sheet in book.sheets() for row in range(sheet.nrows)]


def _docx(content: bytes) -> object:
    from docx import Document

    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in document.paragraphs], cells


def _pptx(content: bytes) -> object:
    from pptx import Presentation

    slides = Presentation(io.BytesIO(content)).slides
    return [shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame]


def _pdf(content: bytes) -> object:
    import pypdfium2

    with pypdfium2.PdfDocument(content) as document:
        return [document[page].get_textpage().get_text_bounded() for page in range(len(document))]


def _pdf_tables(content: bytes) -> object:
    import pdfplumber  # type: ignore[import-not-found,unused-ignore]

    with pdfplumber.open(io.BytesIO(content)) as document:
        return [(page.extract_text(), page.extract_tables()) for page in document.pages]


def _email(content: bytes) -> object:
    message = email.message_from_bytes(content, policy=email.policy.default)
    return [part.get_payload(decode=True) for part in message.walk()]


def _markdown(content: bytes) -> object:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table").parse(content.decode("utf-8", "replace"))


PLAIN = tuple(
    PlainParser(*one)
    for one in (
        ("hl7v2", "hl7apy", _hl7apy),
        ("hl7v2", "hl7", _hl7),
        ("fhir", "", _json),
        ("fhir", "fhir.resources", _fhir),
        ("ccda", "ccda-to-fhir", _ccda),
        ("ccda", "lxml", _xml),
        ("dicom", "pydicom", _dicom),
        ("camt", "pyiso20022", _iso20022),
        ("camt", "pycamt", _camt053),
        ("camt", "lxml", _xml),
        ("iso20022-payments", "pyiso20022", _iso20022),
        ("iso20022-payments", "lxml", _xml),
        ("iso20022-status", "pyiso20022", _iso20022),
        ("iso20022-status", "lxml", _xml),
        ("regml", "lxml", _xml),
        ("inline-xbrl", "lxml", _html),
        ("mt940", "mt-940", _mt940),
        ("ofx", "ofxparse", _ofx),
        ("statement-csv", "", _typed_csv),
        ("statement-csv", "", _csv),
        ("csv", "", _csv),
        ("xlsx", "openpyxl", _xlsx),
        ("xls", "xlrd", _xls),
        ("xls", "xlrd", partial(_xls, formats=True), "with formats"),
        ("docx", "python-docx", _docx),
        ("pptx", "python-pptx", _pptx),
        ("pdf", "pypdfium2", _pdf),
        ("pdf", "pdfplumber", _pdf_tables, "with tables"),
        ("html", "lxml", _html),
        ("markdown", "markdown-it-py", _markdown),
        ("eml", "", _email),
    )
)
"""Every format that has such a library; others are timed alone."""
