"""Which documents a question names: issuer, period and kind against the titles.

A question says "Verizon" and "FY2022", the passage with the answer says neither; the title says both.
What a word of a title is worth is how few titles hold it. Who names an issuer and a period or kind means that
issuer's filings and no other document; a filter given as an argument is read in the same way.
"""

import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Self

import numpy as np

from ragslm._periods import periods
from ragslm.errors import ConfigError
from ragslm.retrieval.arrays import from_bytes, to_bytes
from ragslm.retrieval.cards import FILINGS, KINDS, Card, card, kind_of, words
from ragslm.retrieval.filings import Wanted, fitting, leaning, meets
from ragslm.retrieval.id_table import IdTable
from ragslm.retrieval.index import Ids
from ragslm.retrieval.issuers import issuers
from ragslm.retrieval.tokens import tokens
from ragslm.types import PATH_SEPARATOR

if TYPE_CHECKING:
    from ragslm.store.records import IndexRow

_WORD = re.compile(r"[^\W_]+")
_SHORT = re.compile(r"\b[A-Z]{3,}\b")


@dataclass(frozen=True, slots=True)
class Named:
    """The documents a question names.

    Attributes:
        weights: how far each is named, 0 to 1; documents that are not named are left out.
        only: rows of the documents the question is about and no others, ascending; None where it is open.
    """

    weights: Mapping[int, float]
    only: Ids | None = None


class TitleIndex:
    """Titles by document, kept as long as one passage of the document is."""

    def __init__(self) -> None:
        self._document = IdTable()
        self._passages: Counter[int] = Counter()
        self._title: dict[int, str] = {}
        self._words: dict[int, tuple[str, ...]] = {}
        self._holding: defaultdict[str, set[int]] = defaultdict(set)
        self._cards: dict[int, Card] = {}
        self._filings: defaultdict[tuple[str, ...], set[int]] = defaultdict(set)

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
                self._name(row.document, row.text.partition("\n")[0].split(PATH_SEPARATOR)[0])

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

    def title(self, document: int) -> str:
        """Of a document by its row id; empty for one it does not hold."""
        return self._title.get(document, "")

    def named(self, question: str, spelled_out: str, allowed: Ids | None) -> Named:
        """What the question names out of the allowed documents; None allows all.

        Args:
            question: as asked; titles, periods and kinds are looked for in it.
            spelled_out: with the meanings of its abbreviations; issuers are looked for in it.
            allowed: rows of documents.
        """
        weights = self.affinity(question)
        by_issuer = self._of_issuers(spelled_out, allowed)
        if not by_issuer:
            return Named(weights)
        wanted = Wanted.of(question)
        only: set[int] = set()
        for cards in by_issuer:
            chosen = fitting(cards, wanted) if wanted.narrows else set(cards)
            only |= chosen
            base = max((weights.get(document, 0.0) for document in chosen), default=0.0)
            for document, lean in leaning({one: cards[one] for one in chosen}, wanted).items():
                weights[document] = min(1.0, base + lean)
        if not wanted.narrows:
            return Named(weights)
        return Named({one: weights[one] for one in only}, np.array(sorted(only), dtype=np.int64))

    def meeting(
        self, documents: Ids, *, issuer: str | None = None, period: str | None = None, kind: str | None = None
    ) -> Ids:
        """Those of the documents whose titles say what a filter asks; all of them where it asks nothing.

        Raises:
            ConfigError: the period or kind cannot be read.
        """
        if issuer is period is kind is None:
            return documents
        asked = tuple(found.period for found in periods(period or ""))
        if period is not None and not asked:
            raise ConfigError("Filter 'period' wants one such as FY2018, Q2 2023 or 2022-07-01.")
        wanted = None if kind is None else kind_of(kind)
        if kind is not None and wanted is None:
            raise ConfigError(f"Filter 'type' knows {', '.join(KINDS)}.")
        name = None if issuer is None else "".join(words(issuer))
        met = (d for d in documents.tolist() if meets(self._card(d), name, asked, wanted))
        return np.fromiter(met, dtype=np.int64)

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
        read = card(title)
        if read != Card():
            self._cards[document] = read
        if read.issuer and read.kind in FILINGS:
            self._filings[read.issuer].add(document)

    def _forget(self, document: int) -> None:
        del self._passages[document], self._title[document]
        for word in self._words.pop(document):
            self._holding[word].discard(document)
            if not self._holding[word]:
                del self._holding[word]
        read = self._cards.pop(document, Card())
        if document in self._filings.get(read.issuer, ()):
            self._filings[read.issuer].discard(document)
            if not self._filings[read.issuer]:
                del self._filings[read.issuer]

    def _card(self, document: int) -> Card:
        """A title that names neither period nor kind is all name."""
        return self._cards.get(document) or Card(issuer=tuple(words(self._title.get(document, ""))))

    def _of_issuers(self, question: str, allowed: Ids | None) -> list[dict[int, Card]]:
        """The allowed filings of each issuer the question names; issuers without any are left out."""
        if not self._filings:
            return []
        known = {"".join(issuer): issuer for issuer in self._filings}
        visible = None if allowed is None else set(allowed.tolist())
        found: defaultdict[str, dict[int, Card]] = defaultdict(dict)
        meant = issuers(question, known)
        for issuer, documents in self._filings.items():
            if (name := "".join(issuer)) in meant:
                seen = documents if visible is None else documents & visible
                found[name].update((document, self._cards[document]) for document in seen)
        return [cards for _, cards in sorted(found.items()) if cards]

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
