"""National Insurance numbers of the United Kingdom.

Issuer: HM Revenue & Customs. Format: two letters, six digits in pairs, a letter A to D. Reference: HMRC
National Insurance Manual, NIM39110: letters D F I Q U V begin none, O stands in no second place, and
BG GB KN NK NT TN ZZ are not given out. Checksum: none.
"""

import re

from ragslm.privacy.recogniser import Rule, RuleRecogniser, words

_NUMBER = re.compile(
    r"[A-CEGHJ-PR-TW-Z](?<![^\W_].)(?<!-.)[A-CEGHJ-NPR-TW-Z](?<!BG|GB|KN|NK|NT|TN|ZZ)(?:[ \-]?\d{2}){3}"
    r"[ \-]?[A-D](?![^\W_]|-)"
)
_LOWER = re.compile(_NUMBER.pattern, re.IGNORECASE)
_WORDS = words("nino?", "national insurance(?: number| no\\.?)?", "ni (?:number|no\\.?)")


def recogniser() -> RuleRecogniser:
    """The recogniser of National Insurance numbers."""
    return RuleRecogniser(
        "UK_NINO",
        [
            Rule(pattern=_NUMBER, score=0.7, digits=6),
            Rule(
                pattern=_LOWER,
                score=0.9,
                before=_WORDS,
                needs=("nin", "insurance", "ni n"),
                digits=6,
                reach=32,
            ),
        ],
    )
