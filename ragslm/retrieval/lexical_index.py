"""Lexical index: BM25 over NumPy postings, incremental, filtered before scoring.

New passages go into small sealed runs that are merged as they grow until they are full, so one more
document costs its own size, now and then a merge, and never the index's size. Document frequencies are
exact: an index that has seen additions and removals scores as one built afresh.

Source: S. Robertson, H. Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009).
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Self

import numpy as np

from ragslm.retrieval import runs
from ragslm.retrieval.id_table import IdTable
from ragslm.retrieval.index import Allowed, Found, Ids, Scores, best
from ragslm.retrieval.postings import FULL, Postings, key_of
from ragslm.retrieval.scoring import Weights, at_slots, best_slots
from ragslm.retrieval.tokens import tokens
from ragslm.types import PATH_SEPARATOR

if TYPE_CHECKING:
    from ragslm.store.records import IndexRow

TITLE_COUNT = 0
"""How often a word of the title counts: in a filing of hundreds of passages it tells none apart, and
`TitleIndex` weighs it."""
SECTION_COUNT = 2
"""How often a word of the section path counts: it is what the passage is about."""
_NUMBERED = re.compile(r"\[\d+\]")
"""Which of its like an element is, in a section path; the number is no word that a question asks for."""
_HOLES = 0.25
"""Share of removed passages from which on a run is written anew."""


class LexicalIndex:
    """Words by passage id. The first line of a row's text is its header.

    Searching from several threads is safe; adding and removing want the index for themselves.
    """

    def __init__(self) -> None:
        self._runs: list[Postings] = []
        self._places = IdTable()
        self._total = 0

    def __len__(self) -> int:
        return len(self._places)

    def add(self, rows: "Sequence[IndexRow]") -> None:
        """Add passages; one whose id is already there replaces it."""
        last = list({row.id: row for row in rows}.values())
        self.remove([row.id for row in last])
        for start in range(0, len(last), FULL):
            few = last[start : start + FULL]
            run = Postings.of([r.id for r in few], [r.document for r in few], [_bag(r.text) for r in few])
            self._total += int(run.lengths.sum())
            self._runs.append(run)
            self._place(len(self._runs) - 1)
            self._merge()

    def remove(self, ids: Sequence[int]) -> None:
        """Forget passages; unknown ids are ignored."""
        places = np.unique(self._places.find(list(ids)))
        places = places[places >= 0]
        if not len(places):
            return
        for number in np.unique(places // FULL).tolist():
            run, slots = self._runs[number], places[places // FULL == number] % FULL
            run.alive[slots] = False
            self._total -= int(run.lengths[slots].sum())
            self._places.discard(run.ids[slots])
            if run.living < (1 - _HOLES) * len(run):
                self._runs[number] = Postings.merged([run])
                self._place(number)

    def search(self, query: str, k: int, documents: Ids | None = None) -> Found:
        """The best `k` by BM25 among the passages of `documents`; passages without a query word are none."""
        weights = self._weights(query)
        found = Found(np.empty(0, np.int64), np.empty(0, np.float64))
        if k < 1 or not len(weights.terms):
            return found
        allowed = None if documents is None else Allowed(documents)
        for run in self._runs:
            chosen = None if allowed is None else allowed.mask(run.documents) & run.alive
            least = float(found.scores[-1]) if len(found.ids) == k else 0.0
            slots, scores = best_slots(run, weights, k, chosen, least)
            found = best(
                np.concatenate([found.ids, run.ids[slots]]), np.concatenate([found.scores, scores]), k
            )
        return found

    def scores(self, query: str, ids: Ids) -> Scores:
        """BM25 of these passages for the query; 0 for ids it does not hold."""
        weights = self._weights(query)
        result = np.zeros(len(ids), dtype=np.float64)
        places = self._places.find(ids)
        order = np.argsort(places)
        numbers = places[order] // FULL
        for number in np.unique(numbers[numbers >= 0]).tolist():
            mine = order[numbers == number]
            result[mine] = at_slots(self._runs[number], weights, places[mine] % FULL)
        return result

    def save(self) -> dict[str, bytes]:
        """The runs one after the other, without what was removed."""
        return runs.to_files([r if r.alive.all() else Postings.merged([r]) for r in self._runs if r.living])

    @classmethod
    def load(cls, files: Mapping[str, bytes]) -> Self:
        """The index that `save` described.

        Raises:
            ValueError: the parts do not fit together.
        """
        loaded = cls()
        loaded._runs = runs.from_files(files)
        if loaded._runs:
            ids = np.concatenate([run.ids for run in loaded._runs])
            places = [number * FULL + np.arange(len(run)) for number, run in enumerate(loaded._runs)]
            loaded._places = IdTable.of(ids, np.concatenate(places))
            loaded._total = sum(int(run.lengths.sum()) for run in loaded._runs)
        return loaded

    # ---------------------------------------------------------------- inside

    def _place(self, number: int) -> None:
        """Note where the passages of a run are: the run's number times `FULL`, plus the slot."""
        self._places.put(self._runs[number].ids, number * FULL + np.arange(len(self._runs[number])))

    def _merge(self) -> None:
        """Keep each run at least twice as long as the next, unless it is full."""
        while len(self._runs) > 1:
            one, other = self._runs[-2].living, self._runs[-1].living
            if one >= 2 * other or one + other > FULL:
                return
            self._runs[-2:] = [Postings.merged(self._runs[-2:])]
            self._place(len(self._runs) - 1)

    def _weights(self, query: str) -> Weights:
        """Known query terms, rarest first; equally rare ones in order of their keys, so that sums come out
        equal.
        """
        terms = np.array(sorted({key_of(word) for word in tokens(query)}), dtype=np.uint64)
        frequency = np.zeros(len(terms), dtype=np.int64)
        for run in self._runs:
            frequency += _holding(run, terms)
        known = np.flatnonzero(frequency)
        known = known[np.argsort(frequency[known], kind="stable")]
        terms, frequency = terms[known], frequency[known]
        idf = np.log1p((len(self) - frequency + 0.5) / (frequency + 0.5))
        return Weights(terms, idf, max(1.0, self._total / max(1, len(self))))


def _holding(run: Postings, terms: "np.ndarray[tuple[int], np.dtype[np.uint64]]") -> Ids:
    """How many passages of a run hold each term, removed ones left out."""
    spans = run.spans(terms)
    if run.alive.all():
        return spans[:, 1] - spans[:, 0]
    living = [np.count_nonzero(run.alive[run.slots[begin:end]]) for begin, end in spans]
    return np.array(living, dtype=np.int64)


def _bag(text: str) -> dict[int, int]:
    """How often a passage holds each term, by the term's key."""
    header, _, body = text.partition("\n")
    title, _, section = _NUMBERED.sub(" ", header).partition(PATH_SEPARATOR)
    counts = Counter(tokens(body))
    for part, times in ((title, TITLE_COUNT), (section, SECTION_COUNT)):
        for word in tokens(part) if times else ():
            counts[word] += times
    return {key_of(word): count for word, count in counts.items()}
