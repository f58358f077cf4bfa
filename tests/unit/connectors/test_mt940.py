from datetime import date
from pathlib import Path

import pytest

from ragslm.errors import QuarantineError
from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors.banking._mt940_details import joined, parts_of
from ragslm_connectors.banking._mt940_tags import statements_of
from ragslm_connectors.banking.mt940 import Mt940Parser

FILES = Path(__file__).parents[2] / "data" / "formats"


def parse(content: bytes | str) -> ParsedDocument:
    data = content.encode() if isinstance(content, str) else content
    return Mt940Parser().parse(SourceDocument(uri="file:///x.sta", content=data))


def sample(name: str) -> ParsedDocument:
    return parse((FILES / name).read_bytes())


def fields(parsed: ParsedDocument) -> list[tuple[str, str]]:
    return [(f.entity, parsed.text[f.start : f.end]) for f in parsed.fields]


def entry(line: str, details: str = "") -> str:
    """The text of one entry inside a statement in euro."""
    parsed = parse(
        f":20:R\n:25:123456789\n:60F:C200101EUR1,\n:61:{line}\n:86:{details}\n:62F:C200102EUR1,\n-"
    )
    section = next(s for s in parsed.sections if ":61:" in s.path)
    return parsed.text[section.start : section.end]


@pytest.mark.parametrize(
    ("name", "scope", "day", "line"),
    [
        (
            "abnamro.sta",
            "517852257",
            date(2011, 5, 24),
            "2011-05-23: debit of 11.80 EUR, value date 2011-05-22",
        ),
        ("generic.sta", "11111111", date(2011, 3, 1), "Closing balance: 80.00 EUR on 2011-03-01,"),
        ("ing.sta", "0001234567", date(2010, 7, 23), "credit of 3.68 EUR"),
        ("knab.sta", "123456789", date(2014, 7, 30), "bank reference B4G29PGCVO7Q06US"),
        ("postfinance.sta", "123456789", date(2014, 4, 7), "Closing balance (intermediate): 229.20 CHF"),
        ("rabobank.sta", None, date(2012, 8, 29), "debit of 1213.28 EUR"),  # two accounts: no scope
        ("triodos.sta", "0390123456", date(2011, 2, 1), "KOSTEN VAN 01-10-2010 TOT EN MET 31-12-2010"),
        (
            "mt940.sta",
            "PL29114010810000267002001002",
            date(2017, 1, 19),
            "Closing available balance: 0.43 PLN",
        ),
        ("mt942.sta", "PL29114010810000267002001002", date(2017, 1, 19), "Credit entries: 3, sum 0.03 PLN"),
        ("mt940.txt", "NL81ASNB9999999999", date(2020, 1, 31), "Betaling sieraden."),  # SWIFT blocks
    ],
)
def test_dialects(name: str, scope: str | None, day: date, line: str) -> None:
    parsed = sample(name)
    assert (parsed.scope, parsed.effective_date) == (scope, day)
    assert line in parsed.text


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("abnamro.sta", ("ACCOUNT", "52.89.39.882")),
        ("abnamro.sta", ("ACCOUNT", "428428")),  # GIRO   428428
        ("ing.sta", ("PERSON", "S Marechal")),  # behind Hr
        ("knab.sta", ("IBAN_CODE", "NL65INGB0123456789")),
        ("knab.sta", ("PERSON", "PICQER")),
        ("rabobank.sta", ("PERSON", "W.P. Jansen")),  # behind the reference
        ("rabobank.sta", ("ID", "0121470966")),
        ("triodos.sta", ("ACCOUNT", "0987654321")),
        ("postfinance.sta", ("PERSON", "JANE DOE EXAMPLESTRASSE")),
        ("mt940.sta", ("PERSON", "JAN NOWAK")),
        ("mt940.sta", ("LOCATION", "UL. NIJAKA 1 M 2 31-234 KRAKOW")),
        ("mt940.txt", ("PERSON", "hr gjlm paulissen")),
        ("mt940.txt", ("IBAN_CODE", "NL25INGB9999999999")),
        ("mt940.txt", ("PERSON", "Transfer Solutions BV")),  # in the text in another case than as the name
    ],
)
def test_personal_parts_are_labelled(name: str, expected: tuple[str, str]) -> None:
    assert expected in fields(sample(name))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("2001020103D1,20NTRFNONREF", "2020-01-03: debit of 1.20 EUR, value date 2020-01-02"),
        ("200102C5,NTRFREF1//BANK2", "reference REF1, bank reference BANK2"),
        ("200102RC5,NTRFNONREF", "reversed credit of 5.00 EUR"),
        ("200102RD5,NTRFNONREF", "reversed debit of 5.00 EUR"),
        ("200102    C5,NTRFNONREF", "2020-01-02: credit of 5.00 EUR"),  # blanks for the entry date
        ("200102CR000005,5NTRFNONREF", "credit of 5.50 EUR"),  # funds code, leading zeros
        ("200102C1.234,56NTRFNONREF", "credit of 1234.56 EUR"),  # thousands
        ("1912310101D1,NTRFNONREF", "2020-01-01: debit of 1.00 EUR, value date 2019-12-31"),  # over new year
        ("160230D1,NTRFNONREF", "value date 2016-02-30"),  # interest months have 30 days
        ("200102D1,", "debit of 1.00 EUR, value date 2020-01-02, booked."),  # no type
        ("200102D1,NTRFNONREF\nMORE OF IT", "type NTRF, MORE OF IT"),
    ],
)
def test_entries(line: str, expected: str) -> None:
    assert expected in entry(line)


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        (
            "166?00GUTSCHRIFT?109251?20EREF+E-17?21SVWZ+Miete Ma?22i 2024?30COBADEFF?31DE89370400440532013000"
            "?32Erika ?33Muster",
            [
                (None, "Miete Mai 2024"),
                ("ID", "E-17"),
                ("IBAN_CODE", "DE89370400440532013000"),
                ("KEEP", "9251"),
                ("KEEP", "COBADEFF"),
                ("KEEP", "GUTSCHRIFT"),
                ("KEEP", "166"),
                ("PERSON", "Erika"),
                ("PERSON", "Muster"),
            ],
        ),
        (
            "/TRTP/SEPA OVERBOEKING/IBAN/NL65INGB0123456789/BIC/INGBNL2A/NAME/J. de Boer"
            "/REMI/Contributie 2024/EREF/X1",
            [
                (None, "Contributie 2024"),
                ("IBAN_CODE", "NL65INGB0123456789"),
                ("ID", "X1"),
                ("KEEP", "INGBNL2A"),
                ("KEEP", "SEPA OVERBOEKING"),
                ("PERSON", "J. de Boer"),
            ],
        ),
        (
            "/EREF/X//CNTP/NL32INGB0000012345/INGBNL2A/P. Janssen/ALKMAAR///REMI/USTD//Kado/",
            [
                (None, "Kado"),
                ("IBAN_CODE", "NL32INGB0000012345"),
                ("ID", "X"),
                ("KEEP", "INGBNL2A"),
                ("LOCATION", "ALKMAAR"),
                ("PERSON", "P. Janssen"),
            ],
        ),
        ("NAAM: A. Bakker\nOMSCHRIJVING: fiets", [(None, "fiets"), ("PERSON", "A. Bakker")]),
        ("", []),
        ("just words", [(None, "just words")]),
    ],
)
def test_details_by_their_meaning(details: str, expected: list[tuple[str | None, str]]) -> None:
    found = [(part.entity, part.text) for part in parts_of(details) if part.text]
    assert sorted(found, key=str) == sorted(expected, key=str)


def test_a_full_line_goes_on_in_the_middle_of_a_word() -> None:
    assert joined(f"{'a' * 62} SO\nNNE") == f"{'a' * 62} SONNE"
    assert joined("short\nline") == "short line"


def test_tags_know_their_lines() -> None:
    (tags,) = statements_of("{1:F01X}{2:O940}{4:\n:20:A\n:25:B\nmore\n\n:61:C\n-}{5:}\nnot read\n")
    assert [(tag.where, tag.value) for tag in tags] == [
        (":20: line 2", "A"),
        (":25: line 3", "B\nmore"),
        (":61: line 6", "C"),
    ]


def test_a_statement_that_is_cut_off_says_so() -> None:
    assert "no closing balance; it may be cut off" in parse(":20:R\n:25:1\n:60F:C200101EUR1,\n").text


@pytest.mark.parametrize("name", ["ing.sta", "mt940.txt"])
def test_reasons_hold_no_word_of_the_file(name: str) -> None:
    content = (FILES / name).read_bytes().replace(b":61:", b":61:secretword", 1)
    with pytest.raises(QuarantineError, match=r"Line \d+: :61: is no entry") as caught:
        parse(content)
    assert "secretword" not in str(caught.value)
