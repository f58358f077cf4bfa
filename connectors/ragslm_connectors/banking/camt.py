"""ISO 20022 cash management: account report (camt.052), statement (053), notification (054), any version.

Field policy: names of parties are `PERSON` (a sole trader's firm is a person's name, and the format
does not tell them apart), postal addresses `LOCATION`, IBANs `IBAN_CODE`, other account numbers
`ACCOUNT`, birth dates `DATE_OF_BIRTH`, other personal numbers `ID`. References that a party chose
(end-to-end, mandate, creditor reference) may hold customer numbers and are `ID`; the bank's own
references, BICs and bank names are knowledge and are kept. Remittance text is free: recognisers scrub it.
Ids of messages and statements are left out: banks build them from account numbers.

Source: ISO 20022 message definitions, https://www.iso20022.org/catalogue-messages
"""

import re
from collections.abc import Iterator
from datetime import date

from ragslm.errors import QuarantineError
from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors._formats._builder import TextBuilder
from ragslm_connectors._formats._element import Element, elements_of
from ragslm_connectors._formats._limits import MAX_CHARS, content_of
from ragslm_connectors._formats._xml import is_xml, parse_xml
from ragslm_connectors.banking._iso_party import (
    account_of,
    address_of,
    write_agents,
    write_institution,
    write_parties,
)
from ragslm_connectors.banking._iso_reference import write_references, write_remittance
from ragslm_connectors.banking._iso_values import amount_at, day_at, required_amount
from ragslm_connectors.banking._writer import Writer

_NAMESPACE = re.compile(rb":xsd:\$?camt\.05[234]\.")
_MESSAGES = {"BkToCstmrStmt": "Stmt", "BkToCstmrAcctRpt": "Rpt", "BkToCstmrDbtCdtNtfctn": "Ntfctn"}
_KINDS = {"Stmt": "Account statement", "Rpt": "Account report", "Ntfctn": "Debit and credit notification"}
# Source: ISO 20022 external code set ExternalBalanceType1Code
_BALANCES = {
    "OPBD": "Opening booked balance",
    "CLBD": "Closing booked balance",
    "OPAV": "Opening available balance",
    "CLAV": "Closing available balance",
    "FWAV": "Forward available balance",
    "ITBD": "Interim booked balance",
    "ITAV": "Interim available balance",
    "PRCD": "Previously closed booked balance",
    "XPCD": "Expected balance",
    "INFO": "Information balance",
}
_SIDES = {"CRDT": "credit", "DBIT": "debit"}
_STATES = {"PDNG": "pending", "INFO": "for information", "FUTR": "expected"}
_CODES = ("Domn/Cd", "Domn/Fmly/Cd", "Domn/Fmly/SubFmlyCd")


class CamtParser:
    """camt.052, camt.053 and camt.054 messages, alone or inside an envelope.

    Each entry is a section named by its element, such as `Stmt[1]/Ntry[3]`. The scope is the account, the
    effective date that of the last statement.

    Attributes:
        max_chars: longest text accepted, in characters.
    """

    name = "camt"
    media_type = "application/xml"
    max_chars = MAX_CHARS

    def claims(self, head: bytes, suffix: str) -> bool:
        """XML that names a camt.052, .053 or .054 namespace."""
        return is_xml(head) and _NAMESPACE.search(head) is not None

    def parse(self, document: SourceDocument) -> ParsedDocument:
        """A section for each statement, one for each balance and one for each entry.

        Raises:
            QuarantineError: empty, not well-formed, with a document type, without statements, or with an
                amount or date that is none; names line and element.
        """
        root = parse_xml(content_of(document, self.max_chars))
        messages = elements_of(root, _MESSAGES)
        elements = (held for message in messages for held in message.each(_MESSAGES[message.name]))
        builder = TextBuilder(self.max_chars)
        statements = []
        for number, element in enumerate(elements, 1):
            statements.append(_Statement(builder, element, number))
            statements[-1].write(element)
        if not statements:
            line = messages[0].line if messages else root.sourceline
            raise QuarantineError(f"Line {line}: the message holds no statement, report or notification.")
        accounts = {statement.account for statement in statements} - {""}
        return builder.build(
            title=_KINDS[statements[0].kind],
            effective_date=max((statement.day for statement in statements if statement.day), default=None),
            scope=accounts.pop() if len(accounts) == 1 else None,
        )


