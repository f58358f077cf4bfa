"""OFX 1 (SGML) and OFX 2 (XML): statements of bank accounts, credit cards and investment accounts.

Field policy: account numbers are `ACCOUNT`, those of cards `CREDIT_CARD`; a payee with address is `PERSON`,
`LOCATION`, `PHONE_NUMBER`. The element `NAME` holds "payee or description": it is `PERSON` unless the
transaction's type has no payee (interest, fee, cash machine, a shop's terminal) or the words are a bank's own
(`DIVIDEND EARNED`). Ids of transactions are `ID`: banks build them from account numbers. Numbers of banks and
securities, types, amounts and cheque numbers are knowledge; memos are free text.

Source: OFX 1.6 and 2.2 specifications, chapters 11 (banking) and 13 (investments),
https://financialdataexchange.org/ofx
"""

import re
from collections.abc import Mapping
from datetime import date

from ragslm.errors import QuarantineError
from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors._formats._builder import TextBuilder
from ragslm_connectors._formats._decode import decode
from ragslm_connectors._formats._limits import MAX_CHARS, check_length, content_of, is_binary
from ragslm_connectors.banking._account import entity_of
from ragslm_connectors.banking._ofx_investments import Securities, write_investments
from ragslm_connectors.banking._ofx_tree import Element, read_tree
from ragslm_connectors.banking._ofx_values import amount_of, day_of
from ragslm_connectors.banking._writer import Writer

_SUFFIXES = frozenset({".ofx", ".qfx"})
_HEAD = re.compile(rb"^\s*(?:OFXHEADER\s*:|<\?xml[^>]*>\s*<\?OFX\b|<\?OFX\b|<OFX>)", re.IGNORECASE)
_CHARSET = re.compile(rb"^(ENCODING|CHARSET)\s*:\s*([\w-]{1,20})", re.MULTILINE | re.IGNORECASE)
_KINDS = {
    "STMTRS": "Account statement",
    "CCSTMTRS": "Credit card statement",
    "INVSTMTRS": "Investment statement",
}
_ACCOUNTS = ("BANKACCTFROM", "CCACCTFROM", "INVACCTFROM")
_BALANCES = {"LEDGERBAL": "Ledger balance", "AVAILBAL": "Available balance"}
# Source: OFX 2.2 specification, 11.4.4.3, transaction types; those without a payee
_WITHOUT_PAYEE = frozenset("POS ATM FEE SRVCHG INT DIV CASH DEP".split())
_BANKS_WORDS = re.compile(
    r"\b(?:fees?|charges?|interest|dividends?|earned|withdrawals?|deposits?|wdl|eftpos|atm|transfer|payment|cheques?|"
    r"checks?|automatic|adjustment|reversal|refund|purchase|pos|bill|tax|overdraft|balance|rebate)\b",
    re.IGNORECASE,
)


class OfxParser:
    """OFX and QFX files.

    Each transaction is a section named by its element, such as `STMTRS[1]/BANKTRANLIST/STMTTRN[3]`. The scope
    is the account, the effective date that of the last ledger balance, else of the response.

    Attributes:
        max_chars: longest text accepted, in characters.
    """

    name = "ofx"
    media_type = "application/x-ofx"
    max_chars = MAX_CHARS

    def claims(self, head: bytes, suffix: str) -> bool:
        """An OFX header or element at the beginning; or a suffix of the format over text."""
        if _HEAD.match(head.removeprefix(b"\xef\xbb\xbf")):
            return True
        return suffix in _SUFFIXES and not is_binary(head)

    def parse(self, document: SourceDocument) -> ParsedDocument:
        """A section for each statement, one for each balance and one for each transaction.

        Raises:
            QuarantineError: empty, no text, not closed, without statements, or with a date or amount that is
                missing or none; names line and element.
        """
        content = content_of(document, self.max_chars)
        text = decode(content, _declared(content[:4096]))
        check_length(len(text), self.max_chars)
        root = read_tree(text)
        statements = list(_statements(root))
        if not statements:
            raise QuarantineError(
                f"Line {root.line}: OFX holds no statement (STMTRS, CCSTMTRS or INVSTMTRS)."
            )
        builder = TextBuilder(self.max_chars)
        bank = root.text("SIGNONMSGSRSV1", "SONRS", "FI", "ORG")
        made = day_of(root, "OFX", "SIGNONMSGSRSV1", "SONRS", "DTSERVER")
        days = []
        for number, statement in enumerate(statements, 1):
            where = f"{statement.tag}[{number}]"
            writing = _Statement(Writer(builder), statement, where, Securities(root), made)
            writing.write(bank)
            days.append(writing.day)
        accounts = {_account(statement)[0] for statement in statements} - {""}
        last = max(filter(None, days), default="")
        return builder.build(
            title=_KINDS[statements[0].tag],
            effective_date=date.fromisoformat(last) if last else None,
            scope=accounts.pop() if len(accounts) == 1 else None,
        )


