"""The encoder's states, as late interaction reads them."""

from pathlib import Path

import numpy as np
import pytest

from ragslm.models.catalogue import entry
from ragslm.models.pair_encoder import ENCODER
from ragslm.retrieval.embedder import MiniLmEmbedder
from ragslm.retrieval.index import Found
from ragslm.retrieval.late_interaction import EncoderStates, LateInteraction

TEXTS = [
    "Fees",
    "A fee is charged each month.",
    "The card was stolen on a train, and nobody noticed it before the statement came a week later.",
    "",
    "word " * 400,
]


@pytest.fixture(scope="module")
def reader(encoder_folder: Path) -> EncoderStates:
    return EncoderStates(encoder_folder)


def test_vectors_are_nearly_those_of_the_index(reader: EncoderStates, encoder_folder: Path) -> None:
    exact = MiniLmEmbedder(encoder_folder, entry(ENCODER).sha256).embed(TEXTS[:4])
    read = reader.read(TEXTS[:4])
    assert min(one.vector @ other for one, other in zip(read, exact, strict=True)) > 0.98


def test_a_text_is_read_alike_whatever_is_read_beside_it(reader: EncoderStates) -> None:
    for text, together in zip(TEXTS, reader.read(TEXTS), strict=True):
        (alone,) = reader.read([text])
        assert together.pieces == alone.pieces
        assert (together.states * alone.states).sum(axis=1).min() > 0.98
        assert np.linalg.norm(together.states, axis=1) == pytest.approx(1, abs=0.01)


def test_nothing_to_read(reader: EncoderStates) -> None:
    assert reader.read([]) == []


def test_a_rule_is_found_in_a_customers_words(reader: EncoderStates) -> None:
    texts = {
        0: "Fees\nA bank may charge for statements. Charges are listed in the schedule of cards.",
        1: "Errors\nNotices follow. A consumer is not liable for transfers made after the card was reported "
        "stolen. Other terms apply.",
    }
    question = "Somebody took my card. Do I pay for what they buy?"
    compared = LateInteraction(reader, most=2, seconds=10)
    vector = reader.read([question])[0].vector
    assert compared.order(question, vector, Found(np.arange(2), np.array([0.6, 0.59])), texts).ids[0] == 1
