"""Parties of ISO 20022 messages: who pays, who is paid, their accounts and banks.

Field policy: see `camt`. Source: ISO 20022 components PartyIdentification, CashAccount,
BranchAndFinancialInstitutionIdentification, https://www.iso20022.org/standardsrepository
"""

from collections.abc import Iterator

from ragslm_connectors._formats._element import Element
from ragslm_connectors.banking._account import entity_of
from ragslm_connectors.banking._writer import Writer

PARTIES = (
    ("Dbtr", "from"),
    ("UltmtDbtr", "ultimately from"),
    ("Cdtr", "to"),
    ("UltmtCdtr", "ultimately to"),
    ("InitgPty", "initiated by"),
)
_AGENTS = {
    "InstgAgt": "sent by bank",
    "DbtrAgt": "debtor's bank",
    "IntrmyAgt1": "through bank",
    "CdtrAgt": "creditor's bank",
    "InstdAgt": "sent to bank",
}
_ADDRESS = (
    "Dept SubDept StrtNm BldgNb BldgNm Flr Room PstBx PstCd TwnNm TwnLctnNm DstrctNm CtrySubDvsn Ctry".split()
)
_CONTACTS = (("PhneNb", "PHONE_NUMBER"), ("MobNb", "PHONE_NUMBER"), ("EmailAdr", "EMAIL_ADDRESS"))
_BIRTH = "Id/PrvtId/DtAndPlcOfBirth"


def write_parties(writer: Writer, element: Element, above: str = "") -> None:
    """Every party below `element`, each with its account."""
    for tag, word in PARTIES:
        for party in element.find_all(tag):
            write_party(writer, party, f"{above}{tag}", word)
        for account in element.find_all(f"{tag}Acct"):
            write_account(writer, account, f"{above}{tag}Acct")


def write_party(writer: Writer, party: Element, leaf: str, word: str) -> None:
    """Name, address and numbers of a party, written directly or inside `Pty` (camt from version 8)."""
    inner = party.find("Pty")
    who = party if inner is None else inner
    writer.labelled(f", {word} ", who.text_at("Nm"), "PERSON", f"{leaf}/Nm")
    for address in who.find_all("PstlAdr"):
        writer.labelled(", address ", address_of(address), "LOCATION", f"{leaf}/PstlAdr")
    _write_birth(writer, who, leaf)
    for kind in ("PrvtId", "OrgId"):
        for number in who.find_all(f"Id/{kind}/Othr/Id"):
            writer.labelled(", id ", number.words, "ID", f"{leaf}/Id/{kind}")
    writer.labelled(", contact ", who.text_at("CtctDtls/Nm"), "PERSON", f"{leaf}/CtctDtls/Nm")
    for name, entity in _CONTACTS:
        writer.labelled(", contact ", who.text_at(f"CtctDtls/{name}"), entity, f"{leaf}/CtctDtls/{name}")
    institution = who.find("Agt/FinInstnId")
    if institution is not None:
        write_institution(writer, institution, f"{leaf}/Agt")


def write_account(writer: Writer, account: Element, leaf: str) -> None:
    """Number of an account."""
    number, entity = account_of(account)
    writer.labelled(", account ", number, entity, f"{leaf}/Id")


def write_agents(writer: Writer, element: Element) -> None:
    """The banks below `element`, each as what it takes part."""
    for tag, word in _AGENTS.items():
        for institution in element.find_all(f"{tag}/FinInstnId"):
            write_institution(writer, institution, tag, word)


def write_institution(writer: Writer, institution: Element, leaf: str, word: str = "bank") -> None:
    """Name, BIC and clearing number of a bank: knowledge."""
    for path in ("Nm", "BICFI", "BIC", "ClrSysMmbId/MmbId"):
        writer.labelled(f", {word} ", institution.text_at(path), "KEEP", f"{leaf}/FinInstnId/{path}")


def account_of(account: Element | None) -> tuple[str, str]:
    """Number and entity; empty where there is no account."""
    if account is None:
        return "", "ACCOUNT"
    number = account.text_at("Id/IBAN", "Id/Othr/Id", "Id/PrtryAcct/Id", "Id/BBAN")
    return number, entity_of(number)


def address_of(address: Element) -> str:
    """An address in one line."""
    return ", ".join(_address_parts(address))


def _address_parts(address: Element) -> Iterator[str]:
    for line in address.find_all("AdrLine"):
        if text := line.words:
            yield text
    for name in _ADDRESS:
        if text := address.text_at(name):
            yield text


def _write_birth(writer: Writer, who: Element, leaf: str) -> None:
    birth = who.find(_BIRTH)
    if birth is not None:
        writer.labelled(", born ", birth.text_at("BirthDt"), "DATE_OF_BIRTH", f"{leaf}/{_BIRTH}")
        places = (birth.text_at(name) for name in ("CityOfBirth", "PrvcOfBirth", "CtryOfBirth"))
        writer.labelled(" in ", ", ".join(filter(None, places)), "LOCATION", f"{leaf}/{_BIRTH}")