class _Statement:
    """Writes one statement."""

    def __init__(
        self, writer: Writer, element: Element, where: str, securities: Mapping[str, str], made: str
    ) -> None:
        self.writer, self.element, self.where, self.securities = writer, element, where, securities
        self.currency = element.text("CURDEF")
        balance = element.find("LEDGERBAL")
        dated = (
            day_of(balance, f"{where}/LEDGERBAL", "DTASOF") if balance else day_of(element, where, "DTASOF")
        )
        self.day = dated or made
        self.above = (_KINDS[element.tag], self.day)

    def write(self, bank: str) -> None:
        self._heading(bank)
        for tag, word in _BALANCES.items():
            if balance := self.element.find(tag):
                self._balance(balance, f"{self.where}/{tag}", word)
        transactions = self.element.find("BANKTRANLIST")
        for number, one in enumerate(transactions.all("STMTTRN") if transactions else [], 1):
            path = f"{self.where}/BANKTRANLIST/STMTTRN[{number}]"
            self.writer.enter(path, *self.above)
            write_transaction(self.writer, one, path, self.currency)
            self.writer.end()
        if self.element.tag == "INVSTMTRS":
            write_investments(
                self.writer, self.element, self.where, self.above, self.securities, write_transaction
            )

    def _heading(self, bank: str) -> None:
        writer = self.writer
        writer.enter(self.where, *self.above)
        writer.write(_KINDS[self.element.tag])
        account, entity, tag = _account(self.element)
        writer.labelled(" of account ", account, entity, f"{tag}/ACCTID")
        held = self.element.find(tag)
        for name, word in (
            ("ACCTTYPE", "type"),
            ("BANKID", "bank"),
            ("BRANCHID", "branch"),
            ("BROKERID", "broker"),
        ):
            writer.labelled(f", {word} ", held.text(name) if held else "", "KEEP", f"{tag}/{name}")
        writer.labelled(" at ", bank, "KEEP", "FI/ORG")
        writer.labelled(", currency ", self.currency, "KEEP", "CURDEF")
        for name in ("BANKTRANLIST", "INVTRANLIST"):
            if listed := self.element.find(name):
                first, last = (day_of(listed, f"{self.where}/{name}", n) for n in ("DTSTART", "DTEND"))
                writer.write(f", period {first} to {last}" if first and last else "")
        writer.end()

    def _balance(self, balance: Element, where: str, word: str) -> None:
        writer = self.writer
        writer.enter(where, *self.above)
        amount = amount_of(balance, where, self.currency, "BALAMT", required=True)
        writer.labelled(f"{word}: ", amount, "KEEP", "BALAMT")
        day = day_of(balance, where, "DTASOF")
        writer.write(f" on {day}, " if day else ", ")
        writer.write(_KINDS[self.element.tag].lower())
        account, entity, tag = _account(self.element)
        writer.labelled(" of account ", account, entity, f"{tag}/ACCTID")
        held = self.element.find(tag)
        writer.labelled(", type ", held.text("ACCTTYPE") if held else "", "KEEP", f"{tag}/ACCTTYPE")
        writer.end()


