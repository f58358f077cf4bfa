"""HL7 v2 values by data type: readable parts, each with its privacy label.

Source: HL7 v2.8.2 chapter 2A, data types.
"""

import re
from collections.abc import Callable, Sequence

from ragslm_connectors._formats._builder import one_line
from ragslm_connectors.medical._hl7_fields import Field
from ragslm_connectors.medical._hl7_message import Delimiters
from ragslm_connectors.medical._hl7_tables import in_words

Part = tuple[str, str]
"""Text and privacy type; the type is empty for free text, which recognisers scrub."""

_NUMBER = re.compile(r"[<>]?=?\s*[+-]?(?:\d[\d,]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?%?")
_UID = re.compile(r"\d+(?:\.\d+){3,}|[0-9A-Fa-f]{8}-[0-9A-Fa-f-]{27}")
_STAMP = re.compile(r"(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(\d\d)?[\d.]*)?)?)?(?:[+-]\d{4})?")
_CODE = re.compile(r"[A-Z0-9][A-Z0-9.\-/*+_]{0,11}")  # in capitals: Smith is no code
# Source: HL7 table 0203, identifier types.
_IDENTIFIERS = {
    "MR": "MRN",
    "MRN": "MRN",
    "SS": "US_SSN",
    "DL": "US_DRIVER_LICENSE",
    "PPN": "US_PASSPORT",
    "AN": "ACCOUNT",
    "BA": "ACCOUNT",
    "NPI": "US_NPI",
    "MC": "US_MBI",
}
# Source: HL7 table 0396, coding systems.
_SYSTEMS = {
    "LN": "LOINC",
    "SCT": "SNOMED CT",
    "SNM": "SNOMED",
    "I9": "ICD-9",
    "I9C": "ICD-9-CM",
    "I9CDX": "ICD-9-CM",
    "I10": "ICD-10",
    "I10C": "ICD-10-CM",
    "ICD10": "ICD-10",
    "C4": "CPT",
    "CPT": "CPT",
    "RXNORM": "RxNorm",
    "NDC": "NDC",
    "CVX": "CVX",
}


def parts_of(value: str, field: Field, delimiters: Delimiters) -> list[Part]:
    """One repetition of a field as readable parts; none if it says nothing."""
    cells = _Cells(value, delimiters)
    if field.entity and field.type not in _PEOPLE:
        whole = cells.at(1) if field.type in _NUMBERED else cells.whole()
        text = stamp(whole) if field.type in _DATES or field.entity in _DAYS else whole
        return _kept([(day_only(text) if field.entity in _DAYS else text, field.entity)])
    if field.type in ("ID", "IS") or (field.type in _CODED and field.table and len(cells) == 1):
        return _kept([_coded(cells.at(1), field)])
    return _kept(_TYPES.get(field.type, _free)(cells))


def code_text(value: str, delimiters: Delimiters) -> str:
    """What a coded element means in words: its original text, its text, or its code."""
    cells = _Cells(value, delimiters)
    return cells.at(9) or cells.at(2) or cells.at(5) or cells.at(1)


def code_label(value: str, delimiters: Delimiters) -> str:
    """`LOINC 718-7`, of a coded element; the code alone of a local system; empty without a code."""
    cells = _Cells(value, delimiters)
    for code, system in ((cells.at(1), cells.at(3)), (cells.at(4), cells.at(6))):
        if code and system in _SYSTEMS:
            return f"{_SYSTEMS[system]} {code}"
    return cells.at(1) if cells.at(1) != code_text(value, delimiters) else ""


def all_codes(value: str, delimiters: Delimiters) -> list[str]:
    """Every name and code of a coded element, its alternates included."""
    cells = _Cells(value, delimiters)
    return [cells.at(number) for number in (1, 2, 4, 5, 9, 10, 11)]


def is_coded(value: str, delimiters: Delimiters) -> bool:
    """Whether a coded element carries a code, rather than words of somebody's choice."""
    cells = _Cells(value, delimiters)
    return bool(cells.at(1) or cells.at(4)) and " " not in cells.at(1) and not _is_typed(cells)


def _is_typed(cells: "_Cells") -> bool:
    """Whether its ninth component, the text as somebody wrote it, is not the text of its code."""
    return bool(cells.at(9)) and cells.at(9) not in (cells.at(2), cells.at(5))


def stamp(text: str) -> str:
    """`20110103143428-0800` as `2011-01-03 14:34`, as precise as it was given; other text as it is."""
    found = _STAMP.fullmatch(text.strip())
    if not found:
        return one_line(text)
    year, month, day, hour, minute = found.groups()
    date = "-".join(part for part in (year, month, day) if part)
    return f"{date} {hour}:{minute or '00'}" if hour and f"{hour}{minute or '00'}" != "0000" else date


def day_only(text: str) -> str:
    """A date without its time."""
    return text.split(" ")[0]


