"""Documents inside messages and documents: decoded, parsed by whoever reads their kind, and taken over."""

import base64
import binascii
import bisect

from ragslm.errors import QuarantineError
from ragslm.registry import find_parser, load_domains
from ragslm.types import PATH_SEPARATOR, ParsedDocument, SourceDocument
from ragslm_connectors._formats._builder import TextBuilder

_SUFFIXES = {
    "application/pdf": ".pdf",
    "application/msword": ".doc",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/xml": ".xml",
    "application/xml": ".xml",
    "application/hl7-cda+xml": ".xml",
}
_SILENT = ("image/", "audio/", "video/")
_DOMAINS = ("medical", "generic")
_HEAD = 4096


def from_base64(text: str, place: str) -> bytes:
    """The bytes of base64 text, blanks and line breaks in it left out.

    Raises:
        QuarantineError: it is none; names `place`.
    """
    try:
        return base64.b64decode("".join(text.split()).encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise QuarantineError(f"{place}: the embedded document is not valid base64.") from None


def from_hex(text: str, place: str) -> bytes:
    """The bytes of hexadecimal text.

    Raises:
        QuarantineError: it is none; names `place`.
    """
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise QuarantineError(f"{place}: the embedded document is not valid hexadecimal.") from None


def write_embedded(builder: TextBuilder, content: bytes, media_type: str, place: str, section: str) -> None:
    """Write an embedded document's blocks below `section`; of a picture or sound only that it is there.

    Raises:
        QuarantineError: no parser reads it, or it cannot be read; names `place`.
    """
    kind = media_type.split(";")[0].strip().lower()
    if kind.startswith(_SILENT):
        builder.section(section)
        builder.block("paragraph", f"Attachment of type {_plain(kind)}, which is not read.")
        builder.close()
        return
    suffix = _SUFFIXES.get(kind, "")
    parser = find_parser(load_domains(_DOMAINS), content[:_HEAD], suffix) if content else None
    if parser is None:
        said = _plain(kind) or "unknown type"
        raise QuarantineError(f"{place}: no parser reads the embedded document ({said}).")
    try:
        parsed = parser.parse(SourceDocument(uri="embedded:" + place + suffix, content=content))
    except QuarantineError as error:
        raise QuarantineError(f"{place}: {error}") from None
    _take_over(builder, parsed, section)


def _plain(kind: str) -> str:
    """A media type that can be shown; anything else might be text of the document."""
    silent = kind.startswith(_SILENT) and kind.partition("/")[2].isalnum()
    return kind if silent or kind in _SUFFIXES else ""


def _take_over(builder: TextBuilder, parsed: ParsedDocument, section: str) -> None:
    """Blocks with their fields; pages become parts of the section path, for the pages are not this file's."""
    fields = sorted(parsed.fields, key=lambda one: one.start)
    present = None
    at = 0
    for block in parsed.blocks:
        path = PATH_SEPARATOR.join([section, *_inner(parsed, block.start)])
        if path != present:
            builder.section(path)
            present = path
        builder.block(block.kind)
        position = block.start
        while at < len(fields) and fields[at].end <= block.end:
            one = fields[at]
            if one.start >= position:
                builder.write(parsed.text[position : one.start])
                builder.write(parsed.text[one.start : one.end], one.entity, one.path)
                position = one.end
            at += 1
        builder.write(parsed.text[position : block.end])
    builder.close()
    if parsed.unread:
        pages = ", ".join(map(str, parsed.unread))
        builder.block("paragraph", f"Pages of the attachment with pictures that were not read: {pages}.")
        builder.close()


def _inner(parsed: ParsedDocument, offset: int) -> list[str]:
    """`page 2` and the section of an offset, as far as there are any."""
    found = bisect.bisect_right([page.start for page in parsed.pages], offset) - 1
    page = [f"page {parsed.pages[found].number}"] if found >= 0 else []
    inside = [s.path for s in parsed.sections if s.start <= offset < s.end]
    return [*page, *inside[-1:]]
