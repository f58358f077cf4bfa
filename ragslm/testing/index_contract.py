"""What every derived index must do. Subclass it, name the index, give queries that match two rows."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ragslm.retrieval.index import Found, PassageIndex


class IndexContract:
    """Run by pytest through a subclass in a test module.

    A subclass provides `make` (an empty index), `row` (a row whose `word` a query can ask for) and
    `query` (a query for a word). Rows answer to their own word only; `common` is in all of them.
    """

    common = "report"
    words = ("alpha", "bravo", "charlie", "delta", "echo", "foxtrot")

    def make(self) -> PassageIndex[Any]:
        """An empty index."""
        raise NotImplementedError

    def row(self, id_: int, document: int, word: str) -> Any:
        """An `IndexRow` about `word`."""
        raise NotImplementedError

    def query(self, word: str) -> Any:
        """A query for `word`; `common` asks for all rows."""
        raise NotImplementedError

    def filled(self, words: Sequence[str] | None = None) -> PassageIndex[Any]:
        """An index with one row per word: id 10, 11, …; two rows to a document."""
        index = self.make()
        index.add([self.row(10 + i, i // 2, word) for i, word in enumerate(words or self.words)])
        return index

    def test_an_empty_index_finds_nothing(self) -> None:
        """No hits and no error, with and without a filter."""
        index = self.make()
        assert len(index) == 0
        assert _ids(index.search(self.query("alpha"), 5)) == []
        assert _ids(index.search(self.query("alpha"), 5, _array([1]))) == []

    def test_what_was_added_is_found_best_first(self) -> None:
        """Scores fall from hit to hit."""
        index = self.filled()
        assert len(index) == len(self.words)
        for i, word in enumerate(self.words):
            found = index.search(self.query(word), 3)
            assert found.ids[0] == 10 + i
            assert list(found.scores) == sorted(found.scores, reverse=True)

    def test_what_was_removed_is_gone(self) -> None:
        """Unknown ids are ignored, the rest stays where it was."""
        index = self.filled()
        index.remove([11, 14, 999])
        assert len(index) == len(self.words) - 2
        assert not {11, 14} & set(_ids(index.search(self.query(self.common), 10)))
        assert index.search(self.query("charlie"), 1).ids[0] == 12

    def test_the_same_id_again_replaces(self) -> None:
        """Neither twice in it nor under its old words."""
        index = self.filled()
        index.add([self.row(10, 0, "golf")])
        assert len(index) == len(self.words)
        assert index.search(self.query("golf"), 1).ids[0] == 10
        assert index.scores(self.query("alpha"), _array([10]))[0] < 0.5

    def test_removed_and_added_again_is_as_if_never_removed(self) -> None:
        """Nothing of the removed rows weighs on later scores."""
        index = self.filled()
        index.remove([10 + i for i in range(len(self.words))])
        assert len(index) == 0
        index.add([self.row(10 + i, i // 2, word) for i, word in enumerate(self.words)])
        assert _same(index, self.filled(), [self.query(word) for word in (*self.words, self.common)])

    def test_documents_are_filtered_before_scoring(self) -> None:
        """The best row of the only allowed document is found even with k = 1 and better rows elsewhere."""
        index = self.filled()
        for document in range(len(self.words) // 2):
            found = index.search(self.query(self.common), 1, _array([document]))
            assert len(found.ids) == 1
            assert (found.ids[0] - 10) // 2 == document
        assert _ids(index.search(self.query(self.common), 5, _array([]))) == []
        assert _ids(index.search(self.query(self.common), 5, _array([77]))) == []

    def test_scores_are_those_of_the_search(self) -> None:
        """What `search` says of a passage, `scores` says too."""
        index = self.filled()
        found = index.search(self.query("bravo"), 6)
        assert np.allclose(index.scores(self.query("bravo"), found.ids), found.scores, atol=1e-6)
        assert list(index.scores(self.query("bravo"), _array([999]))) == [0.0]

    def test_equal_scores_come_in_order_of_id(self) -> None:
        """Equal indexes give equal answers."""
        index = self.make()
        index.add([self.row(id_, 0, "alpha") for id_ in (7, 3, 9, 1)])
        assert _ids(index.search(self.query("alpha"), 4)) == [1, 3, 7, 9]

    def test_ids_of_63_bits_survive(self) -> None:
        """Ids are derived from hashes and use all the bits."""
        index = self.make()
        index.add([self.row(2**63 - 1, 0, "alpha"), self.row(0, 0, "bravo")])
        assert _ids(index.search(self.query("alpha"), 1)) == [2**63 - 1]

    def test_saved_and_loaded_answers_byte_for_byte(self) -> None:
        """After changes, too; and a loaded index takes further rows."""
        index = self.filled()
        index.remove([11])
        index.add([self.row(30, 9, "golf"), self.row(12, 4, "hotel")])
        loaded = type(index).load(index.save())
        assert len(loaded) == len(index)
        assert _same(index, loaded, [self.query(w) for w in (*self.words, "golf", "hotel", self.common)])
        loaded.add([self.row(40, 9, "india")])
        assert loaded.search(self.query("india"), 1).ids[0] == 40

    def test_an_empty_index_is_saved_and_loaded(self) -> None:
        """A workspace without documents has a snapshot as well."""
        index = self.make()
        assert len(type(index).load(index.save())) == 0

    def test_many_small_additions_equal_one_large_one(self) -> None:
        """How rows arrived does not show in the answers."""
        grown = self.make()
        for i, word in enumerate(self.words):
            grown.add([self.row(10 + i, i // 2, word)])
        assert _same(grown, self.filled(), [self.query(word) for word in (*self.words, self.common)])


def _array(values: Sequence[int]) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)


def _ids(found: Found) -> list[int]:
    return [int(id_) for id_ in found.ids]


def _same(one: PassageIndex[Any], other: PassageIndex[Any], queries: Sequence[Any]) -> bool:
    """Equal answers to the last bit, with and without a filter."""
    for query in queries:
        for documents in (None, _array([0, 1])):
            a, b = one.search(query, 10, documents), other.search(query, 10, documents)
            if a.ids.tobytes() != b.ids.tobytes() or a.scores.tobytes() != b.scores.tobytes():
                return False
    return True
