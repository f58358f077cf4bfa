"""Writes the lines of a statement: what a person reads, and the element each of them came from."""

from ragslm.types import PATH_SEPARATOR, BlockKind
from ragslm_connectors._formats._builder import TextBuilder, one_line
from ragslm_connectors.banking._free_text import pieces_of

_NONE = frozenset({"NONREF", "NOTPROVIDED", "NOT PROVIDED"})
_NAME = 4
"""Characters from which a name is looked for in the free text of its entry."""


class Writer:
    """Lines with labelled fields. Each element is a section of its own, so that an entry is a passage.

    Attributes:
        builder: what is written to.
        element: path of the element being written, such as `Stmt[1]/Ntry[3]`; the section path ends with it
            and the path of every field begins with it.
    """

    def __init__(self, builder: TextBuilder) -> None:
        self.builder = builder
        self.element = ""
        self._names: list[str] = []

    def enter(self, element: str, *above: str) -> None:
        """Begin the record that tells what `element` holds; `above` are the titles it stands under."""
        self.element = element
        self._names = []
        self.builder.section(PATH_SEPARATOR.join(filter(None, (*above, element))))
        self.builder.block("record")

    def line(self, kind: BlockKind = "paragraph") -> None:
        """Begin another line of the same element."""
        self.builder.block(kind)

    def write(self, text: str) -> None:
        """Words of the format, not of the document."""
        self.builder.write(text)

    def labelled(self, before: str, text: str, entity: str, leaf: str) -> None:
        """`before` and a value of that meaning; nothing where the value says that there is none."""
        if text and text.upper() not in _NONE:
            if entity == "PERSON" and len(text) >= _NAME:
                self._names.append(text)
            self.builder.write(text, entity, f"{self.element}/{leaf}", before=before)

    def free(self, before: str, text: str) -> None:
        """`before` and free text in one line, without its full stop; what looks personal is labelled."""
        if words := one_line(text).rstrip("."):
            for piece, entity in pieces_of(words, self._names):
                path = f"{self.element}/text" if entity else ""
                self.builder.write(piece, entity, path, before=before)
                before = ""

    def end(self) -> None:
        """End the line with a full stop."""
        if not self.builder.ends_with("."):
            self.builder.write(".")
        self.builder.close()
