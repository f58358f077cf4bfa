"""HL7 v2: fields by position. Source: HL7 v2.5.1, chapters 2A, 3, 4, 6, 7."""

from collections.abc import Iterator
from pathlib import Path

from ragslm.evaluate.identifiers.plain import Told, birth, names, number

# XPN: family^given^second. XCN: id^family^given. CX: id.
_XPN = {"PID": (5, 6, 9), "NK1": (2, 13, 26, 30), "GT1": (3, 4, 42), "IN1": (7, 16), "MRG": (7,), "PRD": (2,)}
_XCN = {
    "PV1": (7, 8, 9, 17),
    "OBR": (10, 16, 28),
    "ORC": (10, 11, 12, 19),
    "OBX": (16,),
    "TXA": (5, 9, 10, 11),
    "EVN": (5,),
    "DG1": (16,),
    "PR1": (8, 11, 12),
    "ROL": (4,),
    "AIP": (3,),
    "FT1": (20, 21),
    "RXA": (10,),
}
_CX = {
    "PID": (2, 3, 4, 18, 19, 20, 21),
    "PV1": (19, 50),
    "NK1": (12, 33, 37),
    "GT1": (2, 12),
    "IN1": (36, 49),
    "MRG": (1, 3, 4),
}
_BIRTH = {"PID": 7, "NK1": 16, "GT1": 8, "IN1": 18, "STF": 6}


def told(file: Path) -> Iterator[Told]:
    """What the fields of every segment tell."""
    text = file.read_bytes().decode("utf-8-sig", errors="replace")
    for line in text.replace("\n", "\r").split("\r"):
        cells = line.split("|")
        yield from _of(cells[0], cells)


def _of(segment: str, cells: list[str]) -> Iterator[Told]:
    def repeated(places: tuple[int, ...]) -> Iterator[list[str]]:
        for place in places:
            for one in (cells[place] if place < len(cells) else "").split("~"):
                yield one.split("^")

    for parts in repeated(_XPN.get(segment, ())):
        yield from names(" ".join(parts[:3]))
    for parts in repeated(_XCN.get(segment, ())):
        yield from number(parts[0].split("&")[0])
        yield from names(" ".join(parts[1:4]))
    for parts in repeated(_CX.get(segment, ())):
        yield from number(parts[0])
    place = _BIRTH.get(segment)
    if place is not None and place < len(cells):
        yield from birth(cells[place])
