"""What narrows a search."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ragslm.errors import ConfigError


def day(argument: str, value: dt.date | str | None) -> dt.date | None:
    """The date that an argument gives; None stays None.

    Raises:
        ConfigError: a text is not a date of the calendar in ISO 8601.
    """
    if not isinstance(value, str):
        return value
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise ConfigError(f"{argument} wants a date as YYYY-MM-DD.") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Narrow a search by what is known about a document; every given field must match.

    Attributes:
        title: substring of the title, any case.
        uri: substring of the uri, any case.
        media_type: exact media type, such as `application/pdf`.
        document_id: exact document id.
        date_from: earliest effective date, inclusive; undated documents are left out.
        date_to: latest effective date, inclusive; undated documents are left out.
        issuer: who issued it, as the title says; the beginning of the name is enough: `Best Buy`, `CVS`.
        period: reporting period in the title, written as people do: `FY2018`, `Q2 2023`, `2022-07-01`.
        type: kind of document in the title: `10-K`, `10-Q`, `8-K`, `earnings`, `statement`, `guideline`, ….
    """

    title: str | None = None
    uri: str | None = None
    media_type: str | None = None
    document_id: str | None = None
    date_from: dt.date | None = None
    date_to: dt.date | None = None
    issuer: str | None = None
    period: str | None = None
    type: str | None = None

    @classmethod
    def of(cls, value: "Filters | Mapping[str, Any] | None") -> "Filters":
        """Accept filters as an object, a mapping or None.

        Raises:
            ConfigError: a key is unknown or a date is not ISO 8601.
        """
        if isinstance(value, Filters):
            return value
        given = dict(value or {})
        known = set(cls.__dataclass_fields__)
        if unknown := sorted(set(given) - known):
            raise ConfigError(f"Unknown filter {unknown[0]!r}; known are {sorted(known)}.")
        for key in ("date_from", "date_to"):
            given[key] = day(f"Filter {key!r}", given.get(key))
        return cls(**given)
