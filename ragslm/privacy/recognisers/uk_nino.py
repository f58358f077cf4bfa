"""National Insurance numbers of the United Kingdom.

Issuer: HM Revenue & Customs. Format: two letters, six digits in pairs, a letter A to D. Reference: HMRC
National Insurance Manual, NIM39110: letters D F I Q U V begin none, O stands in no second place, and
BG GB KN NK NT TN ZZ are not given out. Checksum: none.
"""

import re

from ragslm.privacy.recogniser import Rule, RuleRecogniser, words

_NUMBER = re.compile(
    r"(?<![\w\-])(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][ \-]?\d{2}[ \-]?\d{2}[ \-]?\d{2}"
    r"[ \-]?[A-D](?![\w\-])"
)
_LOWER = re.compile(_NUMBER.pattern, re.IGNORECASE)
_WORDS = words("nino?", "national insurance(?: number| no\\.?)?", "ni (?:number|no\\.?)")


def recogniser() -> RuleRecogniser:
    """The recogniser of National Insurance numbers."""
    return RuleRecogniser(
        "UK_NINO",
        [Rule(pattern=_NUMBER, score=0.7), Rule(pattern=_LOWER, score=0.9, before=_WORDS, reach=32)],
    )
