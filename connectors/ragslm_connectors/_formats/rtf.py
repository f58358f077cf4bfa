"""Rich Text Format: headings, paragraphs, lists, table rows and footnotes.

An own reader: what is to be had gives words without structure. Pictures, objects and the instructions of
fields are passed over, never followed.

Source: Rich Text Format Specification 1.9.1 (Microsoft, 2008).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from ragslm.errors import QuarantineError
from ragslm.types import BlockKind, ParsedDocument, SourceDocument
from ragslm_connectors._formats._builder import TextBuilder, one_line
from ragslm_connectors._formats._limits import MAX_CHARS, content_of
from ragslm_connectors._formats._rows import headings_of, row_text
from ragslm_connectors._formats._rtf_tokens import RtfTokens, Token

_SUFFIXES = frozenset({".rtf"})
_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_PASSED_OVER = frozenset(
    """
    fonttbl colortbl pict fldinst header headerl headerr headerf footer footerl footerr footerf ftnsep
    ftnsepc ftncn listtable listoverridetable revtbl rsidtbl filetbl generator themedata colorschememapping
    datastore latentstyles objdata objclass xmlnstbl mmathPr template nonshppict author operator company
    category manager keywords comment doccomm hlinkbase bkmkstart bkmkend atnid atnauthor atntime atnicn
    buptim printim
    """.split()
)
_STARRED = frozenset({"shptxt", "shpinst", "shprslt", "annotation", "ud", "pn", "result"})  # hold words
_MARKS = frozenset({"listtext", "pntext"})
_ENDS = frozenset({"par", "sect", "page"})
_CELLS = frozenset({"cell", "nestcell"})
_ROWS = frozenset({"row", "nestrow"})
_CHARACTERS = {
    "line": "\n", "tab": "\t", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
    "bullet": "•", "endash": "–", "emdash": "—", "enspace": " ", "emspace": " ", "qmspace": " ",
}  # fmt: skip
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")


class RtfParser:
    """`.rtf` files.

    Attributes:
        max_chars: longest text accepted, in characters.
    """

    name = "rtf"
    media_type = "application/rtf"
    max_chars = MAX_CHARS

    def claims(self, head: bytes, suffix: str) -> bool:
        """A file that begins with RTF's first control word; or nothing at all under the suffix `.rtf`."""
        return head.startswith(b"{\\rtf") or (suffix in _SUFFIXES and not head)

    def parse(self, document: SourceDocument) -> ParsedDocument:
        """The body in order.

        Raises:
            QuarantineError: empty, not RTF, cut off or nested too deeply (names the byte), too long.
        """
        content = content_of(document, self.max_chars)
        if not content.startswith(b"{\\rtf"):
            raise QuarantineError("Byte 1: the file is not RTF.")
        builder = TextBuilder(self.max_chars)
        writer = _Writer(builder)
        for token in RtfTokens(content):
            writer.take(token)
        writer.finish()
        return builder.build(title=writer.title, effective_date=writer.day)


@dataclass(frozen=True, slots=True)
class _Group:
    """What a group inherits. `to`: where its words go; None is nowhere."""

    to: str | None = "body"
    starred: bool = False
    hidden: bool = False


@dataclass(slots=True)
class _Paragraph:
    """What is said of the paragraph being read."""

    words: list[str] = field(default_factory=list)
    level: int | None = None
    style: int | None = None
    item: bool = False
    in_table: bool = False


