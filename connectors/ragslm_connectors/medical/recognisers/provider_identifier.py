"""National Provider Identifiers.

Issuer: CMS, NPPES. Format: ten digits beginning with 1 or 2. Reference: 45 CFR 162.406. Checksum: Luhn
with 80840 in front; one in ten random numbers passes, so a word must stand before it.
"""

import re

from ragslm.privacy.checksums import npi
from ragslm.privacy.recogniser import Rule, RuleRecogniser, words

_NUMBER = re.compile(r"(?<![^\W_]|[.\-])[12]\d{9}(?![^\W_]|[.\-]\d)")


def recogniser() -> RuleRecogniser:
    """The recogniser of NPIs."""
    near = words("npi", "national provider(?: identifier| id)?", "provider (?:id|number|identifier)")
    return RuleRecogniser("NPI", [Rule(pattern=_NUMBER, score=0.95, valid=npi, before=near, digits=10)])
