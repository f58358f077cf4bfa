"""Free text of a statement, in which some personal parts can be told by their look.

An account, a card and a payment reference look alike: a number of seven digits and more is `ID` unless it is
an amount or a date. What looks like an IBAN is one, whatever its checksum says. A form of address is followed
by a name. Everything else is left to the recognisers.
"""

import re
from collections.abc import Iterator, Sequence

_PRIVATE = re.compile(
    r"(?<!\w)(?:(?P<IBAN_CODE>[A-Z]{2}\d{2}[A-Z0-9]{11,30}(?!\w))"
    r"|(?P<ID>(?<![,.])(?!\d\d?\.\d\d?\.\d{4}\b|(?:19|20)\d\d(?:0[1-9]|1[0-2])[0-3]\d\b)"
    r"\d(?:\.?\d){6,33}(?!\w|,\d))"
    r"|(?:Hr|Dhr|Mw|Mevr|Mej|Herr|Frau|Mr|Mrs|Ms|Mme|Pan|Pani)\.?\s"
    r"(?P<PERSON>(?:[A-Z]{1,3}\.?\s){0,4}[A-Z][\w'-]+(?:\s[A-Z][a-z][\w'-]+)?))"
)


def pieces_of(text: str, names: Sequence[str] = ()) -> Iterator[tuple[str, str | None]]:
    """The text in pieces, in order, each with its privacy meaning; None for what recognisers are to read.

    `names`: of people named beside it; here they may be written in another case.
    """
    known = [re.escape(name) for name in names if name.lower() in text.lower()]
    if not known:
        yield from _by_look(text)
        return
    for number, part in enumerate(re.split(f"({'|'.join(known)})", text, flags=re.IGNORECASE)):
        if number % 2:
            yield part, "PERSON"
        else:
            yield from _by_look(part)


def _by_look(text: str) -> Iterator[tuple[str, str | None]]:
    position = 0
    for found in _PRIVATE.finditer(text):
        start, end = found.span(found.lastgroup or 0)
        if start > position:
            yield text[position:start], None
        yield text[start:end], found.lastgroup
        position = end
    if position < len(text):
        yield text[position:], None
