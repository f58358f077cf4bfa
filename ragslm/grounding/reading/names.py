"""Names: capitalised words, abbreviations, pseudonyms, names with digits, and words built like drugs."""

import re

from ragslm._pseudonyms import PSEUDONYM
from ragslm.grounding.reading.tokens import NAME_WITH_DIGITS, Token

# Source: stems of International Nonproprietary Names, WHO "The use of stems in the selection of INN" (2018).
_DRUG = re.compile(
    r".{2,}(?:mab|nib|pril|sartan|statin|olol|cillin|mycin|azole|prazole|caine|pam|lam|parin|xaban|gatran|gliptin"
    r"|gliflozin|glutide|setron|triptan|vir|dipine|thiazide|semide|oxacin|cycline|profen|coxib|farin|formin|barbital"
    r"|codone|morphine|fentanil|sone|solone|onide|terol|tidine|platin|rubicin|taxel)$"
)


def is_name(word: Token, first: bool) -> bool:
    """Whether `word` names something particular. `first`: it opens its sentence; a capital says nothing."""
    text = word.text
    if PSEUDONYM.fullmatch(text) or NAME_WITH_DIGITS.fullmatch(text):
        return True
    if len(text) > 1 and text.isupper() and text.isalpha():
        return True
    if text[0].isupper() and not first and word.content:
        return True
    return is_drug(word)


def is_drug(word: Token) -> bool:
    """Whether `word` is built like a drug's international name."""
    return _DRUG.fullmatch(word.lower) is not None