def is_number(text: str) -> bool:
    """Whether a value is a number, perhaps with a comparator."""
    return _NUMBER.fullmatch(text.strip()) is not None


class _Cells:
    """Components of a repetition, 1-based, without escapes."""

    def __init__(self, value: str, delimiters: Delimiters) -> None:
        self._delimiters = delimiters
        self._cells = value.split(delimiters.component)

    def at(self, position: int) -> str:
        """The first subcomponent, in one line; empty if it is not there, or null."""
        parts = self.parts(position)
        return parts[0] if parts else ""

    def parts(self, position: int) -> list[str]:
        """Every subcomponent of a component."""
        if position > len(self._cells) or not self._cells[position - 1]:
            return []
        raw = self._cells[position - 1]
        return [self._clean(part) for part in raw.split(self._delimiters.subcomponent)]

    def whole(self) -> str:
        """Everything, components by blanks."""
        told = (part for i in range(len(self._cells)) for part in self.parts(i + 1))
        return " ".join(part for part in told if part)

    def __len__(self) -> int:
        return len(self._cells)

    def _clean(self, text: str) -> str:
        return "" if text == '""' else one_line(self._delimiters.text(text))


def _kept(parts: Sequence[Part]) -> list[Part]:
    return [part for part in parts if part[0]]


def _coded(code: str, field: Field) -> Part:
    """A code of a table, in words; a long or blank-holding one may be anything and is free text."""
    told = in_words(field.table, code)
    if told != code or (field.type != "IS" and _CODE.fullmatch(code)):
        return told, "KEEP"
    return told, ""


def _element(cells: _Cells) -> list[Part]:
    """Coded element: `Chest pain (ICD-9 786.5)`, kept where it carries a code and its text."""
    text = cells.at(9) or cells.at(2) or cells.at(5)
    code, system = cells.at(1), cells.at(3)
    if not text:
        return [(code, "KEEP" if _CODE.fullmatch(code) else "")]
    if not code or " " in code:
        return [(f"{code} {text}".strip() if code != text else text, "")]
    name = _SYSTEMS.get(system, "")
    label = "" if _is_typed(cells) else "KEEP"
    return [(text, label), (f" ({name} {code})" if name else f" ({code})" if code != text else "", "KEEP")]


def _name(cells: _Cells, first: int) -> list[Part]:
    """Name from component `first`: family, given, further given, suffix, prefix, degree."""
    family = cells.parts(first)
    given = [cells.at(first + 1), cells.at(first + 2)]
    name = " ".join(part for part in (*given, *family[:1]) if part)
    parts: list[Part] = [(f"{cells.at(first + 4)} " if cells.at(first + 4) and name else "", "")]
    parts.append((name, "PERSON"))
    for other in dict.fromkeys(part for part in family[1:] if part and not part.endswith(".")):
        parts += [(", also ", ""), (other, "PERSON")]
    after = [cells.at(first + 3), cells.at(first + 5)]
    return [*parts, *((f", {text}", "") for text in after if text and name)]


def _person(cells: _Cells) -> list[Part]:
    return _name(cells, 1)


def _staff(cells: _Cells) -> list[Part]:
    """XCN and PPN: an id, then a name. One component with blanks is a name written as one string."""
    number = cells.at(1)
    name = _name(cells, 2)
    if not any(text for text, _ in name):
        return [(number, "PERSON" if re.search(r"[^\W\d_]{3}", number) else "ID")]
    entity = _IDENTIFIERS.get(cells.at(13), "ID")
    return [*name, *([(" (id ", ""), (number, entity), (")", "")] if number else [])]


def _compact_name(parts: Sequence[str]) -> list[Part]:
    """CNN, whose components are subcomponents here: id, family, given."""
    padded = [*parts, *[""] * 3]
    name = " ".join(part for part in (padded[2], padded[1]) if part)
    return [(name, "PERSON"), (" " if name and padded[0] else "", ""), (padded[0], "ID")]


def _staff_with_place(cells: _Cells) -> list[Part]:
    """NDL: CNN, start, end, place."""
    time = stamp(cells.at(2))
    place = " ".join(text for i in range(4, len(cells) + 1) if (text := cells.at(i)))
    return [
        *_compact_name(cells.parts(1)),
        (f", {time}" if time else "", ""),
        (f", {place}" if place else "", ""),
    ]


def _address(cells: _Cells) -> list[Part]:
    """XAD: street, other designation, city, state, zip, country, and the census places behind."""
    told = [*cells.parts(1), *(cells.at(i) for i in (2, 3, 4, 5, 6, 8, 9, 19))]
    return [(", ".join(dict.fromkeys(text for text in told if text)), "LOCATION")]


