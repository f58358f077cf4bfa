"""Postal codes next to an address word or a state.

Issuer: postal services. Format: five digits or ZIP+4 after a state or `zip`; Canadian `A1A 1A1`; British
outward and inward code after `postcode`. Reference: USPS Publication 28, 213. Checksum: none.
"""

import re

from ragslm.privacy.recogniser import Rule, RuleRecogniser, words

_STATE = (
    r"(?:A[AEKLPRSZ]|C[AOT]|D[CE]|FL|G[AU]|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|P[AR]|RI|S[CD]"
    r"|T[NX]|UT|V[AIT]|W[AIVY])"
)
_AFTER_STATE = re.compile(rf",[ ]?{_STATE}\.?,?[ ]{{1,2}}(?P<value>\d{{5}}(?:-\d{{4}})?)(?![\w,]|\.\d)")
_AFTER_WORD = re.compile(
    r"\b(?:zip|post(?:al)?)[ \-]?(?:code)?s?(?:[ ]+(?:is|was|now|to|of|number))*[ ]*[:=]?[ ]*"
    r"(?P<value>\d{3,5}(?:-\d{3,4})?|\d{2}-\d{3}|\d{3} \d{2}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}"
    r"|[A-Z]\d[A-Z] ?\d[A-Z]\d)(?!\w)",
    re.IGNORECASE,
)
_CANADIAN = re.compile(r"(?<![\w\-])[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] \d[ABCEGHJ-NPRSTV-Z]\d(?![\w\-])")
_DIGITS = re.compile(r"(?<![\w\-$.,])\d{3,5}(?![\w\-%]|[.,]\d)")


def recogniser() -> RuleRecogniser:
    """The recogniser of postal codes."""
    near = words("zip(?:code)?", "zip code", "post(?:al)? ?code")
    return RuleRecogniser(
        "ZIP_CODE",
        [
            Rule(pattern=_AFTER_STATE, score=0.6, digits=5),
            Rule(pattern=_AFTER_WORD, score=0.8, needs=("zip", "post"), digits=1),
            Rule(pattern=_CANADIAN, score=0.5, digits=1),
            Rule(pattern=_DIGITS, score=0.6, around=near, needs=("zip", "post"), digits=3, reach=20),
        ],
    )
