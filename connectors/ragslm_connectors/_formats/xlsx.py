"""Excel files (OOXML): sheets as sections, rows with their column headings, values as shown.

Formulas are not evaluated: the value that was stored with them is told. Macros and links to other files are
never followed. Hidden sheets and rows are read like the others; cell comments follow their sheet. Dates are
told as YYYY-MM-DD, because how they are shown depends on where the reader lives.
"""

import datetime as dt
import io
from typing import Any

from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors._formats._builder import TextBuilder, one_line
from ragslm_connectors._formats._limits import MAX_CHARS, content_of
from ragslm_connectors._formats._number_format import plain, shown
from ragslm_connectors._formats._package import Reading, core_properties, is_package, opened
from ragslm_connectors._formats._sheets import Cell, Merged, filled, write_sheet

_KIND = "Excel file"
_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xltx"})


class XlsxParser:
    """`.xlsx` files.

    Attributes:
        max_chars: longest text accepted, in characters.
    """

    name = "xlsx"
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    max_chars = MAX_CHARS

    def claims(self, head: bytes, suffix: str) -> bool:
        """A package with `xl/`, or any package, old Excel file or nothing under the suffix `.xlsx`."""
        return is_package(head, suffix, "xl/", _SUFFIXES)

    def parse(self, document: SourceDocument) -> ParsedDocument:
        """A section for each sheet, a block for each row.

        Raises:
            QuarantineError: empty, encrypted, broken (names the sheet), too large or without text.
        """
        import openpyxl

        content = content_of(document, self.max_chars)
        title, day = core_properties(opened(content, self.max_chars, _KIND, ".xlsx"))
        builder = TextBuilder(self.max_chars)
        with Reading(_KIND) as reading:
            book = openpyxl.load_workbook(io.BytesIO(content), data_only=True, keep_links=False)
            for number, sheet in enumerate(book.worksheets, start=1):
                reading.part = f"sheet {number}"
                _add_sheet(builder, sheet)
        return builder.build(title=title, effective_date=day)


def _add_sheet(builder: TextBuilder, sheet: Any) -> None:
    rows: dict[int, dict[int, Cell]] = {}
    remarks: list[str] = []
    # Not iter_rows: a single cell at the far end would make it walk 17 billion empty ones.
    for (row, column), cell in sorted(sheet._cells.items()):
        if cell.value is not None:
            rows.setdefault(row - 1, {})[column - 1] = _cell(cell.value, cell.number_format)
        if cell.comment is not None and (text := one_line(cell.comment.text or "")):
            remarks.append(f"Comment on {cell.coordinate}: {text}")
    write_sheet(builder, one_line(sheet.title), filled(rows), _merged(sheet))
    for remark in remarks:
        builder.block("paragraph", remark)


def _cell(value: Any, code: str) -> Cell:
    if isinstance(value, bool):
        return Cell(str(value).upper(), number=True)
    if isinstance(value, int | float):
        return Cell(shown(value, code) if code != "General" else plain(value), number=True)
    if isinstance(value, dt.datetime | dt.date | dt.time | dt.timedelta):
        return Cell(moment(value), number=True)
    return Cell(str(value))


def moment(value: dt.datetime | dt.date | dt.time | dt.timedelta) -> str:
    """A date as YYYY-MM-DD, with the time where there is one."""
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    return str(value)


def _merged(sheet: Any) -> Merged:
    return {
        (area.min_row - 1, area.min_col - 1): (area.max_row - 1, area.max_col - 1)
        for area in sheet.merged_cells.ranges
    }
