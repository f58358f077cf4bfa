"""Numbers of people and accounts that the workspace knows, where a question names one by itself.

A field of a source says what `M-0471` is; a question does not, and a rule wants a word beside it. So what
somebody typed is looked up in the vault: it neither reaches a model nor misses what it is asked about.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from ragslm.privacy.doubts import TYPED
from ragslm.privacy.spans import Finding

CODES = tuple(
    """ABA_ROUTING ACCESSION ACCOUNT CHEQUE_NUMBER DEA DEVICE_ID IBAN_CODE ID MBI MEMBER_ID MRN NHS_NUMBER NPI
    PASSPORT PATIENT_ID PHONE_NUMBER SORT_CODE US_DRIVER_LICENSE US_SSN VIN""".split()
)
"""Types whose values are numbers or codes that stand for one person, account, order or device."""

_SHORTEST = 5
"""Letters and digits: shorter ones are years, values and rooms."""
_CODE = re.compile(r"(?<![\w.\-/])(?=[\w.\-/]*\d)\w[\w.\-/]{3,40}(?<![.\-/])(?![\w\-/])")


def known_codes(
    texts: Sequence[str], known: Callable[[Collection[str]], Mapping[str, str]]
) -> list[list[Finding]]:
    """Words with a digit that the workspace knows, by text, in texts as long as somebody types.

    Args:
        texts: what is searched.
        known: the types under which some of the words are known; asked once.
    """
    words = [list(_words(text)) if len(text) <= TYPED else [] for text in texts]
    types = known({word for own in words for _, word in own})
    return [
        [Finding(types[word], start, start + len(word), 0.9) for start, word in own if word in types]
        for own in words
    ]


def _words(text: str) -> Iterator[tuple[int, str]]:
    for match in _CODE.finditer(text):
        if sum(map(str.isalnum, match[0])) >= _SHORTEST:
            yield match.start(), match[0]
