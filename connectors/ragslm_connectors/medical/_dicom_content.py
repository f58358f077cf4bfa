"""The content tree of a DICOM Structured Report as headings and lines.

Source: DICOM PS3.3 section C.17.3 (document content), PS3.16 (templates and codes).
"""

from collections.abc import Callable
from typing import Any

from ragslm.errors import QuarantineError
from ragslm_connectors._formats._builder import TextBuilder
from ragslm_connectors.medical._dicom_values import (
    all_codes,
    code_of,
    date_of,
    lines_of,
    names_of,
    sequence,
    stamp_of,
    text_of,
    time_of,
    unreadable,
)
from ragslm_connectors.medical._old_age import is_old_age

_DEEPEST = 40
# Content items whose concept says that their text is personal. Source: PS3.16 CID 7000 ff., TID 1001 ff.
_PERSONAL = {
    ("DCM", "121008"): "PERSON",  # Person Observer Name
    ("DCM", "121029"): "PERSON",  # Subject Name
    ("DCM", "121036"): "PERSON",  # Mother of fetus
    ("DCM", "121030"): "MRN",  # Subject ID
    ("DCM", "121031"): "DATE_OF_BIRTH",
    ("DCM", "121022"): "ID",  # Accession Number
    ("DCM", "121009"): "ORGANIZATION",  # Person Observer's Organization Name
    ("DCM", "121013"): "DEVICE_ID",  # Device Observer Name
    ("DCM", "121016"): "DEVICE_ID",  # Device Observer Serial Number
    ("DCM", "121020"): "LOCATION",
}


