"""Letters that tell like things apart: `Class B`, `Twin A`, `hepatitis C`, `Regulation DD`."""

import re

_DESIGNATED = re.compile(
    r"\b[A-Za-z]{3,}[ -](?P<letter>A(?! [A-Z])|[B-HJ-Z]|([A-HJ-Z])\2)\b(?![.'’-]\w|\. [A-Z][a-z])"
)
_LETTER = re.compile(r"\b([A-Z]|([A-Z])\2)\b")


def undesignated(claim: str, span: str) -> bool:
    """Whether the claim speaks of a thing by a letter that the span does not have.

    `I` is left out, and `A` before a capitalised word: there they are words of their own. So are initials.
    """
    named = {match["letter"] for match in _DESIGNATED.finditer(claim)}
    return bool(named - {match[0] for match in _LETTER.finditer(span)}) if named else False
