"""The dense index once it has lists: with the threshold lowered, everything the flat one does."""

import threading

import numpy as np
import pytest

from ragslm.retrieval import cells
from ragslm.retrieval import vector_index as module
from ragslm.retrieval.sharpening import FIRST
from ragslm.retrieval.vector_index import VectorIndex
from ragslm.store.records import IndexRow

DIM = 32
MANY = 1500


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Lists from 500 passages on, and filters that count as small below 20."""
    monkeypatch.setattr(module, "LISTS_FROM", 500)
    monkeypatch.setattr(module, "_EXACT_BELOW", 20)
    monkeypatch.setattr(cells, "_STEP", 64)


def _vectors(count, seed=0):
    """Bundles around 40 directions, as texts about 40 subjects are."""
    random = np.random.default_rng(seed)
    centres = np.random.default_rng(99).normal(size=(40, DIM))
    found = centres[np.arange(count) % 40] + 0.5 * random.normal(size=(count, DIM))
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


def _rows(vectors, start=0, per_document=10):
    return [
        IndexRow(id=7 * (start + i), document=(start + i) // per_document, text="", vector=vector)
        for i, vector in enumerate(vectors)
    ]


@pytest.fixture
def vectors():
    return _vectors(MANY)


@pytest.fixture
def index(vectors):
    made = VectorIndex(DIM)
    for start in range(0, MANY, 100):
        made.add(_rows(vectors[start : start + 100], start))
    made.settle()
    return made


def _recall(index, vectors, alive, queries, documents=None, k=10):
    hits = []
    for query in queries:
        found = index.search(query, k, documents).ids // 7
        exact = np.sort(vectors[alive] @ query)[-k]
        assert set(found.tolist()) <= set(alive.tolist())
        hits.append((vectors[found] @ query >= exact - 1e-6).mean())
    return np.mean(hits)


def test_lists_come_with_size(vectors):
    index = VectorIndex(DIM)
    index.add(_rows(vectors[:499]))
    index.settle()
    assert index.kind == "flat"
    index.add(_rows(vectors[499:500], 499))
    index.settle()
    assert index.kind == "lists"
    assert len(index) == 500


def test_most_of_the_best_are_found(index, vectors):
    assert index.kind == "lists"
    assert _recall(index, vectors, np.arange(MANY), _vectors(40, seed=5)) >= 0.97


def test_scores_are_close_to_the_cosine(index, vectors):
    query = _vectors(1, seed=6)[0]
    off = np.abs(index.scores(query, 7 * np.arange(MANY)) - vectors @ query)
    assert np.quantile(off, 0.95) < 0.01


class Kept:
    """Vectors as a catalogue keeps them, and how many were read."""

    def __init__(self, vectors):
        self.vectors = vectors
        self.read = 0

    def __call__(self, ids):
        self.read += len(ids)
        return {id_: self.vectors[id_ // 7] for id_ in ids if id_ // 7 in self.vectors}


@pytest.fixture
def kept(index, vectors):
    """The vectors that the index reads again from now on."""
    made = Kept(dict(enumerate(vectors)))
    index._exact = made
    return made


def test_the_closest_are_exact_where_stored_vectors_are_read(index, vectors, kept):
    for query in _vectors(20, seed=6):
        found = index.search(query, 10)
        assert np.allclose(found.scores, vectors[found.ids // 7] @ query, atol=1e-6)
        assert _recall(index, vectors, np.arange(MANY), [query]) == 1
        scores = index.scores(query, 7 * np.arange(MANY))
        assert (np.argsort(-scores)[:10] * 7 == found.ids).all()


@pytest.mark.parametrize(
    ("k", "read"),
    [
        (10, FIRST),  # the closest
        (FIRST, 0),  # candidates, which are scored afterwards
    ],
)
def test_few_stored_vectors_are_read(index, vectors, kept, k, read):
    index.search(vectors[0], k)
    assert kept.read == read


def test_a_passage_that_is_no_longer_stored_keeps_the_score_of_its_code(index, vectors, kept):
    asked = np.array([21, 28])
    kept.vectors = {4: vectors[4]}
    stored = index.scores(vectors[3], asked)
    kept.vectors = {}
    coded = index.scores(vectors[3], asked)
    assert stored[0] == coded[0]
    assert stored[1] == pytest.approx(vectors[3] @ vectors[4], abs=1e-6)
    assert 21 in index.search(vectors[3], 10).ids


def test_an_exact_index_reads_nothing_again(vectors):
    kept = Kept({})
    index = VectorIndex(DIM, kept)
    index.add(_rows(vectors[:100]))
    index.search(vectors[0], 10)
    assert kept.read == 0


def test_the_same_rows_give_the_same_lists(vectors):
    files = []
    for _ in range(2):
        index = VectorIndex(DIM)
        index.add(_rows(vectors))
        index.settle()
        files.append(index.save())
    assert files[0] == files[1]


def test_lists_are_trained_anew_after_growth(index, vectors):
    before = index._index.nlist
    more = _vectors(4 * MANY, seed=8)
    index.add(_rows(more, MANY))
    index.settle()
    assert index._index.nlist > 1.5 * before
    both = np.concatenate([vectors, more])
    assert _recall(index, both, np.arange(len(both)), _vectors(20, seed=9)) >= 0.95


def test_what_was_removed_is_gone_and_wiped(index, vectors):
    gone = np.arange(0, MANY, 10)
    index.remove((7 * gone).tolist())
    alive = np.setdiff1d(np.arange(MANY), gone)
    assert len(index) == len(alive)
    assert _recall(index, vectors, alive, _vectors(20, seed=5)) >= 0.97
    assert list(index.scores(vectors[0], np.array([0]))) == [0.0]
    wiped = index._index.reconstruct_batch(np.flatnonzero(index._ids < 0))
    assert len(np.unique(wiped, axis=0)) <= index._index.nlist  # nothing of them but their lists


def test_slots_are_numbered_anew_when_holes_are_many(index, vectors):
    gone = np.random.default_rng(1).permutation(MANY)[:600]
    for start in range(0, 600, 50):
        index.remove((7 * gone[start : start + 50]).tolist())
    alive = np.setdiff1d(np.arange(MANY), gone)
    assert len(index._ids) < MANY
    assert len(index) == len(alive)
    assert _recall(index, vectors, alive, _vectors(20, seed=5)) >= 0.97
    off = np.abs(index.scores(vectors[3], 7 * alive) - vectors[alive] @ vectors[3])
    assert np.quantile(off, 0.95) < 0.01
    index.add(_rows(_vectors(20, seed=3), MANY))
    assert len(index) == len(alive) + 20


@pytest.mark.parametrize("share", [1, 4, 30, 150])
def test_filters_still_give_k(index, vectors, share):
    """Whether few or most documents are allowed."""
    documents = np.arange(0, MANY // 10, MANY // 10 // share, dtype=np.int64)[:share]
    alive = np.flatnonzero(np.isin(np.arange(MANY) // 10, documents))
    assert _recall(index, vectors, alive, _vectors(20, seed=5), documents) >= 0.97
    assert len(index.search(vectors[0], 10, documents).ids) == 10


def test_all_lists_are_read_rather_than_finding_too_few(index, vectors, monkeypatch):
    monkeypatch.setattr(cells, "PROBES", 1)
    assert len(index.search(vectors[0], 700).ids) == 700


@pytest.mark.parametrize("removed", [0, 100])
def test_saved_and_loaded_answers_byte_for_byte(index, removed):
    index.remove([7 * i for i in range(removed)])
    loaded = VectorIndex.load(index.save())
    assert (loaded.kind, len(loaded)) == ("lists", len(index))
    for query in _vectors(20, seed=5):
        for documents in (None, np.array([12, 13, 40]), np.arange(100)):
            one, other = index.search(query, 10, documents), loaded.search(query, 10, documents)
            assert one.ids.tobytes() == other.ids.tobytes()
            assert one.scores.tobytes() == other.scores.tobytes()
    loaded.add(_rows(_vectors(1, seed=77), MANY))
    assert loaded.search(_vectors(1, seed=77)[0], 1).ids[0] == 7 * MANY
    loaded.remove([7 * MANY])
    assert len(loaded) == len(index)


def test_changes_during_a_training_are_kept(vectors, monkeypatch):
    """The thread stands still between training and moving; meanwhile everything goes on."""
    trained, go = threading.Event(), threading.Event()
    train = cells.trained

    def waiting(*arguments):
        made = train(*arguments)
        trained.set()
        assert go.wait(20)
        return made

    monkeypatch.setattr(cells, "trained", waiting)
    index = VectorIndex(DIM)
    index.add(_rows(vectors[:600]))
    assert trained.wait(20)
    assert index.kind == "flat"
    index.remove([0, 7])
    index.add(_rows(vectors[600:700], 600))
    index.remove([7 * i for i in range(300, 500)])
    assert index.search(vectors[650], 1).ids[0] == 7 * 650
    go.set()
    index.settle()
    assert index.kind == "lists"
    alive = np.setdiff1d(np.arange(700), [0, 1, *range(300, 500)])
    assert len(index) == len(alive)
    assert _recall(index, vectors, alive, _vectors(20, seed=5)) >= 0.97


def test_parts_that_do_not_fit_are_refused(index, vectors):
    files = index.save()
    other = VectorIndex(DIM)
    other.add(_rows(vectors[:3]))
    with pytest.raises(ValueError, match="ids"):
        VectorIndex.load(files | {"vectors.ids": other.save()["vectors.ids"]})


def test_another_width_is_refused(index):
    with pytest.raises(ValueError, match="33 dimensions"):
        index.add([IndexRow(id=1, document=1, text="", vector=np.zeros(33, dtype=np.float32))])
    assert len(index) == MANY


@pytest.mark.parametrize("count", [50, MANY])
def test_a_search_leaves_the_threads_as_they_were(count):
    """OpenMP's number of threads is torch's too: what is encoded after a search wants every core."""
    faiss = pytest.importorskip("faiss")
    index = VectorIndex(DIM)
    index.add(_rows(_vectors(count)))
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(3)
    try:
        index.search(_vectors(1)[0], 5)
        assert faiss.omp_get_max_threads() == 3
    finally:
        faiss.omp_set_num_threads(before)
