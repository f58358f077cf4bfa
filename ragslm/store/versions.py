"""Documents that replace one another: two versions of a policy, a regulation's part at two dates.

Only rules do: what holds from its effective date until the next version. A report, a filing, a result or a
statement stays true of its own day, and nothing that belongs to one patient or account is ever replaced.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from ragslm._periods import periods
from ragslm.store import layout, passages, visibility
from ragslm.store.database import Connection
from ragslm.types import Filters, Identity

_RULE = re.compile(
    r"\b(?:polic(?:y|ies)|regulations?|rules?|guidelines?|procedures?|protocols?|directives?|standards?|cfr"
    r"|part \d+|handbook|manual|formulary|(?:fee|rate) schedules?|schedule of fees|terms and conditions"
    r"|label(?:ling|ing)?|package (?:insert|leaflet))\b",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?:\b(?:part|section|article|title|chapter|cfr|no\.?|number)|§)\s*$", re.IGNORECASE)
_EDITION = re.compile(
    r"\b(?:v|ver|version|rev|revision|edition|issue|release)\.?\s*\d+(?:\.\d+)*\b|\bv\d+(?:\.\d+)*\b"
    r"|\b\d+(?:st|nd|rd|th)\s+edition\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")
_OF_TIME = frozenset(
    """
    a an the of as on from dated date effective amended updated revised final current new old previous former
    superseded archived version edition valid until to
    """.split()
)
_FEWEST = 2
"""Words of a title that tell one series from another; "Policy" alone is not one policy."""


@dataclass(frozen=True, slots=True)
class Version:
    """A dated rule. `row`: of its document in the catalogue; `series`: what its versions have in common."""

    row: int
    document_id: str
    series: str
    date: date


class Versions:
    """The dated rules of each domain, read again when anything has changed."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[int, list[Version]]] = {}

    def superseded(
        self, connection: Connection, *, identity: Identity, domain: str, day: date
    ) -> Mapping[Version, date]:
        """Rules that another version had replaced by `day`, and that version's date; only versions that this
        identity may read count.
        """
        found = self._of(connection, domain)
        if not replaced(found, visible=None, as_of=day):
            return {}
        rows = visibility.rows(
            connection, identity=identity, domain=domain, filters=Filters(), scope=None, as_of=None
        )
        return replaced(found, visible=None if rows is None else frozenset(rows.tolist()), as_of=day)

    def _of(self, connection: Connection, domain: str) -> list[Version]:
        seq = passages.seq(connection)
        kept = self._kept.get(domain)
        if kept is None or kept[0] != seq:
            kept = self._kept[domain] = (seq, versions(connection, domain))
        return kept[1]


def versions(connection: Connection, domain: str) -> list[Version]:
    """Every dated rule of a domain that belongs to nobody."""
    found = connection.execute(
        "SELECT row, id, title, date FROM documents WHERE domain = ? AND scope IS NULL AND date IS NOT NULL",
        (domain,),
    )
    return list(_read(found))


def replaced(
    found: Iterable[Version], *, visible: frozenset[int] | None, as_of: date
) -> Mapping[Version, date]:
    """Versions that another had replaced by a day, with the date of the one then in force.

    Args:
        found: versions of one domain.
        visible: rows of the documents this reader may know of; None is every document.
        as_of: later versions are not looked at.
    """
    by_series: defaultdict[str, list[Version]] = defaultdict(list)
    for version in found:
        if version.date <= as_of and (visible is None or version.row in visible):
            by_series[version.series].append(version)
    newest = {series: max(one.date for one in group) for series, group in by_series.items()}
    return {
        one: newest[series]
        for series, group in by_series.items()
        for one in group
        if one.date < newest[series]
    }


def series(title: str) -> str | None:
    """A rule's title without what tells its versions apart; None for what is no rule."""
    text = " ".join(title.replace("_", " ").split())
    if not _RULE.search(text):
        return None
    for one in reversed(periods(text)):
        if not _NUMBERED.search(text[: one.start]):
            text = f"{text[: one.start]} {text[one.end :]}"
    words = [word.casefold() for word in _WORD.findall(_EDITION.sub(" ", text))]
    kept = [word for word in words if word not in _OF_TIME]
    return " ".join(kept) if len(kept) >= _FEWEST else None


def _read(found: Iterable[tuple[int, str, str, str]]) -> Iterator[Version]:
    for row, document_id, title, day in found:
        name, when = series(title), layout.day(day)
        if name is not None and when is not None:
            yield Version(row, document_id, name, when)
