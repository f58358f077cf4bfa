from datetime import date
from pathlib import Path

import pytest

from ragslm.errors import QuarantineError
from ragslm.registry import find_parser
from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors.banking import DOMAIN
from ragslm_connectors.banking.payments import PaymentParser

FILES = Path(__file__).parents[2] / "data" / "formats"


def parse(content: bytes) -> ParsedDocument:
    parser = find_parser([DOMAIN], content[:4096], ".xml")
    assert parser is not None
    return parser.parse(SourceDocument(uri="file:///x.xml", content=content))


def fields(parsed: ParsedDocument) -> list[tuple[str, str]]:
    return [(f.entity, parsed.text[f.start : f.end]) for f in parsed.fields]


@pytest.mark.parametrize(
    ("name", "title", "day", "line"),
    [
        (
            "pain.001.001.03.xml",
            "Credit transfer order",
            date(2023, 3, 14),
            "credit transfer of 150.00 EUR, from Acme",
        ),
        ("pain.001.001.04.xml", "Credit transfer order", date(2023, 3, 12), "account DE75512108001245126162"),
        (
            "pain.001.001.09.xml",
            "Credit transfer order",
            date(2023, 3, 12),
            "to Eco Innovations",
        ),  # date in `Dt`
        ("sepa_pain_001_v3.xml", "Credit transfer order", date(2025, 2, 10), "to Dáel Muñiz"),
        (
            "pain.008.001.02.xml",
            "Direct debit order",
            date(2024, 5, 10),
            "mandate M-0471 signed on 2021-03-14",
        ),
        ("pain.008.001.08.xml", "Direct debit order", date(2024, 5, 10), "bank AGDHNL2A"),
        ("pacs.008.001.02.xml", "Credit transfer between banks", date(2024, 6, 4), "sent to bank BANKCHBE"),
        (
            "pacs.008.001.08.xml",
            "Credit transfer between banks",
            date(2024, 6, 4),
            "debtor's bank BANKCHZHXXX",
        ),
        (
            "pain_002_v3_group_reject.xml",
            "Payment status report",
            date(2015, 8, 10),
            "reason duplicate message id (DU01)",
        ),
        (
            "pain.002.001.10.xml",
            "Payment status report",
            date(2024, 5, 3),
            "status rejected (RJCT), reason account closed",
        ),
    ],
)
def test_samples(name: str, title: str, day: date, line: str) -> None:
    parsed = parse((FILES / name).read_bytes())
    assert (parsed.title, parsed.effective_date) == (title, day)
    assert line in parsed.text


@pytest.mark.parametrize(
    ("name", "versions"),
    [
        ("pain.001.001.03.xml", [f"pain.001.001.{n:02}" for n in range(2, 13)] + ["pain.001.003.03"]),
        ("pain.008.001.02.xml", [f"pain.008.001.{n:02}" for n in range(1, 12)]),
        ("pacs.008.001.08.xml", [f"pacs.008.001.{n:02}" for n in range(1, 13)]),
        ("pain.002.001.10.xml", [f"pain.002.001.{n:02}" for n in range(2, 15)]),
    ],
)
def test_every_version_reads_as_the_sample_does(name: str, versions: list[str]) -> None:
    """The first versions name the message by its number; which elements differ is in the samples of two."""
    content = (FILES / name).read_bytes()
    named = name.removesuffix(".xml").encode()
    wanted = parse(content)
    for version in versions:
        other = content.replace(named, version.encode())
        if version in ("pain.001.001.02", "pain.008.001.01", "pacs.008.001.01"):
            for message in (b"CstmrCdtTrfInitn", b"CstmrDrctDbtInitn", b"FIToFICstmrCdtTrf"):
                other = other.replace(b"<" + message, b"<" + version.encode())
                other = other.replace(b"</" + message, b"</" + version.encode())
        assert parse(other) == wanted, version


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sepa_pain_001_v3.xml", ("PERSON", "Dáel Muñiz")),
        ("sepa_pain_001_v3.xml", ("LOCATION", "Calle de Serrano, 41, 28001, Madrid, Madrid, ES")),
        ("sepa_pain_001_v3.xml", ("IBAN_CODE", "ES8201822200150201504058")),
        ("sepa_pain_001_v3.xml", ("ID", "d6ecf0cb-e0c3-4fe9-8f21-45464fde659")),  # end-to-end id
        ("pain.008.001.02.xml", ("ID", "M-0471")),  # mandate
        ("pain.008.001.02.xml", ("ID", "NL98ZZZ999999990000")),  # creditor scheme id
        ("pain.002.001.10.xml", ("PERSON", "Lukas Brunnschweiler")),  # inside `Pty`
        ("pain.002.001.10.xml", ("KEEP", "account closed (AC04)")),
        ("pacs.008.001.02.xml", ("KEEP", "12400.00 CHF")),
    ],
)
def test_personal_parts_are_labelled(name: str, expected: tuple[str, str]) -> None:
    assert expected in fields(parse((FILES / name).read_bytes()))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b">10.00</InstdAmt>", b">ten</InstdAmt>", r"PmtInf\[1\]/CdtTrfTxInf\[1\]/Amt/InstdAmt is no amount"),
        (b'<InstdAmt Ccy="EUR">10.00</InstdAmt>', b"", r"PmtInf\[1\]/CdtTrfTxInf\[1\] has no amount"),
        (b"<ReqdExctnDt>2025-02-10", b"<ReqdExctnDt>soon", r"PmtInf\[1\]/ReqdExctnDt is no date"),
    ],
)
def test_a_broken_value_is_named_by_its_element(old: bytes, new: bytes, reason: str) -> None:
    content = (FILES / "sepa_pain_001_v3.xml").read_bytes()
    assert old in content
    with pytest.raises(QuarantineError, match=rf"Line \d+: {reason}"):
        PaymentParser().parse(SourceDocument(uri="file:///x.xml", content=content.replace(old, new)))


def test_the_ordering_account_is_the_scope() -> None:
    assert parse((FILES / "sepa_pain_001_v3.xml").read_bytes()).scope == "ES9121000418450200051332"
    assert parse((FILES / "pain.008.001.02.xml").read_bytes()).scope == "NL56AGDH9619008421"
    assert parse((FILES / "pacs.008.001.02.xml").read_bytes()).scope is None
