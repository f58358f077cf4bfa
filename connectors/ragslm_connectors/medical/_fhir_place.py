"""The place in a FHIR server up to which it was read, as a cursor."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from ragslm.errors import CursorError
from ragslm.types import Cursor

_VERSION = "fhir1 "


@dataclass(frozen=True, slots=True)
class Place:
    """Instants by the server's clock.

    Attributes:
        whole: when the last whole reading began.
        began: when the last reading began whose deletions are all told.
        reached: by resource type, the latest change that was read.
    """

    whole: datetime
    began: datetime
    reached: dict[str, datetime] = field(default_factory=dict)

    @classmethod
    def read(cls, cursor: str) -> "Place":
        """The place that a cursor names.

        Raises:
            CursorError: it is not one of this version.
        """
        try:
            if not cursor.startswith(_VERSION):
                raise ValueError
            whole, began, reached = json.loads(cursor.removeprefix(_VERSION))
            return cls(_aware(whole), _aware(began), {kind: _aware(at) for kind, at in reached.items()})
        except (ValueError, TypeError, AttributeError):
            raise CursorError("The cursor is not one of this version.") from None

    def cursor(self) -> Cursor:
        """The place as text."""
        reached = {kind: at.isoformat() for kind, at in self.reached.items()}
        told = json.dumps([self.whole.isoformat(), self.began.isoformat(), reached], separators=(",", ":"))
        return Cursor(_VERSION + told)


def instant(text: object) -> datetime | None:
    """A FHIR instant; None where it is none."""
    try:
        return _aware(str(text))
    except ValueError:
        return None


def before(at: datetime, seconds: float) -> str:
    """An instant some seconds earlier, as FHIR writes it."""
    earlier = (at - timedelta(seconds=seconds)).astimezone(UTC)
    return earlier.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _aware(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError
    return found
