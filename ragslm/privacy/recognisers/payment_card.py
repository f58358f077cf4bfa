r"""Payment card numbers (PAN).

Issuer: card networks. Format: 12-19 digits, issuer identification number in front, Luhn check digit
last; written in groups with spaces, dots, dashes, no-break spaces or line breaks.
Reference: ISO/IEC 7812-1; PCI DSS 4.0.1, 3.4 and 3.5. Checksum: Luhn.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

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
# One way only to read each gap, so that a long row of digits is not read again and again.
_SPACE, _MARK = r"[^\S\n]", r"[.\-–—/·_|]"
_GAP = rf"(?>{_SPACE}{{0,2}}(?:{_MARK}{_SPACE}{{0,2}})?(?:\n{_SPACE}{{0,8}})?)"
_RUN = re.compile(
    rf"(?<![^\W_]|[+$€£])(?<!\d[.,])(?<![^A-Za-z]-)\d(?:{_GAP}\d){{11,}}(?![\d%]|[.,]\d)|(?<![\d.,])\d{{12,19}}(?![.,]?\d)"
)
_DIGIT = re.compile(r"\d")
_EXPIRY = re.compile(r"(?:0[1-9]|1[0-2])\s?[/\-]\s?(?:20)?\d\d(?!\d)")
_HEX = re.compile(r"[0-9a-f]*[a-f][0-9a-f]*", re.IGNORECASE)
_SHORTEST_HASH, _HASH = 24, 128
"""Characters of the shortest object id and of the longest hash in use."""
_CARD = words("cards?", "cc", "pan", "visa", "master ?card", "amex", "maestro", "credit", "debit", "diners")
_CODE = words("snomed(?: ?ct)?", "loinc", "sctid", "gtin", "ean", "isbn", "issn", "doi", "oid", "nct")
_UDI = re.compile(r"\(01\)\s?$")
_LENGTHS = range(19, 11, -1)


class PaymentCardRecogniser(RagslmRecogniser):
    """Finds card numbers by network prefix, length and check digit."""

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Card numbers; of 12 to 14 digits that neither words nor groups tell, with less confidence."""
        for run in _RUN.finditer(text):
            start, end = run.span()
            around = text[max(0, start - 60) : start] + " " + text[end : end + 30]
            near = bool(_CARD.search(around))
            for first, last in _cards(text, start, end, near=near):
                if near or not (_coded(text, first, last) or _hexadecimal(text, first, last)):
                    value = text[first:last]
                    told = len(digits(value)) >= 15 or _GROUPED.fullmatch(value)
                    yield first, last, 1.0 if near else 0.8 if told else 0.4


_GROUPED = re.compile(r"\d{4}(?:\D+\d{4}){2}(?:\D+\d{1,4})?|\d{4}\D+\d{6}\D+\d{4,5}")
"""Written as on a card; telephone numbers are not."""


def _coded(text: str, start: int, end: int) -> bool:
    """Whether a code system is named beside the number."""
    left = text[max(0, start - 24) : start]
    return bool(_CODE.search(left) or _UDI.search(left) or _CODE.search(text[end : end + 12]))


def _hexadecimal(text: str, start: int, end: int) -> bool:
    """Whether the digits are part of a hash; further than one reaches, nothing is read.

    A word in letters from A to F may touch a card: `acc4111111111111111`.
    """
    first, last = max(0, start - _HASH), min(len(text), end + _HASH)
    while start > first and text[start - 1].isalnum():
        start -= 1
    while end < last and text[end].isalnum():
        end += 1
    return end - start >= _SHORTEST_HASH and bool(_HEX.fullmatch(text[start:end]))


def _cards(text: str, start: int, end: int, *, near: bool) -> Iterator[tuple[int, int]]:
    """Card numbers in a run of digits: the whole of it, or whole groups of it.

    What stands out comes before what is longer: in a column, a card and the next one's first group pass too.
    """
    places = [match.start() for match in _DIGIT.finditer(text, start, end)]
    gaps = ["", *(text[a + 1 : b] for a, b in pairwise(places)), ""]
    first = 0
    while first + 12 <= len(places):
        counts = ((sure, n) for sure in ((False, True) if near else (False,)) for n in _LENGTHS)
        count = next((n for sure, n in counts if _fits(text, places, gaps, first, n, near=sure)), 0)
        if count:
            yield places[first], places[first + count - 1] + 1
        first += max(1, count)


def _fits(
    text: str, places: Sequence[int], gaps: Sequence[str], first: int, count: int, *, near: bool
) -> bool:
    """Whether `count` digits from `first` are a card; a part of a run must stand out from the rest of it."""
    after = first + count
    whole = first == 0 and after == len(places)
    if after > len(places) or not (whole or _apart(text, places, gaps, first, after, near=near)):
        return False
    value = text[places[first] : places[after - 1] + 1]
    return is_pan(value) or (near and whole and len(digits(value)) >= 13 and luhn(value))


def _apart(
    text: str, places: Sequence[int], gaps: Sequence[str], first: int, after: int, *, near: bool
) -> bool:
    """Whether a part of a run begins and ends at gaps, and is written otherwise than what it touches."""
    before, behind = gaps[first] if first else None, gaps[after] if after < len(places) else None
    if before == "" or behind == "":
        return False
    inside = set(gaps[first + 1 : after])
    alike = before in inside or behind in inside
    dated = behind is not None and _EXPIRY.match(text, places[after])
    return near or not alike or bool(dated)


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
