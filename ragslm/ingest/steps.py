"""What is done to one document after the other on its way in: refused or scrubbed, cut, embedded, stored."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ragslm.errors import QuarantineError
from ragslm.ingest.files import UNREAD, too_large
from ragslm.ingest.forgetting import forget
from ragslm.ingest.items import Item, Prepared
from ragslm.ingest.messages import Parsed
from ragslm.ingest.passages import Origin, cut
from ragslm.ingest.scrubbing import Cleaned, clean
from ragslm.protocols import Embedder, Scrubber
from ragslm.settings import IngestSettings
from ragslm.store.catalogue import Catalogue
from ragslm.store.records import NewDocument, NewPassage
from ragslm.types import Identity, SourceDocument

if TYPE_CHECKING:
    from ragslm.protocols.retrieval import Vectors


class Steps:
    """The steps of a document, each by itself. Thread-safe.

    Args:
        unkept: entity types of which no original is stored, and so no document that was not read either.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        scrubber: Scrubber,
        embedder: Embedder,
        settings: IngestSettings,
        unkept: Collection[str] = (),
    ) -> None:
        self._catalogue = catalogue
        self._scrubber = scrubber
        self._embedder = embedder
        self._settings = settings
        self._unkept = unkept

    @property
    def keeps_unread(self) -> bool:
        """Whether a document may be kept of which nobody knows what it holds."""
        return not self._unkept

    def check(self, document: SourceDocument) -> None:
        """Refuse what is not to be parsed at all.

        Raises:
            QuarantineError: its source could not read it, or it is too large.
        """
        if reason := document.metadata.get(UNREAD):
            raise QuarantineError(str(reason))
        if len(document.content) > self._settings.max_bytes:
            raise QuarantineError(too_large(len(document.content), self._settings.max_bytes))

    def scrub(self, batch: Sequence[tuple[Item, Parsed]]) -> list[Cleaned]:
        """Scrub several documents together.

        Raises:
            ScrubError: scrubbing could not be completed.
        """
        return clean(
            self._scrubber,
            [parsed.document for _, parsed in batch],
            [_title(item, parsed) for item, parsed in batch],
            [scope_of(item, parsed) for item, parsed in batch],
            [list(_lines(item.document.metadata)) for item, _ in batch] if self._unkept else None,
        )

    def prepare(self, item: Item, parsed: Parsed, cleaned: Cleaned) -> Prepared:
        """Cut a scrubbed document into passages."""
        origin = Origin(
            document_id=item.id,
            uri=item.document.uri,
            title=cleaned.title,
            date=item.document.effective_date or parsed.document.effective_date,
            sections=cleaned.sections,
        )
        cuts = cut(parsed.document, cleaned.replacements, origin, target=self._settings.passage_characters)
        item, parsed = forget(item, parsed, cleaned, self._unkept)
        return Prepared(
            item=item, parsed=parsed, replacements=cleaned.replacements, title=cleaned.title, cuts=cuts
        )

    def embed(self, prepared: Sequence[Prepared]) -> "Vectors":
        """Vectors of the passages of several documents, one after the other."""
        return self._embedder.embed([one.indexed for document in prepared for one in document.cuts])

    def put(self, prepared: Prepared, vectors: "Vectors", identity: Identity, *, durable: bool) -> bool:
        """Store a document; True if it replaced an older version. `durable`: wait until it is on the disk."""
        item, parsed = prepared.item, prepared.parsed
        record = NewDocument(
            source=item.document,
            id=item.id,
            domain=item.domain,
            sha256=item.sha256,
            parsed=parsed.document,
            replacements=prepared.replacements,
            media_type=parsed.media_type,
            parser=parsed.parser,
            title=prepared.title,
            effective_date=item.document.effective_date or parsed.document.effective_date,
            scope=scope_of(item, parsed),
            readers=item.readers,
            keeps_readers=item.keeps_readers,
            passages=[
                NewPassage(passage=c.passage, header=c.header, replacements=c.replacements, vector=vector)
                for c, vector in zip(prepared.cuts, vectors, strict=True)
            ],
        )
        return self._catalogue.put_document(record, identity=identity, durable=durable)


def _title(item: Item, parsed: Parsed) -> str:
    """The format's own title, and the source's where it says more; else the parser's name."""
    own, given = parsed.document.title or "", item.document.title
    if own and given and not set(given.casefold().split()) <= set(own.casefold().split()):
        return f"{own} ({given})"
    return own or given or parsed.parser


def _lines(value: Any, name: str = "") -> Iterator[str]:
    """Every value of what a source tells, behind its name, which may say that a number is a security code."""
    if isinstance(value, Mapping):
        for inner, one in value.items():
            yield from _lines(one, str(inner))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _lines(one, name)
    else:
        yield f"{name}: {value}"


def scope_of(item: Item, parsed: Parsed) -> str | None:
    """What the run or the source says; else what the format tells."""
    return item.scope if item.scope is not None else parsed.document.scope
