"""Transactions, positions and balances of an OFX investment statement.

Field policy: see `ofx`. Securities, units and prices are knowledge.

Source: OFX 2.2 specification, chapter 13 (investments)
"""

from collections.abc import Callable, Mapping
from typing import Any

from ragslm_connectors.banking._ofx_tree import Element
from ragslm_connectors.banking._ofx_values import amount_of, day_of, number_of, shortened
from ragslm_connectors.banking._writer import Writer

_WORDS = {
    "BUY": "bought",
    "SELL": "sold",
    "INCOME": "income",
    "REINVEST": "reinvested",
    "TRANSFER": "transferred",
    "INVEXPENSE": "expense",
    "MARGININTEREST": "margin interest",
    "RETOFCAP": "return of capital",
    "SPLIT": "split",
    "JRNLFUND": "moved between subaccounts",
    "JRNLSEC": "moved between subaccounts",
    "CLOSUREOPT": "option closed",
}
_AMOUNTS = (("COMMISSION", "commission"), ("FEES", "fees"), ("TAXES", "taxes"), ("TOTAL", "total"))
_Transaction = Callable[[Writer, Element, str, str], None]


class Securities(dict[str, str]):
    """Names of securities by their unique id, from the file's own list."""

    def __init__(self, root: Element) -> None:
        super().__init__()
        listed = root.find("SECLISTMSGSRSV1", "SECLIST")
        for one in listed.children if listed else []:
            if information := one.find("SECINFO"):
                name, ticker = information.text("SECNAME"), information.text("TICKER")
                self[information.text("SECID", "UNIQUEID")] = f"{name} ({ticker})" if ticker else name


def write_investments(
    writer: Writer,
    statement: Element,
    where: str,
    above: tuple[str, ...],
    securities: Mapping[str, str],
    write_transaction: _Transaction,
) -> None:
    """A line for each transaction, position and balance.

    Raises:
        QuarantineError: a date or amount is missing or none; names line and element.
    """
    one = _Investments(writer, statement, where, above, securities)
    one.transactions(write_transaction)
    one.positions()
    one.balances()


class _Investments:
    """Writes what an investment statement holds."""

    def __init__(
        self,
        writer: Writer,
        statement: Element,
        where: str,
        above: tuple[str, ...],
        securities: Mapping[str, str],
    ) -> None:
        self.writer, self.statement, self.where = writer, statement, where
        self.above, self.securities = above, securities
        self.currency = statement.text("CURDEF")

    def transactions(self, write_transaction: _Transaction) -> None:
        listed = self.statement.find("INVTRANLIST")
        for number, one in enumerate((c for c in listed.children if c.children) if listed else (), 1):
            path = f"{self.where}/INVTRANLIST/{one.tag}[{number}]"
            self.writer.enter(path, *self.above)
            booked = one.find("STMTTRN")
            if booked is not None:
                write_transaction(self.writer, booked, f"{path}/STMTTRN", self.currency)
            else:
                self._trade(one, path)
            self.writer.end()

    def positions(self) -> None:
        listed = self.statement.find("INVPOSLIST")
        for number, one in enumerate((c for c in listed.children if c.children) if listed else (), 1):
            position = one.find("INVPOS") or one
            path = f"{self.where}/INVPOSLIST/{one.tag}[{number}]"
            self.writer.enter(path, *self.above)
            self.writer.write("Position: ")
            self._units(position, path)
            value = amount_of(position, path, self._currency(position), "MKTVAL")
            self.writer.labelled(", market value ", value, "KEEP", "MKTVAL")
            day = day_of(position, path, "DTPRICEASOF")
            self.writer.write(f" on {day}" if day else "")
            self.writer.free(", ", position.text("MEMO"))
            self.writer.end()

    def balances(self) -> None:
        held = self.statement.find("INVBAL")
        if held is None:
            return
        path = f"{self.where}/INVBAL"
        self.writer.enter(path, *self.above)
        self.writer.write("Balances of the investment account")
        for name, word in (
            ("AVAILCASH", "available cash"),
            ("MARGINBALANCE", "margin"),
            ("SHORTBALANCE", "short"),
        ):
            self.writer.labelled(f", {word} ", amount_of(held, path, self.currency, name), "KEEP", name)
        self.writer.end()
        for number, one in enumerate(held.all("BALLIST")[0].all("BAL") if held.all("BALLIST") else [], 1):
            self._balance(one, f"{path}/BALLIST/BAL[{number}]")

    def _balance(self, one: Element, path: str) -> None:
        self.writer.line("record")
        self.writer.element = path
        self.writer.labelled("", one.text("NAME") or "Balance", "KEEP", "NAME")
        unit = "" if one.text("BALTYPE") == "PERCENT" else self._currency(one)
        self.writer.labelled(": ", amount_of(one, path, unit, "VALUE", required=True), "KEEP", "VALUE")
        self.writer.write(" percent" if one.text("BALTYPE") == "PERCENT" else "")
        self.writer.labelled(", ", one.text("DESC"), "KEEP", "DESC")
        self.writer.end()

    def _trade(self, one: Element, path: str) -> None:
        inner = next((c for c in one.children if c.tag in ("INVBUY", "INVSELL")), one)
        day = day_of(inner, path, "INVTRAN", "DTTRADE", required=True)
        word = _WORDS.get(one.tag) or _WORDS.get(one.tag[:3]) or _WORDS.get(one.tag[:4]) or "transaction"
        self.writer.write(f"{day}: {word} ")
        self._units(inner, path)
        self.writer.labelled(", type ", one.text("INCOMETYPE"), "KEEP", "INCOMETYPE")
        currency = self._currency(inner)
        for name, said in _AMOUNTS:
            amount = amount_of(inner, path, currency, name)
            if amount and (name == "TOTAL" or amount.strip(f"0. {currency}")):
                self.writer.labelled(f", {said} ", amount, "KEEP", name)
        settled = day_of(inner, path, "INVTRAN", "DTSETTLE")
        self.writer.write(f", settled on {settled}" if settled else "")
        self.writer.free(", ", inner.text("INVTRAN", "MEMO"))
        self.writer.labelled(", transaction id ", inner.text("INVTRAN", "FITID"), "ID", "INVTRAN/FITID")

    def _units(self, element: Element, path: str) -> None:
        """`100 units of INTEL CORP (INTC), CUSIP 458140100, at 25.635 USD`."""
        number = element.text("SECID", "UNIQUEID")
        units = number_of(element, path, "UNITS").lstrip("-")  # the word says which way
        self.writer.labelled("", f"{shortened(units)} units of " if units else "", "KEEP", "UNITS")
        kind = element.text("SECID", "UNIQUEIDTYPE") or "security"
        self.writer.labelled("", self.securities.get(number, ""), "KEEP", "SECID")
        joint = ", " if self.securities.get(number) else ""
        self.writer.labelled(f"{joint}{kind} ", number, "KEEP", "SECID/UNIQUEID")
        price = amount_of(element, path, self._currency(element), "UNITPRICE")
        self.writer.labelled(", at ", price, "KEEP", "UNITPRICE")

    def _currency(self, element: Any) -> str:
        return element.text("CURRENCY", "CURSYM") or self.currency
