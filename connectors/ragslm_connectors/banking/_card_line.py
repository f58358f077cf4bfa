"""A payment card's line as tills, forms and dumps write it: number, expiry and verification code in a row.

The number must be one by its first digit and check digit, so that what follows may be written in any way:
`12/26`, `12|26`, `1226`, before the code or behind it. Reference: ISO/IEC 7812-1 (numbers, Luhn); PCI DSS
4.0.1, 3.3.
"""

import re
from collections.abc import Iterator, Sequence

from ragslm.privacy.checksums import luhn
from ragslm.privacy.recogniser import Rule, RuleRecogniser, most_digits

EXPIRY, CODE = "expiry", "code"
_NUMBER = (
    r"(?<![\d.,])(?P<number>[2-6]\d{11,18}|[2-6]\d{3}(?:[ \-]\d{4}){3}(?:[ \-]\d{1,3})??"
    r"|3\d{3}[ \-]\d{6}[ \-]\d{4,5})"
)
_DIGITS = 12
"""Of the shortest number."""
_BETWEEN = r"[\s,;|/]{1,3}"
_EXPIRY = (
    r"(?:exp\w*\.?[ :]{0,2})?(?P<expiry>(?:0[1-9]|1[0-2])(?:[ ]?[\s,;|/.\-]?[ ]?)(?:20)?\d\d)(?!\w|[./\-]\d)"
)
_CODE = r"(?P<code>\d{3,4})(?!\w|\.\d)"
_LINES = (
    re.compile(rf"{_NUMBER}{_BETWEEN}{_EXPIRY}(?:{_BETWEEN}{_CODE})?", re.IGNORECASE),
    re.compile(rf"{_NUMBER}{_BETWEEN}{_CODE}{_BETWEEN}{_EXPIRY}", re.IGNORECASE),
)


class CardLineRecogniser(RuleRecogniser):
    """Finds one entity type by rules, and as one piece of every card's line.

    Args:
        piece: `EXPIRY` or `CODE`.
    """

    def __init__(self, entity: str, rules: Sequence[Rule], *, piece: str) -> None:
        super().__init__(entity, rules)
        self._piece = piece

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Findings of every rule, then of the lines."""
        yield from super().find(text)
        for line in _LINES if most_digits(text) >= _DIGITS else ():
            for found in line.finditer(text):
                if found[self._piece] and luhn(re.sub(r"\D", "", found["number"])):
                    yield (*found.span(self._piece), 1.0)
