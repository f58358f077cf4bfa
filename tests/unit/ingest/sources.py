"""Sources in memory, for the tests of synchronisation."""

import datetime as dt

from ragslm.errors import CursorError, SourceError
from ragslm.protocols import DOCUMENTS_ONLY
from ragslm.types import Cursor, Removed, SourceDocument


def doc(name, text, **told):
    return SourceDocument(uri=f"memory://{name}.txt", content=text.encode(), media_type="text/plain", **told)


class Listing:
    """A full listing. An exception among the documents is raised when its turn comes."""

    name = "listing"
    policy = DOCUMENTS_ONLY

    def __init__(self, *documents):
        self.documents = list(documents)

    def load(self):
        for one in self.documents:
            if isinstance(one, BaseException):
                raise one
            yield one


class Log:
    """A log of changes; a cursor is `v1:` and a position, one after every `every` changes and at the end."""

    name = "log"
    policy = DOCUMENTS_ONLY
    version = "v1"

    def __init__(self, *entries, every=1):
        self.entries = list(entries)
        self.every = every
        self.asked = []

    def load(self):
        return (change for change in self.changes(None) if isinstance(change, SourceDocument))

    def changes(self, cursor):
        self.asked.append(cursor)
        if cursor is None:
            yield from self.whole()
            return
        version, _, position = cursor.partition(":")
        if version != self.version:
            raise CursorError("The cursor is of another version.")
        for number in range(int(position), len(self.entries)):
            if isinstance(self.entries[number], BaseException):
                raise self.entries[number]
            yield self.entries[number]
            if (number + 1) % self.every == 0 or number + 1 == len(self.entries):
                yield Cursor(f"{self.version}:{number + 1}")

    def whole(self):
        """What is there now, with cursors that resume at the log's beginning of what is not yielded yet."""
        latest = {}
        for number, entry in enumerate(self.entries):
            if isinstance(entry, Removed):
                latest.pop(entry.uri, None)
            elif isinstance(entry, SourceDocument):
                latest.pop(entry.uri, None)
                latest[entry.uri] = (number, entry)
        for number, entry in latest.values():
            yield entry
            yield Cursor(f"{self.version}:{number + 1}")
        for entry in self.entries:
            if isinstance(entry, SourceError):
                raise entry
        if self.entries:
            yield Cursor(f"{self.version}:{len(self.entries)}")


def loader(texts):
    """A LangChain loader that gives several documents of one file, as loaders of pages do."""
    from langchain_core.document_loaders import BaseLoader
    from langchain_core.documents import Document

    class Pages(BaseLoader):
        def lazy_load(self):
            for text in texts:
                yield Document(page_content=text, metadata={"source": "p.pdf", "read": dt.date(2024, 1, 2)})

    return Pages()
