"""Pseudonyms in a text, also where two touch: `|Ann Roe|ann@x.org` became `|PERSON_…EMAIL_ADDRESS_…`."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping

from ragslm._pseudonyms import CODE, LEAST, MOST, PSEUDONYM


class TokenReader:
    """Finds the pseudonyms that a workspace gave.

    Args:
        types: entity types that pseudonyms begin with.
        originals: of those tokens that are known.
    """

    def __init__(
        self, types: Collection[str], originals: Callable[[Collection[str]], Mapping[str, str]]
    ) -> None:
        self._originals = originals
        named = "|".join(sorted(map(re.escape, types), key=lambda name: (-len(name), name)))
        # A look-ahead, so that a token that begins inside the longest reading of the one before is seen too.
        self._touching = re.compile(rf"(?=(?P<type>{named})_(?P<code>{CODE}{{{LEAST},{MOST}}}))")

    def read(self, text: str) -> list[tuple[int, int, str]]:
        """(start, end, original) of every known pseudonym, in order; none overlap."""
        readings = list(self._readings(text))
        known = self._originals({text[start:end] for start, end in readings}) if readings else {}
        found: list[tuple[int, int, str]] = []
        for start, end in sorted(readings, key=lambda span: (span[0], -span[1])):
            original = known.get(text[start:end])
            if original is not None and (not found or found[-1][1] <= start):
                found.append((start, end, original))
        return found

    def _readings(self, text: str) -> Iterator[tuple[int, int]]:
        """Spans that may be pseudonyms."""
        if "_" not in text:
            return
        yield from (match.span() for match in PSEUDONYM.finditer(text))
        for match in self._touching.finditer(text):
            code = match.start("code")
            for length in range(LEAST, len(match["code"]) + 1):
                yield match.start(), code + length
