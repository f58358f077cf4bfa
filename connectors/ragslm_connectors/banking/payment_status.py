"""ISO 20022 payment status report (pain.002), any version: what became of an order, and why.

Field policy: as `camt`. Ids of the original message, batch and payment are chosen by the party and are `ID`;
status and reason codes are knowledge; additional information is free text.

Source: ISO 20022 message definition pain.002, https://www.iso20022.org/catalogue-messages
"""

import re
from datetime import date

from ragslm.errors import QuarantineError
from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors._formats._builder import TextBuilder
from ragslm_connectors._formats._element import Element, elements_of
from ragslm_connectors._formats._limits import MAX_CHARS, content_of
from ragslm_connectors._formats._xml import is_xml, parse_xml
from ragslm_connectors.banking._iso_party import write_agents, write_parties
from ragslm_connectors.banking._iso_reference import write_remittance
from ragslm_connectors.banking._iso_values import amount_at, day_at
from ragslm_connectors.banking._writer import Writer

_NAMESPACE = re.compile(rb":xsd:\$?pain\.002\.")
_TITLE = "Payment status report"
_MESSAGES = ("CstmrPmtStsRpt", "pain.002.001.02")  # the first version is named by its number
_GROUPS = ("OrgnlGrpInfAndSts", "OrgnlGrpInf")
# Source: ISO 20022 external code set ExternalPaymentTransactionStatus1Code
_STATUSES = {
    "ACCC": "settled on the creditor's account",
    "ACCP": "accepted, customer profile checked",
    "ACSC": "settled",
    "ACSP": "accepted, settlement in process",
    "ACTC": "accepted, technically valid",
    "ACWC": "accepted with change",
    "CANC": "cancelled",
    "PART": "partially accepted",
    "PDNG": "pending",
    "RCVD": "received",
    "RJCT": "rejected",
}
# Source: ISO 20022 external code set ExternalStatusReason1Code
_REASONS = {
    "AC01": "incorrect account number",
    "AC04": "account closed",
    "AC06": "account blocked",
    "AG01": "transaction forbidden on this account",
    "AG02": "invalid bank operation code",
    "AM04": "insufficient funds",
    "AM05": "duplication",
    "BE05": "unrecognised initiating party",
    "DU01": "duplicate message id",
    "DU02": "duplicate payment information id",
    "DU03": "duplicate transaction",
    "DU04": "duplicate end-to-end id",
    "FF01": "invalid file format",
    "MD01": "no mandate",
    "MD07": "end customer deceased",
    "MS02": "refused by the customer, reason not given",
    "MS03": "refused by the bank, reason not given",
    "NARR": "told in words",
    "RC01": "bank identifier incorrect",
    "TM01": "cut-off time missed",
}


class PaymentStatusParser:
    """pain.002 messages, alone or inside an envelope.

    Each status is a section named by its element, such as `OrgnlPmtInfAndSts[1]/TxInfAndSts[2]`. The
    effective date is that of the report.

    Attributes:
        max_chars: longest text accepted, in characters.
    """

    name = "iso20022-status"
    media_type = "application/xml"
    max_chars = MAX_CHARS

    def claims(self, head: bytes, suffix: str) -> bool:
        """XML that names a pain.002 namespace."""
        return is_xml(head) and _NAMESPACE.search(head) is not None

    def parse(self, document: SourceDocument) -> ParsedDocument:
        """A section for the report, and one for each group, batch and payment it tells a status of.

        Raises:
            QuarantineError: empty, not well-formed, with a document type, without status, or with an amount
                or date that is none; names line and element.
        """
        root = parse_xml(content_of(document, self.max_chars))
        reports = elements_of(root, _MESSAGES)
        groups = [group for name in _GROUPS for group in reports[0].find_all(name)] if reports else []
        if not groups:
            raise QuarantineError(
                f"Line {root.sourceline}: the document holds no OrgnlGrpInfAndSts (no status)."
            )
        writer = Writer(TextBuilder(self.max_chars))
        report = reports[0]
        created = _write_header(writer, report)
        for number, group in enumerate(groups, 1):
            _write_group(writer, group, f"{group.name}[{number}]")
        _write_payments(writer, report, "")
        for number, batch in enumerate(report.each("OrgnlPmtInfAndSts"), 1):
            _write_batch(writer, batch, f"OrgnlPmtInfAndSts[{number}]")
        day = date.fromisoformat(created) if created else None
        return writer.builder.build(title=_TITLE, effective_date=day)


