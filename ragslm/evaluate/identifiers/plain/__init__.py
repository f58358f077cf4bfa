"""What the formats' own standards say is a name, a birth date or a number of a person, read plainly.

Nothing here uses ragslm's connectors: a field that they overlook must be found missing.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

Told = tuple[str, str]
"""`name`, `birth date` or `id`, and the value."""
Reader = Callable[[Path], Iterator[Told]]
_DAY = re.compile(r"((?:18|19|20)\d\d)-?(\d\d)-?(\d\d)")


def names(text: str | None) -> Iterator[Told]:
    """Each word of a name."""
    yield from (("name", word) for word in re.split(r"[\s,^&=]+", text or "") if word)


def number(text: str | None) -> Iterator[Told]:
    """An identifier as it was written."""
    if text and text.strip():
        yield "id", text.strip()


def birth(text: str | None) -> Iterator[Told]:
    """A birth date in every way a text may write it."""
    found = _DAY.match((text or "").strip())
    if found:
        day = dt.date(*map(int, found.groups()))
        for form in ("%Y-%m-%d", "%Y%m%d", "%m/%d/%Y", "%d.%m.%Y"):
            yield "birth date", day.strftime(form)
        yield "birth date", f"{day.day} {day:%B %Y}"
        yield "birth date", f"{day:%B} {day.day}, {day.year}"


def readers() -> Mapping[str, tuple[str, str, Reader]]:
    """Domain, file pattern and reader by format, which is also the name of its folder."""
    from ragslm.evaluate.identifiers.plain import ccda, dicom, eml, fhir, hl7v2, iso20022, mt940, ofx

    return {
        "hl7v2": ("medical", "*.hl7", hl7v2.told),
        "fhir": ("medical", "*.json", fhir.told),
        "ccda": ("medical", "*.xml", ccda.told),
        "dicom": ("medical", "*.dcm", dicom.told),
        "camt": ("banking", "*.xml", iso20022.told),
        "pain": ("banking", "*.xml", iso20022.told),
        "mt940": ("banking", "*.*", mt940.told),
        "ofx": ("banking", "*.ofx", ofx.told),
        "eml": ("generic", "*.eml", eml.told),
    }
