"""ISO 20022 payment orders: credit transfers (pain.001, pacs.008) and direct debits (pain.008), any version.

Field policy: as `camt`. Ids of messages and batches are chosen by the party and are `ID`; transaction ids of
banks, UETRs, service levels and purposes are knowledge.

Source: ISO 20022 message definitions pain.001, pain.008 and pacs.008,
https://www.iso20022.org/catalogue-messages
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ragslm.errors import QuarantineError
from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors._formats._builder import TextBuilder
from ragslm_connectors._formats._element import Element, elements_of
from ragslm_connectors._formats._limits import MAX_CHARS, content_of
from ragslm_connectors._formats._xml import is_xml, parse_xml
from ragslm_connectors.banking._iso_party import account_of, write_agents, write_parties
from ragslm_connectors.banking._iso_reference import write_references, write_remittance
from ragslm_connectors.banking._iso_values import amount_at, day_at, required_amount
from ragslm_connectors.banking._writer import Writer

_NAMESPACE = re.compile(rb":xsd:\$?(?:pain\.00[18]|pacs\.008)\.")
_MANDATE = "DrctDbtTx/MndtRltdInf"
# Source: ISO 20022 code set ChargeBearerType1Code
_CHARGES = {
    "DEBT": "borne by the debtor",
    "CRED": "borne by the creditor",
    "SHAR": "shared by debtor and creditor",
    "SLEV": "as the service level says",
}


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a message is called, which element holds one payment, and whose account is the scope."""

    title: str
    payment: str
    word: str
    own: str


_KINDS = {
    "CstmrCdtTrfInitn": _Kind("Credit transfer order", "CdtTrfTxInf", "credit transfer", "DbtrAcct"),
    "CstmrDrctDbtInitn": _Kind("Direct debit order", "DrctDbtTxInf", "direct debit", "CdtrAcct"),
    "FIToFICstmrCdtTrf": _Kind("Credit transfer between banks", "CdtTrfTxInf", "credit transfer", ""),
}
# The first versions name the message by its number.
_KINDS |= {
    "pain.001.001.02": _KINDS["CstmrCdtTrfInitn"],
    "pain.008.001.01": _KINDS["CstmrDrctDbtInitn"],
    "pacs.008.001.01": _KINDS["FIToFICstmrCdtTrf"],
}


class PaymentParser:
    """pain.001, pain.008 and pacs.008 messages, alone or inside an envelope.

    Each payment is a section named by its element, such as `PmtInf[1]/CdtTrfTxInf[2]`. The scope is the
    ordering party's account if there is one, the effective date that on which payment is due.

    Attributes:
        max_chars: longest text accepted, in characters.
    """

    name = "iso20022-payments"
    media_type = "application/xml"
    max_chars = MAX_CHARS

    def claims(self, head: bytes, suffix: str) -> bool:
        """XML that names a pain.001, pain.008 or pacs.008 namespace."""
        return is_xml(head) and _NAMESPACE.search(head) is not None

    def parse(self, document: SourceDocument) -> ParsedDocument:
        """A section for the message, one for each batch and one for each payment.

        Raises:
            QuarantineError: empty, not well-formed, with a document type, without payments, or with an
                amount or date that is none; names line and element.
        """
        root = parse_xml(content_of(document, self.max_chars))
        messages = elements_of(root, _KINDS)
        if not messages:
            raise QuarantineError(f"Line {root.sourceline}: the document holds no payment order.")
        order = _Order(TextBuilder(self.max_chars), messages[0])
        order.write()
        return order.builder.build(
            title=order.kind.title, effective_date=max(order.days, default=None), scope=order.scope()
        )


