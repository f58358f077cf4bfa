"""An XML element of a message: what holds values and no running text."""

from collections.abc import Iterable, Iterator
from typing import Any


class Element:
    """An element whose children are found by local name without going through all of them again.

    A payment has places for a hundred values, most of them empty, and asks its batch as well. So the children
    are sorted by name once, when the first is asked for.

    Args:
        source: the element as lxml gives it.

    Attributes:
        name: its name without its namespace.
        words: its own words in one line.
    """

    __slots__ = ("_children", "_source", "name", "words")

    def __init__(self, source: Any) -> None:
        self.name: str = source.tag.rpartition("}")[2]
        self.words = " ".join((source.text or "").split())
        self._source = source
        self._children: dict[str, list[Element]] | None = None

    @property
    def line(self) -> int:
        """The line it begins in, 1-based."""
        line: int = self._source.sourceline
        return line

    def attribute(self, name: str) -> str:
        """An attribute; empty if there is none."""
        value: str = self._source.get(name, "")
        return value

    def each(self, name: str) -> "Iterator[Element]":
        """Direct children of that local name, which are many: what was read of one is forgotten with it."""
        return map(Element, self._source.iterchildren(f"{{*}}{name}"))

    def find(self, path: str) -> "Element | None":
        """The first descendant along a path of local names such as `Acct/Id/IBAN`, or None."""
        found = self.find_all(path)
        return found[0] if found else None

    def find_all(self, path: str) -> "list[Element]":
        """Every descendant along a path of local names."""
        if self._children is None:
            self._children = _by_name(self._source)
        name, _, rest = path.partition("/")
        found = self._children.get(name, [])
        return [one for child in found for one in child.find_all(rest)] if rest and found else found

    def words_of(self, path: str) -> str:
        """The words of every descendant along a path, in one line."""
        return " ".join(found.words for found in self.find_all(path))

    def text_at(self, *paths: str) -> str:
        """The words at the first of the paths that has any; empty if none has."""
        for path in paths:
            for found in self.find_all(path):
                if found.words:
                    return found.words
        return ""


def elements_of(root: Any, names: Iterable[str]) -> list[Element]:
    """Every element of one of these local names in a tree of lxml, the root included, in order."""
    return list(map(Element, root.iter(*(f"{{*}}{name}" for name in names))))


def _by_name(source: Any) -> dict[str, list[Element]]:
    children: dict[str, list[Element]] = {}
    for child in map(Element, source):
        children.setdefault(child.name, []).append(child)
    return children
