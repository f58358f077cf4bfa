"""A thousand broken samples of each format end in a parse or a reason; hostile ones in due time."""

import contextlib
import gc
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ragslm.errors import QuarantineError
from ragslm.protocols import Parser
from ragslm.testing.parser_contract import assert_sound
from ragslm.types import SourceDocument
from ragslm_connectors.banking.camt import CamtParser
from ragslm_connectors.banking.inline_xbrl import InlineXbrlParser
from ragslm_connectors.banking.mt940 import Mt940Parser
from ragslm_connectors.banking.ofx import OfxParser
from ragslm_connectors.banking.payment_status import PaymentStatusParser
from ragslm_connectors.banking.payments import PaymentParser
from ragslm_connectors.banking.statement_csv import StatementCsvParser

FILES = Path(__file__).parents[2] / "data" / "formats"
CASES = {
    "camt": (CamtParser(), ["camt053.v8.xml", "camt054.v4.xml"]),
    "payments": (PaymentParser(), ["sepa_pain_001_v3.xml", "pain.008.001.02.xml", "pacs.008.001.08.xml"]),
    "status": (PaymentStatusParser(), ["pain.002.001.10.xml"]),
    "mt940": (Mt940Parser(), ["abnamro.sta", "mt940.sta", "triodos.sta", "knab.sta", "mt942.sta"]),
    "ofx": (OfxParser(), ["checking.ofx", "anzcc.ofx", "investment_medium.ofx"]),
    "csv": (StatementCsvParser(), ["statement-de.csv", "statement-uk.csv"]),
    "ixbrl": (InlineXbrlParser(), ["filing.ixbrl.htm"]),
}
PIECES = st.sampled_from(
    [
        *(
            b"",
            b"\x00",
            b"<",
            b">",
            b"/",
            b":",
            b":61:",
            b":86:",
            b"\n:20:",
            b"{4:",
            b"-}",
            b"?20",
            b"//",
            b"&",
        ),
        *(
            b"99999999",
            b"\xff\xfe",
            b"]]>",
            b"<![CDATA[",
            b"---\n",
            b'"',
            b";",
            b",",
            b"0",
            b"-",
            b"\n",
            b" " * 70,
        ),
        *(
            b"<OFX>",
            b"</OFX>",
            b"<ix:header>",
            b"Ccy=''",
            "é".encode(),
            b"<STMTTRN>",
            b"</STMTTRN>",
            b"D",
            b"C",
        ),
    ]
)


@pytest.mark.parametrize("case", sorted(CASES))
@settings(max_examples=1000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_mutations_end_in_a_parse_or_a_reason(case: str, data: st.DataObject) -> None:
    parser, names = CASES[case]
    content = CONTENTS[data.draw(st.sampled_from(names))]
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content)))
        end = min(len(content), start + data.draw(st.sampled_from((0, 1, 2, 8, 40, 400))))
        content = content[:start] + data.draw(PIECES) + content[end:]
    check(parser, content)


CONTENTS = {name: (FILES / name).read_bytes() for _, names in CASES.values() for name in names}


def check(parser: Parser, content: bytes) -> None:
    with contextlib.suppress(QuarantineError):
        assert_sound(parser.parse(SourceDocument(uri="file:///fuzz", content=content)))


def sized(before: bytes, piece: bytes, after: bytes = b"") -> Callable[[int], bytes]:
    return lambda length: before + piece * (length // len(piece)) + after


MT940 = b":20:R\n:25:1\n:60F:C200101EUR1,\n:61:200101D1,NTRFNONREF\n:86:"
OFX = b"<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><BANKTRANLIST>"
CSV = b"---\nstatement_csv: 1\ncolumns: {date: 1, amount: 2, text: 3}\n---\nD,A,T\n2024-01-02,1,"
PAGE = b"<html xmlns:ix='http://www.xbrl.org/2013/inlineXBRL'><body>"
HOSTILE = {
    "one long field of digits": (Mt940Parser(), sized(MT940, b"1")),
    "digits and points": (Mt940Parser(), sized(MT940, b"1.")),
    "subfield marks": (Mt940Parser(), sized(MT940 + b"166", b"?20")),
    "slash marks": (Mt940Parser(), sized(MT940, b"/NAME/")),
    "words with a colon": (Mt940Parser(), sized(MT940, b"OD:")),
    "empty lines": (Mt940Parser(), sized(MT940, b"\n")),
    "blocks": (Mt940Parser(), sized(b"", b"{1:", b"\n" + MT940)),
    "capitals": (Mt940Parser(), sized(MT940, b"AB12")),
    "letters with points": (Mt940Parser(), sized(MT940, b"Hr A. ")),
    "statements": (Mt940Parser(), sized(b"", MT940 + b"x\n")),
    "open brackets": (OfxParser(), sized(OFX, b"<")),
    "end tags": (OfxParser(), sized(OFX, b"<A></A>")),
    "empty values": (OfxParser(), sized(OFX + b"<STMTTRN>", b"<B>x")),
    "cdata": (OfxParser(), sized(OFX, b"<![CDATA[")),
    "quotes": (StatementCsvParser(), sized(CSV, b'"')),
    "commas": (StatementCsvParser(), sized(CSV, b",")),
    "tags of facts": (InlineXbrlParser(), sized(PAGE, b"<ix:a>x</ix:a>")),
    "hidden elements": (InlineXbrlParser(), sized(PAGE, b"<p style='display:none'>x</p>")),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_patterns_take_time_in_proportion(name: str) -> None:
    """Eight times the size takes less than thirty times as long; quadratic would be sixty-four."""
    parser, make = HOSTILE[name]
    taken = []
    for _ in range(3):  # a busy machine disturbs one measurement, not three
        small, large = (seconds(parser, make(length)) for length in (40_000, 320_000))
        if large < 30 * max(small, 0.005):
            return
        taken.append((small, large))
    raise AssertionError(taken)


def seconds(parser: Parser, content: bytes) -> float:
    """Processor time of one document, without the collector's walk over what other tests left."""
    gc.collect()
    gc.disable()
    begun = time.process_time()
    try:
        check(parser, content)
    finally:
        gc.enable()
    return time.process_time() - begun