class ContentWriter:
    """Writes a content tree; containers with a name are headings, everything else a line."""

    def __init__(self, builder: TextBuilder) -> None:
        self.builder = builder
        self._writers: dict[str, Callable[[Any, str | None], None]] = {
            "TEXT": self._text,
            "CODE": self._code,
            "NUM": self._num,
            "PNAME": self._pname,
            "DATE": self._date,
            "TIME": self._time,
            "DATETIME": self._datetime,
            "UIDREF": self._uidref,
            "IMAGE": self._object,
            "COMPOSITE": self._object,
            "WAVEFORM": self._object,
            "SCOORD": self._region,
            "SCOORD3D": self._region,
            "TCOORD": self._times,
        }

    def write(self, dataset: Any, level: int = 1, indent: int = 0, depth: int = 0) -> None:
        """The items below a container or another item.

        Raises:
            QuarantineError: an item cannot be read, or they are nested too deeply; names the element.
        """
        if depth > _DEEPEST:
            raise QuarantineError(f"Element (0040,A730) ContentSequence is nested more than {_DEEPEST} deep.")
        for item in sequence(dataset, "ContentSequence"):
            name, code = code_of(item, "ConceptNameCodeSequence")
            if text_of(item, "ValueType") == "CONTAINER":
                self._container(item, name, level, indent, depth)
            else:
                self._item(item, name, code, indent)
                self.write(item, level, indent + 1, depth + 1)

    def _container(self, item: Any, name: str, level: int, indent: int, depth: int) -> None:
        if name:
            self.builder.begin_heading(level, name)
            self.builder.write(name, "KEEP", "ConceptNameCodeSequence")
            self.builder.close()
        self.write(item, level + bool(name), 0 if name else indent, depth + 1)

    def _item(self, item: Any, name: str, code: str, indent: int) -> None:
        """`Finding: Normal (SCT 17621005)`; what belongs to another item stands below it, indented."""
        self.builder.block("list_item", "  " * indent + "- ")
        if name:
            self.builder.write(name, "KEEP", "ConceptNameCodeSequence")
            self.builder.write(": ")
        kind = text_of(item, "ValueType")
        scheme, _, value = code.partition(" ")
        if write := self._writers.get(kind):
            write(item, _PERSONAL.get((scheme, value)))
        elif references := self._referenced(item):
            self.builder.write(f"refers to item {references}")
        else:
            self.builder.write(f"item of type {kind}" if kind.isalnum() else "item without a type")
        self.builder.write(".")

    def _text(self, item: Any, entity: str | None) -> None:
        """A text keeps its lines."""
        told = "\n".join(lines_of(item, "TextValue")).rstrip(".")
        self.builder.write(told or "empty", _age_or(entity, item, told), "TextValue")

    def _code(self, item: Any, entity: str | None) -> None:
        meaning, code = code_of(item, "ConceptCodeSequence")
        self.builder.write(meaning or "not coded", _age_or("KEEP", item, meaning), "ConceptCodeSequence")
        if code and code != meaning:
            self.builder.write(f" ({code})", "KEEP", "ConceptCodeSequence")

    def _num(self, item: Any, entity: str | None) -> None:
        values = sequence(item, "MeasuredValueSequence")
        for number, value in enumerate(values):
            unit, unit_code = code_of(value, "MeasurementUnitsCodeSequence")
            short = unit_code.partition(" ")[2] or unit
            amount = f"{text_of(value, 'NumericValue')} {'' if short == '1' else short}".strip()
            self.builder.write("; " if number else "")
            self.builder.write(amount, entity or _age_or("KEEP", item, amount), "MeasuredValueSequence")
            if unit and unit != short and short != "1":
                self.builder.write(f" ({unit})", "KEEP", "MeasurementUnitsCodeSequence")
        if not values:
            self.builder.write("not measured")

    def _pname(self, item: Any, entity: str | None) -> None:
        for number, name in enumerate(names_of(item, "PersonName")):
            self.builder.write("; " if number else "")
            self.builder.write(name, "PERSON", "PersonName")

    def _date(self, item: Any, entity: str | None) -> None:
        self.builder.write(date_of(text_of(item, "Date")), entity, "Date")

    def _time(self, item: Any, entity: str | None) -> None:
        self.builder.write(time_of(text_of(item, "Time")), entity, "Time")

    def _datetime(self, item: Any, entity: str | None) -> None:
        self.builder.write(stamp_of(text_of(item, "DateTime")), entity, "DateTime")

    def _uidref(self, item: Any, entity: str | None) -> None:
        self.builder.write(text_of(item, "UID"), "ID", "UID")

    def _object(self, item: Any, entity: str | None) -> None:
        """A reference: the kind of object and its instance; nothing is opened."""
        for number, one in enumerate(sequence(item, "ReferencedSOPSequence")):
            self.builder.write("; " if number else "refers to ")
            self.builder.write(_kind_of_object(one), "KEEP", "ReferencedSOPClassUID")
            if instance := text_of(one, "ReferencedSOPInstanceUID"):
                self.builder.write(", instance ")
                self.builder.write(instance, "ID", "ReferencedSOPInstanceUID")
            if frames := text_of(one, "ReferencedFrameNumber"):
                self.builder.write(f", frame {frames}")

    def _region(self, item: Any, entity: str | None) -> None:
        self.builder.write(f"{text_of(item, 'GraphicType').lower() or 'region'} at ")
        self.builder.write(text_of(item, "GraphicData") or "no place", "KEEP", "GraphicData")

    def _times(self, item: Any, entity: str | None) -> None:
        kind = text_of(item, "TemporalRangeType").lower() or "range"
        places = [text_of(item, k) for k in ("ReferencedSamplePositions", "ReferencedTimeOffsets")]
        self.builder.write(f"{kind} at {next(filter(None, places), 'no time')}")

    def _referenced(self, item: Any) -> str:
        """The place in the tree that an item refers to, as in `1.2.3`."""
        return text_of(item, "ReferencedContentItemIdentifier").replace(", ", ".")


def _age_or(entity: str | None, item: Any, told: str) -> str | None:
    """Privacy type of what an item tells: an age over 89 is personal, else `entity`."""
    old = is_old_age(all_codes(item, "ConceptNameCodeSequence"), told)
    return "AGE" if old and entity in (None, "KEEP") else entity


def _kind_of_object(item: Any) -> str:
    """`CT Image Storage` for a SOP class; the UID where it is not known."""
    from pydicom.uid import UID

    try:
        return str(UID(text_of(item, "ReferencedSOPClassUID")).name) or "an object"
    except Exception as error:
        raise unreadable("ReferencedSOPClassUID", error) from None
