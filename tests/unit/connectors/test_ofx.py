from datetime import date
from pathlib import Path

import pytest

from ragslm.errors import QuarantineError
from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors.banking._ofx_tree import read_tree
from ragslm_connectors.banking.ofx import OfxParser

FILES = Path(__file__).parents[2] / "data" / "formats"


def parse(content: bytes) -> ParsedDocument:
    return OfxParser().parse(SourceDocument(uri="file:///x.ofx", content=content))


def statement(transaction: str) -> bytes:
    text = (
        "OFXHEADER:100\nCHARSET:1252\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR<BANKACCTFROM><BANKID>1"
        f"<ACCTID>123456789</BANKACCTFROM><BANKTRANLIST><STMTTRN>{transaction}</STMTTRN></BANKTRANLIST>"
        "</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    )
    return text.encode("cp1252")


def fields(parsed: ParsedDocument) -> list[tuple[str, str]]:
    return [(f.entity, parsed.text[f.start : f.end]) for f in parsed.fields]


@pytest.mark.parametrize(
    ("name", "scope", "day", "line"),
    [
        ("anzcc.ofx", "1234123412341234", date(2017, 5, 10), "Ledger balance: -123.45 AUD on 2017-05-10,"),
        ("bank_medium.ofx", "12300 000012345678", date(2009, 5, 23), "debit of 6.60 CAD, booked, type POS"),
        ("checking.ofx", "1452687~7", date(2013, 5, 25), "AUTOMATIC WITHDRAWAL, ELECTRIC BILL"),
        (
            "fidelity.ofx",
            "01234567890",
            date(2012, 9, 8),
            "bought 100 units of INTEL CORP (INTC), CUSIP 458140100",
        ),
        ("investment_medium.ofx", "ABC123", date(2009, 12, 15), "ENDING CASH: 2.00 CAD"),
        ("multiple_accounts.ofx", None, date(2012, 6, 3), "Ledger balance: 222.00 USD on 2012-06-03,"),
        ("suncorp.ofx", "123456789", date(2013, 12, 15), "EFTPOS WDL HANDYWAY ALDI STORE GEELONG WEST VICAU"),
    ],
)
def test_samples(name: str, scope: str | None, day: date, line: str) -> None:
    parsed = parse((FILES / name).read_bytes())
    assert (parsed.scope, parsed.effective_date) == (scope, day)
    assert line in parsed.text


@pytest.mark.parametrize(
    ("transaction", "text", "field"),
    [
        (
            "<NAME>Jörg Weiß<TRNTYPE>XFER",
            "name Jörg Weiß",
            ("PERSON", "Jörg Weiß"),
        ),  # a payee, in Windows-1252
        ("<TRNTYPE>INT<NAME>INTEREST", "type INT, INTEREST", ("KEEP", "INT")),
        ("<TRNTYPE>DEBIT<NAME>SERVICE FEE", ", SERVICE FEE", ("KEEP", "DEBIT")),  # the bank's own words
        ("<TRNTYPE>CHECK<CHECKNUM>319", "cheque number 319", ("KEEP", "319")),
        (
            "<PAYEE><NAME>A. Low<ADDR1>1 Elm<CITY>Rye<PHONE>555 0100</PAYEE>",
            "address 1 Elm, Rye",
            ("LOCATION", "1 Elm, Rye"),
        ),
        ("<BANKACCTTO><BANKID>9<ACCTID>77 66</BANKACCTTO>", "to account 77 66", ("ACCOUNT", "77 66")),
        ("<MEMO>to account 12345678 today", "to account 12345678 today", ("ID", "12345678")),
        ("<MEMO><![CDATA[A < B & C]]>", "A < B & C", ("KEEP", "2.50 EUR")),
        ("<MEMO>a&amp;b<NAME></NAME>", "a&b", ("KEEP", "2.50 EUR")),
        ("<CURRENCY><CURRATE>1.1<CURSYM>USD</CURRENCY>", "credit of 2.50 USD", ("KEEP", "2.50 USD")),
    ],
)
def test_transactions(transaction: str, text: str, field: tuple[str, str]) -> None:
    parsed = parse(statement(f"<DTPOSTED>20240102120000[-5:EST]<TRNAMT>2,5{transaction}"))
    assert text in parsed.text
    assert field in fields(parsed)


@pytest.mark.parametrize(
    ("transaction", "reason"),
    [
        ("<DTPOSTED>20240102", r"Line 4: STMTRS\[1\]/BANKTRANLIST/STMTTRN\[1\]/TRNAMT is missing"),
        ("<TRNAMT>1", "DTPOSTED is missing"),
        ("<DTPOSTED>20240230<TRNAMT>1", "DTPOSTED is no date"),
        ("<DTPOSTED>20240102<TRNAMT>$120", "TRNAMT is no amount"),
        ("<DTPOSTED>20240102<TRNAMT>1</SECRETWORD>", "the end tag of an unknown name closes nothing"),
    ],
)
def test_broken_ones_are_named_by_element(transaction: str, reason: str) -> None:
    with pytest.raises(QuarantineError, match=reason):
        parse(statement(transaction))


def test_an_empty_value_without_end_tag_holds_nothing() -> None:
    root = read_tree("<OFX><A><MEMO><NAME>x</A><B>y</OFX>")
    assert [(e.tag, e.value) for e in root.children[0].children] == [("MEMO", ""), ("NAME", "x")]
    assert root.text("B") == "y"


def test_shares_sold_are_counted_without_sign() -> None:
    assert "sold 8 units of SPDR" in parse((FILES / "fidelity.ofx").read_bytes()).text


def test_a_letter_before_the_first_element_that_is_two_in_capitals_moves_nothing() -> None:
    with pytest.raises(QuarantineError, match="Line 4: element OFX is not closed"):
        parse(b"\xdfOFXHEADER:100\nCHARSET:1252\n\n<OFX>")