def _write_header(writer: Writer, report: Element) -> str:
    """The report's own line; the day it was made."""
    header = report.find("GrpHdr")
    created = "" if header is None else day_at(header, "GrpHdr", "CreDtTm")
    writer.enter("GrpHdr", _TITLE)
    writer.write(_TITLE)
    if header is not None:
        writer.labelled(" ", header.text_at("MsgId"), "ID", "MsgId")
        writer.write(f", created on {created}" if created else "")
        write_parties(writer, header)
        bank = header.text_at("InitgPty/Id/OrgId/BICOrBEI", "InitgPty/Id/OrgId/AnyBIC")
        writer.labelled(", bank ", bank, "KEEP", "InitgPty/Id/OrgId/BICOrBEI")
        write_agents(writer, header)
    writer.end()
    return created


def _write_group(writer: Writer, group: Element, where: str) -> None:
    writer.enter(where, _TITLE)
    writer.write("Original message")
    writer.labelled(" ", group.text_at("OrgnlMsgId"), "ID", "OrgnlMsgId")
    writer.labelled(" of kind ", group.text_at("OrgnlMsgNmId"), "KEEP", "OrgnlMsgNmId")
    if created := day_at(group, where, "OrgnlCreDtTm"):
        writer.write(f", created on {created}")
    writer.labelled(", number of payments ", group.text_at("OrgnlNbOfTxs"), "KEEP", "OrgnlNbOfTxs")
    writer.labelled(", control sum ", group.text_at("OrgnlCtrlSum"), "KEEP", "OrgnlCtrlSum")
    _write_status(writer, group, "GrpSts")
    writer.end()


def _write_batch(writer: Writer, batch: Element, where: str) -> None:
    writer.enter(where, _TITLE)
    writer.write("Original batch")
    writer.labelled(" ", batch.text_at("OrgnlPmtInfId"), "ID", "OrgnlPmtInfId")
    _write_status(writer, batch, "PmtInfSts")
    writer.end()
    _write_payments(writer, batch, f"{where}/")


def _write_payments(writer: Writer, element: Element, above: str) -> None:
    for number, payment in enumerate(element.each("TxInfAndSts"), 1):
        where = f"{above}TxInfAndSts[{number}]"
        writer.enter(where, _TITLE)
        writer.write("Payment")
        original = payment.find("OrgnlTxRef")
        if original is not None:
            writer.labelled(" of ", amount_at(original, where), "KEEP", "OrgnlTxRef/Amt")
        for name, word in (("OrgnlInstrId", "instruction id"), ("OrgnlEndToEndId", "end-to-end id")):
            writer.labelled(f", {word} ", payment.text_at(name), "ID", name)
        writer.labelled(", UETR ", payment.text_at("OrgnlUETR"), "KEEP", "OrgnlUETR")
        _write_status(writer, payment, "TxSts")
        if original is not None:
            _write_original(writer, original, where)
        writer.end()


def _write_original(writer: Writer, original: Element, where: str) -> None:
    due = ("ReqdExctnDt", "ReqdExctnDt/Dt", "ReqdColltnDt", "IntrBkSttlmDt")
    if day := day_at(original, where, *due):
        writer.write(f", due on {day}")
    write_parties(writer, original, "OrgnlTxRef/")
    write_agents(writer, original)
    write_remittance(writer, original)


def _write_status(writer: Writer, element: Element, name: str) -> None:
    """`, status rejected (RJCT), reason duplicate message id (DU01): …`."""
    if code := element.text_at(name):
        writer.labelled(", status ", _spelled(code, _STATUSES), "KEEP", name)
    for information in element.find_all("StsRsnInf"):
        code = information.text_at("Rsn/Cd", "Rsn/Prtry")
        writer.labelled(", reason ", _spelled(code, _REASONS), "KEEP", "StsRsnInf/Rsn")
        writer.free(": ", information.words_of("AddtlInf"))


def _spelled(code: str, names: dict[str, str]) -> str:
    return f"{names[code]} ({code})" if code in names else code
