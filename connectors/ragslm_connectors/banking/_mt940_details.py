"""Field 86 of MT940 and MT942, information to the account owner: its parts by meaning, in each dialect.

Four forms, told apart by how the field begins and which words it holds:
- subfields `020?00…?20…?32…` (Germany, Poland; Triodos writes `>`), remittance with SEPA words `EREF+`;
- `/NAME/…/REMI/…` (ABN AMRO, ING, Rabobank since SEPA);
- words with a colon: `REK: … /NAAM: …` (Knab), `OD: …; TYT.: …` (mBank), `AUFTRAGGEBER: …` (PostFinance);
- plain text, which may begin with the counterparty's account and name (ASN, ING, ABN AMRO).

Field policy: names `PERSON`, what follows a name on the next line `LOCATION`, accounts `IBAN_CODE` or
`ACCOUNT`, references of parties `ID`; what is left is free text (`_free_text`).

Source: German banking industry (DK), DFÜ agreement annex 3, chapter 8 (field 86); ABN AMRO and ING, MT940
format descriptions; SWIFT Standards MT, category 9, field 86
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ragslm_connectors.banking._account import entity_of, leading_iban


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the field.

    Attributes:
        word: what it says; empty if that is plain.
        text: the words.
        entity: its privacy meaning; None for free text.
        leaf: the mark it stood behind, such as `?32` or `/NAME/`.
    """

    word: str
    text: str = field(repr=False)
    entity: str | None
    leaf: str


_Reader = Callable[[str, str], Iterator[Part]]
_KEEP = "KEEP"
_LINE = 65
"""Characters of a full line of field 86."""
_ACCOUNT = "account by its look"
_STRUCTURED = re.compile(r"\s*(\d{3})?\s?([?>~<^|@])(?=\d\d)")
_SUBFIELDS: dict[str, tuple[str, str | None]] = {  # by number: what it says, and what it is
    "00": ("", _KEEP),
    "10": ("journal number", _KEEP),
    "30": ("bank", _KEEP),
    "31": ("account", _ACCOUNT),
    "32": ("name", "PERSON"),
    "33": ("name", "PERSON"),
    "34": ("return code", _KEEP),
    "38": ("account", _ACCOUNT),
}
_TEXTS = frozenset(f"{n:02}" for n in (*range(20, 30), *range(60, 64)))
_SEPA = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|IBAN|BIC)\+")
_SLASH = re.compile(
    r"/(TRTP|IBAN|BIC|NAME|REMI|EREF|MARF|CSID|ORDP|BENM|ADDR|ID|CNTP|PREF|PURP|ISDT|RTRN|OCMT|CHGS|CHG|EXCH|"
    r"SVCL|ULTD|ULTC|UCRD|ULTB|USTD|STRD|CREF|NRTX|BUSP)(?=/)"
)
_WORD = re.compile(
    r"(?<![\w.])(Z RACH\.|NA RACH\.|OD|DLA|TYT\.|TNR|ID IPH|REK|NAAM|IBAN|BIC|OMSCHRIJVING|KENMERK|"
    r"MACHTIGING|INCASSANT|AUFTRAGGEBER|BEGÜNSTIGTER|ZAHLUNGSEMPFÄNGER|MITTEILUNGEN|REFERENZEN|"
    r"EXPÉDITEUR|COMMUNICATIONS)\s?:"
)
_MEANINGS: dict[str, tuple[str, str | None]] = {
    **dict.fromkeys(("IBAN", "REK", "Z RACH.", "NA RACH."), ("account", _ACCOUNT)),
    **dict.fromkeys(
        ("NAME", "ORDP", "BENM", "ULTD", "ULTC", "UCRD", "ULTB", "ABWA", "ABWE"), ("name", "PERSON")
    ),
    **dict.fromkeys(("NAAM", "OD", "DLA", "AUFTRAGGEBER", "BEGÜNSTIGTER"), ("name", "PERSON")),
    **dict.fromkeys(("ZAHLUNGSEMPFÄNGER", "EXPÉDITEUR"), ("name", "PERSON")),
    **dict.fromkeys(("EREF", "CREF"), ("end-to-end id", "ID")),
    **dict.fromkeys(("KREF", "PREF", "KENMERK", "REFERENZEN", "ID IPH"), ("reference", "ID")),
    **dict.fromkeys(("MREF", "MARF", "MACHTIGING"), ("mandate", "ID")),
    **dict.fromkeys(("CRED", "DEBT", "CSID", "INCASSANT"), ("creditor scheme id", "ID")),
    "ID": ("id", "ID"),
    "ADDR": ("address", "LOCATION"),
    "BIC": ("bank", _KEEP),
    "TNR": ("transaction number", _KEEP),
    "TRTP": ("", _KEEP),
    **dict.fromkeys(("PURP", "BUSP"), ("purpose", _KEEP)),
    "RTRN": ("returned for", _KEEP),
    "SVCL": ("service", _KEEP),
    "ISDT": ("interest date", _KEEP),
    **dict.fromkeys(("OCMT", "COAM", "OAMT"), ("amount", _KEEP)),
    **dict.fromkeys(("CHGS", "CHG"), ("charges", _KEEP)),
    "EXCH": ("exchange rate", _KEEP),
    "NRTX": ("number of payments", _KEEP),
}
_COUNTERPARTY = (("account", _ACCOUNT), ("bank", _KEEP), ("name", "PERSON"), ("address", "LOCATION"))
_LEADING = re.compile(r"\s*(?:GIRO\s+(\d{3,9})|(\d{2}\.\d{2}\.\d{2}\.\d{3}|\d{10}))(?=\s)")


