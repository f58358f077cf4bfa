"""Spreadsheets: what is heading, title, row and remark; every cell's words are told."""

import io
import re
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlrd
from openpyxl.comments import Comment

from ragslm.errors import QuarantineError
from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors._formats._builder import TextBuilder, one_line
from ragslm_connectors._formats._sheets import Cell, write_sheet
from ragslm_connectors._formats.xls import XlsParser
from ragslm_connectors._formats.xlsx import XlsxParser

FILES = Path(__file__).parents[2] / "data" / "formats"


def document(content: bytes) -> SourceDocument:
    return SourceDocument(uri="file:///x.xlsx", content=content)


def blocks(parsed: ParsedDocument) -> list[str]:
    return [f"{b.kind}: {parsed.text[b.start : b.end]}" for b in parsed.blocks]


def sheet(*rows: list[object], merged: dict | None = None) -> list[str]:
    """Blocks of a sheet of these rows; None is an empty cell, an empty list an empty row."""
    cells = {
        number: {
            column: Cell(str(value), number=not isinstance(value, str))
            for column, value in enumerate(row)
            if value is not None
        }
        for number, row in enumerate(rows)
        if row
    }
    builder = TextBuilder()
    write_sheet(builder, "Sheet", cells, merged or {})
    return blocks(builder.build())


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("rows", "merged", "expected"),
    [
        # a heading above values
        ([["Item", "2023"], ["Cash", 5]], {}, ["row: Item: Cash | 2023: 5"]),
        # years are headings, also where they are numbers
        ([["Item", 2023, 2022], ["Cash", 5, 6]], {}, ["row: Item: Cash | 2023: 5 | 2022: 6"]),
        # values from the first row on: no heading
        ([["Cash", 5], ["Debt", 6]], {}, ["row: Cash | 5", "row: Debt | 6"]),
        # words under words: the first row names every column
        ([["Code", "Meaning"], ["A", "Alpha"]], {}, ["row: Code: A | Meaning: Alpha"]),
        # a gap between heading and values
        ([["Item", "2023"], [], ["Cash", 5]], {}, ["row: Item: Cash | 2023: 5"]),
        # a title above the heading, a remark below the values
        (
            [["Balance"], ["Item", "2023"], ["Cash", 5], ["(a) unaudited"]],
            {},
            ["heading: Balance", "row: Item: Cash | 2023: 5", "paragraph: (a) unaudited"],
        ),
        # a heading of two rows, the upper one merged
        (
            [
                ["CHF m", "2023", None, "2022", None],
                [None, "Sales", "Profit", "Sales", "Profit"],
                ["EU", 1, 2, 3, 4],
            ],
            {(0, 1): (0, 2), (0, 3): (0, 4)},
            ["row: CHF m: EU | 2023 Sales: 1 | 2023 Profit: 2 | 2022 Sales: 3 | 2022 Profit: 4"],
        ),
        # the same, not merged: to the right
        (
            [
                ["CHF m", "2023", None, "2022"],
                [None, "Sales", "Profit", "Sales", "Profit"],
                ["EU", 1, 2, 3, 4],
            ],
            {},
            ["row: CHF m: EU | 2023 Sales: 1 | 2023 Profit: 2 | 2022 Sales: 3 | 2022 Profit: 4"],
        ),
        # the same, flush with the right edge
        (
            [
                ["CHF m", None, "2023", None, "2022"],
                [None, "Sales", "Profit", "Sales", "Profit"],
                ["EU", 1, 2, 3, 4],
            ],
            {},
            ["row: CHF m: EU | 2023 Sales: 1 | 2023 Profit: 2 | 2022 Sales: 3 | 2022 Profit: 4"],
        ),
        # a second table with headings of its own
        (
            [["Item", "2023"], ["Cash", 5], [], ["Item", "Share"], ["Debt", 6]],
            {},
            ["row: Item: Cash | 2023: 5", "row: Item: Debt | Share: 6"],
        ),
        # a gap inside a table does not end it
        (
            [["Item", "2023"], ["Cash", 5], [], ["Debt", 6]],
            {},
            ["row: Item: Cash | 2023: 5", "row: Item: Debt | 2023: 6"],
        ),
        # a cell merged over two rows holds for both
        (
            [["Group", "Item", "2023"], ["Assets", "Cash", 5], [None, "Stock", 6]],
            {(1, 0): (2, 0)},
            ["row: Group: Assets | Item: Cash | 2023: 5", "row: Group: Assets | Item: Stock | 2023: 6"],
        ),
        # a heading over an empty column is told
        (
            [["Item", "2023", "Note"], ["Cash", 5]],
            {},
            ["row: Item: Cash | 2023: 5", "row: Columns without values: Note"],
        ),
        # a lone number is a row
        ([["Total"], [5]], {}, ["paragraph: Total", "row: 5"]),
    ],
)
def test_what_a_sheet_says(rows: list[list[object]], merged: dict, expected: list[str]) -> None:
    assert sheet(*rows, merged=merged) == expected


