"""Members of mails and archives, within bounds. No path of an archive is ever used as one."""

import re
from collections.abc import Callable
from typing import IO
from urllib.parse import quote

from ragslm.types import Member

MAX_MEMBERS = 1000
"""Members read of one file; the rest is named in one reason."""
MAX_MEMBER_BYTES = 100_000_000
"""Largest member, unpacked."""
MAX_TOTAL_BYTES = 200_000_000
"""Largest sum of one file's members, unpacked."""
MAX_RATIO = 200
"""Largest ratio of unpacked to packed bytes of a member beyond a megabyte. Text packs 3 to 20 times."""
_SMALL = 1_000_000
_LONGEST_NAME = 200
_LONGEST_PATH = 300
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]")


class Bounds:
    """Counts what was taken out of one file. What goes beyond is not taken, for a reason that says so."""

    def __init__(self) -> None:
        self._members = 0
        self._bytes = 0
        self._places: dict[str, int] = {}

    @property
    def full(self) -> bool:
        """Whether no more member is taken."""
        return self._members >= MAX_MEMBERS

    def member(
        self,
        place: str,
        title: str,
        content: bytes | None,
        *,
        reason: str | None = None,
        media_type: str = "application/octet-stream",
    ) -> Member:
        """One member more; without content where there is a reason."""
        self._members += 1
        size = len(content or b"")
        if reason is None and content is None:
            reason = "It cannot be unpacked."
        elif reason is None:
            reason = self._over(size)
        if reason is None:
            self._bytes += size
        return Member(
            place=self._once(place),
            title=_UNSAFE.sub(" ", title),
            media_type=media_type,
            content=b"" if reason or content is None else content,
            reason=reason,
        )

    def read(self, declared: int, packed: int | None, open_it: Callable[[], IO[bytes]]) -> bytes | str:
        """The bytes of a packed member, or why they are not read. The sizes an archive declares may lie."""
        if reason := self._over(declared) or _bomb(declared, packed):
            return reason
        with open_it() as stream:
            content = stream.read(MAX_MEMBER_BYTES + 1)
        return self._over(len(content)) or _bomb(len(content), packed) or content

    def _over(self, size: int) -> str | None:
        if size > MAX_MEMBER_BYTES:
            return f"It unpacks to more than {MAX_MEMBER_BYTES:,} bytes."
        if self._bytes + size > MAX_TOTAL_BYTES:
            return f"The members of this file together unpack to more than {MAX_TOTAL_BYTES:,} bytes."
        return None

    def _once(self, place: str) -> str:
        """The place, numbered where another member has the same."""
        self._places[place] = number = self._places.get(place, 0) + 1
        return place if number == 1 else f"{place};{number}"


def _bomb(size: int, packed: int | None) -> str | None:
    if packed is not None and size > _SMALL and size > MAX_RATIO * max(packed, 1):
        return f"It unpacks to more than {MAX_RATIO} times its size: this looks like a bomb."
    return None


def file_name(name: str) -> str:
    """The last part of a name as it may stand in a uri."""
    last = re.split(r"[/\\]", _UNSAFE.sub("", name))[-1].strip(". ")
    return quote(last[-_LONGEST_NAME:], safe="") or "unnamed"


def member_path(name: str) -> str:
    """The name of an archive's member as it may stand in a uri: no root, no drive, no way upwards."""
    parts = re.split(r"[/\\]", _UNSAFE.sub("", name)[-_LONGEST_PATH:])
    kept = [part.strip() for part in parts if part.strip(". ") and not re.fullmatch(r"[A-Za-z]:", part)]
    return "/".join(quote(part, safe="") for part in kept) or "unnamed"
