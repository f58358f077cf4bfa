"""E-mail addresses.

Format: local part, `@`, host name; the host need not end in a public suffix, so that addresses inside
a hospital or bank (`jane@ward3.local`) count. Reference: RFC 5322, 3.4.1; RFC 6531. Checksum: none.
"""

import re

from ragslm.privacy.recogniser import Rule, RuleRecogniser

_ATOM = r"[\w!#$%&'*+/=?^`{|}~\-]{1,64}"
_MASK = r"\[[A-Z][A-Z_]{1,39}\]"
"""What another finding left of a part of it."""
_ADDRESS = re.compile(
    rf"(?<![\w+\-@])(?<![\w+\-@]\.)(?:{_ATOM}|{_MASK})(?:\.{{1,3}}{_ATOM}|\.{{0,3}}{_MASK}|(?<=\]){_ATOM}){{0,31}}"
    r"@(?:\w[\w\-]{0,62}\.){0,8}\w[\w\-]{0,62}"
)


def recogniser() -> RuleRecogniser:
    """The recogniser of e-mail addresses."""
    return RuleRecogniser("EMAIL_ADDRESS", [Rule(pattern=_ADDRESS, score=1.0, needs=("@",))])
