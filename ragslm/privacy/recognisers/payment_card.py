r"""Payment card numbers (PAN).

Issuer: card networks. Format: 12-19 digits, issuer identification number in front, Luhn check digit
last; written in groups with spaces, dots, dashes, no-break spaces or line breaks.
Reference: ISO/IEC 7812-1; PCI DSS 4.0.1, 3.4 and 3.5. Checksum: Luhn.
"""

import re
from collections.abc import Iterator

from ragslm.privacy.checksums import digits, luhn
from ragslm.privacy.recogniser import RagslmRecogniser, words

# First and last prefix, allowed lengths. Visa, Mastercard (5- and 2-series), Amex, Diners, Discover,
# JCB (16-19 and the old 15-digit range), UnionPay, Mir, Maestro, RuPay.
_IIN: tuple[tuple[str, str, range], ...] = (
    ("4", "4", range(13, 20)),
    ("51", "55", range(16, 17)),
    ("2221", "2720", range(16, 17)),
    ("34", "34", range(15, 16)),
    ("37", "37", range(15, 16)),
    ("300", "305", range(14, 20)),
    ("3095", "3095", range(14, 20)),
    ("36", "36", range(14, 20)),
    ("38", "39", range(14, 20)),
    ("6011", "6011", range(16, 20)),
    ("644", "659", range(16, 20)),
    ("3528", "3589", range(16, 20)),
    ("1800", "1800", range(15, 16)),
    ("2131", "2131", range(15, 16)),
    ("62", "62", range(16, 20)),
    ("81", "82", range(16, 20)),
    ("2200", "2204", range(16, 20)),
    ("50", "50", range(12, 20)),
    ("56", "58", range(12, 20)),
    ("60", "69", range(12, 20)),
)
_RUN = re.compile(r"(?<![\w.,+$€£-])\d(?:[^\S\n]{0,2}[.\-–—‐‑/·]?[^\S\n]{0,2}\n?\d){11,18}(?![\d%]|[.,]\d)")
_PLAIN = re.compile(r"(?<![\d.,])\d{12,19}(?![\d.,]\d|\d)")
_CARD = words("cards?", "cc", "pan", "visa", "master ?card", "amex", "maestro", "credit", "debit", "diners")
_CODE = words("snomed(?: ?ct)?", "loinc", "sctid", "gtin", "ean", "isbn", "issn", "doi", "oid", "nct")


class PaymentCardRecogniser(RagslmRecogniser):
    """Finds card numbers by network prefix, length and check digit."""

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Card numbers; shorter ones than 15 digits need a word about cards near them."""
        for pattern in (_PLAIN, _RUN):
            for match in pattern.finditer(text):
                start, end = match.span()
                around = text[max(0, start - 60) : start] + " " + text[end : end + 30]
                near = bool(_CARD.search(around))
                likely = is_pan(match[0]) or (near and len(digits(match[0])) >= 13 and luhn(match[0]))
                if likely and not _CODE.search(text[max(0, start - 24) : start]):
                    long = len(digits(match[0])) >= 15
                    yield start, end, 1.0 if near else 0.8 if long else 0.4


def is_pan(value: str) -> bool:
    """Whether the digits of `value` have a network's prefix and length and pass Luhn."""
    number = digits(value)
    known = any(
        first <= number[: len(first)] <= last and len(number) in lengths for first, last, lengths in _IIN
    )
    return known and len(set(number)) > 1 and luhn(number)


def recogniser() -> PaymentCardRecogniser:
    """The recogniser of payment card numbers."""
    return PaymentCardRecogniser("CREDIT_CARD")
