"""C-CDA: people of the header and the entries. Source: HL7 C-CDA R2.1, US Realm Header."""

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from ragslm.evaluate.identifiers.plain import Told, birth, names, number

_SPACE = {"c": "urn:hl7-org:v3"}
_PEOPLE = """patient guardianPerson assignedPerson associatedPerson relatedPerson informationRecipient
    subject""".split()


def told(file: Path) -> Iterator[Told]:
    """Names of all people, birth dates, and the patient's identifiers."""
    root = etree.parse(file, etree.XMLParser(resolve_entities=False, no_network=True))
    for one in root.iterfind(".//c:patientRole/c:id", _SPACE):
        yield from number(one.get("extension"))
    for one in root.iterfind(".//c:birthTime", _SPACE):
        yield from birth(one.get("value"))
    for kind in _PEOPLE:
        for name in root.iterfind(f".//c:{kind}/c:name", _SPACE):
            yield from names(name.text)
            for part in (*name.iterfind("c:given", _SPACE), *name.iterfind("c:family", _SPACE)):
                yield from names(part.text)
