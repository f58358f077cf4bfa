"""Telephone and fax numbers.

Issuer: national numbering plans. Format: E.164 with `+`, North American 3-3-4, trunk prefix `0` and
groups, or any grouped number next to a word about telephones. Reference: ITU-T E.164; NANPA. Checksum:
none, so bare groups of digits count only in context: tables of figures look the same.
"""

import re

from ragslm.privacy.checksums import digits
from ragslm.privacy.recogniser import Rule, RuleRecogniser, words

_EXTENSION = r"(?:,?[ ]?(?:x|[Ee]xt\.?|[Ee]xtension):?[ ]?\d{1,6})?"
_LEFT, _RIGHT = r"(?<!\d,)(?<![^\W_]|[.$€£#/\-])", r"(?![^\W_]|%|[.,\-/]\d)"
_E164 = re.compile(
    rf"(?<![^\W_]|\+)\+\d{{1,3}}[ .\-]?(?:\(0?\d{{0,4}}\)[ .\-]?)?\d{{1,12}}"
    rf"(?:[ .\-]\d{{1,5}}){{0,5}}{_EXTENSION}{_RIGHT}"
)
_AMERICAN = re.compile(
    rf"{_LEFT}(?:(?:001|1)[ .\-])?(?:\(\d{{3}}\)[ ]?|\d{{3}}[.\-]|\d{{3}}[ ]"
    rf"(?=\d{{3}}-))\d{{3}}[.\- ]\d{{4}}{_EXTENSION}{_RIGHT}"
)
_TRUNK = re.compile(rf"{_LEFT}\(?0\d{{1,5}}\)?(?:[ .\-]\d{{2,8}}){{1,5}}{_RIGHT}")
_LOOSE = re.compile(rf"{_LEFT}(?:\(\d{{2,4}}\)[ ]?)?\d{{2,11}}(?:[ .\-]\d{{2,6}}){{0,4}}{_EXTENSION}{_RIGHT}")
_WORDS = words(
    "tel",
    "telephone",
    "telefon",
    "phone",
    "phones?",
    "mobile",
    "cell(?:ular)?",
    "fax",
    "facsimile",
    "call(?:ed)?",
    "dial",
    "ring",
    "text",
    "sms",
    "pager",
    "whatsapp",
    "desk",
    "office",
    "reach",
    "home phone",
    "hotline",
)
_FAR = words("phone", "telephone", "mobile", "fax", "call", "tel", "registered", "cell", "contact", "number")
_DRUG = re.compile(r"\d{4}-\d{4}-\d{2}|\d{5}-\d{3,4}-\d{1,2}")
_LABEL = re.compile(r"^-(?:Fax|Mobile|Home|Work|Cell)\b", re.IGNORECASE)
_TABLE = re.compile(r"\d\s{2,}$|[|]\s*$")


def _long_enough(value: str) -> bool:
    return 7 <= len(digits(value.split("x")[0].split("ext")[0])) <= 15


def _dialled(value: str) -> bool:
    return _long_enough(value) and not re.fullmatch(r"(?:19|20)\d\d[ .\-]\d\d[ .\-]\d\d.*", value)


def _national(value: str) -> bool:
    """Nine to twelve digits behind one zero, not cut like a National Drug Code."""
    return 9 <= len(digits(value)) <= 12 and digits(value)[1] != "0" and not _DRUG.fullmatch(value)


def recogniser() -> RuleRecogniser:
    """The recogniser of telephone numbers."""
    return RuleRecogniser(
        "PHONE_NUMBER",
        [
            Rule(pattern=_E164, score=0.8, valid=_long_enough, digits=7),
            Rule(pattern=_AMERICAN, score=0.75, valid=_long_enough, digits=10),
            Rule(pattern=_TRUNK, score=0.6, valid=_national, unless=_TABLE, digits=9),
            Rule(pattern=_LOOSE, score=0.7, valid=_dialled, before=_WORDS, digits=7, reach=24),
            Rule(pattern=_LOOSE, score=0.7, valid=_dialled, around=_LABEL, digits=7, reach=8),
            Rule(pattern=_LOOSE, score=0.5, valid=_dialled, before=_FAR, digits=7, reach=36),
        ],
    )
