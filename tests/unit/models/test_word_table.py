"""Encoders with the same table of word pieces hold it once."""

import gc

import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from ragslm.models.word_table import _tables, share_words  # noqa: E402 (torch may be missing)


def encoder(seed, words=50):
    torch.manual_seed(seed)
    config = transformers.BertConfig(
        vocab_size=words, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
    )
    return transformers.BertModel(config)


def table(one):
    return one.embeddings.word_embeddings.weight


def test_the_same_table_is_held_once():
    first, second = encoder(1), encoder(1)
    assert table(first) is not table(second)
    share_words(first)
    share_words(second)
    assert table(first) is table(second)


@pytest.mark.parametrize("other", [lambda: encoder(2), lambda: encoder(1, 51), lambda: encoder(1).bfloat16()])
def test_another_table_stays_its_own(other):
    first, second = encoder(1), other()
    share_words(first)
    share_words(second)
    assert table(first) is not table(second)


def test_it_goes_with_its_last_encoder():
    before = len(_tables)
    kept = encoder(3)
    share_words(kept)
    assert len(_tables) == before + 1
    del kept
    gc.collect()
    assert len(_tables) == before
