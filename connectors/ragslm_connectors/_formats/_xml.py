"""XML without its dangers: no document type, no entities, no network, no bottomless nesting."""

from collections.abc import Iterator
from typing import Any

from ragslm.errors import QuarantineError


def is_xml(head: bytes) -> bool:
    """Whether bytes begin with an element or a declaration, whatever stands before it."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def parse_xml(content: bytes) -> Any:
    """The root element (lxml).

    Raises:
        QuarantineError: not well-formed, or it has a document type declaration, which is where
            entity bombs and references to other files live; names the line.
    """
    from lxml import etree

    if (position := content.find(b"<!DOCTYPE")) >= 0:
        raise _forbidden(content.count(b"\n", 0, position) + 1)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise QuarantineError(f"Line {error.lineno or 1}: not well-formed XML (code {error.code}).") from None
    if root.getroottree().docinfo.internalDTD is not None:  # UTF-16 hides it from the search above
        raise _forbidden(1)
    return root


def _forbidden(line: int) -> QuarantineError:
    return QuarantineError(
        f"Line {line}: XML with a document type or entities is not read; remove the DOCTYPE."
    )


def local(element: Any) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: Any, name: str) -> list[Any]:
    """Direct children of that local name."""
    return list(element.iterchildren(f"{{*}}{name}"))  # with or without a namespace; in C, five times as fast


def find(element: Any, path: str) -> Any | None:
    """The first descendant along a path of local names such as `Acct/Id/IBAN`, or None."""
    if "/" not in path:
        return next(element.iterchildren(f"{{*}}{path}"), None)
    return next(find_all(element, path), None)


def find_all(element: Any, path: str) -> Iterator[Any]:
    """Every descendant along a path of local names."""
    name, _, rest = path.partition("/")
    for child in children(element, name):
        if rest:
            yield from find_all(child, rest)
        else:
            yield child


def text_at(element: Any, *paths: str) -> str:
    """The words at the first of the paths that has any, in one line; empty if none has."""
    for path in paths:
        for found in find_all(element, path):
            if text := " ".join((found.text or "").split()):
                return text
    return ""