def test_values_as_shown_and_formulas_by_their_stored_value() -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.title = "Fees"
    page.append(["Fee", "From", "Amount", "Share", "Waived", "Total"])
    page.append(["Wire", date(2024, 3, 2), 1234.5, 0.125, True, "=C2*2"])
    page.append(["Card", datetime(2024, 3, 2, 9, 30), -7, 0.5, False, "=1/0"])
    for row in (2, 3):
        page.cell(row, 3).number_format = "#,##0.00;(#,##0.00)"
        page.cell(row, 4).number_format = "0.0%"
    page["A2"].comment = Comment("only abroad", "somebody")
    content = with_value(saved(book), "C2*2", "2469")
    parsed = XlsxParser().parse(document(content))
    assert blocks(parsed) == [
        "row: Fee: Wire | From: 2024-03-02 | Amount: 1,234.50 | Share: 12.5% | Waived: TRUE | Total: 2469",
        "row: Fee: Card | From: 2024-03-02 09:30 | Amount: (7.00) | Share: 50.0% | Waived: FALSE",
        "paragraph: Comment on A2: only abroad",
    ]
    assert [s.path for s in parsed.sections] == ["Fees"]


def with_value(content: bytes, formula: str, value: str) -> bytes:
    """The workbook as a program would have saved it: with the formula's value."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name).decode("utf-8")
            new.writestr(
                name, re.sub(rf"(<f>{re.escape(formula)}</f>)<v ?/?>(</v>)?", rf"\1<v>{value}</v>", data)
            )
    return out.getvalue()


def test_a_cell_at_the_far_end_costs_nothing() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "here"
    book.active["XFD1048576"] = "there"
    assert blocks(XlsxParser().parse(document(saved(book)))) == ["paragraph: here", "paragraph: there"]


def test_a_long_list_takes_time_in_proportion() -> None:
    """Each row asked what stands below it; ten times the rows must not take a hundred times as long."""
    assert len(sheet(*[[f"Name {number}"] for number in range(100_000)])) == 100_000


def test_a_macro_workbook_is_read_without_its_macros() -> None:
    assert XlsxParser().claims(saved(openpyxl.Workbook())[:4096], ".xlsm")


def test_the_date_is_the_files_own() -> None:
    """openpyxl makes up a date of today where the properties are missing."""
    book = openpyxl.Workbook()
    book.active["A1"] = "words"
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(book))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if name != "docProps/core.xml":
                new.writestr(name, old.read(name))
    assert XlsxParser().parse(document(out.getvalue())).effective_date is None


@pytest.mark.parametrize("name", ["stanley-cups.xlsx", "2023-half-year-analyses-by-segment.xlsx"])
def test_nothing_of_a_workbook_is_lost(name: str) -> None:
    """Every cell's words are in the text, and every row with a value is a row."""
    content = (FILES / name).read_bytes()
    parsed = XlsxParser().parse(document(content))
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    rows = 0
    for page in book.worksheets:
        for row in page.iter_rows():
            filled = [c for c in row if c.value is not None and str(c.value).strip()]
            rows += any(isinstance(c.value, int | float) for c in filled)
            for cell in filled:
                if isinstance(cell.value, str):
                    assert one_line(cell.value) in parsed.text, cell.coordinate
                elif cell.value:
                    assert f"{abs(cell.value):,.0f}" in parsed.text, cell.coordinate
    assert sum(b.kind == "row" for b in parsed.blocks) == rows
    assert len({s.path.split(" › ")[0] for s in parsed.sections}) == len(book.worksheets)


def test_nothing_of_an_old_workbook_is_lost() -> None:
    content = (FILES / "tests-example.xls").read_bytes()
    parsed = XlsParser().parse(SourceDocument(uri="file:///x.xls", content=content))
    book = xlrd.open_workbook(file_contents=content)
    told = 0
    for page in book.sheets():
        for number in range(page.nrows):
            texts = [c.value for c in page.row(number) if c.ctype == xlrd.XL_CELL_TEXT and c.value.strip()]
            told += bool(texts)
            assert all(one_line(text) in parsed.text for text in texts), number
    assert len(parsed.blocks) == told - 1  # one row of column headings, told with each of its rows


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "save it as .xlsx"),  # a compound file without a workbook
        (b"plain words", "no Excel file"),
        (b"\x09\x08\x10\x00" + b"\xff" * 200, "Excel file of before 2007"),  # a record that leads nowhere
    ],
)
def test_a_broken_old_workbook_says_what_to_do(content: bytes, reason: str) -> None:
    with pytest.raises(QuarantineError, match=reason):
        XlsParser().parse(SourceDocument(uri="file:///x.xls", content=content))
