from datetime import date
from pathlib import Path

import pytest

from ragslm.errors import QuarantineError
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
        ("camt053.v4.xml", "Account statement", "Opening booked balance: 18.15 EUR on 2014-12-30,"),
        ("camt053.v8.xml", "Account statement", "from NAME NAME"),  # parties inside `Pty`
        ("camt054.v4.xml", "Debit and credit notification", "Part of the entry: credit of 3.1 CHF"),
        ("camt053.v8.xml", "Account statement", "value date 2015-01-02, booked, type PMNT/RCDT/BOOK"),
        ("camt052.v6.xml", "Account report", "exchange rate 0.9253030601, charges 0.31 CHF"),
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
    assert [s.path for s in parsed.sections] == [
        f"Account statement › 2014-12-31 › Stmt[{n}]{part}"
        for n in (1, 2)
        for part in ("", "/Bal[1]", "/Bal[2]", "/Ntry[1]")
    ]
    assert (parsed.scope, parsed.effective_date) == ("NL26VAYB8060476890", date(2014, 12, 31))


def test_a_debit_balance_is_negative() -> None:
    assert "Closing booked balance: -27.00 SEK on 2014-12-31," in parse("camt053.v2.minimal.xml").text


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b">8.85<", b">8,85<", r"Line \d+: Stmt\[1\]/Ntry\[1\]/Amt is no amount"),
        (b'<Amt Ccy="EUR">8.85</Amt>', b"", r"Line \d+: Stmt\[1\]/Ntry\[1\] has no amount"),
        (b">2015-01-02<", b">2015-13-02<", r"Line \d+: Stmt\[1\]/Ntry\[1\]/ValDt/Dt is no date"),
        (b">18.15<", b">secretword<", r"Line \d+: Stmt\[1\]/Bal\[1\]/Amt is no amount"),
    ],
)
def test_a_broken_value_is_named_by_its_element(old: bytes, new: bytes, reason: str) -> None:
    content = (FILES / "camt053.v8.xml").read_bytes()
    assert old in content
    with pytest.raises(QuarantineError, match=reason):
        CamtParser().parse(SourceDocument(uri="file:///x.xml", content=content.replace(old, new)))


def test_a_message_inside_an_envelope_is_found() -> None:
    content = (FILES / "camt053.v8.xml").read_bytes().partition(b"?>")[2]
    wrapped = b"<Envelope><Header/><Body>" + content + b"</Body></Envelope>"
    assert CamtParser().claims(wrapped[:4096], ".xml")
    parsed = CamtParser().parse(SourceDocument(uri="file:///x.xml", content=wrapped))
    assert len(parsed.sections) == 6
