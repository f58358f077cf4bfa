"""C-CDA data types as words: codes, quantities, times, names, addresses.

Source: HL7 CDA R2 and C-CDA R2.1, https://www.hl7.org/ccdasearch/
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ragslm_connectors._formats._builder import one_line
from ragslm_connectors._formats._xml import children, find, local

_STAMP = re.compile(r"(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(\d\d)?[\d.]*)?)?)?(?:[+-]\d{4})?")
# Source: HL7 OID registry, https://www.hl7.org/oid/
_SYSTEMS = {
    "2.16.840.1.113883.6.1": "LOINC",
    "2.16.840.1.113883.6.96": "SNOMED CT",
    "2.16.840.1.113883.6.88": "RxNorm",
    "2.16.840.1.113883.6.90": "ICD-10-CM",
    "2.16.840.1.113883.6.103": "ICD-9-CM",
    "2.16.840.1.113883.6.12": "CPT",
    "2.16.840.1.113883.6.69": "NDC",
    "2.16.840.1.113883.12.292": "CVX",
}
IDENTIFIERS = {
    "2.16.840.1.113883.4.1": ("social security number", "US_SSN"),
    "2.16.840.1.113883.4.6": ("NPI", "US_NPI"),
    "2.16.840.1.113883.4.572": ("Medicare number", "US_MBI"),
}
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}type"
_ADDRESS = (
    "additionalLocator streetAddressLine houseNumber streetName unitID postBox city precinct county state "
    "postalCode country"
).split()
_GIVEN = ("given", "family")


def words(element: Any) -> str:
    """All text of an element in one line."""
    if element is None:
        return ""
    return one_line("".join(element.itertext()) if len(element) else element.text or "")


def stamp(text: str | None) -> str:
    """`20141015103026-0500` as `2014-10-15 10:30`, as precise as it was given; empty if it is none."""
    found = _STAMP.fullmatch((text or "").strip())
    if not found:
        return one_line(text or "")
    year, month, day, hour, minute = found.groups()
    date = "-".join(part for part in (year, month, day) if part)
    return f"{date} {hour}:{minute or '00'}" if hour and f"{hour}{minute or '00'}" != "0000" else date


def period(element: Any) -> str:
    """A point in time, an interval, or how often something happens."""
    if element is None:
        return ""
    if value := element.get("value"):
        return stamp(value)
    if (every := find(element, "period")) is not None and every.get("value"):
        return f"every {every.get('value')} {every.get('unit') or ''}".strip()
    if (event := find(element, "event")) is not None and event.get("code"):
        return f"at {event.get('code')}"
    low, high = (find(element, name) for name in ("low", "high"))
    begin, end = (stamp(e.get("value")) if e is not None else "" for e in (low, high))
    if begin and end:
        return begin if begin == end else f"{begin} to {end}"
    return f"from {begin}" if begin else f"until {end}" if end else ""


def code_text(element: Any, texts: Mapping[str, str]) -> str:
    """What a code means in words: display name, original text, a translation's, or the code.

    `texts`: narrative texts by their ID, for references into them.
    """
    if element is None:
        return ""
    if display := one_line(element.get("displayName") or ""):
        return display
    if (original := find(element, "originalText")) is not None and (text := referred(original, texts)):
        return text
    for translation in children(element, "translation"):
        if display := one_line(translation.get("displayName") or ""):
            return display
    return one_line(element.get("code") or "")


def all_codes(element: Any, texts: Mapping[str, str]) -> Iterator[str]:
    """Every name and code of a code and its translations, whatever the system."""
    for one in [element, *children(element, "translation")] if element is not None else []:
        yield one_line(one.get("displayName") or "")
        yield one_line(one.get("code") or "")
        for original in children(one, "originalText"):
            yield referred(original, texts)


def is_term(element: Any, text: str) -> bool:
    """Whether a text is the code's own term, or the code, rather than what an author wrote in its place."""
    if element is None or not element.get("code"):
        return False
    codes = [element, *children(element, "translation")]
    return text in {one_line(one.get(name) or "") for one in codes for name in ("displayName", "code")}


def code_label(element: Any) -> str:
    """`LOINC 718-7` of a code or its first translation in a known system; empty if there is none."""
    for one in [element, *children(element, "translation")] if element is not None else []:
        system, code = _SYSTEMS.get(one.get("codeSystem") or ""), one_line(one.get("code") or "")
        if system and code:
            return f"{system} {code}"
    return ""


def target(reference: Any) -> str:
    """The ID in the narrative that a reference names. Some senders leave its `#` out."""
    return (reference.get("value") or "").removeprefix("#")


def referred(element: Any, texts: Mapping[str, str]) -> str:
    """Text of an element, or of the piece of narrative that it refers to."""
    reference = find(element, "reference")
    return words(element) or (texts.get(target(reference), "") if reference is not None else "")


def quantity(element: Any) -> str:
    """Value and unit as they were written; an interval by its bounds."""
    if element is None:
        return ""
    if value := element.get("value"):
        return _with_unit(one_line(value), element.get("unit"))
    low, high = (quantity(find(element, name)) for name in ("low", "high"))
    if low and high:
        return f"{low} to {high}"
    return f"from {low}" if low else f"up to {high}" if high else ""


def value_of(element: Any, texts: Mapping[str, str]) -> tuple[str, bool]:
    """A value in words, and whether it is knowledge rather than somebody's text."""
    kind = (element.get(_XSI) or "").rpartition(":")[2]
    if kind in ("CD", "CE", "CV", "CO", "CS"):
        text = code_text(element, texts)
        return text, is_term(element, text)
    if kind in ("PQ", "IVL_PQ", "INT", "REAL", "MO", "IVL_INT", "IVL_REAL"):
        return quantity(element), True
    if kind in ("TS", "IVL_TS"):
        return period(element), False
    if kind == "BL":
        return {"true": "yes", "false": "no"}.get(element.get("value") or "", ""), True
    if kind == "RTO" or kind.startswith("RTO_"):
        parts = (quantity(find(element, name)) for name in ("numerator", "denominator"))
        return " / ".join(part for part in parts if part), True
    return referred(element, texts) or one_line(element.get("value") or ""), False


def name_of(element: Any) -> str:
    """A person's name: given and family parts in their order, without nicknames' repetitions."""
    parts = [words(part) for part in element if isinstance(part.tag, str) and local(part) in _GIVEN]
    given = [words(part) for part in children(element, "given")]
    family = [words(part) for part in children(element, "family")]
    return " ".join(part for part in (*given, *family) if part) if parts else words(element)


def surroundings(element: Any) -> tuple[str, str]:
    """Prefix and suffix of a name, such as `Dr.` and `MD`."""
    prefix, suffix = (
        " ".join(filter(None, map(words, children(element, kind)))) for kind in ("prefix", "suffix")
    )
    return prefix, suffix


def address_of(element: Any) -> str:
    """An address in one line."""
    parts = [text for name in _ADDRESS for one in children(element, name) if (text := words(one))]
    return ", ".join(parts) or words(element)


def telecom_of(element: Any) -> tuple[str, str]:
    """Number or address without its scheme, and its privacy type."""
    value = one_line(element.get("value") or "")
    scheme, _, rest = value.partition(":")
    entity = "EMAIL_ADDRESS" if scheme.lower() == "mailto" or "@" in value else "PHONE_NUMBER"
    return (
        rest if scheme.lower() in ("tel", "mailto", "fax", "sms", "http", "https") else value
    ).strip(), entity


def _with_unit(value: str, unit: str | None) -> str:
    return f"{value} {unit}" if unit and unit != "1" else value
