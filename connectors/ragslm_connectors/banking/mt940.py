"""SWIFT MT940 customer statements and MT942 interim reports, in the dialects of European banks.

Field policy: the account (25) is `IBAN_CODE` or `ACCOUNT`; the owner's reference of an entry (61) is chosen
by a party and `ID`, or an account; a name beside it `PERSON`; the bank's reference, transaction types,
balances and sums are knowledge; field 86 is told apart by `_mt940_details`, what stays free text is left to
recognisers. The statement's reference (20) and related reference (21) are the bank's or a party's and `ID`.

Source: SWIFT Standards MT, category 9, MT940 Customer Statement Message, MT942 Interim Transaction Report
"""

import re
from datetime import date

from ragslm.errors import QuarantineError
from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors._formats._builder import TextBuilder, one_line
from ragslm_connectors._formats._decode import decode
from ragslm_connectors._formats._limits import MAX_CHARS, check_length, content_of, is_binary
from ragslm_connectors.banking._account import entity_of
from ragslm_connectors.banking._mt940_details import parts_of
from ragslm_connectors.banking._mt940_fields import (
    date_of,
    read_balance,
    read_day,
    read_entry,
    read_limit,
    read_sum,
)
from ragslm_connectors.banking._mt940_tags import Tag, statements_of
from ragslm_connectors.banking._writer import Writer

_SUFFIXES = frozenset({".sta", ".mt940", ".mt942", ".940", ".942", ".swi"})
_MESSAGE = re.compile(rb"^(?:\{4:)?:20:.*(?:\r?\n.*){0,6}?\n:25P?:", re.MULTILINE)
_BALANCES = {
    "60F": "Opening balance",
    "60M": "Opening balance (intermediate)",
    "62F": "Closing balance",
    "62M": "Closing balance (intermediate)",
    "64": "Closing available balance",
    "65": "Forward available balance",
}
_SUMS = {"90D": "Debit entries", "90C": "Credit entries"}
_INTERIM = frozenset({"34F", "13D", "13", "90D", "90C"})


class Mt940Parser:
    """MT940 and MT942, several statements in a file.

    Each entry is a section named by its line, such as `:61: line 12`. The scope is the account, the effective
    date that of the last closing balance.

    Attributes:
        max_chars: longest text accepted, in characters.
    """

    name = "mt940"
    media_type = "application/x-mt940"
    max_chars = MAX_CHARS

    def claims(self, head: bytes, suffix: str) -> bool:
        """Text with tags `:20:` and `:25:` at the beginnings of lines, or with a suffix of the format."""
        return not is_binary(head) and (suffix in _SUFFIXES or _MESSAGE.search(head) is not None)

    def parse(self, document: SourceDocument) -> ParsedDocument:
        """A section for each statement, one for each balance and one for each entry.

        Raises:
            QuarantineError: empty, no text, without tags, or with a field that cannot be read; names tag and
                line.
        """
        text = decode(content_of(document, self.max_chars))
        check_length(len(text), self.max_chars)
        statements = [_Statement(tags) for tags in statements_of(text)]
        if not statements:
            raise QuarantineError("Line 1: the file holds no MT940 tag such as :20:, :25: or :61:.")
        builder = TextBuilder(self.max_chars)
        for statement in statements:
            statement.write(Writer(builder))
        accounts = {statement.account for statement in statements} - {""}
        return builder.build(
            title=statements[0].title,
            effective_date=max((s.day for s in statements if s.day), default=None),
            scope=accounts.pop() if len(accounts) == 1 else None,
        )


