"""International bank account numbers.

Issuer: banks, registry kept by SWIFT. Format: country, two check digits, national account number of a
length fixed per country; written in fours, with dots or dashes, in lower case, or glued to a word.
Reference: ISO 13616-1. Checksum: mod 97.
"""

import re
from collections.abc import Iterator

from ragslm.privacy.checksums import letters_and_digits, mod97
from ragslm.privacy.recogniser import RagslmRecogniser

_LENGTHS = {
    entry[:2]: int(entry[2:])
    for entry in """AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22
    DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23
    IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31
    MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27
    SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30""".split()
}
_HEAD = re.compile(r"[A-Za-z]{2}[\s.\-]{0,2}\d[\s.\-]{0,2}\d(?=[\s.\-]{0,2}[A-Za-z0-9])")
_NEXT = re.compile(r"[^\S\n]{0,2}[.\-–]?[^\S\n]?\n?[A-Za-z0-9]")


class IbanRecogniser(RagslmRecogniser):
    """Finds IBANs wherever they start, also glued to what stands before or after."""

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """IBANs whose length and check digits are right."""
        for head in re.finditer(rf"(?=({_HEAD.pattern}))", text):
            country = letters_and_digits(head[1])[:2]
            end = _take(text, head.end(1), _LENGTHS.get(country, 0) - 4)
            if end and is_iban(text[head.start(1) : end]):
                yield head.start(1), end, 1.0


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
    """Whether `value` has its country's length and passes mod 97."""
    code = letters_and_digits(value)
    if sum(c.isdecimal() for c in code) < max(8, len(code) // 2):  # prose passes mod 97 now and then
        return False
    right = len(code) == _LENGTHS.get(code[:2], 0) and code.isascii()
    return right and mod97(code[4:] + code[:4])


def recogniser() -> IbanRecogniser:
    """The recogniser of IBANs."""
    return IbanRecogniser("IBAN_CODE")
