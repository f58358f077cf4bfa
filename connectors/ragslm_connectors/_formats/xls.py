"""Excel files of before 2007 (BIFF): read like the newer ones; no formula is evaluated, no macro run."""

import io
from typing import Any

from ragslm.errors import QuarantineError
from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors._formats._builder import TextBuilder, one_line
from ragslm_connectors._formats._limits import MAX_CHARS, content_of
from ragslm_connectors._formats._number_format import plain, shown
from ragslm_connectors._formats._package import OLE, Reading
from ragslm_connectors._formats._sheets import Cell, filled, write_sheet
from ragslm_connectors._formats.xlsx import moment

_KIND = "Excel file of before 2007"
_SUFFIXES = frozenset({".xls", ".xlt"})
_STREAM = "Workbook".encode("utf-16-le")
_EARLIEST = (b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08")  # BIFF 2 to 5 outside a compound file


class XlsParser:
    """`.xls` files.

    Attributes:
        max_chars: longest text accepted, in characters.
    """

    name = "xls"
    media_type = "application/vnd.ms-excel"
    max_chars = MAX_CHARS

    def claims(self, head: bytes, suffix: str) -> bool:
        """A compound file that names a workbook, or any under the suffix `.xls`."""
        if head.startswith(OLE):
            return suffix in _SUFFIXES or _STREAM in head
        return suffix in _SUFFIXES and (not head or head.startswith(_EARLIEST))

    def parse(self, document: SourceDocument) -> ParsedDocument:
        """A section for each sheet, a block for each row.

        Raises:
            QuarantineError: empty, encrypted, broken (names the sheet), too large or without text.
        """
        import xlrd

        content = content_of(document, self.max_chars)
        if not content.startswith((OLE, *_EARLIEST)):
            raise QuarantineError(f"The file is no {_KIND}; save it as .xlsx.")
        builder = TextBuilder(self.max_chars)
        with Reading(_KIND) as reading:
            try:
                # `logfile` because xlrd tells standard output what it finds odd.
                book = xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=io.StringIO())
            except xlrd.XLRDError as error:
                raise QuarantineError(_reason(str(error))) from None
            for number, sheet in enumerate(book.sheets(), start=1):
                reading.part = f"sheet {number}"
                _add_sheet(builder, book, sheet)
        return builder.build()


def _reason(said: str) -> str:
    if "encrypted" in said.lower():
        return "The file is password-protected; save it as .xlsx without a password."
    return f"The file is not a readable {_KIND}; save it as .xlsx."


def _add_sheet(builder: TextBuilder, book: Any, sheet: Any) -> None:
    import xlrd

    empty = (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK)
    rows = {
        number: {
            column: _cell(book, sheet.cell(number, column))
            for column, kind in enumerate(sheet.row_types(number))
            if kind not in empty
        }
        for number in range(sheet.nrows)
    }
    merged = {(r, c): (below - 1, right - 1) for r, below, c, right in sheet.merged_cells}
    write_sheet(builder, one_line(sheet.name), filled(rows), merged)
    for (row, column), note in sorted(sheet.cell_note_map.items()):
        if text := one_line(note.text):
            builder.block("paragraph", f"Comment on row {row + 1}, column {column + 1}: {text}")


def _cell(book: Any, cell: Any) -> Cell:
    """A cell as shown; it is not empty."""
    import xlrd

    if cell.ctype == xlrd.XL_CELL_NUMBER:
        code = _format(book, cell)
        return Cell(shown(cell.value, code) if code != "General" else plain(cell.value), number=True)
    if cell.ctype == xlrd.XL_CELL_DATE:
        return Cell(_moment(cell.value, book.datemode), number=True)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return Cell("TRUE" if cell.value else "FALSE", number=True)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return Cell(xlrd.error_text_from_code.get(cell.value, "#ERROR"), number=True)
    return Cell(str(cell.value))


def _format(book: Any, cell: Any) -> str:
    if cell.xf_index is None:
        return "General"
    return str(book.format_map[book.xf_list[cell.xf_index].format_key].format_str)


def _moment(value: float, datemode: int) -> str:
    """A serial date as YYYY-MM-DD; the number itself where it is none."""
    from xlrd import xldate

    try:
        when = xldate.xldate_as_datetime(value, datemode)
    except (ValueError, OverflowError, xldate.XLDateError):
        return plain(value)
    return moment(when.time() if value < 1 else when)
