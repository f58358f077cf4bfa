"""Account statements as CSV, with a mapping that says what its columns mean.

The mapping travels in front of the rows, between two lines `---`, so that the bytes alone say how they are
read; `mapped` puts it there from a file beside the statement. Without one the CSV parser of every domain
reads the file. An example:

    ---
    statement_csv: 1
    columns: {date: Buchungstag, amount: Betrag, counterparty: Empfänger, text: Verwendungszweck}
    date_format: "%d.%m.%Y"
    decimal: ","
    thousands: "."
    delimiter: ";"
    currency: EUR
    ---
    Buchungstag;Betrag;Empfänger;Verwendungszweck
    22.07.2010;-1,20;Erika Mustermann;Miete

Field policy: the counterparty is `PERSON`, its address `LOCATION`, accounts `IBAN_CODE` or `ACCOUNT`, the
reference `ID`; dates, amounts, balances, types and the bank's reference are knowledge; the text is free.
Columns that the mapping does not name are free text too, each with its heading.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from ragslm.errors import QuarantineError
from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors._formats._builder import TextBuilder, one_line
from ragslm_connectors._formats._decode import decode
from ragslm_connectors._formats._limits import MAX_CHARS, check_length, content_of
from ragslm_connectors.banking._account import entity_of
from ragslm_connectors.banking._csv_mapping import CsvMapping
from ragslm_connectors.banking._money import decimal_of, money
from ragslm_connectors.banking._writer import Writer

_MAPPED = re.compile(rb"^(?:\xef\xbb\xbf)?---[ \t]*\r?\n\s*statement_csv\s*:")
_FRONT = re.compile(r"---[ \t]*\n(.*?)\n---[ \t]*\n", re.DOTALL)
_LONGEST_CELL = 1_000_000


class StatementCsvParser:
    """CSV with a mapping in front.

    Each row is a section named by its line, such as `line 12`, counted without the mapping. The scope is the
    account where one column holds it and all rows have the same, the effective date that of the last row.

    Attributes:
        max_chars: longest text accepted, in characters.
    """

    name = "statement-csv"
    media_type = "text/csv"
    max_chars = MAX_CHARS

    def claims(self, head: bytes, suffix: str) -> bool:
        """A mapping `statement_csv` in front, whatever the suffix."""
        return _MAPPED.match(head) is not None

    def parse(self, document: SourceDocument) -> ParsedDocument:
        """A section for each row.

        Raises:
            QuarantineError: empty, no text, no valid mapping, a column is missing, or a date or amount is
                none; names line and column.
        """
        text = decode(content_of(document, self.max_chars))
        check_length(len(text), self.max_chars)
        front = _FRONT.match(text)
        if front is None:
            raise QuarantineError("Line 1: there is no mapping between two lines of ---.")
        mapping = CsvMapping.of(front[1])
        rows = _Rows(mapping, text[front.end() :])
        builder = TextBuilder(self.max_chars)
        writer = Writer(builder)
        for row in rows:
            row.write(writer)
        return builder.build(
            title=mapping.title,
            effective_date=rows.last_day(),
            scope=rows.scope(),
        )


def mapped(document: SourceDocument, mapping: str) -> SourceDocument:
    """The document with a mapping in front of its rows, for connectors that find one beside it.

    Raises:
        QuarantineError: it is no valid mapping.
    """
    CsvMapping.of(mapping)
    front = f"---\n{mapping.strip()}\n---\n"
    return replace(document, content=front.encode() + decode(document.content).encode())


class _Rows:
    """The rows of a file, in order."""

    def __init__(self, mapping: CsvMapping, text: str) -> None:
        self._mapping = mapping
        self._text = text
        self._last_day = ""
        self._accounts: set[str] = set()
        self.headings: list[str] = []
        self._places: dict[str, int] = {}
        self._others: list[int] = []

    def __iter__(self) -> "Iterator[_Row]":
        """Each row but the empty ones, below the headings."""
        csv.field_size_limit(_LONGEST_CELL)
        reader = csv.reader(io.StringIO(self._text, newline=""), delimiter=self._mapping.delimiter)
        end = 0
        try:
            for raw in reader:
                line, end = end + 1, reader.line_num
                cells = [one_line(cell) for cell in raw]
                if reader.line_num <= self._mapping.skip_lines or not any(cells):
                    continue
                if not self.headings:
                    self.headings = cells
                    self._place(line)
                    continue
                yield self._row(line, cells)
        except csv.Error:
            raise QuarantineError(
                f"Line {reader.line_num} cannot be read as comma-separated values."
            ) from None

    def last_day(self) -> date | None:
        """The latest of the rows read so far."""
        return date.fromisoformat(self._last_day) if self._last_day else None

    def scope(self) -> str | None:
        """The one account of all rows, or None."""
        return next(iter(self._accounts)) if len(self._accounts) == 1 else None

    def _place(self, line: int) -> None:
        """Find the column of each meaning, and those that have none."""
        for meaning, column in self._mapping.columns.items():
            if isinstance(column, str) and column not in self.headings:
                raise QuarantineError(f"Line {line}: there is no column for {meaning!r} of the mapping.")
            place = self.headings.index(column) if isinstance(column, str) else column - 1
            if not 0 <= place < len(self.headings):
                raise QuarantineError(f"Line {line}: there is no column number {place + 1} for {meaning!r}.")
            self._places[meaning] = place
        self._others = sorted(set(range(len(self.headings))) - set(self._places.values()))

    def _row(self, line: int, cells: list[str]) -> "_Row":
        width = len(self.headings)
        cells += [""] * (width - len(cells))
        by_meaning = {meaning: cell for meaning, place in self._places.items() if (cell := cells[place])}
        others = [(self.headings[place], cells[place]) for place in self._others if cells[place]]
        others += [("", cell) for cell in cells[width:] if cell]
        day = self._mapping.day(by_meaning.get("date", ""))
        self._last_day = max(self._last_day, day)  # ISO dates are in order as words
        if account := by_meaning.get("account"):
            self._accounts.add("".join(account.split()))
        return _Row(self._mapping, line, by_meaning, others)


class _Row:
    """Writes one row.

    Args:
        mapping: that of its file.
        line: 1-based, below the mapping.
        cells: by meaning, those that are filled.
        others: the cells without one, each with its heading.
    """

    def __init__(
        self, mapping: CsvMapping, line: int, cells: dict[str, str], others: list[tuple[str, str]]
    ) -> None:
        self.mapping, self.line, self.cells, self.others = mapping, line, cells, others
        self.currency = cells.get("currency") or mapping.currency

    def write(self, writer: Writer) -> None:
        """`2010-07-22: debit of 1.20 EUR, booked, counterparty …, text …, balance 98.80 EUR`."""
        day = self._day("date")
        if not day:
            raise QuarantineError(f"Line {self.line}: the column of 'date' is empty.")
        writer.enter(f"line {self.line}", self.mapping.title)
        side, amount = self._amount()
        writer.labelled(f"{day}: {side} of ", amount, "KEEP", "amount")
        valued = self._day("value_date")
        writer.write(f", value date {valued}, booked" if valued else ", booked")
        writer.labelled(", type ", self.cells.get("type", ""), "KEEP", "type")
        for meaning, word in (("account", "own account"), ("counterparty_account", "account")):
            if number := self.cells.get(meaning):
                writer.labelled(f", {word} ", number, entity_of(number), meaning)
        word = "to" if side == "debit" else "from"
        writer.labelled(f", {word} ", self.cells.get("counterparty", ""), "PERSON", "counterparty")
        writer.labelled(
            ", address ", self.cells.get("counterparty_address", ""), "LOCATION", "counterparty_address"
        )
        writer.labelled(", reference ", self.cells.get("reference", ""), "ID", "reference")
        writer.labelled(", bank reference ", self.cells.get("bank_reference", ""), "KEEP", "bank_reference")
        writer.free(", ", self.cells.get("text", ""))
        for heading, cell in self.others:
            writer.free(f", {heading}: " if heading else ", ", cell)
        if self.cells.get("balance"):
            writer.labelled(", balance ", money(self._number("balance"), self.currency), "KEEP", "balance")
        writer.end()

    def _amount(self) -> tuple[str, str]:
        """Side and amount, from a signed column, a column for the side, or one column for each side."""
        if self.cells.get("amount"):
            number = self._number("amount")
            debit = number.startswith("-")
            if side := self.cells.get("side"):
                debit = side.lower() in self.mapping.debit_words
            return ("debit" if debit else "credit"), money(number.lstrip("-"), self.currency)
        for side in ("debit", "credit"):
            if self.cells.get(side) and (number := self._number(side).lstrip("-")).strip("0."):
                return side, money(number, self.currency)
        raise QuarantineError(f"Line {self.line}: the column of 'amount' is empty.")

    def _number(self, meaning: str) -> str:
        mapping = self.mapping
        number = decimal_of(self.cells[meaning], point=mapping.decimal, thousands=mapping.thousands)
        if not number:
            raise QuarantineError(f"Line {self.line}: the column of {meaning!r} holds no number.")
        return number

    def _day(self, meaning: str) -> str:
        text = self.cells.get(meaning, "")
        day = self.mapping.day(text) if text else ""
        if text and not day:
            raise QuarantineError(
                f"Line {self.line}: the column of {meaning!r} holds no date of the mapping's format."
            )
        return day
