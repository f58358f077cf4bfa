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
from itertools import chain

from ragslm.errors import QuarantineError
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
        builder = TextBuilder(self.max_chars)
        about = _About()
        messages = read_messages(content_of(document, self.max_chars))
        first, second = next(messages, None), next(messages, None)
        if first is None:
            raise QuarantineError("The file holds no HL7 message: there is no MSH segment.")
        for number, message in enumerate(chain((first, second) if second else (first,), messages), 1):
            MessageWriter(builder, message, f"Message {number}" if second else "").write()
            about.add(message)
        return builder.build(title=about.title(), effective_date=about.day(), scope=about.scope())


class _About:
    """What a file's messages have in common, gathered one by one: a batch is never held as a whole."""

    def __init__(self) -> None:
        self._count = 0
        self._kinds: set[str] = set()
        self._patients: set[str] = set()
        self._days: dict[str, date] = {}  # the latest by where it stood

    def add(self, message: Message) -> None:
        self._count += 1
        self._kinds.add(message.header.component(9, 1))
        self._patients |= {_patient(segment) for segment in message.segments if segment.name == "PID"}
        self._latest("sent", message.header, 7)
        for segment in message.segments:
            if segment.name == "EVN":
                self._latest("recorded", segment, 2)
            for number in _CLINICAL.get(segment.name, ()):
                self._latest("clinical", segment, number)

    def title(self) -> str:
        """Never a name: a title is shown to everyone who may read the document."""
        kind = next(iter(self._kinds)) if len(self._kinds) == 1 else ""
        code = f"HL7 {kind}" if kind in MESSAGES else "HL7"
        if self._count > 1:
            return f"{MESSAGES.get(kind, 'Messages')} ({code}, {self._count} messages)"
        return f"{MESSAGES.get(kind, 'Message')} ({code})"

    def day(self) -> date | None:
        return next((self._days[k] for k in ("clinical", "sent", "recorded") if k in self._days), None)

    def scope(self) -> str | None:
        """`Patient/<id>` of the one patient all messages are about."""
        one = next(iter(self._patients)) if len(self._patients) == 1 else ""
        return f"Patient/{one}" if one else None

    def _latest(self, place: str, segment: Segment, number: int) -> None:
        try:
            day = date.fromisoformat(day_only(stamp(segment.component(number, 1))))
        except ValueError:
            return
        self._days[place] = max(day, self._days.get(place, day))


def _patient(segment: Segment) -> str:
    """The medical record number of PID-3, else its first identifier, else PID-2."""
    cells = [[*segment.components(one), *[""] * 5] for one in segment.repetitions(3)]
    numbers = [(c[4].strip() not in ("MR", "MRN"), segment.delimiters.text(c[0]).strip()) for c in cells]
    ordered = [number for _, number in sorted(numbers, key=lambda pair: pair[0]) if number]
    return ordered[0] if ordered else segment.component(2, 1)
