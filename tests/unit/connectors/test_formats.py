from datetime import date
from pathlib import Path

import pytest

from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors._formats._rows import headings_of, is_value, row_text
from ragslm_connectors._formats.csv import CsvParser
from ragslm_connectors._formats.docx import DocxParser
from ragslm_connectors._formats.html import HtmlParser
from ragslm_connectors._formats.markdown import MarkdownParser
from ragslm_connectors._formats.text import TextParser

FILES = Path(__file__).parents[2] / "data" / "formats"


def document(content: bytes) -> SourceDocument:
    return SourceDocument(uri="file:///x", content=content)


def blocks(parsed: ParsedDocument) -> list[tuple[str, str]]:
    return [(b.kind, parsed.text[b.start : b.end]) for b in parsed.blocks]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1,577", True),  # thousands
        ("$(1,577)", True),  # negative amount
        ("(0.6)%", True),  # negative percentage
        ("—", True),  # nothing
        ("NM", True),  # not meaningful
        ("2018", True),  # a year is a value too
        ("Up to 5", False),  # words
        ("Total", False),
        ("", False),
    ],
)
def test_values(cell: str, expected: bool) -> None:
    assert is_value(cell) is expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["Item", "2018"], ["Cash", "5"]], ["Item", "2018"]),  # years are headings
        ([["", "2018", "2017"], ["Cash", "5", "6"]], ["", "2018", "2017"]),  # empty corner
        ([["Cash", "5"], ["Debt", "6"]], None),  # data from the first row on
        ([["a", "b", "b"], ["1", "2", "3"]], None),  # two columns of one name
        ([["a", "b"]], None),  # nothing below
    ],
)
def test_first_row_as_headings(rows: list[list[str]], expected: list[str] | None) -> None:
    assert headings_of(rows) == expected


def test_row_text_survives_ragged_rows() -> None:
    assert row_text(["a", "", "c", "d"], ["A", "B", "C"]) == "A: a | C: c | d"


def test_text_has_headings_items_and_paragraphs() -> None:
    parsed = TextParser().parse(document((FILES / "note.txt").read_bytes()))
    assert [s.path for s in parsed.sections] == ["WARFARIN AND PAIN RELIEF", "1. Purpose"]
    assert ("list_item", "- Second item") in blocks(parsed)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("naïve".encode(), "naïve"),  # UTF-8
        ("naïve".encode("utf-8-sig"), "naïve"),  # with its mark
        ("naïve".encode("utf-16"), "naïve"),  # UTF-16 with mark
        ("naïve".encode("utf-16-be").join([b"\xfe\xff", b""]), "naïve"),  # big-endian
        ("naïve – 5 €".encode("cp1252"), "naïve – 5 €"),  # Windows
        (b"a\r\nb\rc", "a\nb\nc"),  # line ends
    ],
)
def test_encodings(content: bytes, expected: str) -> None:
    assert TextParser().parse(document(content)).text == expected


def test_markdown_is_read_as_plain_words() -> None:
    parsed = MarkdownParser().parse(document((FILES / "table.md").read_bytes()))
    assert (parsed.title, parsed.effective_date) == ("Fees", date(2024, 3, 31))
    assert blocks(parsed) == [
        ("heading", "Fees of 2024"),
        ("paragraph", "See the table."),
        ("row", "Fee: Wire | 2024: 25"),
        ("heading", "Notes"),
        ("list_item", "- one"),
        ("list_item", "- two"),
    ]
    assert [s.path for s in parsed.sections] == ["Fees of 2024", "Fees of 2024 › Notes"]


def test_csv_rows_carry_their_headings() -> None:
    parsed = CsvParser().parse(document((FILES / "fees.csv").read_bytes()))
    assert [text for _, text in blocks(parsed)] == [
        "Fee: Overdraft | Amount: 35,00 | Currency: USD",
        "Fee: Wire; outgoing | Amount: 25,00 | Currency: USD",
        "Fee: Ragged",
    ]


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"1,2\n3,4\n", ["1 | 2", "3 | 4"]),
        (
            b"2024-01-05;Coffee House;-3,50\n2024-01-06;Rent;-900,00\n",
            ["2024-01-05 | Coffee House | -3,50", "2024-01-06 | Rent | -900,00"],
        ),
        (
            b"Potassium,4.1 mmol/L\nSodium,140 mmol/L\nIron,pending\n",
            ["Potassium | 4.1 mmol/L", "Sodium | 140 mmol/L", "Iron | pending"],
        ),
        (b"Ann,1984\nBen,1990\n", ["Ann | 1984", "Ben | 1990"]),
        (b"x,5\n", ["x | 5"]),
        (b"x,5\ny,n/a\n", ["x | 5", "y | n/a"]),
    ],
)
def test_csv_without_header(content: bytes, rows: list[str]) -> None:
    assert [text for _, text in blocks(CsvParser().parse(document(content)))] == rows


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b'Item,2018,2017\nCash,"1,577",88\n', ["Item: Cash | 2018: 1,577 | 2017: 88"]),
        (b"Name,30 days,Level 2\nAnn,12.50,A 7\n", ["Name: Ann | 30 days: 12.50 | Level 2: A 7"]),
        (b"Name,Note\nAnn,none\n", ["Name: Ann | Note: none"]),
    ],
)
def test_csv_with_header(content: bytes, rows: list[str]) -> None:
    assert [text for _, text in blocks(CsvParser().parse(document(content)))] == rows


HTML = b"""<!doctype html><html><head><title>T</title><meta name="date" content="2024-01-02">
<style>p{}</style></head><body><nav>menu</nav><h1>One</h1><p>A<br>b <b>c</b>.</p><script>evil()</script>
<h2>Two</h2><ul><li>x</li><li>y</li></ul>
<table><tr><th>Item</th><th>2018</th></tr><tr><td>Cash</td><td>5</td></tr></table>
<table><tr><td><p>layout</p></td></tr></table></body></html>"""


def test_html_without_scripts_and_navigation() -> None:
    parsed = HtmlParser().parse(document(HTML))
    assert (parsed.title, parsed.effective_date) == ("T", date(2024, 1, 2))
    assert blocks(parsed) == [
        ("heading", "One"),
        ("paragraph", "A b c."),
        ("heading", "Two"),
        ("list_item", "- x"),
        ("list_item", "- y"),
        ("row", "Item: Cash | 2018: 5"),
        ("paragraph", "layout"),
    ]


def test_html_external_entity_is_not_resolved() -> None:
    page = b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body>a &x; b</body></html>'
    assert "root:" not in HtmlParser().parse(document(page)).text


def test_docx_tables_as_rows_and_headings_as_sections() -> None:
    tables = DocxParser().parse(document((FILES / "docx-tables.docx").read_bytes()))
    assert ("row", "Header Col 1: Lorem ipsum | Header Col 2: A link example") in blocks(tables)
    simple = DocxParser().parse(document((FILES / "simple.docx").read_bytes()))
    assert simple.sections[0].path.startswith("These are a few")
