"""Comma-separated values: each line a row that carries its column headings."""

import csv
import io
import re

from ragslm.errors import QuarantineError
from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors._formats._builder import TextBuilder
from ragslm_connectors._formats._decode import decode
from ragslm_connectors._formats._limits import MAX_CHARS, check_length, content_of, is_binary
from ragslm_connectors._formats._rows import is_value, is_year, row_text

_SUFFIXES = frozenset({".csv", ".tsv"})
_DELIMITERS = ",;\t|"
_SAMPLE = 65_536
_LONGEST_CELL = 1_000_000
_COMPARED = 20
"""Rows that the first one is compared with."""
_NUMBER = re.compile(r"[-+(]?\d[\d.,]*\)?")


class CsvParser:
    """CSV and TSV files. The delimiter is sniffed; a first row of words is the header.

    Attributes:
        max_chars: longest text accepted, in characters.
    """

    name = "csv"
    media_type = "text/csv"
    max_chars = MAX_CHARS

    def claims(self, head: bytes, suffix: str) -> bool:
        """A CSV suffix over bytes that are not binary."""
        return suffix in _SUFFIXES and not is_binary(head)

    def parse(self, document: SourceDocument) -> ParsedDocument:
        """One row block for each line, as `column: value | …`; rows may be ragged.

        Raises:
            QuarantineError: empty, too long, not text, or not readable as rows; names the line.
        """
        text = decode(content_of(document, self.max_chars))
        check_length(len(text), self.max_chars)
        dialect = _dialect(text[:_SAMPLE])
        builder = TextBuilder(self.max_chars)
        rows = _rows(text, dialect)
        headings = rows[0] if rows and _is_header(rows) else None
        for cells in rows[1:] if headings else rows:
            if row := row_text(cells, headings):
                builder.block("row", row)
        if headings and not len(builder):
            builder.block("row", row_text(headings))
        return builder.build()


def _rows(text: str, dialect: type[csv.Dialect]) -> list[list[str]]:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), dialect)
    try:
        return [row for row in reader if any(cell.strip() for cell in row)]
    except csv.Error:
        raise QuarantineError(f"Line {reader.line_num} cannot be read as comma-separated values.") from None


def _dialect(sample: str) -> type[csv.Dialect]:
    """The dialect of the delimiter that cuts most lines of the sample into the same number of cells."""
    lines = [line for line in sample.split("\n")[:50] if line.strip()]

    def regularity(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in lines]
        usual = max(set(counts), key=lambda count: (counts.count(count), count), default=0)
        return (counts.count(usual) if usual else 0, usual)

    best = max(_DELIMITERS, key=regularity)

    class Dialect(csv.excel):
        delimiter = best
        skipinitialspace = True

    return Dialect


def _is_header(rows: list[list[str]]) -> bool:
    """Whether the first row names the columns: every cell is filled, none is a value, no two are alike, and
    none is written as the values below it are.
    """
    filled, *below = [[cell.strip() for cell in row] for row in rows[: 1 + _COMPARED]]
    if not all(filled) or len(set(filled)) < len(filled):
        return False
    columns = [[row[place] for row in below if place < len(row)] for place in range(len(filled))]
    return not any(_is_data(cell, column) for cell, column in zip(filled, columns, strict=True))


def _is_data(cell: str, below: list[str]) -> bool:
    """A number, or written as one of the cells below; a year heads a column unless years stand below."""
    if is_year(cell):
        return any(map(is_year, below))
    written = _NUMBER.sub("9", cell)
    return is_value(cell) or (written != cell and written in {_NUMBER.sub("9", other) for other in below})
