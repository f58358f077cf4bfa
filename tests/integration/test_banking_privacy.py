"""Statements of every dialect, ingested for real: what is personal in them is in no stored passage."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from ragslm import Assistant
from ragslm.protocols import DOCUMENTS_ONLY
from ragslm.types import SourceDocument

pytestmark = pytest.mark.models

FILES = Path(__file__).parents[1] / "data" / "formats"
XML = ["camt052.v6.xml", "camt053.v2.with-party-ids.xml", "camt054.v4.xml", "sepa_pain_001_v3.xml"]
XML += ["pain.001.001.09.xml", "pain.002.001.10.xml", "pain.008.001.02.xml", "pacs.008.001.08.xml"]
PERSONAL = {  # written down from the files by hand
    "abnamro.sta": ["517852257", "428428", "52.89.39.882", "5314606715"],
    "ing.sta": ["0001234567", "0111111111", "0123456789", "4715589", "Marechal"],
    "knab.sta": ["123456789", "NL65INGB0123456789", "NL84INGB0234561789", "PICQER", "MMS ONLINE"],
    "postfinance.sta": ["123456789", "JANE DOE", "JOHN DOE", "EXAMPLESTRASSE", "CH98765432", "CH87654321"],
    "rabobank.sta": ["1291.99.348", "1526.89.184", "0121470966", "Jansen", "0733959555"],
    "triodos.sta": ["0390123456", "0987654321", "0133967858"],
    "mt940.sta": ["PL29114010810000267002001002", "56114010810000267002001001", "NOWAK", "NIJAKA"],
    "mt940.txt": [
        "NL81ASNB9999999999",
        "NL47INGB9999999999",
        "NL25INGB9999999999",
        "paulissen",
        "transfer solutions",
    ],
    "bank_medium.ofx": ["12300 000012345678", "000012345678", "Joe's Bald"],
    "checking.ofx": ["1452687~7"],
    "anzcc.ofx": ["1234123412341234"],
    "fidelity.ofx": ["01234567890"],
    "multiple_accounts.ofx": ["9100", "9200"],
    "statement-de.csv": [
        "DE89370400440532013000",
        "DE02500105170137075030",
        "Petzold",
        "Engelbrecht",
        "Vogtländer",
    ],
}
_LEAVES = {"IBAN", "AdrLine", "StrtNm", "TwnNm", "BirthDt", "CityOfBirth", "MndtId", "EndToEndId"}


def personal_of(name: str) -> list[str]:
    """Names of parties, accounts and addresses of an XML message, read without the parser under test."""
    found = []
    for element in etree.fromstring((FILES / name).read_bytes()).iter("{*}*"):
        tag, above = etree.QName(element).localname, element.getparent()
        party = tag == "Nm" and etree.QName(above).localname != "FinInstnId"
        number = tag == "Id" and etree.QName(above).localname == "Othr"
        if (party or number or tag in _LEAVES) and (text := (element.text or "").strip()):
            found.append(text)
    return [text for text in found if text.upper() != "NOTPROVIDED"]


class Samples:
    """A connector of the samples."""

    name = "samples"
    policy = DOCUMENTS_ONLY

    def load(self) -> Iterator[SourceDocument]:
        for name in (*XML, *PERSONAL):
            path = FILES / name
            yield SourceDocument(uri=path.as_uri(), content=path.read_bytes(), title="Statement")


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """All that is indexed of each file: passages with their headers."""
    folder = tmp_path_factory.mktemp("banking")
    with Assistant.open(
        folder / "workspace", "banking", key="77" * 32, generation={"engine": "extractive"}
    ) as assistant:
        report = assistant.ingest(Samples())
        assert report.quarantined == ()
        catalogue = assistant._parts.catalogue
        rows = [change.added for change in catalogue.changes(0) if change.added]
        passages = catalogue.passages([row.id for row in rows])
        text: dict[str, str] = {}
        for row in rows:
            passage = passages[row.id].passage
            name = passage.uri.rpartition("/")[2]
            text[name] = (
                f"{text.get(name, '')}\n{row.text}\n{passage.title}\n{passage.section}\n{passage.text}"
            )
        yield text


@pytest.mark.parametrize("name", [*XML, *PERSONAL])
def test_no_passage_holds_names_accounts_or_addresses(stored: dict[str, str], name: str) -> None:
    originals = PERSONAL.get(name) or personal_of(name)
    assert originals
    left = [
        one for one in originals if re.search(rf"(?<!\w){re.escape(one)}(?!\w)", stored[name], re.IGNORECASE)
    ]
    assert left == []
