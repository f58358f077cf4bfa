"""SWIFT MT940 and MT942 as their tags, statement by statement, each with its line.

Banks wrap them differently: SWIFT blocks (`{1:…}{4:`), headers of their own, control characters, `-`, `-}`
or nothing at the end of a statement. A statement begins with tag `:20:`; lines that begin with no tag go on
with the one above, empty ones too.

Source: SWIFT Standards MT, category 9, MT940 Customer Statement Message, MT942 Interim Transaction Report
"""

import re
from dataclasses import dataclass, field

_TAG = re.compile(r":(\d\d[A-Z]?|NS):")
_BLOCK = re.compile(r"\{4:\s*")
_ENDS = ("-}", "-XXX")


@dataclass(frozen=True, slots=True)
class Tag:
    """One field. `value`: its lines, joined by line feeds; `line`: 1-based, where it begins."""

    name: str
    value: str = field(repr=False)
    line: int

    @property
    def where(self) -> str:
        """`:61: line 12`: how the field is named in sections and reasons."""
        return f":{self.name}: line {self.line}"


def statements_of(text: str) -> list[list[Tag]]:
    """Tags of each statement, in order; none where the text holds no tag."""
    statements: list[list[Tag]] = []
    name, start, lines = "", 0, list[str]()

    def close() -> None:
        if name:
            if name == "20" or not statements:
                statements.append([])
            statements[-1].append(Tag(name, "\n".join(lines).strip("\n"), start))

    for number, line in enumerate(text.split("\n"), 1):
        line = _unwrapped(line)
        if found := _TAG.match(line):
            close()
            name, start, lines = found[1], number, [line[found.end() :]]
        elif _ends(line):
            close()
            name = ""
        elif name:
            lines.append(line.rstrip())
    close()
    return statements


def _unwrapped(line: str) -> str:
    """The line without the blocks of a SWIFT envelope in front of it."""
    if not line.startswith("{"):
        return line
    found = _BLOCK.search(line)
    return line[found.end() :] if found else "-}"


def _ends(line: str) -> bool:
    return line.strip() == "-" or line.startswith(_ENDS)
