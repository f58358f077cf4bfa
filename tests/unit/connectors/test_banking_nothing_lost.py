"""Every entry that goes in comes out as a section of its own, and balances add up where the sample's do."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from ragslm.registry import find_parser
from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors.banking import DOMAIN

FILES = Path(__file__).parents[2] / "data" / "formats"
BROKEN = {"camt053.v2.wrong.xml", "invalid_statement.sta", "date_missing.ofx", "decimal_error.ofx"}
ENTRIES = {  # what is one entry in the file, and how its section's last part looks
    "camt*.xml": (rb"<Ntry>", r"Ntry\[\d+\]"),
    "*pain.001*.xml": (rb"<CdtTrfTxInf>", r"CdtTrfTxInf\[\d+\]"),
    "sepa_pain*.xml": (rb"<CdtTrfTxInf>", r"CdtTrfTxInf\[\d+\]"),
    "pacs*.xml": (rb"<CdtTrfTxInf>", r"CdtTrfTxInf\[\d+\]"),
    "pain.008*.xml": (rb"<DrctDbtTxInf>", r"DrctDbtTxInf\[\d+\]"),
    "pain[._]002*.xml": (rb"<TxInfAndSts>", r"TxInfAndSts\[\d+\]"),
    "*.sta": (rb"(?m)^:61:", r":61: line \d+"),
    "mt940.txt": (rb"(?m)^:61:", r":61: line \d+"),
    "*.ofx": (rb"<STMTTRN>|<INVTRAN>", r"(?:STMTTRN|TRAN|STOCK|INCOME)\[\d+\]"),
}
SAMPLES = sorted(
    (path, *what)
    for pattern, what in ENTRIES.items()
    for path in FILES.glob(pattern)
    if path.name not in BROKEN
)


def parse(path: Path) -> ParsedDocument:
    content = path.read_bytes()
    parser = find_parser([DOMAIN], content[:4096], path.suffix)
    assert parser is not None
    return parser.parse(SourceDocument(uri=path.as_uri(), content=content))


@pytest.mark.parametrize(("path", "entry", "element"), SAMPLES, ids=lambda value: getattr(value, "name", ""))
def test_entries_in_are_entries_out(path: Path, entry: bytes, element: str) -> None:
    parsed = parse(path)
    elements = [s.path.rpartition(" › ")[2] for s in parsed.sections]
    found = [one for one in elements if re.search(f"{element}$", one) and "INVPOSLIST" not in one]
    assert len(found) == len(re.findall(entry, path.read_bytes()))
    assert len(set(elements)) == len(elements)


@pytest.mark.parametrize(
    ("name", "differs"),
    [
        ("camt053.v2.multi.statement.xml", []),
        ("generic.sta", []),
        # Those that differ do so in the file itself: its publisher changed or left out entries.
        ("abnamro.sta", [":60F: line 7", ":60M: line 35"]),
        ("ing.sta", [":60F: line 7"]),
        ("knab.sta", [":60F: line 13"]),
        ("mt940.sta", []),
        ("mt940.txt", []),
        ("postfinance.sta", [":60M: line 18"]),
        ("rabobank.sta", [":60F: line 5", ":60F: line 22"]),
        ("triodos.sta", [":60F: line 4"]),
        ("statement-de.csv", []),
    ],
)
def test_balances_add_up(name: str, differs: list[str]) -> None:
    parsed = parse(FILES / name)
    assert [where for where, off in differences(parsed) if off] == differs


def differences(parsed: ParsedDocument) -> list[tuple[str, Decimal]]:
    """For each statement what is missing from opening balance and entries to the closing balance.

    Rows with a balance: row by row.
    """
    found: list[tuple[str, Decimal]] = []
    total, where, balance = Decimal(0), "", None
    for section in parsed.sections:
        text = parsed.text[section.start : section.end]
        if opening := re.match(r"Opening (?:booked )?balance[^:]*: (-?[\d.]+)", text):
            if where:
                found.append((where, total))
            where, total = section.path.rpartition(" › ")[2], Decimal(opening[1])
        elif closing := re.match(r"Closing (?:booked )?balance[^:]*: (-?[\d.]+)", text):
            total -= Decimal(closing[1])
        elif entry := re.search(r"(debit|credit) of ([\d.]+)", text):
            total += Decimal(entry[2]) * (1 if entry[1] == "credit" else -1)
            if after := re.search(r"balance ([\d.]+)", text):
                if balance is not None:
                    found.append((section.path, Decimal(after[1]) - balance - total))
                balance, total = Decimal(after[1]), Decimal(0)
    return [*found, (where, total)] if where else found


def test_positions_of_an_investment_statement_are_all_there() -> None:
    parsed = parse(FILES / "fidelity.ofx")
    positions = [s for s in parsed.sections if "INVPOSLIST" in s.path]
    values = [Decimal(v) for v in re.findall(r"market value ([\d.]+) USD", parsed.text)]
    assert len(positions) == (FILES / "fidelity.ofx").read_bytes().count(b"<INVPOS>")
    assert sum(values) == pytest.approx(Decimal("14919.80"), abs=Decimal("0.1"))  # its own cash market value
