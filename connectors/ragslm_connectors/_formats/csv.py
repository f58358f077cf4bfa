"""Comma-separated values: each line a row that carries its column headings."""

import csv
import io

from ragslm.errors import QuarantineError
from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors._formats._builder import TextBuilder
from ragslm_connectors._formats._decode import decode
from ragslm_connectors._formats._limits import MAX_CHARS, check_length, content_of, is_binary
from ragslm_connectors._formats._rows import row_text

_SUFFIXES = frozenset({".csv", ".tsv"})
_DELIMITERS = ",;\t|"
_SAMPLE = 65_536
_LONGEST_CELL = 1_000_000


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
        headings: list[str] | None = None
        for number, cells in enumerate(_rows(text, dialect)):
            if number == 0 and _is_header(cells):
                headings = cells
            elif row := row_text(cells, headings):
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


def _is_header(cells: list[str]) -> bool:
    """Every cell is filled, none is a bare number, no two are alike."""
    filled = [cell.strip() for cell in cells]
    numeric = any(cell.replace(".", "", 1).replace("-", "", 1).isdigit() for cell in filled)
    return all(filled) and not numeric and len(set(filled)) == len(filled)
