"""Acknowledgments of HL7 v2 messages.

Source: HL7 v2.8.2 chapter 2, sections 2.9.2 (acknowledgment), 2.9.3 (enhanced mode) and 2.14.8 (MSA)
"""

import re
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

Verdict = Literal["A", "E", "R"]
"""Accepted: stored durably. Error: it cannot be read, nor could it a second time. Rejected: not stored."""
_HEADER = re.compile(rb"\s*(MSH[^\w\s][^\r\n]*)")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f]")
_PLAIN = re.compile(r"[^\w ,.:;()\[\]'-]", re.A)
_LONGEST = 199  # of a control id, by its data type in version 2.8; earlier versions allow 20


@dataclass(frozen=True, slots=True)
class Header:
    """What an acknowledgment repeats of a message header.

    Attributes:
        fields: as written; index n is MSH-n, from MSH-2 on.
        mark: the field separator.
    """

    fields: tuple[str, ...] = field(repr=False)
    mark: str = "|"

    @classmethod
    def of(cls, message: bytes) -> "Header | None":
        """The header of a message; None if it does not begin with one."""
        found = _HEADER.match(message.removeprefix(b"\xef\xbb\xbf"))
        if found is None:
            return None
        line = _UNSAFE.sub("", found[1].decode("latin-1"))
        mark = line[3]
        return cls(("MSH", mark, *line[4:].split(mark)), mark)

    def field(self, number: int) -> str:
        """MSH-`number` as written; empty if it is not there."""
        return self.fields[number] if number < len(self.fields) else ""

    @property
    def control_id(self) -> str:
        """MSH-10; empty where there is none that can be repeated."""
        found = self.field(10).strip()
        return found if len(found) <= _LONGEST else ""


_NOBODY = Header(("MSH", "|", "^~\\&"))


def acknowledgment(header: Header | None, verdict: Verdict, told: str = "") -> bytes | None:
    """The answer to a message; None if its sender wants none.

    In enhanced mode, where MSH-15 is set, it is the accept acknowledgment (CA, CE, CR), else AA, AE or AR.

    Args:
        header: of the message; None if it has none.
        verdict: what became of it.
        told: why, without any text of the message; goes to MSA-3.
    """
    asked = header or _NOBODY
    accept = asked.field(15).strip().upper()
    wanted = {"NE": "", "ER": "ER", "SU": "A"}.get(accept, "AER")
    if verdict not in wanted:
        return None
    separator = asked.field(2)[:1] or "^"
    event = asked.field(9).split(separator)[1:2]
    kind = separator.join(["ACK", *event, "ACK"] if event else ["ACK"])
    now = datetime.now(UTC).strftime("%Y%m%d%H%M%S+0000")
    own = uuid.uuid4().hex[:20]
    names = asked.field(5), asked.field(6), asked.field(3), asked.field(4)
    msh = ["MSH" + asked.mark + asked.field(2), *names, now, "", kind, own]
    msh += [asked.field(11) or "P", asked.field(12) or "2.3"]
    code = ("C" if accept else "A") + verdict
    msa = ["MSA", code, asked.control_id, _PLAIN.sub(" ", told)[:80].strip()]
    lines = (asked.mark.join(one).rstrip(asked.mark) for one in (msh, msa))
    return "".join(line + "\r" for line in lines).encode("latin-1", "replace")