def parts_of(value: str) -> Iterator[Part]:
    """The parts of a field's value, in order; all of it is in one of them but the marks between them."""
    if found := _STRUCTURED.match(value):
        yield from _subfields(value, found[1] or "", found[2], found.start(2))
    elif value.lstrip().startswith("/") and _SLASH.search(value):
        yield from _marked("".join(value.split("\n")), _SLASH, _slashed)
    elif _WORD.search(value):
        yield from _marked(value, _WORD, _named)
    else:
        yield from _plain(value)


def joined(value: str) -> str:
    """Lines as one; a full line goes on in the middle of a word, a shorter one ends with it."""
    text = ""
    for line in value.split("\n"):
        text += line if len(line) >= _LINE else f"{line} "
    return " ".join(text.split())


def _subfields(value: str, code: str, mark: str, start: int) -> Iterator[Part]:
    if code:
        yield Part("business code", code, _KEEP, ":86:")
    text = ""
    for piece in re.split(rf"{re.escape(mark)}(?=\d\d)", "".join(value[start:].split("\n")))[1:]:
        number, content = piece[:2], piece[2:]
        if number in _TEXTS:
            text += content
        elif number == "10" and mark == ">":
            yield _typed("account", content, _ACCOUNT, f"{mark}{number}")  # Triodos
        elif content.strip():
            word, entity = _SUBFIELDS.get(number, ("", None))
            yield _typed(word, content, entity, f"{mark}{number}")
    if _SEPA.match(text):
        yield from _marked(text, _SEPA, _named)
    else:
        yield from _free(text)


def _marked(value: str, marks: re.Pattern[str], read: _Reader) -> Iterator[Part]:
    """Text before the first mark, then the value behind each."""
    found = list(marks.finditer(value))
    yield from _plain(value[: found[0].start()].rstrip(" \n;/"))
    ends = [*(one.start() for one in found[1:]), len(value)]
    for one, end in zip(found, ends, strict=True):
        yield from read(one[1], value[one.end() : end].strip(" \n;/"))


def _slashed(mark: str, content: str) -> Iterator[Part]:
    if mark != "CNTP":
        yield from _named(mark, content)
        return
    for (word, entity), piece in zip(_COUNTERPARTY, content.split("/", 3), strict=False):
        if piece.strip(" /"):
            yield _typed(word, piece.strip(" /"), entity, mark)


def _named(mark: str, content: str) -> Iterator[Part]:
    """A value by the meaning of its mark; what follows a name on further lines is an address."""
    word, entity = _MEANINGS.get(mark, ("", None))
    if entity is None:
        yield from _free(content)
    elif entity == "PERSON":
        name, _, address = content.partition("\n")
        yield Part(word, name.strip(), entity, mark)
        if address.strip():
            yield Part("address", joined(address), "LOCATION", mark)
    elif content:
        yield _typed(word, joined(content), entity, mark)


def _typed(word: str, text: str, entity: str | None, leaf: str) -> Part:
    text = text.strip()
    return Part(word, text, entity_of(text) if entity == _ACCOUNT else entity, leaf)


def _plain(value: str) -> Iterator[Part]:
    """Free text, which may begin with an account; the name follows an IBAN on its line."""
    if iban := leading_iban(value.lstrip()):
        name, _, rest = value.lstrip()[len(iban) :].partition("\n")
        yield Part("account", iban, "IBAN_CODE", "line 1")
        if name.strip():
            yield Part("name", name.strip(), "PERSON", "line 1")
        yield from _free(rest)
    elif found := _LEADING.match(value):
        yield Part("account", found[1] or found[2], "ACCOUNT", "line 1")
        yield from _free(value[found.end() :])
    else:
        yield from _free(value)


def _free(value: str) -> Iterator[Part]:
    if text := joined(value):
        yield Part("", text, None, "text")
