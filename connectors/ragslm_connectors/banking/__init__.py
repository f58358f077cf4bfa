"""The banking domain: account statements, regulations and the recognisers of banking identifiers."""

from ragslm_connectors._domain import PackageDomain

__all__ = ["DOMAIN"]

DOMAIN = PackageDomain(
    "banking", ("banking.camt:CamtParser", "banking.regml:RegmlParser"), has_recognisers=True
)