def _telecom(cells: _Cells) -> list[Part]:
    """XTN: the number as one string, else by its parts; the e-mail address."""
    mail = cells.at(4)
    joined = " ".join(text for i in (5, 6, 7, 8) if (text := cells.at(i)))
    number = cells.at(1) or cells.at(12) or joined
    parts: list[Part] = [(number, "EMAIL_ADDRESS" if "@" in number else "PHONE_NUMBER")]
    if "@" not in mail and mail:
        return [*parts, (", " if number else "", ""), (mail, "PHONE_NUMBER")]
    return [*parts, (", " if number and mail else "", ""), (mail, "EMAIL_ADDRESS")]


def _identifier(cells: _Cells) -> list[Part]:
    return [(cells.at(1), _IDENTIFIERS.get(cells.at(5), "ID"))]


def _entity_id(cells: _Cells) -> list[Part]:
    """EI, EIP: the number of an order, a document or a device belongs to one patient."""
    return [(cells.at(1) or cells.at(3), "ID")]


def _designator(cells: _Cells) -> list[Part]:
    """HD: a name, or the unique id of something that belongs to a patient."""
    name = cells.at(1) or cells.at(2)
    return [(name, "ID" if _UID.fullmatch(name) else "")]


def _organisation(cells: _Cells) -> list[Part]:
    number = cells.at(10) or cells.at(3)
    if not cells.at(1):
        return [(number, "ID")]
    return [(cells.at(1), "ORGANIZATION"), *([(" (id ", ""), (number, "ID"), (")", "")] if number else [])]


def _place(cells: _Cells) -> list[Part]:
    """PL: ward, room, bed and building are the institution's, not the patient's; the facility is a name."""
    ward = ", ".join(
        f"{word}{text}"
        for i, word in ((1, ""), (2, "room "), (3, "bed "), (7, "building "), (8, "floor "), (9, ""))
        if (text := cells.at(i))
    )
    return [(ward, ""), (", " if ward and cells.at(4) else "", ""), (cells.at(4), "ORGANIZATION")]


def _licence(cells: _Cells) -> list[Part]:
    return [(cells.at(1), "US_DRIVER_LICENSE")]


def _date(cells: _Cells) -> list[Part]:
    return [(stamp(cells.at(1)), "")]


def _range(cells: _Cells) -> list[Part]:
    return [(" to ".join(stamp(text) for i in (1, 2) if (text := cells.at(i))), "")]


def _number(cells: _Cells) -> list[Part]:
    """A number; somebody's name that slipped into its field is read as one."""
    if len(cells) > 2:
        return _staff(cells)
    text = cells.whole()
    return [(text, "KEEP" if is_number(text) else "")]


def _structured_number(cells: _Cells) -> list[Part]:
    text = "".join(cells.at(i) for i in range(1, 5))
    return [(text, "KEEP" if re.fullmatch(r"[<>=]*[\d.,+\-:/ ]*", text) else "")]


def _quantity(cells: _Cells) -> list[Part]:
    unit = " ".join(part for part in cells.parts(2)[:1] if part)
    return [(f"{cells.at(1)} {unit}".strip(), "KEEP" if is_number(cells.at(1)) else "")]


def _price(cells: _Cells) -> list[Part]:
    return [(" ".join(part for part in cells.parts(1) if part), "")]


def _free(cells: _Cells) -> list[Part]:
    return [(cells.whole(), "")]


_CODED = frozenset({"CE", "CWE", "CNE", "CF"})
_DAYS = frozenset({"DATE_OF_BIRTH", "DATE_OF_DEATH"})
_DATES = frozenset({"DTM", "TS", "DT"})
_NUMBERED = frozenset({"CX", "CK", "EI"})  # what follows the number says who gave it
_PEOPLE = frozenset({"XPN", "XCN", "PPN", "CNN", "NDL", "XAD", "XTN", "TN", "XON", "DLN"})
_TYPES: dict[str, Callable[[_Cells], list[Part]]] = {
    **dict.fromkeys(_CODED, _element),
    **dict.fromkeys(("XPN", "PN"), _person),
    **dict.fromkeys(("XCN", "PPN", "CN"), _staff),
    "CNN": lambda cells: _compact_name([cells.at(i) for i in (1, 2, 3)]),
    "NDL": _staff_with_place,
    **dict.fromkeys(("XAD", "AD", "SAD"), _address),
    **dict.fromkeys(("XTN", "TN"), _telecom),
    **dict.fromkeys(("CX", "CK", "PLN"), _identifier),
    **dict.fromkeys(("EI", "EIP"), _entity_id),
    "XON": _organisation,
    "HD": _designator,
    "PL": _place,
    "DLN": _licence,
    **dict.fromkeys(("DTM", "TS", "DT"), _date),
    "DR": _range,
    "NM": _number,
    "SN": _structured_number,
    "CQ": _quantity,
    **dict.fromkeys(("CP", "MO", "MOC"), _price),
}
