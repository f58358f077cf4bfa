"""International bank account numbers.

Issuer: banks, registry kept by SWIFT. Format: country, two check digits, national account number of a
length fixed per country; written in fours, with dots or dashes, in lower case, or glued to a word.
Reference: ISO 13616-1. Checksum: mod 97.
"""

import re
from collections.abc import Iterator

from ragslm.privacy.checksums import letters_and_digits, mod97
from ragslm.privacy.recogniser import RagslmRecogniser

_KINDS = {"n": "0-9", "a": "A-Z", "c": "0-9A-Z"}
# National account number by country: n digits, a letters, c both. Source: SWIFT IBAN registry, release 99.
_BBAN = {
    country: re.compile(re.sub(r"(\d+)([nac])", lambda m: f"[{_KINDS[m[2]]}]{{{m[1]}}}", shape))
    for country, _, shape in (
        entry.partition(":")
        for entry in """AD:8n12c AE:19n AL:8n16c AT:16n AZ:4a20c BA:16n BE:12n BG:4a6n8c BH:4a14c BI:23n
    BR:23n1a1c BY:4c4n16c CH:5n12c CR:18n CY:8n16c CZ:20n DE:18n DJ:23n DK:14n DO:4c20n EE:16n EG:25n ES:20n
    FI:14n FK:2a12n FO:14n FR:10n11c2n GB:4a14n GE:2a16n GI:4a15c GL:14n GR:7n16c GT:24c HN:4a20n HR:17n
    HU:24n IE:4a14n IL:19n IQ:4a15n IS:22n IT:1a10n12c JO:4a4n18c KW:4a22c KZ:3n13c LB:4n20c LC:4a24c
    LI:5n12c LT:16n LU:3n13c LV:4a13c LY:21n MC:10n11c2n MD:20c ME:18n MK:3n10c2n MN:16n MR:23n MT:4a5n18c
    MU:4a19n3a NI:4a20n NL:4a10n NO:11n OM:3n16c PK:4a16c PL:24n PS:4a21c PT:21n QA:4a21c RO:4a16c RS:18n
    RU:14n15c SA:2n18c SC:4a20n3a SD:14n SE:20n SI:15n SK:20n SM:1a10n12c SO:19n ST:21n SV:4a20n TL:19n
    TN:20n TR:6n16c UA:6n19c VA:18n VG:4a16n XK:16n YE:4a4n18c""".split()
    )
}
_LENGTHS = {
    country: 4 + sum(map(int, re.findall(r"\{(\d+)\}", pattern.pattern)))
    for country, pattern in _BBAN.items()
}
_GROUPS = re.compile(r"[\s.\-–]+")
_HEAD = re.compile(r"[A-Za-z]{2}[\s.\-]{0,2}\d[\s.\-]{0,2}\d(?=[\s.\-]{0,2}[A-Za-z0-9])")
_NEXT = re.compile(r"[^\S\n]{0,2}[.\-–]?[^\S\n]?\n?[A-Za-z0-9]")


class IbanRecogniser(RagslmRecogniser):
    """Finds IBANs wherever they start, also glued to what stands before or after."""

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """IBANs whose length and check digits are right."""
        for head in re.finditer(rf"(?=({_HEAD.pattern}))", text):
            country = letters_and_digits(head[1])[:2]
            end = _take(text, head.end(1), _LENGTHS.get(country, 0) - 4)
            if end and _stands_apart(text, head.start(1), end) and is_iban(text[head.start(1) : end]):
                yield head.start(1), end, 1.0


def _stands_apart(text: str, start: int, end: int) -> bool:
    """Whether no further digit touches it: letters do (`IBANGB…`, `…EUR`), and one number in 97 passes."""
    return not (text[start - 1 : start].isdecimal() or text[end : end + 1].isdecimal())


def _take(text: str, position: int, count: int) -> int:
    """End of the next `count` letters or digits with separators allowed between; 0 if there are fewer."""
    if count <= 0:
        return 0
    for _ in range(count):
        match = _NEXT.match(text, position)
        if match is None:
            return 0
        position = match.end()
    return position


def is_iban(value: str) -> bool:
    """Whether `value` is built as its country's are and passes mod 97."""
    code = letters_and_digits(value)
    shape = _BBAN.get(code[:2])
    built = shape is not None and code.isascii() and shape.fullmatch(code[4:])
    return bool(built) and (_regular(value) or _mostly_digits(code)) and mod97(code[4:] + code[:4])


def _regular(value: str) -> bool:
    """Whether it is written in one piece or in equal groups, as no prose is."""
    *groups, last = _GROUPS.split(value)
    return len({len(group) for group in groups}) <= 1 and (not groups or len(last) <= len(groups[0]))


def _mostly_digits(code: str) -> bool:
    """Prose in the length of an IBAN passes mod 97 now and then; it holds few digits."""
    return sum(c.isdecimal() for c in code) >= max(8, len(code) // 2)


def recogniser() -> IbanRecogniser:
    """The recogniser of IBANs."""
    return IbanRecogniser("IBAN_CODE")
