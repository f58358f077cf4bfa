"""Spelling a question out with the domain's glossary: who asks for `PPNE` finds property and plant."""

import re
from collections.abc import Mapping
from functools import lru_cache

from ragslm.retrieval.tokens import tokens


def spelled_out(question: str, glossary: Mapping[str, str]) -> str:
    """The question followed by what its abbreviations and terms stand for.

    Terms are matched as whole words, singular or plural, in any case; one that is also an ordinary small
    word (`OR`, `AS`) as it is written. The longest term wins where one lies within another; each meaning is
    added once.
    """
    meanings: dict[str, None] = {}
    rest = question
    for term in sorted(glossary, key=lambda term: (-len(term), term)):
        pattern = _pattern(term)
        if pattern.search(rest):
            meanings[glossary[term]] = None
            rest = pattern.sub(" ", rest)
    return f"{question} {'; '.join(meanings)}" if meanings else question


@lru_cache(maxsize=2000)
def _pattern(term: str) -> re.Pattern[str]:
    ordinary = not tokens(term)
    return re.compile(rf"(?<!\w){re.escape(term)}s?(?!\w)", 0 if ordinary else re.IGNORECASE)
