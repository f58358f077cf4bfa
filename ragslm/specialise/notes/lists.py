"""Reads the lists of words that fill the slots."""

from functools import cache
from importlib.resources import files

Lists = dict[str, tuple[str, ...]]


def lines(file: str) -> list[str]:
    """Lines of a file of this package's data, without comments."""
    text = (files("ragslm.specialise.notes") / "data" / file).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


@cache
def cultures() -> tuple[Lists, ...]:
    """Given names, surnames, stems, endings and particles, by culture."""
    found: list[Lists] = []
    for line in lines("names.txt"):
        if line.startswith("["):
            found.append({})
        else:
            _add(found[-1], line)
    return tuple(found)


@cache
def places() -> Lists:
    """Towns, firms, terms and parts of streets, by slot."""
    found: Lists = {}
    for line in lines("places.txt"):
        _add(found, line)
    return found


def _add(lists: Lists, line: str) -> None:
    """Add `slot: word word` or `slot: some words|other words`."""
    slot, _, values = line.partition(": ")
    words = values.split("|") if "|" in values else values.split()
    lists[slot] = lists.get(slot, ()) + tuple(words)
