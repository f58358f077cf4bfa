"""HL7 version 2 messages, single or in batches, of any type, with any delimiters.

Field policy, by HL7 data type: names (XPN, XCN, PPN, NDL) are `PERSON`, identifiers (CX) by their type of
table 0203 `MRN`, `US_SSN`, `US_DRIVER_LICENSE`, `US_PASSPORT`, `ACCOUNT`, `US_NPI` or `ID`, numbers of
orders, documents and devices (EI) `ID`, addresses (XAD) `LOCATION`, telecoms (XTN) `PHONE_NUMBER` or
`EMAIL_ADDRESS`, organisations (XON) `ORGANIZATION`. Birth and death dates, social security, licence,
policy and account numbers are labelled by their field, whatever their type (`_hl7_fields`). Coded elements
that carry a code, codes of HL7 tables, numbers, units and reference ranges are `KEEP`; so are lot numbers.
Wards, rooms and beds are the institution's and stay; dates of events stay. Strings, texts, unknown
fields and site-defined segments (Z..) are free text, which recognisers scrub.

Source: HL7 v2.8.2, https://www.hl7.org/implement/standards/product_brief.cfm?product_id=185
"""

import re
from datetime import date

from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors._formats._builder import TextBuilder
from ragslm_connectors._formats._limits import MAX_CHARS, content_of
from ragslm_connectors.medical._hl7_message import Message, Segment, read_messages
from ragslm_connectors.medical._hl7_segments import MessageWriter
from ragslm_connectors.medical._hl7_tables import MESSAGES
from ragslm_connectors.medical._hl7_values import day_only, stamp

_START = re.compile(rb"[\s\x0b]*(?:MSH|FHS|BHS)[^\w\s]")
# When what the message tells took place; else when it was sent, or recorded.
_CLINICAL = {"OBX": (14,), "OBR": (7,), "RXA": (3,), "TXA": (4,), "PR1": (5,)}


class Hl7v2Parser:
    """HL7 v2 messages.

    The scope is `Patient/<id>`, the medical record number of PID-3, where every message is about one
    patient; the effective date is the latest at which something was observed or given, else the
    message's own. A section path ends in the segment, such as `OBX[3]`: the third of the message.

    Attributes:
        max_chars: longest text accepted, in characters.
    """

    name = "hl7v2"
    media_type = "x-application/hl7-v2+er7"
    max_chars = MAX_CHARS

    def claims(self, head: bytes, suffix: str) -> bool:
        """A message or batch header with a field separator, whatever the suffix."""
        return _START.match(head.removeprefix(b"\xef\xbb\xbf")) is not None

    def parse(self, document: SourceDocument) -> ParsedDocument:
        """A section for each segment, each result or each text of several results.

        Raises:
            QuarantineError: empty, too long, no HL7, or broken; names the line or the segment.
        """
        messages = read_messages(content_of(document, self.max_chars))
        builder = TextBuilder(self.max_chars)
        for number, message in enumerate(messages, 1):
            prefix = f"Message {number}" if len(messages) > 1 else ""
            MessageWriter(builder, message, prefix).write()
        return builder.build(
            title=_title(messages), effective_date=_effective(messages), scope=_scope(messages)
        )


def _title(messages: list[Message]) -> str:
    """Never a name: a title is shown to everyone who may read the document."""
    kinds = {message.header.component(9, 1) for message in messages}
    kind = kinds.pop() if len(kinds) == 1 else ""
    what = MESSAGES.get(kind, "Messages" if len(messages) > 1 else "Message")
    code = f" {kind}" if kind in MESSAGES else ""
    return f"{what} (HL7{code}, {len(messages)} messages)" if len(messages) > 1 else f"{what} (HL7{code})"


def _effective(messages: list[Message]) -> date | None:
    clinical = [
        found
        for message in messages
        for segment in message.segments
        for number in _CLINICAL.get(segment.name, ())
        if (found := _date(segment, number))
    ]
    sent = [found for message in messages if (found := _date(message.header, 7))]
    events = (message.first("EVN") for message in messages)
    recorded = [found for event in events if event and (found := _date(event, 2))]
    return max(clinical or sent or recorded, default=None)


def _date(segment: Segment, number: int) -> date | None:
    """The day of a time stamp; None if it names none."""
    try:
        return date.fromisoformat(day_only(stamp(segment.component(number, 1))))
    except ValueError:
        return None


def _scope(messages: list[Message]) -> str | None:
    """`Patient/<id>` of the one patient all messages are about."""
    found = {_patient(segment) for m in messages for segment in m.segments if segment.name == "PID"}
    return f"Patient/{found.pop()}" if len(found) == 1 and "" not in found else None


def _patient(segment: Segment) -> str:
    """The medical record number of PID-3, else its first identifier, else PID-2."""
    cells = [[*segment.components(one), *[""] * 5] for one in segment.repetitions(3)]
    numbers = [(c[4].strip() not in ("MR", "MRN"), segment.delimiters.text(c[0]).strip()) for c in cells]
    ordered = [number for _, number in sorted(numbers, key=lambda pair: pair[0]) if number]
    return ordered[0] if ordered else segment.component(2, 1)
