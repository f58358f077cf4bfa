"""Spelling a question out with the domain's glossary: who asks for `PPNE` finds property and plant."""

import re
from collections.abc import Mapping


def spelled_out(question: str, glossary: Mapping[str, str]) -> str:
    """The question followed by what its abbreviations and terms stand for.

    Terms are matched as whole words, any case, singular or plural. The longest term wins where one lies
    within another; each meaning is added once.
    """
    meanings: dict[str, None] = {}
    rest = question.lower()
    for term in sorted(glossary, key=lambda term: (-len(term), term)):
        pattern = rf"(?<!\w){re.escape(term.lower())}s?(?!\w)"
        if re.search(pattern, rest):
            meanings[glossary[term]] = None
            rest = re.sub(pattern, " ", rest)
    return f"{question} {'; '.join(meanings)}" if meanings else question
