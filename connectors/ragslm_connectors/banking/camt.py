"""ISO 20022 cash management: account report (camt.052), statement (053), notification (054), any version.

Field policy: names of parties are `PERSON` (a sole trader's firm is a person's name, and the format
does not tell them apart), postal addresses `LOCATION`, IBANs `IBAN_CODE`, other account numbers
`ACCOUNT`, birth dates `DATE_OF_BIRTH`, other personal numbers `ID`. References that a party chose
(end-to-end, mandate, creditor reference) may hold customer numbers and are `ID`; the bank's own
references, BICs and bank names are knowledge and are kept. Remittance text is free: recognisers scrub it.

Source: ISO 20022 message definitions, https://www.iso20022.org/catalogue-messages
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from ragslm.errors import QuarantineError
from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors._formats._builder import TextBuilder
from ragslm_connectors._formats._limits import MAX_CHARS, content_of
from ragslm_connectors._formats._xml import find, find_all, local, parse_xml, text_at

_NAMESPACE = re.compile(rb"urn:iso:std:iso:20022:tech:xsd:camt\.05[234]\.")
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
_PARTIES = (
    ("Dbtr", "from"),
    ("UltmtDbtr", "ultimately from"),
    ("Cdtr", "to"),
    ("UltmtCdtr", "ultimately to"),
    ("InitgPty", "initiated by"),
)
_ADDRESS = "StrtNm BldgNb PstBx PstCd TwnNm CtrySubDvsn Ctry".split()
_REFERENCES = (("EndToEndId", "end-to-end id"), ("MndtId", "mandate"), ("InstrId", "instruction id"))
_NONE = frozenset({"", "NOTPROVIDED", "NOT PROVIDED"})


class CamtParser:
    """camt.052, camt.053 and camt.054 messages.

    The scope is the account, the effective date that of the last statement.

    Attributes:
        max_chars: longest text accepted, in characters.
    """

    name = "camt"
    media_type = "application/xml"
    max_chars = MAX_CHARS

    def claims(self, head: bytes, suffix: str) -> bool:
        """XML that names a camt.052, .053 or .054 namespace."""
        return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and _NAMESPACE.search(head) is not None

    def parse(self, document: SourceDocument) -> ParsedDocument:
        """A section for each statement: balances and entries, a row for each.

        Raises:
            QuarantineError: empty, not well-formed, with a document type, or without statements;
                names the line.
        """
        root = parse_xml(content_of(document, self.max_chars))
        statements = [child for message in root for child in message if local(child) in _KINDS]
        if not statements:
            line = root.sourceline
            raise QuarantineError(f"Line {line}: the message holds no statement, report or notification.")
        builder = TextBuilder(self.max_chars)
        for statement in statements:
            _Statement(builder, statement).write()
        accounts = {_account(statement)[0] for statement in statements} - {""}
        return builder.build(
            title=_KINDS[local(statements[0])],
            effective_date=max(filter(None, map(_date_of, statements)), default=None),
            scope=accounts.pop() if len(accounts) == 1 else None,
        )


class _Statement:
    """Writes one statement."""

    def __init__(self, builder: TextBuilder, element: Any) -> None:
        self.builder = builder
        self.element = element
        self.kind = local(element)

    def write(self) -> None:
        day = _date_of(self.element)
        self.builder.section(f"{_KINDS[self.kind]} › {day}" if day else _KINDS[self.kind])
        self._heading()
        for balance in find_all(self.element, "Bal"):
            self._balance(balance)
        for entry in find_all(self.element, "Ntry"):
            self._entry(entry)
        for path in (f"Addtl{self.kind}Inf",):
            if text := text_at(self.element, path):
                self.builder.block("paragraph", f"Additional information: {text}.")
        self.builder.close()

    def _heading(self) -> None:
        write = self.builder.write
        self.builder.block("paragraph", _KINDS[self.kind])
        account, entity = _account(self.element)
        if account:
            write(" of account ")
            write(account, entity, "Acct/Id")
        if owner := text_at(self.element, "Acct/Ownr/Nm"):
            write(" of ")
            write(owner, "PERSON", "Acct/Ownr/Nm")
        for address in find_all(self.element, "Acct/Ownr/PstlAdr"):
            self._labelled(", address ", _address(address), "LOCATION", "Acct/Ownr/PstlAdr")
        servicer = find(self.element, "Acct/Svcr/FinInstnId")
        if servicer is not None:
            self._labelled(" at ", text_at(servicer, "Nm"), "KEEP", "Acct/Svcr/FinInstnId/Nm")
            self._labelled(", BIC ", text_at(servicer, "BICFI", "BIC"), "KEEP", "Acct/Svcr/FinInstnId/BIC")
        self._labelled(", currency ", text_at(self.element, "Acct/Ccy"), "KEEP", "Acct/Ccy")
        first, last = (_day(text_at(self.element, f"FrToDt/{n}")) for n in ("FrDtTm", "ToDtTm"))
        if first and last:
            write(f", period {first} to {last}")
        if created := _day(text_at(self.element, "CreDtTm")):
            write(f", created on {created}")
        write(".")

    def _balance(self, balance: Any) -> None:
        code = text_at(balance, "Tp/CdOrPrtry/Cd", "Tp/CdOrPrtry/Prtry")
        minus = "-" if text_at(balance, "CdtDbtInd") == "DBIT" else ""
        day = _day(text_at(balance, "Dt/Dt", "Dt/DtTm"))
        self.builder.block("row", f"{_BALANCES.get(code, code or 'Balance')}: ")
        self.builder.write(minus + _amount(balance), "KEEP", "Bal/Amt")
        self.builder.write(f" on {day}." if day else ".")

    def _entry(self, entry: Any) -> None:
        self.builder.block("row")
        self._amount_line(entry, "Ntry")
        details = list(find_all(entry, "NtryDtls/TxDtls"))
        if len(details) == 1:
            self._details(details[0])
        self._labelled(", bank reference ", text_at(entry, "AcctSvcrRef"), "KEEP", "Ntry/AcctSvcrRef")
        if text := text_at(entry, "AddtlNtryInf"):
            self.builder.write(f", {text}")
        self.builder.write(".")
        for detail in details if len(details) > 1 else ():
            self.builder.block("row", "Part of the entry: ")
            self._amount_line(detail, "TxDtls")
            self._details(detail)
            self.builder.write(".")

    def _amount_line(self, element: Any, path: str) -> None:
        """`2014-12-31: credit of 8.85 EUR, value date 2015-01-02`."""
        if booked := _day(text_at(element, "BookgDt/Dt", "BookgDt/DtTm")):
            self.builder.write(f"{booked}: ")
        side = _SIDES.get(text_at(element, "CdtDbtInd"), "amount")
        reversal = "reversed " if text_at(element, "RvslInd") == "true" else ""
        self.builder.write(f"{reversal}{side} of ")
        self.builder.write(_amount(element), "KEEP", f"{path}/Amt")
        if state := _STATES.get(text_at(element, "Sts", "Sts/Cd")):
            self.builder.write(f" ({state})")
        if valued := _day(text_at(element, "ValDt/Dt", "ValDt/DtTm")):
            self.builder.write(f", value date {valued}")

    def _details(self, detail: Any) -> None:
        for tag, word in _PARTIES:
            for party in find_all(detail, f"RltdPties/{tag}"):
                self._party(party, tag, word)
            for account in find_all(detail, f"RltdPties/{tag}Acct"):
                number, entity = _account_id(account)
                self._labelled(", account ", number, entity, f"{tag}Acct/Id")
        for tag in ("DbtrAgt", "CdtrAgt"):
            bank = f"RltdAgts/{tag}/FinInstnId"
            for path in (f"{bank}/Nm", f"{bank}/BICFI", f"{bank}/BIC"):
                self._labelled(", bank ", text_at(detail, path), "KEEP", path)
        for tag, word in _REFERENCES:
            self._labelled(f", {word} ", text_at(detail, f"Refs/{tag}"), "ID", f"Refs/{tag}")
        for reference in find_all(detail, "RmtInf/Strd/CdtrRefInf/Ref"):
            self._labelled(", creditor reference ", _text(reference), "ID", "RmtInf/Strd/CdtrRefInf/Ref")
        if remittance := " ".join(map(_text, find_all(detail, "RmtInf/Ustrd"))):
            self.builder.write(f", remittance: {remittance.rstrip('.')}")
        if text := text_at(detail, "AddtlTxInf"):
            self.builder.write(f", {text.rstrip('.')}")

    def _party(self, party: Any, tag: str, word: str) -> None:
        """A party, written directly (to version 7) or inside `Pty` (from version 8)."""
        inner = find(party, "Pty")
        who = party if inner is None else inner
        self._labelled(f", {word} ", text_at(who, "Nm"), "PERSON", f"{tag}/Nm")
        for address in find_all(who, "PstlAdr"):
            self._labelled(", address ", _address(address), "LOCATION", f"{tag}/PstlAdr")
        self._labelled(
            ", born ", text_at(who, "Id/PrvtId/DtAndPlcOfBirth/BirthDt"), "DATE_OF_BIRTH", f"{tag}/Id"
        )
        birth = find(who, "Id/PrvtId/DtAndPlcOfBirth")
        if birth is not None:
            place = ", ".join(
                filter(None, (text_at(birth, n) for n in ("CityOfBirth", "PrvcOfBirth", "CtryOfBirth")))
            )
            self._labelled(" in ", place, "LOCATION", f"{tag}/Id")
        for kind in ("PrvtId", "OrgId"):
            for number in find_all(who, f"Id/{kind}/Othr/Id"):
                self._labelled(", id ", _text(number), "ID", f"{tag}/Id/{kind}")
        for path, entity in (
            ("PhneNb", "PHONE_NUMBER"),
            ("MobNb", "PHONE_NUMBER"),
            ("EmailAdr", "EMAIL_ADDRESS"),
        ):
            self._labelled(", contact ", text_at(who, f"CtctDtls/{path}"), entity, f"{tag}/CtctDtls/{path}")

    def _labelled(self, before: str, text: str, entity: str, path: str) -> None:
        if text.upper() not in _NONE:
            self.builder.write(before)
            self.builder.write(text, entity, path)


def _text(element: Any) -> str:
    return " ".join((element.text or "").split())


def _amount(element: Any) -> str:
    """Amount and currency as written; version 2 details keep it inside `AmtDtls`."""
    for path in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"):
        if (found := find(element, path)) is not None and _text(found):
            return f"{_text(found)} {found.get('Ccy', '')}".strip()
    return "unknown amount"


def _account(statement: Any) -> tuple[str, str]:
    found = find(statement, "Acct")
    return ("", "") if found is None else _account_id(found)


def _account_id(account: Any) -> tuple[str, str]:
    """Number and entity: an IBAN also where it stands in the field for other numbers."""
    if iban := text_at(account, "Id/IBAN"):
        return iban, "IBAN_CODE"
    number = text_at(account, "Id/Othr/Id")
    return number, "IBAN_CODE" if re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", number) else "ACCOUNT"


def _address(address: Any) -> str:
    return ", ".join(_address_parts(address))


def _address_parts(address: Any) -> Iterator[str]:
    for line in find_all(address, "AdrLine"):
        if text := _text(line):
            yield text
    for name in _ADDRESS:
        if text := text_at(address, name):
            yield text


def _day(text: str) -> str:
    """The date of an ISO date or date and time; empty if it is none."""
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return ""


def _date_of(statement: Any) -> date | None:
    """The date of the closing balance, else the period's end, else its creation."""
    for balance in find_all(statement, "Bal"):
        if text_at(balance, "Tp/CdOrPrtry/Cd") == "CLBD" and (
            day := _day(text_at(balance, "Dt/Dt", "Dt/DtTm"))
        ):
            return date.fromisoformat(day)
    for path in ("FrToDt/ToDtTm", "CreDtTm"):
        if day := _day(text_at(statement, path)):
            return date.fromisoformat(day)
    return None
