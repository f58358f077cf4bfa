"""Question and passage compared by sentences and by word pieces: late interaction, of the encoder as it is.

A passage's vector says what all of it is about; what answers is often one sentence, or a word that stands
there and nowhere else. The best passages of a search are read sentence by sentence, each by itself, and gain
by their closest sentence and by how near their pieces come to each piece of the question, rare ones first.
Nothing is trained for it, so it serves questions that no adapter has seen.

Source: O. Khattab, M. Zaharia, ColBERT (2020), for the best matches of pieces.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ragslm._optional import require
from ragslm._sentences import split
from ragslm.models.batches import batched
from ragslm.models.fused_layers import quicken
from ragslm.models.pair_encoder import open_encoder
from ragslm.models.word_table import share_words
from ragslm.retrieval.fusion import scaled
from ragslm.retrieval.in_time import read_in_time
from ragslm.retrieval.index import Found, Scores
from ragslm.retrieval.question_encoder import batch, tokeniser

SENTENCE, PIECES = 0.2, 0.4
"""What the best passage by its closest sentence gains, and by its pieces, against 1 for the best content by
the fused score. 0.3 and 0.5 do as well but on filings, of which they lose a page of 34."""
_COMMON = 0.02
"""Weight of a question's piece that every passage holds; a rare one weighs some 3."""
_LONGEST = 100
"""Sentences read of a passage. One has some ten; a document made of full stops, or cut into passages without
end, is not to hold up every search that finds it.
"""
_BATCH = 32
_SAMPLE = ("The ranges of int8 are taken from this sentence and the next.", "Net sales | 2018 | 2017")


@dataclass(frozen=True, slots=True)
class Read:
    """A text as the encoder read it.

    Attributes:
        pieces: word pieces with both marks.
        states: of each, float32, shape (n, width), unit length.
        vector: their mean, float32, shape (width,), unit length.
    """

    pieces: Sequence[int] = field(repr=False)
    states: NDArray[np.float32] = field(repr=False)
    vector: NDArray[np.float32] = field(repr=False)


class StateReader(Protocol):
    """An encoder that gives the states of word pieces."""

    def read(self, texts: Sequence[str]) -> Sequence[Read]:
        """Each text by itself."""
        ...


class LateInteraction:
    """Orders the best of the fused list anew, as many as the time allows; the rest keeps its order behind.

    Args:
        reader: reads question and sentences.
        most: passages compared at most.
        seconds: time after which no further block is begun.
    """

    def __init__(self, reader: StateReader, *, most: int, seconds: float) -> None:
        self._reader = reader
        self._most = most
        self._seconds = seconds

    def order(
        self, question: str, vector: NDArray[np.float32], found: Found, texts: Mapping[int, str]
    ) -> Found:
        """The same passages in their new order; scores stay in 0 to 1.

        Args:
            question: scrubbed question.
            vector: of it, as the domain embeds its questions, float32, shape (width,), unit length.
            found: fused order, best first.
            texts: header line, line break and text by id; an id without text goes behind those read.
        """
        ids = [id_ for id_ in found.ids[: self._most].tolist() if id_ in texts]
        read = read_in_time(ids, self._seconds, lambda some: self._passages([texts[id_] for id_ in some]))
        if len(read) < 2:
            return found
        passages = list(read.values())
        here = np.isin(found.ids, list(read))
        sentences = np.array([passage.closest(vector) for passage in passages])
        blended = (
            found.scores[here]
            + SENTENCE * scaled(sentences)
            + PIECES * scaled(_matched(self._reader.read([question])[0], passages))
        )
        return _ordered(found, here, blended)

    def _passages(self, texts: Sequence[str]) -> "Sequence[_Passage]":
        """Header, sentences and rows of some passages, read together, those that repeat once."""
        cut = [_sentences(text) for text in texts]
        every = list(dict.fromkeys(sentence for sentences in cut for sentence in sentences))
        by_text = dict(zip(every, self._reader.read(every), strict=True))
        return [_Passage([by_text[sentence] for sentence in sentences]) for sentences in cut]


