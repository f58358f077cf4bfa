from datetime import date
from pathlib import Path

import pytest

from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors.banking.camt import CamtParser

FILES = Path(__file__).parents[2] / "data" / "formats"


def parse(name: str) -> ParsedDocument:
    return CamtParser().parse(SourceDocument(uri="file:///x.xml", content=(FILES / name).read_bytes()))


def fields(parsed: ParsedDocument) -> list[tuple[str, str]]:
    return [(f.entity, parsed.text[f.start : f.end]) for f in parsed.fields]


@pytest.mark.parametrize(
    ("name", "title", "line"),
    [
        ("camt052.v6.xml", "Account report", "debit of 200000 SEK (pending)"),
        (
            "camt053.v2.minimal.xml",
            "Account statement",
            "2014-12-31: credit of 8.85 EUR, value date 2015-01-02",
        ),
        ("camt053.v3.xml", "Account statement", "from NAME NAME, address ADDR ADDR 10, 2000 ANTWERPEN, NL"),
        ("camt053.v4.xml", "Account statement", "Opening booked balance: 18.15 EUR on 2014-12-30."),
        ("camt053.v8.xml", "Account statement", "from NAME NAME"),  # parties inside `Pty`
        ("camt054.v4.xml", "Debit and credit notification", "Part of the entry: credit of 3.1 CHF"),
    ],
)
def test_versions(name: str, title: str, line: str) -> None:
    parsed = parse(name)
    assert parsed.title == title
    assert line in parsed.text


@pytest.mark.parametrize(
    "expected",
    [
        ("IBAN_CODE", "NL26VAYB8060476890"),  # the account
        ("PERSON", "NAME NAME"),  # the debtor
        ("LOCATION", "ADDR ADDR 10, 2000 ANTWERPEN, NL"),
        ("DATE_OF_BIRTH", "1912-12-12"),
        ("LOCATION", "Göteborg, Västra Götaland, SE"),  # place of birth
        ("ID", "19121212-1212"),  # national number
        ("ID", "4654654654654654"),  # creditor reference
        ("KEEP", "8.85 EUR"),  # amounts are knowledge
    ],
)
def test_personal_parts_are_labelled(expected: tuple[str, str]) -> None:
    assert expected in fields(parse("camt053.v2.with-party-ids.xml"))


def test_an_iban_in_the_field_for_other_numbers_is_an_iban() -> None:
    assert ("IBAN_CODE", "NL26VAYB8060476890") in fields(parse("camt053.v8.xml"))


def test_statements_are_sections_and_the_account_is_the_scope() -> None:
    parsed = parse("camt053.v2.multi.statement.xml")
    assert [s.path for s in parsed.sections] == ["Account statement › 2014-12-31"] * 2
    assert (parsed.scope, parsed.effective_date) == ("NL26VAYB8060476890", date(2014, 12, 31))


def test_a_debit_balance_is_negative() -> None:
    assert "Closing booked balance: -27.00 SEK on 2014-12-31." in parse("camt053.v2.minimal.xml").text