class _Statement:
    """Writes one statement, and keeps of it what the document needs in the end.

    Attributes:
        kind: name of its element.
        day: its date, or None.
        account: its number; empty if it names none.
    """

    def __init__(self, builder: TextBuilder, element: Element, number: int) -> None:
        self.writer = Writer(builder)
        self.kind = element.name
        self.path = f"{self.kind}[{number}]"
        self.day = _date_of(element)
        self.above = (_KINDS[self.kind], self.day.isoformat() if self.day else "")
        self.account, self.entity = account_of(element.find("Acct"))

    def write(self, element: Element) -> None:
        self._heading(element)
        self._totals(element)
        if text := element.text_at(f"Addtl{self.kind}Inf"):
            self.writer.line()
            self.writer.free("Additional information: ", text)
            self.writer.end()
        for number, balance in enumerate(element.find_all("Bal"), 1):
            self._balance(balance, f"{self.path}/Bal[{number}]")
        for number, entry in enumerate(element.each("Ntry"), 1):
            self._entry(entry, f"{self.path}/Ntry[{number}]")

    def _heading(self, element: Element) -> None:
        writer = self.writer
        writer.enter(self.path, *self.above)
        writer.write(_KINDS[self.kind])
        writer.labelled(" of account ", self.account, self.entity, "Acct/Id")
        writer.labelled(" of ", element.text_at("Acct/Ownr/Nm"), "PERSON", "Acct/Ownr/Nm")
        for address in element.find_all("Acct/Ownr/PstlAdr"):
            writer.labelled(", address ", address_of(address), "LOCATION", "Acct/Ownr/PstlAdr")
        for servicer in element.find_all("Acct/Svcr/FinInstnId"):
            write_institution(writer, servicer, "Acct/Svcr")
        writer.labelled(", currency ", element.text_at("Acct/Ccy"), "KEEP", "Acct/Ccy")
        number = element.text_at("ElctrncSeqNb", "LglSeqNb")
        writer.labelled(", number ", number, "KEEP", "ElctrncSeqNb")
        first, last = (day_at(element, self.path, f"FrToDt/{n}") for n in ("FrDtTm", "ToDtTm"))
        if first and last:
            writer.write(f", period {first} to {last}")
        if created := day_at(element, self.path, "CreDtTm"):
            writer.write(f", created on {created}")
        writer.end()

    def _balance(self, balance: Element, where: str) -> None:
        code = balance.text_at("Tp/CdOrPrtry/Cd", "Tp/CdOrPrtry/Prtry")
        minus = "-" if balance.text_at("CdtDbtInd") == "DBIT" else ""
        day = day_at(balance, where, "Dt/Dt", "Dt/DtTm")
        writer = self.writer
        writer.enter(where, *self.above)
        writer.write(f"{_BALANCES.get(code, code or 'Balance')}: ")
        writer.labelled("", minus + required_amount(balance, where, "Amt"), "KEEP", "Amt")
        writer.write(f" on {day}, " if day else ", ")
        writer.write(_KINDS[self.kind].lower())
        writer.labelled(" of account ", self.account, self.entity, "Acct/Id")
        writer.end()

    def _totals(self, element: Element) -> None:
        """The counts and sums that a statement gives itself."""
        for name, word in (("TtlNtries", "all"), ("TtlCdtNtries", "credit"), ("TtlDbtNtries", "debit")):
            count, total = (element.text_at(f"TxsSummry/{name}/{n}") for n in ("NbOfNtries", "Sum"))
            if count or total:
                self.writer.line()
                self.writer.labelled(
                    f"Total of {word} entries: ", count or "not counted", "KEEP", "TxsSummry"
                )
                self.writer.labelled(", sum ", total, "KEEP", "TxsSummry")
                self.writer.end()

    def _entry(self, entry: Element, where: str) -> None:
        writer = self.writer
        writer.enter(where, *self.above)
        self._amount_line(entry, where)
        parts = _parts(entry, where)
        if len(entry.find_all("NtryDtls/TxDtls")) == 1:
            self._details(*next(parts))
        writer.labelled(", bank reference ", entry.text_at("AcctSvcrRef"), "KEEP", "AcctSvcrRef")
        writer.free(", ", entry.text_at("AddtlNtryInf"))
        writer.end()
        for detail, path in parts:
            writer.enter(path, *self.above)
            writer.write("Part of the entry: ")
            self._amount_line(detail, path)
            self._details(detail, path)
            writer.end()

    def _amount_line(self, element: Element, where: str) -> None:
        """`2014-12-31: credit of 8.85 EUR, value date 2015-01-02, booked, type PMNT/RCDT/BOOK`."""
        writer = self.writer
        if booked := day_at(element, where, "BookgDt/Dt", "BookgDt/DtTm"):
            writer.write(f"{booked}: ")
        side = _SIDES.get(element.text_at("CdtDbtInd"), "amount")
        writer.write(f"{'reversed ' if element.text_at('RvslInd') == 'true' else ''}{side} of ")
        entry = element.name == "Ntry"
        amount = required_amount(element, where, "Amt") if entry else amount_at(element, where)
        writer.labelled("", amount or "unknown amount", "KEEP", "Amt")
        state = element.text_at("Sts", "Sts/Cd")
        if shown := _STATES.get(state):
            writer.write(f" ({shown})")
        if valued := day_at(element, where, "ValDt/Dt", "ValDt/DtTm"):
            writer.write(f", value date {valued}")
        writer.write(", booked" if state == "BOOK" else "")
        code = "/".join(filter(None, (element.text_at(f"BkTxCd/{path}") for path in _CODES)))
        writer.labelled(", type ", code, "KEEP", "BkTxCd/Domn")
        writer.labelled(", bank code ", element.text_at("BkTxCd/Prtry/Cd"), "KEEP", "BkTxCd/Prtry/Cd")

    def _details(self, detail: Element, where: str) -> None:
        writer = self.writer
        instructed = amount_at(detail, where, "AmtDtls/InstdAmt/Amt")
        if instructed and instructed != amount_at(detail, where):
            writer.labelled(", instructed ", instructed, "KEEP", "AmtDtls/InstdAmt/Amt")
        rate = detail.text_at("AmtDtls/CntrValAmt/CcyXchg/XchgRate", "AmtDtls/TxAmt/CcyXchg/XchgRate")
        writer.labelled(", exchange rate ", rate, "KEEP", "AmtDtls/CntrValAmt/CcyXchg/XchgRate")
        charges = amount_at(detail, where, "Chrgs/TtlChrgsAndTaxAmt", "Chrgs/Amt", "Chrgs/Rcrd/Amt")
        writer.labelled(", charges ", charges, "KEEP", "Chrgs")
        for parties in detail.find_all("RltdPties"):
            write_parties(writer, parties, "RltdPties/")
        for agents in detail.find_all("RltdAgts"):
            write_agents(writer, agents)
        write_references(writer, detail, "Refs")
        for reason in detail.find_all("RtrInf"):
            writer.labelled(", returned for ", reason.text_at("Rsn/Cd"), "KEEP", "RtrInf/Rsn/Cd")
            writer.free(", ", reason.words_of("AddtlInf"))
        write_remittance(writer, detail)
        writer.free(", ", detail.text_at("AddtlTxInf"))


def _parts(entry: Element, where: str) -> Iterator[tuple[Element, str]]:
    """The transactions that an entry holds, each with its path."""
    for group, held in enumerate(entry.find_all("NtryDtls"), 1):
        for number, detail in enumerate(held.each("TxDtls"), 1):
            yield detail, f"{where}/NtryDtls[{group}]/TxDtls[{number}]"


def _date_of(statement: Element) -> date | None:
    """The date of the closing balance, else the period's end, else its creation."""
    for balance in statement.find_all("Bal"):
        if balance.text_at("Tp/CdOrPrtry/Cd") == "CLBD" and (
            day := day_at(balance, "Bal", "Dt/Dt", "Dt/DtTm")
        ):
            return date.fromisoformat(day)
    day = day_at(statement, statement.name, "FrToDt/ToDtTm", "CreDtTm")
    return date.fromisoformat(day) if day else None
