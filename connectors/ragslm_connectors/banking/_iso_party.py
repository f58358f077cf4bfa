"""Parties of ISO 20022 messages: who pays, who is paid, their accounts and banks.

Field policy: see `camt`. Source: ISO 20022 components PartyIdentification, CashAccount,
BranchAndFinancialInstitutionIdentification, https://www.iso20022.org/standardsrepository
"""

from collections.abc import Iterator
from typing import Any

from ragslm_connectors._formats._xml import find, find_all, text_at
from ragslm_connectors.banking._account import entity_of
from ragslm_connectors.banking._iso_values import words
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


def write_parties(writer: Writer, element: Any, above: str = "") -> None:
    """Every party below `element`, each with its account."""
    for tag, word in PARTIES:
        for party in find_all(element, tag):
            write_party(writer, party, f"{above}{tag}", word)
        for account in find_all(element, f"{tag}Acct"):
            write_account(writer, account, f"{above}{tag}Acct")


def write_party(writer: Writer, party: Any, leaf: str, word: str) -> None:
    """Name, address and numbers of a party, written directly or inside `Pty` (camt from version 8)."""
    inner = find(party, "Pty")
    who = party if inner is None else inner
    writer.labelled(f", {word} ", text_at(who, "Nm"), "PERSON", f"{leaf}/Nm")
    for address in find_all(who, "PstlAdr"):
        writer.labelled(", address ", address_of(address), "LOCATION", f"{leaf}/PstlAdr")
    _write_birth(writer, who, leaf)
    for kind in ("PrvtId", "OrgId"):
        for number in find_all(who, f"Id/{kind}/Othr/Id"):
            writer.labelled(", id ", words(number), "ID", f"{leaf}/Id/{kind}")
    writer.labelled(", contact ", text_at(who, "CtctDtls/Nm"), "PERSON", f"{leaf}/CtctDtls/Nm")
    for name, entity in _CONTACTS:
        writer.labelled(", contact ", text_at(who, f"CtctDtls/{name}"), entity, f"{leaf}/CtctDtls/{name}")
    institution = find(who, "Agt/FinInstnId")
    if institution is not None:
        write_institution(writer, institution, f"{leaf}/Agt")


def write_account(writer: Writer, account: Any, leaf: str) -> None:
    """Number of an account."""
    number, entity = account_of(account)
    writer.labelled(", account ", number, entity, f"{leaf}/Id")


def write_agents(writer: Writer, element: Any) -> None:
    """The banks below `element`, each as what it takes part."""
    for tag, word in _AGENTS.items():
        for institution in find_all(element, f"{tag}/FinInstnId"):
            write_institution(writer, institution, tag, word)


def write_institution(writer: Writer, institution: Any, leaf: str, word: str = "bank") -> None:
    """Name, BIC and clearing number of a bank: knowledge."""
    for path in ("Nm", "BICFI", "BIC", "ClrSysMmbId/MmbId"):
        writer.labelled(f", {word} ", text_at(institution, path), "KEEP", f"{leaf}/FinInstnId/{path}")


def account_of(account: Any) -> tuple[str, str]:
    """Number and entity; empty where there is no account."""
    if account is None:
        return "", "ACCOUNT"
    number = text_at(account, "Id/IBAN", "Id/Othr/Id", "Id/PrtryAcct/Id", "Id/BBAN")
    return number, entity_of(number)


def address_of(address: Any) -> str:
    """An address in one line."""
    return ", ".join(_address_parts(address))


def _address_parts(address: Any) -> Iterator[str]:
    for line in find_all(address, "AdrLine"):
        if text := words(line):
            yield text
    for name in _ADDRESS:
        if text := text_at(address, name):
            yield text


def _write_birth(writer: Writer, who: Any, leaf: str) -> None:
    birth = find(who, _BIRTH)
    if birth is not None:
        writer.labelled(", born ", text_at(birth, "BirthDt"), "DATE_OF_BIRTH", f"{leaf}/{_BIRTH}")
        places = (text_at(birth, name) for name in ("CityOfBirth", "PrvcOfBirth", "CtryOfBirth"))
        writer.labelled(" in ", ", ".join(filter(None, places)), "LOCATION", f"{leaf}/{_BIRTH}")
