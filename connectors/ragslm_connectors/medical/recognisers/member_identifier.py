"""Member, subscriber, group and policy numbers of health insurance.

Issuer: each payer. Format: no common shape, so in context only. Reference: 45 CFR 164.514(b)(2)(i)(I).
Checksum: none.
"""

import re

from ragslm.privacy.recogniser import Rule, RuleRecogniser

_NUMBER = re.compile(
    r"\b(?:member|subscriber|beneficiary|insurance|policy|group|claim|prior auth(?:orization)?)[ ](?:id"
    r"|number|no\.?|identifier|#)"
    r"[ ]*(?:is|was|:|=|#)?[ ]*#?[ ]*(?P<value>[A-Z]{0,5}[\-]?\d[A-Z0-9]{3,15}(?:-\d{1,6}){0,3})(?!\w)",
    re.IGNORECASE,
)


def recogniser() -> RuleRecogniser:
    """The recogniser of member numbers."""
    return RuleRecogniser("MEMBER_ID", [Rule(pattern=_NUMBER, score=0.85, digits=1)])
