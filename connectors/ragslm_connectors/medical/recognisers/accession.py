"""Accession, order, specimen, prescription and referral numbers.

Issuer: each laboratory. Format: no common shape, so in context only. Reference: 45 CFR
164.514(b)(2)(i)(R); DICOM (0008,0050); HL7 OBR-3. Checksum: none.
"""

import re

from ragslm.privacy.recogniser import Rule, RuleRecogniser

_NUMBER = re.compile(
    r"\b(?:(?:accession|specimen|requisition|encounter|visit|filler order|placer order)[ ]?(?:id|number"
    r"|no\.?|#)?|(?:referral|prescription|rx)[ ]?(?:id|number|no\.?|#))[ ]*(?:is|was|:|=|#)?[ ]*#?[ ]*"
    r"(?P<value>[A-Z]{0,4}\d{0,4}[\-]?\d{4,14}(?:-\d{1,8}){0,2})(?!\w)",
    re.IGNORECASE,
)


def recogniser() -> RuleRecogniser:
    """The recogniser of accession numbers. SEC filings (10-2-6 digits) are public and stay."""
    return RuleRecogniser(
        "ACCESSION",
        [
            Rule(
                pattern=_NUMBER,
                score=0.8,
                valid=lambda v: not re.fullmatch(r"\d{10}-\d\d-\d{6}", v),
                digits=4,
            )
        ],
    )