class _Passage:
    """A passage's sentences, as they were read; at least one."""

    def __init__(self, sentences: Sequence[Read]) -> None:
        self._sentences = sentences
        self.pieces = frozenset(piece for one in sentences for piece in one.pieces)
        self.states = np.concatenate([one.states for one in sentences])

    def closest(self, vector: NDArray[np.float32]) -> float:
        """Cosine of the sentence nearest to the question."""
        return max(float(one.vector @ vector) for one in self._sentences)


def _sentences(indexed: str) -> list[str]:
    """Header, sentences and rows, as far as there are any; the header alone names what a row is about."""
    header, _, text = indexed.partition("\n")
    found = [one for one in (header, *(text[start:end] for start, end in split(text))) if one]
    return found[:_LONGEST] or [indexed]


def _matched(question: Read, passages: Sequence[_Passage]) -> Scores:
    """Mean of the best cosines of the question's pieces in each passage; rare ones count most."""
    asked, pieces = question.states[1:-1], question.pieces[1:-1]
    holding = np.array([sum(piece in passage.pieces for passage in passages) for piece in pieces])
    weights = np.maximum(np.log((len(passages) + 1) / (holding + 0.5)), _COMMON)
    if not len(pieces):
        return np.zeros(len(passages))
    cosines = _product(np.concatenate([passage.states for passage in passages]), asked)
    starts = np.cumsum([0, *(len(passage.states) for passage in passages[:-1])])
    matched: Scores = np.maximum.reduceat(cosines, starts, axis=0) @ (weights / weights.sum())
    return matched


def _product(left: NDArray[np.float32], right: NDArray[np.float32]) -> NDArray[np.float32]:
    """`left @ right.T` by torch: numpy's threads stay awake behind a product and take the cores from what is
    read next, 168 instead of 78 ms for ten passages on two cores.
    """
    from_numpy = require("torch", extra="rag").from_numpy
    product: NDArray[np.float32] = (from_numpy(left) @ from_numpy(right).T).numpy()
    return product


def _ordered(found: Found, here: NDArray[np.bool_], blended: Scores) -> Found:
    """Compared passages by their new score, at the scale of the fused one, then the others below them."""
    blended = blended * (found.scores[here].max() / blended.max()) if blended.max() > 0 else blended
    order = np.argsort(-blended, kind="stable")
    rest = found.scores[~here]
    if len(rest) and rest.max() > blended.min():
        rest = rest * (blended.min() / rest.max())
    ids = np.concatenate([found.ids[here][order], found.ids[~here]])
    return Found(ids, np.concatenate([blended[order], rest]))


class EncoderStates:
    """Implements `StateReader` with the sentence encoder, in int8 where the processor computes in it: it is
    good enough for an order.

    Args:
        folder: the encoder's folder.
    """

    def __init__(self, folder: Path) -> None:
        self._torch = require("torch", extra="rag")
        self._tokeniser = tokeniser(folder)
        self._encoder = open_encoder(folder, self._torch.float32, types=2)
        quicken(self._encoder, lambda: self._encoder(**batch(self._tokeniser, _SAMPLE)))
        share_words(self._encoder)

    def read(self, texts: Sequence[str]) -> list[Read]:
        """Texts of like length share a batch."""
        with self._torch.inference_mode():
            return batched(texts, _BATCH, len, self._batch)

    def _batch(self, texts: Sequence[str]) -> list[Read]:
        given = batch(self._tokeniser, texts)
        states = self._encoder(**given).last_hidden_state.float().numpy()
        lengths = given["attention_mask"].sum(1).tolist()
        return [
            _read(pieces[:n].tolist(), own[:n])
            for pieces, own, n in zip(given["input_ids"], states, lengths, strict=True)
        ]


def _read(pieces: Sequence[int], states: NDArray[np.float32]) -> Read:
    return Read(pieces, _unit(states), _unit(states.mean(axis=0, keepdims=True))[0])


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    unit: NDArray[np.float32] = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    return unit
