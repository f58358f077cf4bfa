"""A document of which what authenticates a card is not kept: neither in the original nor as it was parsed.

Source: PCI DSS 4.0.1, 3.3.1: sensitive authentication data is not stored after authorisation, not even
encrypted. An original cannot be edited in every format, so the scrubbed text is stored in its place.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from ragslm._spans import Replacement, apply
from ragslm.ingest.items import Item
from ragslm.ingest.messages import Parsed
from ragslm.ingest.scrubbing import Cleaned

MEDIA_TYPE = "text/plain"
PARSER = "scrubbed text"
"""Named as the parser of such a document: none draws its pages, and a rebuild reads it as the text it is."""
_BLANK = "\u2588"


def forget(item: Item, parsed: Parsed, cleaned: Cleaned, types: Collection[str]) -> tuple[Item, Parsed]:
    """The document as it may be stored. It is as given where nothing of these types was found in it, and it
    holds no other: one that does is stored by itself, with or without its original.

    Args:
        item: on its way into the store; its digest stays that of the source, so that a change is seen.
        parsed: as read.
        cleaned: what was replaced in it.
        types: entity types that are not kept.
    """
    found = [r for r, kind in zip(cleaned.replacements, cleaned.types, strict=True) if kind in types]
    if not types or not (found or cleaned.beside.intersection(types) or parsed.members):
        return item, parsed
    scrubbed = apply(parsed.document.text, cleaned.replacements)
    source = replace(
        item.document, content=scrubbed.encode("utf-8", "replace"), media_type=MEDIA_TYPE, metadata={}
    )
    document = parsed.document
    blanked = replace(
        document,
        text=_blanked(document.text, found),
        title=cleaned.title,
        sections=tuple(one._replace(path=cleaned.sections[one.path]) for one in document.sections),
    )
    return replace(item, document=source), replace(
        parsed, document=blanked, media_type=MEDIA_TYPE, parser=PARSER
    )


def _blanked(text: str, found: Sequence[Replacement]) -> str:
    """The text with blocks in place of the spans: nothing else moves."""
    return apply(text, (Replacement(r.start, r.end, _BLANK * (r.end - r.start)) for r in found))