class _Writer:
    """Puts tokens together to blocks."""

    def __init__(self, builder: TextBuilder) -> None:
        self.builder = builder
        self.title: str | None = None
        self.day: date | None = None
        self._group = _Group()
        self._stack: list[_Group] = []
        self._paragraph = _Paragraph()
        self._cells: list[str] = []
        self._rows: list[list[str]] = []
        self._aside: list[str] = []
        self._named: list[str] = []
        self._styles: dict[int, int] = {}
        self._style: int | None = None
        self._stamp: dict[str, int] = {}

    def take(self, token: Token) -> None:
        if token.word == "{":
            self._stack.append(self._group)
        elif token.word == "}":
            self._leave()
        elif token.star:
            self._group = replace(self._group, starred=True)
        elif token.word:
            self._control(token)
        elif token.text:
            self._say(token.text)

    def finish(self) -> None:
        self._paragraph.in_table = False
        self._end_paragraph()
        self._end_table()
        self._tell_aside()

    # ---------------------------------------------------------------- groups

    def _leave(self) -> None:
        left = self._group
        self._group = self._stack.pop() if self._stack else _Group()
        if left.to == self._group.to:
            return
        said = _text(self._named)
        if left.to == "title":
            self.title = said or None
        elif left.to in ("footnote", "annotation") and said:
            self._aside.append(f"{'Note' if left.to == 'footnote' else 'Comment'}: {said}")
        elif left.to in ("creatim", "revtim"):
            self.day = _day(self._stamp) or self.day
        if left.to != "stylesheet":
            self._named = []

    def _destination(self, word: str) -> bool:
        """Whether the word says where the words of its group go."""
        if word in ("title", "footnote", "annotation", "creatim", "revtim", "stylesheet", "info"):
            self._group = _Group(to=word)
            self._named = []
            self._stamp = {}
        elif word in _MARKS:
            self._paragraph.item = True
            self._group = _Group(to=None)
        elif word in _PASSED_OVER or (self._group.starred and word not in _STARRED):
            self._group = _Group(to=None)
        else:
            return False
        return True

    # ---------------------------------------------------------------- words

    def _control(self, token: Token) -> None:
        word = token.word
        if self._group.to is None or self._destination(word):
            return
        self._group = replace(self._group, starred=False)
        if word == "v" or word == "htmlrtf":
            self._group = replace(self._group, hidden=token.number != 0)
        elif word in _CHARACTERS:
            self._say(_CHARACTERS[word])
        elif self._group.to == "body":
            self._body(word, token.number)
        elif self._group.to == "stylesheet" and word == "s":
            self._style = token.number
        elif word in ("yr", "mo", "dy") and token.number is not None:
            self._stamp[word] = token.number

    def _body(self, word: str, number: int | None) -> None:
        act: Callable[[], None] | None = None
        if word in _ENDS:
            act = self._end_paragraph
        elif word in _CELLS:
            act = self._end_cell
        elif word in _ROWS:
            act = self._end_row
        elif word == "pard":
            self._paragraph = _Paragraph(words=self._paragraph.words, item=self._paragraph.item)
        elif word == "intbl":
            self._paragraph.in_table = True
        elif word == "outlinelevel" and number is not None and number < 9:
            self._paragraph.level = number + 1
        elif word == "s":
            self._paragraph.style = number
        if act:
            act()

    def _say(self, text: str) -> None:
        if self._group.to is None or self._group.hidden:
            return
        if self._group.to == "body":
            self._paragraph.words.append(text)
        elif self._group.to == "stylesheet":
            if self._style is not None and (heading := _HEADING.match(text.strip())):
                self._styles[self._style] = int(heading.group(1))
            self._style = None
        else:
            self._named.append(text)

    # ---------------------------------------------------------------- blocks

    def _end_paragraph(self) -> None:
        paragraph = self._paragraph
        if paragraph.in_table:
            paragraph.words.append("\n")
            return
        text = _text(paragraph.words)
        level = paragraph.level or self._styles.get(paragraph.style or 0)
        if text:
            self._end_table()
            if level:
                self.builder.heading(level, text)
            else:
                kind: BlockKind = "list_item" if paragraph.item else "paragraph"
                self.builder.block(kind, ("- " if paragraph.item else "") + text)
        self._tell_aside()
        self._paragraph = replace(paragraph, words=[], item=False)

    def _end_cell(self) -> None:
        self._cells.append(_text(self._paragraph.words))
        self._paragraph = replace(self._paragraph, words=[], item=False)

    def _end_row(self) -> None:
        if any(self._cells):
            self._rows.append(self._cells)
        self._cells = []

    def _end_table(self) -> None:
        self._end_row()
        rows, self._rows = self._rows, []
        headings = headings_of(rows)
        for cells in rows[1:] if headings else rows:
            self.builder.block("row", row_text(cells, headings))

    def _tell_aside(self) -> None:
        for text in self._aside:
            self.builder.block("paragraph", text)
        self._aside = []


def _text(words: list[str]) -> str:
    """In one line, with the halves of characters beyond 65,535 put together and lone ones replaced."""
    joined = _SURROGATES.sub(
        lambda m: m.group().encode("utf-16", "surrogatepass").decode("utf-16"), "".join(words)
    )
    return one_line(joined.encode("utf-8", "replace").decode().replace("\x00", ""))


def _day(stamp: dict[str, int]) -> date | None:
    try:
        return date(stamp["yr"], stamp["mo"], stamp["dy"])
    except (KeyError, ValueError, OverflowError):
        return None