class _Statement:
    """One statement: what its tags say. `day`: of its closing balance, else its last."""

    def __init__(self, tags: list[Tag]) -> None:
        self.tags = tags
        self.first = {tag.name: tag for tag in reversed(tags)}
        self.interim = not _INTERIM.isdisjoint(self.first)
        self.title = "Interim account report" if self.interim else "Account statement"
        if not {"25", "25P", "60F", "60M", "61"} & set(self.first):
            raise QuarantineError(
                f"Line {tags[0].line}: the statement has no account (:25:) and no entry (:61:)."
            )
        self.account, self.currency = _account(self.first.get("25") or self.first.get("25P"))
        balances = [read_balance(tag) for tag in tags if tag.name in _BALANCES]
        if balances:
            self.currency = balances[0].amount.rpartition(" ")[2]
        elif "34F" in self.first:
            self.currency = read_limit(self.first["34F"])[0]
        self.day = self._day()

    def write(self, writer: Writer) -> None:
        above = (self.title, self.day.isoformat() if self.day else "")
        self._heading(writer, above)
        self._balances(writer, above)
        for entry, details in self._entries():
            self._entry(writer, entry, details, above)
        for tag in self._information():
            writer.enter(tag.where, *above)
            writer.write("Information on the statement")
            _write_details(writer, tag.value)
            writer.end()

    def _day(self) -> date | None:
        for name in ("62F", "62M", "60F", "60M"):
            if name in self.first:
                return date_of(read_balance(self.first[name]).day)
        if tag := self.first.get("13D") or self.first.get("13"):
            return date_of(read_day(tag))
        entries = [read_entry(tag, self.currency).day for tag in self.tags if tag.name == "61"]
        return date_of(max(entries)) if entries else None

    def _heading(self, writer: Writer, above: tuple[str, str]) -> None:
        writer.enter(self.tags[0].where, *above)
        writer.write(self.title)
        writer.labelled(" of account ", self.account, entity_of(self.account), ":25:")
        writer.labelled(", currency ", self.currency, "KEEP", ":60F:")
        for name, word in (("28C", "number"), ("28", "number")):
            if tag := self.first.get(name):
                writer.labelled(f", {word} ", one_line(tag.value), "KEEP", f":{name}:")
        for name, word in (("20", "reference"), ("21", "related reference")):
            if tag := self.first.get(name):
                writer.labelled(f", {word} ", one_line(tag.value), "ID", f":{name}:")
        if tag := self.first.get("13D") or self.first.get("13"):
            writer.write(f", made on {read_day(tag)}")
        writer.end()
        if not self.interim and not {"62F", "62M"} & set(self.first):
            writer.line()
            writer.write("The statement has no closing balance; it may be cut off")
            writer.end()

    def _balances(self, writer: Writer, above: tuple[str, str]) -> None:
        for tag in self.tags:
            if tag.name in _BALANCES:
                balance = read_balance(tag)
                said = (f"{_BALANCES[tag.name]}: ", balance.amount, f" on {balance.day}")
            elif tag.name in _SUMS:
                count, total = read_sum(tag)
                said = (f"{_SUMS[tag.name]}: {count}, sum ", total, f" on {self.day}" if self.day else "")
            elif tag.name == "34F":
                said = ("Entries are reported from: ", read_limit(tag)[1], "")
            else:
                continue
            writer.enter(tag.where, *above)
            writer.labelled(said[0], said[1], "KEEP", "amount")
            writer.write(f"{said[2]}, {self.title.lower()}")
            writer.labelled(" of account ", self.account, entity_of(self.account), ":25:")
            writer.end()

    def _entries(self) -> list[tuple[Tag, list[Tag]]]:
        """Each entry with the fields 86 that follow it."""
        found: list[tuple[Tag, list[Tag]]] = []
        open_ = False
        for tag in self.tags:
            if tag.name == "61":
                found.append((tag, []))
            elif open_ and tag.name in ("86", "NS"):
                found[-1][1].append(tag)
            open_ = tag.name == "61" or (open_ and tag.name in ("86", "NS"))
        return found

    def _information(self) -> list[Tag]:
        """Fields 86 that belong to no entry."""
        taken = {tag.line for _, details in self._entries() for tag in details}
        return [
            tag
            for tag in self.tags
            if tag.name in ("86", "NS") and tag.line not in taken and tag.value.strip()
        ]

    def _entry(self, writer: Writer, tag: Tag, details: list[Tag], above: tuple[str, str]) -> None:
        entry = read_entry(tag, self.currency)
        writer.enter(tag.where, *above)
        writer.write(f"{entry.day}: {entry.side} of ")
        writer.labelled("", entry.amount, "KEEP", "amount")
        writer.write(f", value date {entry.value_day}, {'interim' if self.interim else 'booked'}")
        writer.labelled(", type ", entry.type, "KEEP", "type")
        own = entity_of(entry.reference)
        writer.labelled(", reference ", entry.reference, own if own == "IBAN_CODE" else "ID", "reference")
        writer.labelled(", bank reference ", entry.bank_reference, "KEEP", "bank reference")
        writer.labelled(", name ", one_line(entry.beside), "PERSON", "name")
        if own == "IBAN_CODE":
            writer.labelled(", name ", one_line(entry.more), "PERSON", "name")
        else:
            _write_details(writer, entry.more)
        _write_details(writer, "\n".join(detail.value for detail in details))
        writer.end()


def _account(tag: Tag | None) -> tuple[str, str]:
    """Account number and, where the field ends with it, the currency: `BANK/123`, `1291.99.348EUR`."""
    if tag is None:
        return "", ""
    text = "".join(tag.value.partition("\n")[0].split()).rpartition("/")[2]
    if found := re.fullmatch(r"([\d.]{4,})([A-Z]{3})", text):
        return found[1], found[2]
    return text, ""


def _write_details(writer: Writer, value: str) -> None:
    for part in parts_of(value):
        before = f", {part.word} " if part.word else ", "
        if part.entity:
            writer.labelled(before, part.text, part.entity, f":86:/{part.leaf}")
        else:
            writer.free(before, part.text)
