"""Pages and sections of stored documents, as a given reader may see them."""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from itertools import accumulate, pairwise

from ragslm._pseudonyms import type_of
from ragslm._spans import OffsetMap, Replacement, apply, overlaps, shift, within
from ragslm.errors import NotFoundError
from ragslm.protocols import Domain, Guard, PageRenderer
from ragslm.store.catalogue import Catalogue
from ragslm.store.records import StoredDocument
from ragslm.types import PageSpan, SourceView

SECTION_CHARACTERS = 6000
"""Longest piece of a format without pages that is shown at once."""


class Viewer:
    """Shows one page of a document with spans lit up.

    Formats with pages are drawn by their parser; spans that were scrubbed are boxed out unless the reader
    is cleared. Other formats are shown as text, scrubbed unless the reader is cleared. Who does not see every
    type is shown nothing that the guard would not let pass in an answer.

    Args:
        guard: releases text; asked for when the first reader needs it, since it loads models.
    """

    def __init__(self, catalogue: Catalogue, domains: Sequence[Domain], guard: Callable[[], Guard]) -> None:
        self._catalogue = catalogue
        self._guard = guard
        self._renderers = {
            parser.name: parser
            for domain in domains
            for parser in domain.parsers()
            if isinstance(parser, PageRenderer)
        }

    def view(
        self,
        document_id: str,
        number: int,
        *,
        marks: Sequence[tuple[int, int]],
        cleared: bool,
        types: Collection[str] | None = None,
    ) -> SourceView:
        """Page or section `number`, 1-based; 0 is the one that holds the first mark.

        `types`: of personal data that a cleared reader sees; None is every type.

        Raises:
            NotFoundError: there is no such document or page.
        """
        document = self._catalogue.document(document_id)
        everything = cleared and types is None
        hidden = _hidden(document.replacements, types if cleared else ())
        pages = document.parsed.pages or _sections(document)
        span = _choose(pages, number, marks)
        if span is None:
            raise NotFoundError(
                f"Document {document_id!r} has {len(pages)} pages; page {number} is not one of them."
            )
        inside = [mark for mark in marks if overlaps(*mark, span.start, span.end)]
        if not everything:
            hidden = _joined(hidden, self._concealed(document, span))
        text, shown = _text(document, span, inside, hidden)
        if not everything:
            seen = frozenset(types or ()) if cleared else frozenset()
            text, shown = _released(text, shown, partial(self._guard().release, types=seen))
        return SourceView(
            document_id=document_id,
            number=span.number,
            pages=len(pages),
            image=self._image(document, span, inside, hidden, only_words=not everything),
            text=text,
            marks=shown,
        )

    def _concealed(self, document: StoredDocument, span: PageSpan) -> list[Replacement]:
        """Spans of the original that tell something personal though they were not scrubbed."""
        replacements = _local(document.replacements, span)
        offsets = OffsetMap(replacements)
        scrubbed = apply(document.parsed.text[span.start : span.end], replacements)
        found = [
            Replacement(*offsets.to_original(start, end), text)
            for start, end, text in self._guard().concealed(scrubbed)
        ]
        return list(shift(found, span.start))

    def _image(
        self,
        document: StoredDocument,
        span: PageSpan,
        marks: Sequence[tuple[int, int]],
        hidden: Sequence[Replacement],
        *,
        only_words: bool,
    ) -> bytes | None:
        renderer = self._renderers.get(document.parser)
        if renderer is None or not document.parsed.pages:
            return None
        return renderer.render(
            document.content,
            span.number,
            marks=marks,
            hidden=[(r.start, r.end) for r in within(hidden, span.start, span.end)],
            boxes=[box for box in document.parsed.boxes if span.start <= box.start < span.end],
            only_words=only_words,
            page_start=span.start,
        )


def _hidden(replacements: Sequence[Replacement], types: Collection[str] | None) -> tuple[Replacement, ...]:
    """What stays hidden from a reader who sees these types; None is every type."""
    return () if types is None else tuple(r for r in replacements if type_of(r.text) not in types)


def _text(
    document: StoredDocument,
    span: PageSpan,
    marks: Sequence[tuple[int, int]],
    hidden: Sequence[Replacement],
) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Text of the span, and the marks as offsets in it."""
    original = document.parsed.text[span.start : span.end]
    local = [(max(a, span.start) - span.start, min(b, span.end) - span.start) for a, b in marks]
    replacements = _local(hidden, span)
    offsets = OffsetMap(replacements)
    return apply(original, replacements), tuple(offsets.to_scrubbed(a, b) for a, b in local)


def _local(replacements: Sequence[Replacement], span: PageSpan) -> tuple[Replacement, ...]:
    """The replacements inside a page, with offsets in its text."""
    return tuple(
        Replacement(max(r.start, 0), min(r.end, span.end - span.start), r.text)
        for r in shift(within(replacements, span.start, span.end), -span.start)
    )


def _joined(hidden: Sequence[Replacement], more: Sequence[Replacement]) -> tuple[Replacement, ...]:
    """Both in order; what `more` covers is left out, which holds whole replacements."""
    kept = (r for r in hidden if not any(overlaps(r.start, r.end, m.start, m.end) for m in more))
    return tuple(sorted((*kept, *more)))


def _released(
    text: str, marks: Sequence[tuple[int, int]], release: Callable[[str], str]
) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text as it may leave, piece by piece between the edges of the marks, so that they still fit.

    A link that a mark cuts in two may come through in halves: then the whole is released, without marks.
    """
    edges = sorted({0, len(text), *(edge for mark in marks for edge in mark)})
    pieces = [release(text[start:end]) for start, end in pairwise(edges)]
    moved = dict(zip(edges, accumulate(map(len, pieces), initial=0), strict=True))
    whole = "".join(pieces)
    if len(pieces) > 1 and release(whole) != whole:
        return release(text), ()
    return whole, tuple((moved[start], moved[end]) for start, end in marks)


def _choose(pages: Sequence[PageSpan], number: int, marks: Sequence[tuple[int, int]]) -> PageSpan | None:
    if number == 0:
        first = marks[0] if marks else (0, 1)
        return next((page for page in pages if overlaps(*first, page.start, page.end)), pages[0])
    return next((page for page in pages if page.number == number), None)


def _sections(document: StoredDocument) -> tuple[PageSpan, ...]:
    """Sections of a format without pages, joined while they are short, as if they were pages."""
    text = document.parsed.text
    cuts = sorted({0, *(section.start for section in document.parsed.sections if section.start < len(text))})
    spans: list[PageSpan] = []
    start = 0
    for cut, following in zip(cuts, [*cuts[1:], len(text)], strict=True):
        if following - start > SECTION_CHARACTERS and cut > start:
            spans.append(PageSpan(len(spans) + 1, start, cut))
            start = cut
    spans.append(PageSpan(len(spans) + 1, start, len(text)))
    return tuple(spans)
