"""ISO 20022 messages (camt, pain): parties and accounts. Source: ISO 20022 message definition reports."""

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from ragslm.evaluate.identifiers.plain import Told, birth, names, number

_NUMBERS = frozenset({"IBAN", "MndtId"})
_INSTITUTIONS = frozenset({"FinInstnId", "BrnchId", "CshPt"})
_NOBODY = "NOTPROVIDED"


def told(file: Path) -> Iterator[Told]:
    """Names of parties that are no banks, their other ids, accounts, mandates and birth dates."""
    root = etree.parse(file, etree.XMLParser(resolve_entities=False, no_network=True, recover=True)).getroot()
    for element in root.iter("{*}*"):
        tag, text = etree.QName(element).localname, (element.text or "").strip()
        above = [etree.QName(one).localname for one in element.iterancestors()]
        if text.upper() == _NOBODY or not text or _INSTITUTIONS & set(above):
            continue
        if tag == "Nm":
            yield from names(text)
        elif tag == "BirthDt":
            yield from birth(text)
        elif tag in _NUMBERS or (tag == "Id" and above[0] in ("Othr", "PrtryAcct")):
            yield from number(text)
