from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from ragslm.errors import QuarantineError, SourceError
from ragslm.protocols import DOCUMENTS_ONLY, Connector
from ragslm.registry import find_parser, load_connector
from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors.banking import DOMAIN as BANKING
from ragslm_connectors.banking.mapped_statements import MappedStatements
from ragslm_connectors.banking.statement_csv import StatementCsvParser, mapped
from ragslm_connectors.generic import DOMAIN as GENERIC

FILES = Path(__file__).parents[2] / "data" / "formats"
MAPPING = "statement_csv: 1\ncolumns: {date: Day, amount: Sum, counterparty: Who, side: DC}\ncurrency: EUR"


def parse(content: bytes) -> ParsedDocument:
    return StatementCsvParser().parse(SourceDocument(uri="file:///x.csv", content=content))


def rows(*lines: str, mapping: str = MAPPING) -> bytes:
    text = "\n".join(("Day,Sum,Who,DC", *lines, ""))
    return mapped(SourceDocument(uri="file:///x.csv", content=text.encode()), mapping).content


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("2024-01-02,5.5,Ann Low,C", "2024-01-02: credit of 5.50 EUR, booked, from Ann Low."),
        ("2024-01-02,5.5,Ann Low,D", "2024-01-02: debit of 5.50 EUR, booked, to Ann Low."),
        ("2024-01-02,-5.5,,", "2024-01-02: debit of 5.50 EUR, booked."),  # the sign tells the side
        ('2024-01-02,5,"Low,\nAnn",C', "from Low, Ann."),  # quoted, over two lines
        ("2024-01-02,5,Ann,C,12345678", "from Ann, 12345678."),  # a cell without heading is kept
    ],
)
def test_rows(line: str, text: str) -> None:
    assert text in parse(rows(line)).text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (rows("2024-01-02,x,Ann,C"), "Line 2: the column of 'amount' holds no number"),
        (rows("2024-01-02,,Ann,C"), "Line 2: the column of 'amount' is empty"),
        (rows("02.01.2024,1,Ann,C"), "Line 2: the column of 'date' holds no date"),
        (rows('2024-01-02,1,"A\nB",C', ",1,Ann,C"), "Line 4: the column of 'date' is empty"),
        (
            b"---\nstatement_csv: 1\ncolumns: {date: D, amount: A}\n---\nD,B\n",
            "Line 1: there is no column for 'amount'",
        ),
        (
            b"---\nstatement_csv: 1\ncolumns: {date: 1, amount: 9}\n---\nD,B\n",
            "no column number 9 for 'amount'",
        ),
        (
            b"---\nstatement_csv: 1\ncolumns: {date: 1, secretword: 2}\n---\n",
            "'columns' must be a mapping of date",
        ),
        (b"---\nstatement_csv: 1\ncolumns: {date: 1}\n---\n", "at least date"),
        (b"---\nstatement_csv: 2\n---\n", "'statement_csv' must be 1"),
        (b"---\nstatement_csv: 1\nsecretword: 2\n---\n", "1 unknown keys"),
        (b"---\nstatement_csv: 1\ncolumns: {date: 1, amount: 2}\ndecimal: ''\n---\n", "one character each"),
        (b"---\nstatement_csv: 1\ncolumns: {date: 1, amount: 2}\nskip_lines: -1\n---\n", "0 to 99"),
        (
            b"---\nstatement_csv: 1\ncolumns: {date: 1, amount: 2}\ndate_format: '%d %db %Y'\n---\n",
            "'date_format' must be",  # a pattern that names a group twice
        ),
        (b"---\nstatement_csv: 1\n", "no mapping between"),
    ],
)
def test_broken_ones_name_line_and_column(content: bytes, reason: str) -> None:
    with pytest.raises(QuarantineError, match=reason) as caught:
        parse(content)
    assert "secretword" not in str(caught.value)


def test_the_last_day_and_the_one_account_hold_for_the_document() -> None:
    parsed = parse((FILES / "statement-de.csv").read_bytes())
    assert (parsed.title, parsed.scope) == ("Kontoauszug", "DE89370400440532013000")
    assert parsed.effective_date == date(2024, 5, 31)
    found = [(f.entity, parsed.text[f.start : f.end]) for f in parsed.fields]
    assert ("PERSON", "Hannelore Petzold") in found
    assert ("IBAN_CODE", "DE02500105170137075030") in found


def test_without_a_mapping_the_generic_parser_stays_in_charge() -> None:
    parser = find_parser([GENERIC, BANKING], b"Day,Sum\n2024-01-02,5\n", ".csv")
    assert parser is not None
    assert parser.name == "csv"


class Folder:
    """A connector of a few documents."""

    name = "folder"
    policy = DOCUMENTS_ONLY

    def load(self) -> Iterator[SourceDocument]:
        for name, content in (
            ("a/may.csv", "Day,Sum,Who,DC\n2024-01-02,1,Ann,C\n"),
            ("a/may.mapping.yaml", MAPPING),
            ("b/june.csv", "Day,Sum,Who,DC\n2024-01-02,1,Ann,C\n"),
            ("b/statements.mapping.yaml", MAPPING),
            ("c/plain.csv", "a,b\n1,2\n"),
        ):
            yield SourceDocument(uri=f"file:///{name}", content=content.encode())


def test_a_mapping_beside_a_statement_is_put_in_front_of_it() -> None:
    found = {document.uri: document.content for document in MappedStatements(Folder()).load()}
    assert list(found) == ["file:///a/may.csv", "file:///b/june.csv", "file:///c/plain.csv"]
    assert found["file:///a/may.csv"].startswith(b"---\nstatement_csv: 1\n")
    assert StatementCsvParser().claims(found["file:///b/june.csv"], ".csv")
    assert found["file:///c/plain.csv"] == b"a,b\n1,2\n"


def test_a_mapping_that_cannot_be_read_takes_no_statement_in(tmp_path: Path) -> None:
    """Its rows would go in by the plain parser, where no name or account is labelled."""
    (tmp_path / "may.csv").write_text("Day,Sum,Who,DC\n2024-01-02,1,Ann,C\n", "utf-8")
    (tmp_path / "may.mapping.yaml").write_text(MAPPING + "#" * 200, "utf-8")
    connector = load_connector("statements", ["banking"])(path=tmp_path, max_bytes=100)
    with pytest.raises(SourceError, match="nothing was taken in"):
        list(connector.load())


def test_an_empty_mapping_is_refused(tmp_path: Path) -> None:
    (tmp_path / "may.csv").write_text("Day,Sum,Who,DC\n2024-01-02,1,Ann,C\n", "utf-8")
    (tmp_path / "may.mapping.yaml").write_text("", "utf-8")
    with pytest.raises(QuarantineError):
        list(load_connector("statements", ["banking"])(path=tmp_path).load())


def test_a_folder_of_statements_is_a_kind_of_source(tmp_path: Path) -> None:
    (tmp_path / "may.csv").write_text("Day,Sum,Who,DC\n2024-01-02,1,Ann,C\n", "utf-8")
    (tmp_path / "statements.mapping.yaml").write_text(MAPPING, "utf-8")
    connector = load_connector("statements", ["banking"])(path=tmp_path)
    assert isinstance(connector, Connector)
    (statement,) = connector.load()
    assert StatementCsvParser().claims(statement.content, ".csv")