def write_transaction(writer: Writer, one: Element, where: str, currency: str) -> None:
    """`2011-04-05: debit of 34.51 USD, booked, type DEBIT, AUTOMATIC WITHDRAWAL, …`.

    Raises:
        QuarantineError: date or amount is missing or none; names line and element.
    """
    day = day_of(one, where, "DTPOSTED", required=True)
    currency = one.text("CURRENCY", "CURSYM") or currency
    amount = amount_of(one, where, currency, "TRNAMT", required=True)
    writer.write(f"{day}: {'debit' if amount.startswith('-') else 'credit'} of ")
    writer.labelled("", amount.lstrip("-"), "KEEP", "TRNAMT")
    valued = day_of(one, where, "DTAVAIL")
    writer.write(f", value date {valued}, booked" if valued else ", booked")
    writer.labelled(", type ", one.text("TRNTYPE"), "KEEP", "TRNTYPE")
    initiated = day_of(one, where, "DTUSER")
    writer.write(f", initiated on {initiated}" if initiated and initiated != day else "")
    _write_name(writer, one)
    writer.free(", ", one.text("MEMO"))
    writer.labelled(", cheque number ", one.text("CHECKNUM").strip("0"), "KEEP", "CHECKNUM")
    for name, word in (("REFNUM", "reference"), ("FITID", "transaction id")):
        writer.labelled(f", {word} ", one.text(name), "ID", name)


def _write_name(writer: Writer, one: Element) -> None:
    name = one.text("NAME")
    described = one.text("TRNTYPE") in _WITHOUT_PAYEE or _BANKS_WORDS.search(name)
    if name and described:
        if name not in one.text("MEMO"):
            writer.free(", ", name)
    else:
        writer.labelled(", name ", name, "PERSON", "NAME")
    if payee := one.find("PAYEE"):
        writer.labelled(", name ", payee.text("NAME"), "PERSON", "PAYEE/NAME")
        parts = (payee.text(n) for n in ("ADDR1", "ADDR2", "ADDR3", "CITY", "STATE", "POSTALCODE", "COUNTRY"))
        writer.labelled(", address ", ", ".join(filter(None, parts)), "LOCATION", "PAYEE/ADDR1")
        writer.labelled(", phone ", payee.text("PHONE"), "PHONE_NUMBER", "PAYEE/PHONE")
    for tag, card in (("BANKACCTTO", False), ("CCACCTTO", True)):
        number = one.text(tag, "ACCTID")
        writer.labelled(
            ", to account ", number, "CREDIT_CARD" if card else entity_of(number), f"{tag}/ACCTID"
        )


def _statements(element: Element) -> list[Element]:
    """Statements of every message set, in order."""
    return [
        statement
        for messages in element.children
        for response in messages.children
        for statement in response.all(*_KINDS)
    ]


def _account(statement: Element) -> tuple[str, str, str]:
    """Number, entity, and the element that holds it."""
    for tag in _ACCOUNTS:
        if number := statement.text(tag, "ACCTID"):
            return number, "CREDIT_CARD" if tag == "CCACCTFROM" else entity_of(number), tag
    return "", "ACCOUNT", "BANKACCTFROM"


def _declared(head: bytes) -> str | None:
    """The encoding of an OFX 1 header: `CHARSET:1252`, unless `ENCODING` says UTF-8 or Unicode."""
    said = {found[1].upper(): found[2].decode("ascii").upper() for found in _CHARSET.finditer(head)}
    if said.get(b"ENCODING") in ("UTF-8", "UNICODE"):
        return "utf-8"
    charset = said.get(b"CHARSET", "")
    return f"cp{charset}" if charset.isdigit() else None
