"""Readable text for the segments of an HL7 v2 message: a line for a result, a paragraph for a report."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from ragslm.types import PATH_SEPARATOR
from ragslm_connectors._formats._builder import TextBuilder, one_line
from ragslm_connectors.medical._embedded import from_base64, from_hex, write_embedded
from ragslm_connectors.medical._hl7_fields import Field, field_of, title_of
from ragslm_connectors.medical._hl7_message import Message, Segment
from ragslm_connectors.medical._hl7_tables import MESSAGES, TABLES, in_words
from ragslm_connectors.medical._hl7_values import (
    Part,
    all_codes,
    code_label,
    code_text,
    day_only,
    is_coded,
    is_number,
    parts_of,
    stamp,
)
from ragslm_connectors.medical._old_age import is_old_age

_TEXTS = frozenset({"TX", "FT", "ST"})
_TOLD = {1, 2, 3, 4, 5, 6, 7, 8, 11, 14}  # fields of OBX that its line tells
_RESTATED = (15, 16, 17, 18, 23, 24, 25)  # told once for all results that share them
_HYPHEN = re.compile(r"(?<=\d)\s*-\s*(?=\d)")
_LIMITS = re.compile(
    r"(?:[<>]=?|≤|≥)?\s*[\d.,]+(?:\s*(?:–|to)\s*[\d.,]+)?(?:\s*[^\s\d]\S{0,11})?|Neg(?:ative)?\.?|None",
    re.IGNORECASE,
)
_VALUE_CHARACTERS = 40
"""A text up to this long is a value; a longer one is a report, which the recognisers read."""
_COUNTER = re.compile(r"Set ID|.* sub ID counter")
# Codes that name what a segment is about, in the order in which they are preferred.
_SUBJECTS = {
    "OBR": (4,),
    "OBX": (3,),
    "DG1": (3, 4),
    "AL1": (3,),
    "IAM": (3,),
    "PRB": (3,),
    "PR1": (3,),
    "RXA": (5,),
    "RXE": (2,),
    "RXO": (1,),
    "RXC": (2,),
    "RXD": (2,),
    "RXG": (4,),
    "FT1": (7,),
    "AIS": (3,),
    "AIG": (4,),
    "GOL": (3,),
    "SPM": (4,),
    "PRC": (1,),
}
# What opens a group, and what tells more of the group it stands in: the route of a medicine, its components.
_GROUPS = frozenset({"OBR", "RXA", "RXD", "RXE", "RXG", "RXO"})
_DETAILS = frozenset({"RXR", "RXC", "CDO"})
# Fields that hold the unit of an amount, by the amount's field.
_UNITS = {
    "RXA": {6: 7},
    "RXC": {3: 4, 5: 6, 8: 9},
    "RXD": {4: 5, 16: 17},
    "RXE": {3: 5, 4: 5, 10: 11, 23: 24, 25: 26, 28: 29},
    "RXG": {5: 7, 6: 7, 15: 16, 17: 18},
    "RXO": {2: 4, 3: 4, 11: 12, 18: 19, 21: 22, 25: 26},
}
_MEDIA = {
    "pdf": "application/pdf",
    "rtf": "application/rtf",
    "html": "text/html",
    "xml": "text/xml",
    "msword": "application/msword",
    "x-hl7-cda-level-one": "text/xml",
}


class MessageWriter:
    """Writes one message into a builder.

    Attributes:
        prefix: first parts of every section path, where the file holds several messages.
    """

    def __init__(self, builder: TextBuilder, message: Message, prefix: str = "") -> None:
        self.builder = builder
        self.message = message
        self.prefix = prefix
        self._group = ""
        self._opener = message.header

    def write(self) -> None:
        """Every segment, in the order of the message."""
        for run in _runs(self.message.segments):
            name = run[0].name
            if name == "OBX":
                self._results(run)
            elif name == "NTE":
                self._comment(run[0])
            else:
                self._segment(run[0])
        self.builder.close()

    # ------------------------------------------------------------ segments

    def _segment(self, segment: Segment) -> None:
        subject = subject_of(segment)
        above = self._group if segment.name in _DETAILS else ""
        if segment.name in _GROUPS:
            self._group, self._opener = subject, segment
        elif segment.name in ("ORC", "PID", "SPM"):
            self._group = ""
        what = self._title(segment) if segment.name != "OBR" else ""
        self._section(above, what, subject, segment.place)
        self.builder.block("record", self._opening(segment))
        if above:
            self.builder.write(" of ")
            self.builder.write(above, "KEEP" if _is_known(self._opener) else None)
            self.builder.write(f" ({self._title(self._opener).lower()})")
        self.builder.write(": ")
        told = self._fields(segment, range(3 if segment.name == "MSH" else 1, len(segment.fields)))
        if not told:
            self.builder.write("nothing stated.")

    def _title(self, segment: Segment) -> str:
        given = segment.name == "RXA" and self.message.header.component(9, 1) == "VXU"
        return "Administered vaccine" if given else title_of(segment.name)

    def _opening(self, segment: Segment) -> str:
        if segment.name != "MSH":
            return self._title(segment)
        kind, event = segment.component(9, 1), segment.component(9, 2)
        about = in_words("HL70003", event)
        name = MESSAGES.get(kind, "Message")
        return name if about in (event, name.lower()) else f"{name}, {about}"

    def _fields(self, segment: Segment, numbers: Sequence[int]) -> bool:
        """`Name: value.` for each field that says something."""
        told = False
        units = _UNITS.get(segment.name, {})
        joined = {unit for amount, unit in units.items() if segment.field(amount)}
        for number in numbers:
            if number in joined:
                continue
            meaning = field_of(segment.name, number)
            if meaning.type in ("SI", "NM") and _COUNTER.match(meaning.name):
                continue
            values = [
                parts
                for one in segment.repetitions(number)
                if (parts := parts_of(one, meaning, segment.delimiters))
            ]
            if values:
                self.builder.write(f"{' ' if told else ''}{meaning.name}: ")
                self._values(values, f"{segment.name}-{number}")
                if unit := _unit(segment, units.get(number, 0)):
                    self._keep(f" {unit}", f"{segment.name}-{units[number]}")
                self.builder.write("" if values[-1][-1][0].endswith(".") else ".")
                told = True
        return told

    def _values(self, values: Sequence[Sequence[Part]], path: str) -> None:
        for position, parts in enumerate(values):
            if position:
                self.builder.write("; ")
            for text, entity in parts:
                self.builder.write(text, entity or None, path)

    def _section(self, *parts: str) -> None:
        shown = (one_line(part) for part in (self.prefix, *parts) if part)
        self.builder.section(PATH_SEPARATOR.join(dict.fromkeys(shown)))

    def _comment(self, segment: Segment) -> None:
        """A note belongs to the segment above it, and to its section."""
        delimiters = segment.delimiters
        lines = [delimiters.text(one).strip() for one in segment.repetitions(3)]
        self.builder.block("paragraph", f"Comment ({segment.place}): ", gap="\n\n")
        said = "\n".join(filter(None, lines)) or "nothing stated"
        self.builder.write(said if said[-1] in ".!?:" else f"{said}.")
        others = [n for n in range(4, len(segment.fields)) if segment.field(n)]
        if others:
            self.builder.write(" ")
            self._fields(segment, others)
        self.builder.close()

    # ------------------------------------------------------------ results

    def _results(self, run: Sequence[Segment]) -> None:
        for text, lines in _reports(run):
            if text:
                self._report(lines)
            else:
                self._result(lines[0])
        self._restated(run)

    def _report(self, lines: Sequence[Segment]) -> None:
        """Text lines of one observation, as the paragraphs they were cut from."""
        first, last = lines[0], lines[-1]
        subject = subject_of(first)
        place = first.place if first is last else f"{first.place} to {last.place}"
        self._section(self._group, subject or title_of("OBX"), place)
        said = "\n".join(_text_value(line) for line in lines)
        self.builder.block("record")
        self._code(first, subject)
        self.builder.write(": ")
        old = len(said) <= _VALUE_CHARACTERS and _is_old_age(first, said)
        paragraphs = [part.strip() for part in re.split(r"\n\s*\n", said) if part.strip()]
        for number, paragraph in enumerate(paragraphs or ["no value"]):
            if number:
                self.builder.block("paragraph", gap="\n\n")
            self.builder.write(paragraph, "AGE" if old else None)
        self._after(first)
        self.builder.close()

    def _result(self, segment: Segment) -> None:
        """`Hemoglobin 9.1 g/dL (low, reference 13.5–17.5), 2024-03-02 (LOINC 718-7).`"""
        if segment.component(2, 1) == "ED" and segment.field(5):
            self._attachments(segment)
            return
        subject = subject_of(segment)
        self._section(self._group, subject or title_of("OBX"), segment.place)
        self.builder.block("record")
        self._code(segment, subject)
        values = [self._value(segment, one) for one in segment.repetitions(5)]
        values = [parts for parts in values if parts]
        unit = _unit(segment, 6)
        values = [_told_age(segment, parts, unit) for parts in values]
        numeric = values and all(is_number("".join(t for t, _ in parts)) for parts in values)
        self.builder.write(" " if numeric else ": ")
        if values:
            self._values(values, "OBX-5")
            if unit:
                self.builder.write(f" {unit}", None if " " in unit else "KEEP", "OBX-6")
        else:
            self.builder.write("no value")
        self._after(segment)
        self.builder.close()

    def _code(self, segment: Segment, subject: str) -> None:
        self.builder.write(subject or "Observation", "KEEP" if _is_known(segment) else None, "OBX-3")

    def _value(self, segment: Segment, value: str) -> list[Part]:
        kind = segment.component(2, 1)
        meaning = Field("", kind if kind not in ("", "ED", "RP") else "WD", None, None)
        return parts_of(value, meaning, segment.delimiters)

    def _after(self, segment: Segment) -> None:
        """Flag, range, state, date and code of a result."""
        text = segment.delimiters.text
        codes = [text(segment.components(one)[0]).strip() for one in segment.repetitions(8)]
        told = [flag for code in codes if (flag := in_words("HL70078", code)) != "normal"]
        if limits := _HYPHEN.sub("–", one_line(text(segment.field(7)))):
            told.append(f"reference {limits}")
        state = in_words("HL70085", segment.component(11, 1))
        told += [state] if state and state != "final" else []
        if told:
            # A range that is more than bounds and a unit, and a flag of a site's own, may say anything.
            plain = not limits or _LIMITS.fullmatch(limits)
            known = all(code in TABLES["HL70078"] for code in codes)
            self.builder.write(f" ({', '.join(told)})", "KEEP" if plain and known else None, "OBX-7")
        if date := day_only(stamp(segment.component(14, 1))):
            self.builder.write(f", {date}")
        raw = segment.repetitions(3)[:1]
        if raw and (label := code_label(raw[0], segment.delimiters)):
            self._keep(f" ({label})", "OBX-3")
        self.builder.write(".")
        others = [n for n in range(9, len(segment.fields)) if n not in _TOLD and n not in _RESTATED]
        others = [n for n in others if n != 19 and segment.field(n)]
        if others:
            self.builder.write(" ")
            self._fields(segment, others)

    def _keep(self, text: str, path: str) -> None:
        if text:
            self.builder.write(text, "KEEP", path)

    def _restated(self, run: Sequence[Segment]) -> None:
        """Who observed and where, once for neighbouring results that share it."""
        for _, same in groupby(run, key=lambda s: tuple(s.field(n) for n in _RESTATED)):
            lines = list(same)
            first, last = lines[0], lines[-1]
            if not any(first.field(n) for n in _RESTATED):
                continue
            place = first.place if first is last else f"{first.place} to {last.place}"
            self._section(self._group, "Performed by", place)
            self.builder.block("record", "Performed by: ")
            if not self._fields(first, _RESTATED):
                self.builder.write("nothing stated.")
            self.builder.close()

    def _attachments(self, segment: Segment) -> None:
        """Encapsulated data: source, type, subtype, encoding, data."""
        subject = subject_of(segment)
        for number, value in enumerate(segment.repetitions(5), 1):
            self._section(self._group, subject or title_of("OBX"), segment.place)
            self.builder.block("record")
            self._code(segment, subject)
            cells = [*segment.components(value), *[""] * 5]
            data = segment.delimiters.text(segment.delimiters.component.join(cells[4:-5] or [""])).strip()
            self.builder.write(": attached document" if data else ": attached document, empty")
            self._after(segment)
            self.builder.close()
            if data:
                place = f"{segment.place}-5" + (f"[{number}]" if number > 1 else "")
                section = PATH_SEPARATOR.join(
                    filter(None, (self.prefix, self._group, subject, segment.place))
                )
                content = _decoded(data, cells[3].strip().upper(), place)
                write_embedded(self.builder, content, _media(cells[1], cells[2]), place, section)


def subject_of(segment: Segment) -> str:
    """What a segment is about, in the words of its code; empty if it has none."""
    return code_text(_subject(segment), segment.delimiters).replace(PATH_SEPARATOR.strip(), "-")


def _is_known(segment: Segment) -> bool:
    """Whether its subject is a code, so that its words are knowledge."""
    return is_coded(_subject(segment), segment.delimiters)


def _subject(segment: Segment) -> str:
    """The element that `subject_of` tells, as written; empty if none says anything."""
    fields = (segment.repetitions(number)[:1] for number in _SUBJECTS.get(segment.name, ()))
    return next((one for ones in fields for one in ones if code_text(one, segment.delimiters)), "")


def _runs(segments: Sequence[Segment]) -> Iterator[list[Segment]]:
    """Neighbouring OBX together, every other segment by itself."""
    for observed, same in groupby(segments, key=lambda segment: segment.name == "OBX"):
        if observed:
            yield list(same)
        else:
            yield from ([segment] for segment in same)


def _reports(run: Sequence[Segment]) -> Iterator[tuple[bool, list[Segment]]]:
    """Text lines of one observation together, every other result by itself."""
    for (kind, code), same in groupby(run, key=lambda s: (s.component(2, 1), s.field(3))):
        lines = list(same)
        if kind in ("TX", "FT") or (kind in _TEXTS and code and len(lines) > 1):
            yield True, lines
        else:
            yield from ((False, [line]) for line in lines)


def _text_value(segment: Segment) -> str:
    """Text of a TX, FT or ST result: repetitions are lines; escapes of line breaks are line breaks."""
    separator = segment.delimiters.component
    lines = [segment.delimiters.text(one.replace(separator, " ")) for one in segment.repetitions(5)]
    return "\n".join(lines)


def _told_age(segment: Segment, parts: list[Part], unit: str) -> list[Part]:
    """A value as it was, or as personal where it is an age over 89."""
    told = "".join(text for text, _ in parts)
    return [(told, "AGE")] if _is_old_age(segment, f"{told} {unit}") else parts


def _is_old_age(segment: Segment, told: str) -> bool:
    about = [code for one in segment.repetitions(3) for code in all_codes(one, segment.delimiters)]
    return is_old_age(about, told)


def _unit(segment: Segment, number: int) -> str:
    """The unit's code in a field, or its text where there is only that or the code is a number."""
    if not number:
        return ""
    code, text = one_line(segment.component(number, 1)), one_line(segment.component(number, 2))
    return text if text and (not code or code.isdigit()) else code


def _decoded(data: str, encoding: str, place: str) -> bytes:
    """The bytes of encapsulated data, by table 0299: Base64, Hex, or A for text as it is."""
    if encoding == "HEX":
        return from_hex(data, place)
    return from_base64(data, place) if encoding == "BASE64" else data.encode()


def _media(kind: str, subtype: str) -> str:
    """A media type for type and subtype of ED, whose tables 0191 and 0291 allow several spellings."""
    kind, subtype = kind.strip().lower(), subtype.strip().lower()
    if subtype in _MEDIA:
        return _MEDIA[subtype]
    kinds = {"im": "image", "image": "image", "au": "audio", "audio": "audio", "video": "video"}
    if kind in kinds:
        return f"{kinds[kind]}/{subtype or 'unknown'}"
    return "text/plain" if kind in ("text", "tx", "ft") else f"{kind}/{subtype}"
