"""References and remittance information of ISO 20022 messages: what a payment is for.

Field policy: see `camt`. Source: ISO 20022 components TransactionReferences, PaymentIdentification,
RemittanceInformation, https://www.iso20022.org/standardsrepository
"""

from ragslm_connectors._formats._element import Element
from ragslm_connectors.banking._writer import Writer

# Chosen by a party: it may hold a customer's number.
_CHOSEN = (
    ("EndToEndId", "end-to-end id"),
    ("MndtId", "mandate"),
    ("InstrId", "instruction id"),
    ("PmtInfId", "payment information id"),
    ("ChqNb", "cheque number"),
)
# Given by banks.
_GIVEN = (("TxId", "transaction id"), ("UETR", "UETR"), ("ClrSysRef", "clearing reference"))
_STRUCTURED = (
    ("CdtrRefInf/Ref", "creditor reference"),
    ("CdtrRefInf/CdtrRef", "creditor reference"),
    ("RfrdDocInf/Nb", "document number"),
    ("RfrdDocInf/RfrdDocNb", "document number"),
)


def write_references(writer: Writer, element: Element, above: str) -> None:
    """The references below `above`, such as `Refs` or `PmtId`."""
    for name, word in _CHOSEN:
        writer.labelled(f", {word} ", element.text_at(f"{above}/{name}"), "ID", f"{above}/{name}")
    for name, word in _GIVEN:
        writer.labelled(f", {word} ", element.text_at(f"{above}/{name}"), "KEEP", f"{above}/{name}")


def write_remittance(writer: Writer, element: Element) -> None:
    """Creditor reference, numbers of documents, and the free text."""
    for path, word in _STRUCTURED:
        for reference in element.find_all(f"RmtInf/Strd/{path}"):
            writer.labelled(f", {word} ", reference.words, "ID", f"RmtInf/Strd/{path}")
    writer.free(", remittance: ", element.words_of("RmtInf/Ustrd"))
    writer.free(", ", element.words_of("RmtInf/Strd/AddtlRmtInf"))
    writer.labelled(", purpose ", element.text_at("Purp/Cd"), "KEEP", "Purp/Cd")
    writer.free(", purpose ", element.text_at("Purp/Prtry"))
