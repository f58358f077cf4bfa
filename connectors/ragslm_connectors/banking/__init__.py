"""The banking domain: statements, payments, filings, regulations, and recognisers of banking identifiers."""

from ragslm_connectors._domain import PackageDomain

__all__ = ["DOMAIN"]

DOMAIN = PackageDomain(
    "banking",
    (
        "banking.payment_status:PaymentStatusParser",  # before what its message answers, which it names
        "banking.payments:PaymentParser",
        "banking.camt:CamtParser",
        "banking.regml:RegmlParser",
        "banking.inline_xbrl:InlineXbrlParser",
        "banking.ofx:OfxParser",
        "banking.mt940:Mt940Parser",
        "banking.statement_csv:StatementCsvParser",
    ),
    has_recognisers=True,
    kinds=(("statements", "banking.mapped_statements:source"),),
)
