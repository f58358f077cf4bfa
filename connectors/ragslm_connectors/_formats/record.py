"""Records of a connector (`ragslm.records`): labels and values, each value with its meaning for privacy."""

import json

from ragslm.errors import QuarantineError
from ragslm.records import MAGIC, MEANING, MEDIA_TYPE, TEXT
from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors._formats._builder import TextBuilder, one_line
from ragslm_connectors._formats._limits import MAX_CHARS, check_length, content_of

_LONG = 200
"""Characters from which a free text is a paragraph by itself, so that it is cut at its sentences."""


class RecordParser:
    """One row that can be read and cited as a whole, `label: value | …`, then its longer texts.

    Attributes:
        max_chars: longest text accepted, in characters.
    """

    name = "record"
    media_type = MEDIA_TYPE
    max_chars = MAX_CHARS

    def claims(self, head: bytes, suffix: str) -> bool:
        """The first bytes that `ragslm.records.record` writes."""
        return head.startswith(MAGIC)

    def parse(self, document: SourceDocument) -> ParsedDocument:
        """Every field, labelled unless it is free text.

        Raises:
            QuarantineError: it is broken, empty, too long, or no connector made it: a file that says of its
                own fields what they mean could hide personal data.
        """
        if document.media_type != MEDIA_TYPE:
            raise QuarantineError("This file looks like a record of a connector, but no connector made it.")
        fields = _fields(content_of(document, self.max_chars))
        check_length(sum(len(value) for _, value, _ in fields), self.max_chars)
        builder = TextBuilder(self.max_chars)
        short = [field for field in fields if len(field[1]) <= _LONG or field[2] != TEXT]
        for position, (label, value, meaning) in enumerate(short):
            if position:
                builder.write(" | ")
            else:
                builder.block("record")
            _write(builder, label, one_line(value), meaning)
        for label, value, meaning in fields:
            if (label, value, meaning) not in short:
                builder.block("paragraph")
                _write(builder, label, value.strip(), meaning)
        return builder.build()


def _write(builder: TextBuilder, label: str, value: str, meaning: str) -> None:
    builder.write(f"{label}: ")
    builder.write(value, None if meaning == TEXT else meaning, label)


def _fields(content: bytes) -> list[tuple[str, str, str]]:
    try:
        rows = json.loads(content)["ragslm_record"]
        fields = [(one_line(label), value, meaning) for label, value, meaning in rows]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise QuarantineError("The record is not the JSON that ragslm.records writes.") from None
    for number, (_, value, meaning) in enumerate(fields, 1):
        if not isinstance(value, str) or not isinstance(meaning, str) or not MEANING.fullmatch(meaning):
            raise QuarantineError(f"Field {number} of the record is not a label, a value and a meaning.")
    if not fields:
        raise QuarantineError("The record has no fields.")
    return fields
