"""A parsed document without personal data: its text, its title, its section paths."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ragslm._spans import OffsetMap, Replacement, apply
from ragslm.protocols import Scrubber
from ragslm.types import PATH_SEPARATOR, Entity, ParsedDocument, Scrubbed, Section

_CERTAIN = 1.0
"""Score of what a format's field or a checksum says, rather than a recogniser's guess."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What was replaced in a document's text, and its scrubbed title and section paths.

    Attributes:
        types: entity type of each replacement.
        beside: entity types found in the title, in section paths and in what else the source tells.
    """

    replacements: tuple[Replacement, ...] = field(repr=False)
    types: tuple[str, ...]
    title: str = field(repr=False)
    sections: Mapping[str, str] = field(repr=False)
    beside: frozenset[str] = frozenset()


def clean(
    scrubber: Scrubber,
    documents: Sequence[ParsedDocument],
    titles: Sequence[str],
    subjects: Sequence[str | None],
    told: Sequence[Sequence[str]] | None = None,
) -> list[Cleaned]:
    """Scrub documents together.

    Args:
        scrubber: of the workspace.
        documents: as parsed.
        titles: one for each.
        subjects: the patient or account of each; None is general knowledge.
        told: of each, what else its source tells: it is only looked at for what it holds.

    Raises:
        ScrubError: scrubbing could not be completed.
    """
    texts = scrubber.scrub_many([d.text for d in documents], [d.fields for d in documents], subjects)
    said = [_said(d, _replacements(t)) for d, t in zip(documents, texts, strict=True)]
    parts = [_unknown(document, known) for document, known in zip(documents, said, strict=True)]
    more = told or [()] * len(documents)
    wanted = [[title, *part, *one] for title, part, one in zip(titles, parts, more, strict=True)]
    owners = [subject for part, subject in zip(wanted, subjects, strict=True) for _ in part]
    short = iter(scrubber.scrub_many([text for part in wanted for text in part], None, owners))
    cleaned = []
    for number, (document, text, known, own) in enumerate(zip(documents, texts, said, subjects, strict=True)):
        done = [next(short) for _ in wanted[number]]
        known |= {part: scrubbed.text for part, scrubbed in zip(parts[number], done[1:], strict=False)}
        sealed = _sealed(scrubber, document, text, done[0].text, known, own is not None)
        beside = frozenset(entity.type for scrubbed in done for entity in scrubbed.entities)
        cleaned.append(replace(sealed, beside=beside))
    return cleaned


def _sealed(
    scrubber: Scrubber,
    document: ParsedDocument,
    text: Scrubbed,
    title: str,
    parts: Mapping[str, str],
    personal: bool,
) -> Cleaned:
    """Title and paths, from which what was found in the text is taken out as well."""
    paths = list(dict.fromkeys(section.path for section in document.sections))
    scrubbed = (PATH_SEPARATOR.join(parts[part] for part in path.split(PATH_SEPARATOR)) for path in paths)
    lines = [title, *scrubbed]
    originals = sorted(set(_originals(document.text, text.entities, personal)), key=lambda o: (-len(o), o))
    sealed = scrubber.seal(lines, originals) if originals else lines
    types = tuple(entity.type for entity in text.entities)
    return Cleaned(_replacements(text), types, sealed[0], dict(zip(paths, sealed[1:], strict=True)))


def _originals(text: str, entities: Sequence[Entity], personal: bool) -> Iterator[str]:
    """What must not stand in title and paths.

    All of it, where the document is a person's. In general knowledge a single word that a recogniser took
    for a name is as often a company's, and a report without its company's name in the title is not found.
    """
    for entity in entities:
        original = text[entity.start : entity.end]
        if personal or entity.score >= _CERTAIN or len(original.split()) > 1:
            yield original


def _replacements(scrubbed: Scrubbed) -> tuple[Replacement, ...]:
    return tuple(Replacement(e.start, e.end, e.replacement) for e in scrubbed.entities)


def _said(document: ParsedDocument, replacements: tuple[Replacement, ...]) -> dict[str, str]:
    """Parts of section paths that the text says itself, by their words, as they were scrubbed there.

    The text around tells a recogniser more than the words alone: "LDL Chol." above a result is nobody's name.
    A heading's own place comes first, then a term that the format says is knowledge, then the section's text.
    """
    whole, offsets = apply(document.text, replacements), OffsetMap(replacements)

    def scrubbed(start: int, end: int) -> str:
        start, end = offsets.to_scrubbed(start, end)
        return _line(whole[start:end])

    found: dict[str, str] = {}
    for block in document.blocks:
        if block.kind == "heading":
            found.setdefault(_line(document.text[block.start : block.end]), scrubbed(block.start, block.end))
    terms = (_line(document.text[f.start : f.end]) for f in document.fields if f.entity == "KEEP")
    found = {term: term for term in terms} | found
    for section in document.sections:
        for part in section.path.split(PATH_SEPARATOR):
            if part not in found and (place := _place(part, document.text, section)):
                found[part] = scrubbed(*place)
    return found


def _place(part: str, text: str, section: Section) -> tuple[int, int] | None:
    """Where a section's text has the part as words of their own; None if it has not."""
    found = re.compile(rf"(?<!\w){re.escape(part)}(?!\w)").search(text, section.start, section.end)
    return found.span() if found and part else None


def _unknown(document: ParsedDocument, known: Mapping[str, str]) -> list[str]:
    """Parts of section paths that the text does not say."""
    parts = (part for section in document.sections for part in section.path.split(PATH_SEPARATOR))
    return list(dict.fromkeys(part for part in parts if part not in known))


def _line(text: str) -> str:
    return " ".join(text.split())