class _Order:
    """Writes one message. `days`: when its payments are due."""

    def __init__(self, builder: TextBuilder, message: Element) -> None:
        self.builder = builder
        self.writer = Writer(builder)
        self.message = message
        self.kind = _KINDS[message.name]
        self.days: list[date] = []

    def write(self) -> None:
        self._heading()
        written = self._payments(self.message, "", None)
        for number, batch in enumerate(self.message.each("PmtInf"), 1):
            self._batch(batch, f"PmtInf[{number}]")
            written += self._payments(batch, f"PmtInf[{number}]/", batch)
        if not written:
            line = self.message.line
            raise QuarantineError(f"Line {line}: the message holds no {self.kind.payment} (no payment).")

    def scope(self) -> str | None:
        """The one account that orders, or None."""
        accounts = (
            account_of(batch.find(self.kind.own))[0] if self.kind.own else ""
            for batch in self.message.each("PmtInf")
        )
        found = set(accounts) - {""}
        return found.pop() if len(found) == 1 else None

    def _heading(self) -> None:
        writer = self.writer
        header = self.message.find("GrpHdr")
        writer.enter("GrpHdr", self.kind.title)
        writer.write(f"{self.kind.title}, message")
        if header is not None:
            writer.labelled(" ", header.text_at("MsgId"), "ID", "MsgId")
            if created := day_at(header, "GrpHdr", "CreDtTm", "CreDt"):
                writer.write(f", created on {created}")
            self._totals(header, "payments")
            settled = day_at(header, "GrpHdr", "IntrBkSttlmDt")
            writer.write(f", settled on {settled}" if settled else "")
            write_parties(writer, header)
            write_agents(writer, header)
        writer.end()

    def _totals(self, element: Element, word: str) -> None:
        """Number of payments and sum, as the message states them."""
        self.writer.labelled(f", number of {word} ", element.text_at("NbOfTxs"), "KEEP", "NbOfTxs")
        self.writer.labelled(", control sum ", element.text_at("CtrlSum"), "KEEP", "CtrlSum")

    def _batch(self, batch: Element, where: str) -> None:
        """What holds for the whole batch. Its parties stand in every payment, where they are asked for."""
        writer = self.writer
        writer.enter(where, self.kind.title)
        writer.labelled("Batch ", batch.text_at("PmtInfId") or "without id", "ID", "PmtInfId")
        writer.labelled(", method ", batch.text_at("PmtMtd"), "KEEP", "PmtMtd")
        self._type(batch)
        self._totals(batch, "payments")
        if due := self._due(batch, where):
            writer.write(f", due on {due}")
        write_agents(writer, batch)
        for scheme in _creditor_schemes(batch):
            writer.labelled(", creditor scheme id ", scheme, "ID", "CdtrSchmeId")
        self._bearer(batch)
        writer.end()

    def _payments(self, held: Element, above: str, batch: Element | None) -> int:
        """Every payment of a batch or message; how many there were."""
        number = 0
        for number, payment in enumerate(held.each(self.kind.payment), 1):
            self._payment(payment, f"{above}{self.kind.payment}[{number}]", batch)
        return number

    def _payment(self, payment: Element, where: str, batch: Element | None) -> None:
        writer = self.writer
        writer.enter(where, self.kind.title)
        header = self.message.find("GrpHdr")
        due = self._due(payment, where)
        for other in (batch, header):
            due = due or ("" if other is None else self._due(other, where))
        writer.write(f"{due}: {self.kind.word} of " if due else f"{self.kind.word.capitalize()} of ")
        amount = required_amount(
            payment, where, "Amt/InstdAmt", "Amt/EqvtAmt/Amt", "IntrBkSttlmAmt", "InstdAmt"
        )
        writer.labelled("", amount, "KEEP", "Amt")
        if (instructed := amount_at(payment, where, "InstdAmt")) and instructed != amount:
            writer.labelled(", instructed ", instructed, "KEEP", "InstdAmt")
        if batch is not None:
            write_parties(writer, batch)
        write_parties(writer, payment)
        write_agents(writer, payment)
        write_references(writer, payment, "PmtId")
        self._mandate(payment, where)
        self._type(payment)
        self._bearer(payment)
        write_remittance(writer, payment)
        writer.end()

    def _mandate(self, payment: Element, where: str) -> None:
        writer = self.writer
        writer.labelled(", mandate ", payment.text_at(f"{_MANDATE}/MndtId"), "ID", f"{_MANDATE}/MndtId")
        if signed := day_at(payment, where, f"{_MANDATE}/DtOfSgntr"):
            writer.write(f" signed on {signed}")
        for scheme in _creditor_schemes(payment.find("DrctDbtTx")):
            writer.labelled(", creditor scheme id ", scheme, "ID", "CdtrSchmeId")

    def _type(self, element: Element) -> None:
        for path, word in (
            ("SvcLvl/Cd", "service"),
            ("LclInstrm/Cd", "instrument"),
            ("SeqTp", "sequence"),
            ("CtgyPurp/Cd", "category"),
        ):
            path = f"PmtTpInf/{path}"
            self.writer.labelled(f", {word} ", element.text_at(path), "KEEP", path)

    def _bearer(self, element: Element) -> None:
        if code := element.text_at("ChrgBr"):
            self.writer.labelled(", charges ", _CHARGES.get(code, code), "KEEP", "ChrgBr")

    def _due(self, element: Element, where: str) -> str:
        """Requested execution or collection, or settlement; a choice of date and time in later versions."""
        names = ("ReqdExctnDt", "ReqdColltnDt", "IntrBkSttlmDt")
        paths = [path for name in names for path in (name, f"{name}/Dt", f"{name}/DtTm")]
        if day := day_at(element, where, *paths):
            self.days.append(date.fromisoformat(day))
        return day


def _creditor_schemes(element: Element | None) -> Iterator[str]:
    if element is not None:
        for path in ("CdtrSchmeId/Id/PrvtId/Othr/Id", "CdtrSchmeId/Id/OrgId/Othr/Id"):
            if text := element.text_at(path):
                yield text
