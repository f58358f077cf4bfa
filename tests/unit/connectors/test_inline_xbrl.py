from datetime import date
from pathlib import Path

import pytest

from ragslm.retrieval.cards import card
from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors._formats.html import HtmlParser
from ragslm_connectors.banking.inline_xbrl import InlineXbrlParser

FILES = Path(__file__).parents[2] / "data" / "formats"
FILING = (FILES / "filing.ixbrl.htm").read_bytes()


def parse(content: bytes) -> ParsedDocument:
    return InlineXbrlParser().parse(SourceDocument(uri="file:///x.htm", content=content))


def test_what_the_page_shows_is_read_and_what_it_hides_is_not() -> None:
    text = parse(FILING).text
    assert "Net interest income | 2023: $41,208 | 2022: 38,955" in text
    assert "Provision for credit losses | 2023: (1,310) | 2022: —" in text
    assert "Interest income is recorded as it is earned." in text
    assert "Fees are recorded when the service is given." in text  # a continuation
    assert not any(hidden in text for hidden in ("0009999917", "2023-01-01", "xsd"))


def test_title_and_period_come_from_the_facts() -> None:
    parsed = parse(FILING)
    assert parsed.title == "Harbor Ridge Bancorp, Inc. 10-K FY2023"
    assert parsed.effective_date == date(2023, 12, 31)
    read = card(parsed.title)
    assert (read.name, read.kind) == ("harborridgebancorp", "10-k")
    assert read.period is not None
    assert read.period.year == 2023


@pytest.mark.parametrize(
    ("form", "period", "title"),
    [
        (b"10-Q", b"Q2", "Harbor Ridge Bancorp, Inc. 10-Q Q2 2023"),
        (b"8-K", b"FY", "Harbor Ridge Bancorp, Inc. 8-K dated 2023-12-31"),
        (b"10-K/A", b"FY", "Harbor Ridge Bancorp, Inc. 10-K/A FY2023"),
    ],
)
def test_titles_of_other_forms(form: bytes, period: bytes, title: str) -> None:
    content = FILING.replace(b">10-K<", b">" + form + b"<").replace(b">FY<", b">" + period + b"<")
    assert parse(content).title == title


def test_a_page_without_issuer_and_form_keeps_its_own_title() -> None:
    assert parse(FILING.replace(b"dei:EntityRegistrantName", b"dei:Other")).title == "hbr-20231231"


def test_a_real_page_loses_no_word() -> None:
    content = (FILES / "example-10k-1p.html").read_bytes()
    assert (
        parse(content).text == HtmlParser().parse(SourceDocument(uri="file:///x.htm", content=content)).text
    )


def test_a_page_without_facts_is_not_claimed() -> None:
    assert not InlineXbrlParser().claims(b"<html><body><p>words</p>", ".htm")
