"""The statements of a C-CDA section's entries: which there are, what lies in them, which are records.

Source: HL7 CDA R2, section 4.3.6 (clinical statements).
"""

from collections.abc import Iterator
from typing import Any

from ragslm_connectors._formats._xml import children, find, local

STATEMENTS = {
    "observation": "Observation",
    "act": "Act",
    "substanceAdministration": "Medication",
    "procedure": "Procedure",
    "encounter": "Encounter",
    "supply": "Supply",
    "organizer": "Group",
    "observationMedia": "Picture or sound",
    "regionOfInterest": "Region of interest",
}
INNER = ("entryRelationship", "component")
_NAMES = tuple(f"{{*}}{name}" for name in STATEMENTS)
_LINKS = tuple(f"{{*}}{name}" for name in INNER)
_TELLING = ("value", "text", "effectiveTime", "consumable", "product", *INNER)


def entries_of(section: Any) -> list[Any]:
    """The entries of a section itself, not of those inside it."""
    return children(section, "entry")


def statements(holder: Any) -> Iterator[Any]:
    """The statements directly in an entry, a component or a relationship."""
    yield from holder.iterchildren(*_NAMES)


def inner_statements(element: Any) -> Iterator[Any]:
    """The statements in a statement that say something."""
    for link in element.iterchildren(*_LINKS):
        yield from filter(_says_something, statements(link))


def opens_record(outer: Any) -> bool:
    """Whether each statement in it is a record of its own: a result of a panel can be found by itself."""
    return local(outer) == "organizer"


def _says_something(statement: Any) -> bool:
    """Whether a statement is more than a reference to another by its id."""
    code = find(statement, "code")
    coded = code is not None and (code.get("code") or code.get("displayName") or len(code))
    return bool(coded) or any(find(statement, name) is not None for name in _TELLING)
