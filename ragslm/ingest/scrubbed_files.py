"""Documents read by their parsers and scrubbed, with what lies inside them, for who wants the text alone."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ragslm._spans import Overlapping
from ragslm.errors import QuarantineError, ScrubError
from ragslm.ingest.members import Members
from ragslm.ingest.messages import Parsed
from ragslm.ingest.parsing import ParserPool
from ragslm.ingest.steps import Steps
from ragslm.protocols import Scrubber
from ragslm.types import Entity, LabelledField, ScrubbedDocument, SourceDocument


def scrub_documents(
    documents: Iterable[SourceDocument], pool: ParserPool, steps: Steps, scrubber: Scrubber
) -> Iterator[ScrubbedDocument]:
    """Every document, each followed by what lies inside it; one that cannot be read with its reason."""
    members = Members()
    for document in documents:
        yield from _document(document, pool, steps, scrubber, members)


def _document(
    document: SourceDocument, pool: ParserPool, steps: Steps, scrubber: Scrubber, members: Members
) -> Iterator[ScrubbedDocument]:
    try:
        steps.check(document)
        parsed = pool.parse(document)
        yield _scrubbed(document, parsed, scrubber)
    except (QuarantineError, ScrubError) as error:
        yield ScrubbedDocument(uri=document.uri, reason=str(error))
        return
    scope = document.scope if document.scope is not None else parsed.document.scope
    for inner, reason in members.documents(document, parsed.members):
        if reason is None:
            yield from _document(replace(inner, scope=scope), pool, steps, scrubber, members)
        else:
            yield ScrubbedDocument(uri=inner.uri, reason=reason)


def _scrubbed(document: SourceDocument, parsed: Parsed, scrubber: Scrubber) -> ScrubbedDocument:
    text, fields = parsed.document.text, parsed.document.fields
    subject = document.scope if document.scope is not None else parsed.document.scope
    done = scrubber.scrub(text, fields, subject=subject)
    personal = Overlapping((f for f in fields if f.entity != "KEEP"), lambda one: (one.start, one.end))
    return ScrubbedDocument(
        uri=document.uri,
        scrubbed=done,
        found_by=tuple(_found_by(entity, personal) for entity in done.entities),
        originals=tuple(text[entity.start : entity.end] for entity in done.entities),
    )


def _found_by(entity: Entity, personal: Overlapping[LabelledField]) -> str:
    """The path of the field that holds the finding, where the format named it; else the recogniser."""
    fields = personal.found(entity.start, entity.end)
    return f"field {fields[0].path}" if fields else f"recogniser {entity.type}"
