"""Lexical index: BM25 over NumPy postings, incremental, filtered before scoring.

New passages go into small sealed runs that are merged as they grow, so one more document costs its own
size and not the index's. Document frequencies are kept exactly: an index that has seen additions and
removals scores as one built afresh.

Source: S. Robertson, H. Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009).
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from ragslm.retrieval.arrays import from_bytes, to_bytes
from ragslm.retrieval.index import Found, Ids, Scores, among, best
from ragslm.retrieval.postings import Int32, Postings
from ragslm.retrieval.tokens import SEPARATOR, tokens

if TYPE_CHECKING:
    from ragslm.store.records import IndexRow

K1 = 1.2
B = 0.6
"""Length normalisation, 0 to 1. Passages are cut to one size; what differs is how dense tables are."""
TITLE_COUNT = 0
"""How often a word of the title counts: in a filing of hundreds of passages it tells none apart, and
`TitleIndex` weighs it."""
SECTION_COUNT = 2
"""How often a word of the section path counts: it is what the passage is about."""
_ARRAYS = ("ids", "documents", "lengths", "bounds", "terms", "counts")


class LexicalIndex:
    """Words by passage id. The first line of a row's text is its header.

    Searching from several threads is safe; adding and removing want the index for themselves.
    """

    def __init__(self) -> None:
        self._vocabulary: dict[str, int] = {}
        self._frequency: NDArray[np.int64] = np.zeros(1024, dtype=np.int64)
        self._parts: list[Postings] = []
        self._where: dict[int, tuple[Postings, int]] = {}
        self._total = 0

    def __len__(self) -> int:
        return len(self._where)

    def add(self, rows: "Sequence[IndexRow]") -> None:
        """Add passages; one whose id is already there replaces it."""
        last = {row.id: row for row in rows}
        if not last:
            return
        self.remove(list(last))
        bags = [self._bag(row.text) for row in last.values()]
        part = Postings.of(list(last), [row.document for row in last.values()], bags)
        self._count(part.terms, +1)
        self._total += int(part.lengths.sum())
        self._parts.append(part)
        self._place(part)
        self._merge()

    def remove(self, ids: Sequence[int]) -> None:
        """Forget passages; unknown ids are ignored. Their space is freed at the next merge."""
        for id_ in ids:
            place = self._where.pop(id_, None)
            if place is not None:
                part, slot = place
                part.alive[slot] = False
                self._count(part.bag(slot)[0], -1)
                self._total -= int(part.lengths[slot])

    def search(self, query: str, k: int, documents: Ids | None = None) -> Found:
        """The best `k` by BM25 among the passages of `documents`; passages without a query word are none."""
        weights = self._weights(query)
        found = [self._search(part, weights, documents) for part in self._parts]
        ids = np.concatenate([f.ids for f in found] or [np.empty(0, np.int64)])
        return best(ids, np.concatenate([f.scores for f in found] or [np.empty(0)]), k)

    def scores(self, query: str, ids: Ids) -> Scores:
        """BM25 of these passages for the query; 0 for ids it does not hold."""
        weights = self._weights(query)
        result = np.zeros(len(ids), dtype=np.float64)
        places = [self._where.get(int(id_)) for id_ in ids]
        for part in self._parts:
            slots = {i: place[1] for i, place in enumerate(places) if place and place[0] is part}
            if slots:
                totals = self._totals(part, weights, part.alive)
                result[list(slots)] = totals[list(slots.values())]
        return result

    def save(self) -> dict[str, bytes]:
        """One sealed run and the vocabulary in order of term number."""
        part = Postings.merged(self._parts) if self._parts else Postings.of([], [], [])
        files = {f"lexical.{name}": to_bytes(getattr(part, name)) for name in _ARRAYS}
        return files | {"lexical.vocabulary": json.dumps(list(self._vocabulary)).encode()}

    @classmethod
    def load(cls, files: Mapping[str, bytes]) -> Self:
        """The index that `save` described.

        Raises:
            ValueError: the parts do not fit together.
        """
        arrays = {name: from_bytes(files[f"lexical.{name}"]) for name in _ARRAYS}
        n = len(arrays["ids"])
        if len(arrays["bounds"]) != n + 1 or arrays["bounds"][-1] != len(arrays["terms"]):
            raise ValueError(f"{n} passages, {len(arrays['terms'])} terms.")
        loaded = cls()
        loaded._vocabulary = {word: i for i, word in enumerate(json.loads(files["lexical.vocabulary"]))}
        part = Postings(**arrays, alive=np.ones(n, dtype=np.bool_))
        loaded._parts = [part] if n else []
        loaded._count(part.terms, +1)
        loaded._total = int(part.lengths.sum())
        loaded._place(part)
        return loaded

    # ---------------------------------------------------------------- inside

    def _bag(self, text: str) -> tuple[Int32, Int32]:
        header, _, body = text.partition("\n")
        title, _, section = header.partition(SEPARATOR)
        counts = Counter(tokens(body))
        for part, times in ((title, TITLE_COUNT), (section, SECTION_COUNT)):
            for word in tokens(part) if times else ():
                counts[word] += times
        numbers = [self._vocabulary.setdefault(word, len(self._vocabulary)) for word in counts]
        return np.array(numbers, dtype=np.int32), np.fromiter(counts.values(), dtype=np.int32)

    def _count(self, terms: Int32, sign: int) -> None:
        if len(self._vocabulary) > len(self._frequency):
            grown = np.zeros(2 * len(self._vocabulary), dtype=np.int64)
            grown[: len(self._frequency)] = self._frequency
            self._frequency = grown
        if sign > 0:
            self._frequency += np.bincount(terms, minlength=len(self._frequency))
        else:
            self._frequency[terms] -= 1

    def _place(self, part: Postings) -> None:
        self._where.update({int(id_): (part, slot) for slot, id_ in enumerate(part.ids)})

    def _merge(self) -> None:
        """Keep each run at least twice as long as the next, so there are few and merging is rare."""
        while len(self._parts) > 1 and len(self._parts[-2]) < 2 * len(self._parts[-1]):
            part = Postings.merged(self._parts[-2:])
            self._parts[-2:] = [part]
            self._place(part)

    def _idf(self, term: int) -> float:
        df = int(self._frequency[term]) if term >= 0 else 0
        return float(np.log1p((len(self) - df + 0.5) / (df + 0.5))) if df else 0.0

    def _weights(self, query: str) -> list[tuple[int, float]]:
        """Known query terms with their weights, in order of the words, so that sums come out equal."""
        known = [self._vocabulary[word] for word in sorted(set(tokens(query))) if word in self._vocabulary]
        return [(term, idf) for term in known if (idf := self._idf(term)) > 0]

    def _search(self, part: Postings, weights: list[tuple[int, float]], documents: Ids | None) -> Found:
        allowed = part.alive if documents is None else part.alive & among(part.documents, documents)
        totals = self._totals(part, weights, allowed)
        hit = np.flatnonzero(totals)
        return Found(part.ids[hit], totals[hit])

    def _totals(self, part: Postings, weights: list[tuple[int, float]], allowed: NDArray[np.bool_]) -> Scores:
        """BM25 by slot; only allowed slots are scored, the others stay 0."""
        totals = np.zeros(len(part), dtype=np.float64)
        for term, idf in weights:
            slots, counts = part.holding(term)
            chosen = allowed[slots]
            slots = slots[chosen]
            totals[slots] += idf * self._saturated(counts[chosen], part.lengths[slots])
        return totals

    def _saturated(self, counts: Int32, lengths: Int32) -> Scores:
        average = self._total / max(1, len(self))
        result: Scores = counts * (K1 + 1) / (counts + K1 * (1 - B + B * lengths / max(average, 1)))
        return result
