"""Fields of a record: what they are, and which are read as one.

By itself `Diagnosis priority: 1.` is true and tells nobody which diagnosis. A short record, such as a segment
of a message, a resource or the head of a mail, is one statement.
"""

import re
from collections.abc import Iterator, Sequence

from ragslm.grounding.injection import addresses_model

Span = tuple[int, int]

_LONGEST = 400
"""Characters of a record that is read as one; in a longer one each field is a statement of its own."""
_LABEL = r"[A-Z](?:[\w'’/,&-]| (?=\S)|\([^()\n]*\)){0,60}: (?=\S)"
_FIELD = re.compile(_LABEL)
_WHOLE = re.compile(rf"{_LABEL}[^\n]*\w[^\n]*\.")
_MAIL = re.compile(r"(?:From|To|Cc|Bcc|Reply-To|Date|Subject|Attachments): (?=\S)")


def is_field(text: str) -> bool:
    """Whether a span is a labelled value: `Specimen type: Blood.`, `Subject: Your card`."""
    return _MAIL.match(text) is not None or _WHOLE.fullmatch(text) is not None


def joined(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Spans of sentences, in their order; the fields of a short record as one."""
    for run in _runs(text, spans):
        start, end = run[0][0], run[-1][1]
        yield from [(start, end)] if end - start <= _LONGEST else run


def _runs(text: str, spans: Sequence[Span]) -> Iterator[list[Span]]:
    """Fields that stand in one line, or in the head of one mail; anything else alone."""
    run: list[Span] = []
    for span in spans:
        if run and not _follows(text, run[-1], span):
            yield run
            run = []
        run.append(span)
    if run:
        yield run


def _follows(text: str, before: Span, span: Span) -> bool:
    """Whether both are fields of one record. What gives orders to a model stays alone, to be left out."""
    in_line = text.find("\n", before[1], span[0]) < 0
    kind = _FIELD if in_line else _MAIL
    return all(kind.match(text, *one) and not addresses_model(text[slice(*one)]) for one in (before, span))
