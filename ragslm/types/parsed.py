"""A document's text, and everything that points into it.

What points into it is a tuple with names: a statement's line has seven, a frozen dataclass takes longer to
make, and a tuple goes to the worker's answer and to the catalogue as it is.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

BlockKind = Literal["heading", "paragraph", "list_item", "row", "record", "artifact"]
PATH_SEPARATOR = " › "
"""Between the titles of a section's path, and before it after the document's title in a passage's header."""


class PageSpan(NamedTuple):
    """Where one page lies in the parsed text. `number` is 1-based."""

    number: int
    start: int
    end: int


class Section(NamedTuple):
    """A titled part of a document; `path` joins the titles from the outermost with `PATH_SEPARATOR`."""

    path: str
    start: int = 0
    end: int = 0

    def __repr__(self) -> str:
        """Without the titles: they are the document's words."""
        return f"Section(start={self.start}, end={self.end})"


class Block(NamedTuple):
    """A unit that must not be cut without need: a paragraph, a list item, a heading, a table row, a record.

    A record is the line of one element of the source (a result, an entry, a resource) and begins a passage of
    its own. What follows it in its section, up to the next record, belongs to it. An artifact is the page's
    and not the text's, such as a running foot with the page's number: scrubbed and shown, but in no passage.
    """

    kind: BlockKind
    start: int
    end: int


class LabelledField(NamedTuple):
    """A span whose meaning the format itself tells, so no recogniser has to guess.

    Attributes:
        start: first character in the parsed text.
        end: one past the last.
        entity: the privacy type, such as `PERSON`, `DATE_OF_BIRTH`, `LOCATION`, `MRN`, `ACCOUNT`,
            `PHONE_NUMBER`; or `KEEP` for knowledge that recognisers must leave alone (codes, units).
        path: where in the format it was, such as `Patient.name` or `Ntry/Dbtr/Nm`.
    """

    start: int
    end: int
    entity: str
    path: str


@dataclass(frozen=True, slots=True)
class WordBox:
    """Where a word of a scanned page stands: fractions of the shown page, 0 to 1 from its upper left.

    Pages that hold text need none: their file tells where each character stands.
    """

    start: int
    end: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedDocument:
    """A document's text with everything that points into it. Offsets refer to `text`.

    Attributes:
        boxes: words of pages that were read by their looks, such as scans, in order.
        unread: 1-based pages with pictures that were not read: larger than a logo but no more than half of a
            page with text, or the program that reads them is not installed.
        language: ISO 639-1 code of most of the text, such as `en`; None where it is not clear.
    """

    text: str = field(repr=False)
    title: str | None = field(default=None, repr=False)
    effective_date: dt.date | None = None
    scope: str | None = field(default=None, repr=False)
    pages: tuple[PageSpan, ...] = ()
    sections: tuple[Section, ...] = field(default=(), repr=False)
    blocks: tuple[Block, ...] = field(default=(), repr=False)
    fields: tuple[LabelledField, ...] = field(default=(), repr=False)
    boxes: tuple[WordBox, ...] = field(default=(), repr=False)
    unread: tuple[int, ...] = ()
    language: str | None = None
