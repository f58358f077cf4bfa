"""FHIR R4: people and their identifiers, in a resource or a Bundle. Source: https://hl7.org/fhir/R4."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ragslm.evaluate.identifiers.plain import Told, birth, names, number

_PEOPLE = {"Patient", "RelatedPerson", "Person", "Practitioner"}


def told(file: Path) -> Iterator[Told]:
    """Names, birth dates and identifiers of every person, also of contained resources and contacts."""
    yield from _of(json.loads(file.read_text(encoding="utf-8-sig")))


def _of(value: Any) -> Iterator[Told]:
    if isinstance(value, list):
        for one in value:
            yield from _of(one)
    elif isinstance(value, dict):
        if value.get("resourceType") in _PEOPLE:
            yield from _person(value)
        yield from number(value.get("subscriberId"))
        for one in value.values():
            yield from _of(one)


def _person(resource: dict[str, Any]) -> Iterator[Told]:
    named = [*resource.get("name", []), *(c["name"] for c in resource.get("contact", []) if "name" in c)]
    for one in named:
        yield from names(" ".join([*one.get("given", []), one.get("family", "")]))
    yield from birth(resource.get("birthDate"))
    for one in resource.get("identifier", []):
        yield from number(one.get("value"))
