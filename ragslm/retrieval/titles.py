"""Which documents a question names: issuer, year and form against the titles.

A question says "Verizon" and "FY2022", the passage with the answer says neither; the title says both.
What a word of a title is worth is how few titles hold it.
"""

import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Self

import numpy as np

from ragslm.retrieval.arrays import from_bytes, to_bytes
from ragslm.retrieval.id_table import IdTable
from ragslm.retrieval.index import Ids
from ragslm.retrieval.tokens import SEPARATOR, tokens

if TYPE_CHECKING:
    from ragslm.store.records import IndexRow

_WORD = re.compile(r"[^\W_]+")
_SHORT = re.compile(r"\b[A-Z]{3,}\b")


class TitleIndex:
    """Titles by document, kept as long as one passage of the document is."""

    def __init__(self) -> None:
        self._document = IdTable()
        self._passages: Counter[int] = Counter()
        self._title: dict[int, str] = {}
        self._words: dict[int, tuple[str, ...]] = {}
        self._holding: defaultdict[str, set[int]] = defaultdict(set)

    def __len__(self) -> int:
        return len(self._title)

    def add(self, rows: "Sequence[IndexRow]") -> None:
        """Take the titles out of the rows' headers."""
        last = list({row.id: row for row in rows}.values())
        self.remove([row.id for row in last])
        ids, documents = [row.id for row in last], [row.document for row in last]
        self._document.put(np.array(ids, dtype=np.int64), np.array(documents, dtype=np.int64))
        self._passages.update(documents)
        for row in last:
            if row.document not in self._title:
                self._name(row.document, row.text.partition("\n")[0].split(SEPARATOR)[0])

    def remove(self, ids: Sequence[int]) -> None:
        """Forget passages, and a title with its last passage; unknown ids are ignored."""
        gone = np.unique(np.array(ids, dtype=np.int64))
        documents = self._document.find(gone)
        self._document.discard(gone)
        for document, count in Counter(documents[documents >= 0].tolist()).items():
            self._passages[document] -= count
            if not self._passages[document]:
                self._forget(document)

    def document(self, id_: int) -> int:
        """Row id of a passage's document, -1 for passages it does not hold."""
        return int(self._document.find([id_])[0])

    def documents(self, ids: Ids) -> Ids:
        """Row ids of the documents of many passages, -1 for passages it does not hold."""
        return self._document.find(ids)

    def affinity(self, query: str) -> dict[int, float]:
        """How far the question names each document, 0 to 1; documents it does not name are left out."""
        matched: defaultdict[int, float] = defaultdict(float)
        for word in sorted(self._named(query)):
            worth = self._worth(word)
            for document in self._holding[word]:
                matched[document] += worth
        return {document: found / self._whole(document) for document, found in matched.items()}

    def save(self) -> dict[str, bytes]:
        """The titles, and which passage belongs to which."""
        ids, documents = self._document.items()
        return {
            "titles.json": json.dumps({str(d): t for d, t in self._title.items()}).encode(),
            "titles.ids": to_bytes(ids),
            "titles.documents": to_bytes(documents),
        }

    @classmethod
    def load(cls, files: Mapping[str, bytes]) -> Self:
        """The index that `save` described.

        Raises:
            ValueError: the parts do not fit together.
        """
        loaded = cls()
        ids, documents = from_bytes(files["titles.ids"]), from_bytes(files["titles.documents"])
        loaded._document = IdTable.of(ids, documents)
        held, counts = np.unique(documents, return_counts=True)
        loaded._passages = Counter(dict(zip(held.tolist(), counts.tolist(), strict=True)))
        for document, title in json.loads(files["titles.json"]).items():
            loaded._name(int(document), title)
        return loaded

    # ---------------------------------------------------------------- inside

    def _name(self, document: int, title: str) -> None:
        self._title[document] = title
        self._words[document] = tuple(sorted(set(tokens(title))))
        for word in self._words[document]:
            self._holding[word].add(document)

    def _forget(self, document: int) -> None:
        del self._passages[document], self._title[document]
        for word in self._words.pop(document):
            self._holding[word].discard(document)
            if not self._holding[word]:
                del self._holding[word]

    def _named(self, query: str) -> set[str]:
        """Words of titles in the question: as they are, written together, or as a company's short name."""
        words = [word.lower() for word in _WORD.findall(query)]
        asked = {*tokens(query), *(t for a, b in pairwise(words) for t in tokens(a + b))}
        short = tuple(word.lower() for word in _SHORT.findall(query))
        named = {word for word in asked if word in self._holding}
        if short:
            named.update(w for w in self._holding if w.startswith(short) and w.isalpha())
        return named

    def _worth(self, word: str) -> float:
        """Inverse document frequency among the titles; positive however common the word is."""
        held = len(self._holding[word])
        return math.log1p((len(self) - held + 0.5) / (held + 0.5))

    def _whole(self, document: int) -> float:
        return sum(self._worth(word) for word in self._words[document])
