"""Readers of one format."""

from collections.abc import Iterator, Sequence
from typing import Protocol, runtime_checkable

from ragslm.types import Member, ParsedDocument, SourceDocument, WordBox


@runtime_checkable
class Parser(Protocol):
    """Turns the bytes of one format into text with pages, sections, blocks and labelled fields.

    A parser opens no socket and no other file, follows no reference and runs no macro. It must be
    safe to run in a worker process under memory and time limits.
    """

    name: str
    media_type: str

    def claims(self, head: bytes, suffix: str) -> bool:
        """Whether this is the format, from the first 4,096 bytes and the lower-case file suffix
        (with dot, may be empty). Content outweighs the suffix.
        """
        ...

    def parse(self, document: SourceDocument) -> ParsedDocument:
        """Parse the whole document.

        Raises:
            QuarantineError: it is empty, broken, encrypted or too large; the message says why and
                where (page, line, element), never what the text says.
        """
        ...


@runtime_checkable
class Container(Protocol):
    """A parser whose documents hold others: a mail its attachments, an archive its files.

    Each member is ingested as a document of its own, with uri `{container}#{place}` and with the container's
    readers, scope and source; one that is gone from the container is removed.
    """

    def members(self, document: SourceDocument) -> Iterator[Member]:
        """Every member once, in order. Places are unique. One that cannot be read is yielded with a reason.

        Raises:
            QuarantineError: the container itself cannot be read.
        """
        ...


@runtime_checkable
class RunsPrograms(Protocol):
    """A parser that needs a program beside it, which its worker then lets it run.

    Attributes:
        programs: the exact command lines, each beginning with the program's absolute path.
    """

    @property
    def programs(self) -> Sequence[Sequence[str]]:
        """Empty where the program is not installed."""
        ...


@runtime_checkable
class PageRenderer(Protocol):
    """A parser that can also draw its pages."""

    def render(
        self,
        content: bytes,
        page: int,
        *,
        marks: Sequence[tuple[int, int]] = (),
        hidden: Sequence[tuple[int, int]] = (),
        width: int = 1000,
        boxes: Sequence[WordBox] = (),
        only_words: bool = False,
        page_start: int | None = None,
    ) -> bytes:
        """PNG of 1-based `page`, `width` pixels wide. `marks` and `hidden` are spans of the parsed
        text: the former are lit up, the latter boxed out so that no pixel of them remains.

        `boxes` are the words of the page, if it was read by its looks. With `only_words`, for who is not
        cleared, nothing but words of the parsed text is shown: what else a page shows nobody scrubbed.
        `page_start`: where the page begins in that text.
        """
        ...
