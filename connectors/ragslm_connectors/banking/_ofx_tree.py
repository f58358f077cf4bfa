"""OFX as a tree of elements with their lines: SGML of OFX 1, whose values need no end tag, and XML of OFX 2.

One reader for both, because banks mix them. An element that begins with a value has no children; one without
is an aggregate and must be closed, unless its aggregate closes before it: then it was an empty value.

Source: OFX 1.6 and 2.2 specifications, chapter 2 (structure), https://financialdataexchange.org/ofx
"""

import html
import re
from dataclasses import dataclass, field

from ragslm.errors import QuarantineError

_BEGIN = re.compile("<OFX>", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9_.]{0,31})\s*(/?)>")
_DEEPEST = 64
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_FORBIDDEN = re.compile(r"<!(?:DOCTYPE|ENTITY)")


@dataclass(slots=True)
class Element:
    """An element. `tag` is upper-case; `value` empty for an aggregate; `line` 1-based."""

    tag: str
    line: int
    value: str = field(default="", repr=False)
    children: list["Element"] = field(default_factory=list, repr=False)

    def find(self, *path: str) -> "Element | None":
        """The first descendant along a path of tags."""
        found: Element | None = self
        for tag in path:
            found = next((child for child in found.children if child.tag == tag), None) if found else None
        return found

    def all(self, *tags: str) -> "list[Element]":
        """Children of one of these tags."""
        return [child for child in self.children if child.tag in tags]

    def text(self, *path: str) -> str:
        """The value at a path; empty if there is none."""
        found = self.find(*path)
        return found.value if found else ""


def read_tree(text: str) -> Element:
    """The element `OFX`.

    Raises:
        QuarantineError: there is none, an element is not closed or closes nothing, or it is nested too
            deeply; names line and, where it is one of the format's, the element.
    """
    if found := _FORBIDDEN.search(text):
        raise QuarantineError(
            f"Line {_line(text, found.start())}: OFX with a document type or entities is not read."
        )
    begin = _BEGIN.search(text)
    if begin is None:
        raise QuarantineError("Line 1: the file holds no element OFX.")
    reader = _Reader(_line(text, begin.start()))
    reader.read(_without_cdata(text[begin.start() :]))
    return reader.root()


class _Reader:
    """Takes tags in order; `_open` are the aggregates around the place it is at."""

    def __init__(self, line: int) -> None:
        self._line = line
        self._top = Element("", line)
        self._open = [self._top]
        self._leaf: Element | None = None

    def read(self, text: str) -> None:
        tags = list(_TAG.finditer(text))
        position = 0
        for found, end in zip(tags, [*(tag.start() for tag in tags[1:]), len(text)], strict=True):
            self._line += text.count("\n", position, found.start())
            position = found.start()
            tag = found[2].upper()
            if found[1]:
                self._close(tag)
            else:
                self._begin(tag, html.unescape(" ".join(text[found.end() : end].split())), bool(found[3]))

    def root(self) -> Element:
        if len(self._open) > 1:
            last = self._open[-1]
            raise QuarantineError(
                f"Line {last.line}: element {_named(last.tag)} is not closed; the file is cut off."
            )
        return self._top.children[0]

    def _begin(self, tag: str, value: str, empty: bool) -> None:
        element = Element(tag, self._line, value)
        self._open[-1].children.append(element)
        self._leaf = element if value or empty else None
        if self._leaf is None:
            self._open.append(element)
            if len(self._open) > _DEEPEST:
                raise QuarantineError(f"Line {self._line}: the elements are nested too deeply.")

    def _close(self, tag: str) -> None:
        leaf, self._leaf = self._leaf, None
        if leaf is not None and leaf.tag == tag:
            return
        tags = [element.tag for element in self._open]
        if tag not in tags[1:]:
            raise QuarantineError(f"Line {self._line}: the end tag of {_named(tag)} closes nothing.")
        while True:
            closed = self._open.pop()
            if closed.tag == tag:
                return
            self._open[-1].children += closed.children  # it was an empty value, not an aggregate
            closed.children = []


def _without_cdata(text: str) -> str:
    """CDATA sections as escaped text."""
    first, *rest = text.split(_CDATA)
    parts = [first]
    for piece in rest:
        inside, closed, after = piece.partition(_CDATA_END)
        if not closed:
            raise QuarantineError(f"Line {_line(text, text.find(_CDATA))}: a CDATA section is not closed.")
        parts += [html.escape(inside, quote=False), after]
    return "".join(parts)


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


# What a reason may name: a tag of the format, never a word of the document.
_KNOWN = frozenset(
    """
    ACCTID AVAILBAL BAL BALAMT BALLIST BANKACCTFROM BANKID BANKMSGSRSV1 BANKTRANLIST BUYDEBT BUYMF BUYOPT
    BUYOTHER BUYSTOCK CCACCTFROM CCSTMTRS CCSTMTTRNRS CODE CREDITCARDMSGSRSV1 CURDEF CURRENCY DTASOF
    DTEND DTPOSTED DTSERVER DTSTART DTTRADE FI FITID INCOME INVACCTFROM INVBAL INVBANKTRAN INVBUY INVPOS
    INVPOSLIST INVSELL INVSTMTMSGSRSV1 INVSTMTRS INVSTMTTRNRS INVTRAN INVTRANLIST LEDGERBAL MEMO NAME OFX
    PAYEE POSDEBT POSMF POSOPT POSOTHER POSSTOCK REINVEST SECID SECINFO SECLIST SECLISTMSGSRSV1 SELLDEBT
    SELLMF SELLOPT SELLOTHER SELLSTOCK SEVERITY SIGNONMSGSRSV1 SONRS STATUS STMTRS STMTTRN STMTTRNRS
    STOCKINFO TRANSFER TRNAMT TRNTYPE TRNUID
    """.split()
)


def _named(tag: str) -> str:
    return tag if tag in _KNOWN else "an unknown name"
