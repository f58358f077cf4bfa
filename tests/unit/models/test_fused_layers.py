"""Fused layers say what torch's own layers say, with and without padding."""

from copy import deepcopy
from typing import Any

import pytest

from ragslm.models.fused_layers import fuse, fuse_int8, native_bf16
from ragslm.models.int8_layer import native_int8

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

LENGTHS = [3, 20, 11]
MANY = 60
"""Texts of 20 pieces: more than are multiplied at once."""


@pytest.fixture(scope="module")
def bert() -> Any:
    torch.manual_seed(3)
    config = transformers.BertConfig(
        vocab_size=50, hidden_size=64, num_hidden_layers=2, num_attention_heads=2, intermediate_size=128
    )
    return transformers.BertModel(config, add_pooling_layer=False).eval()


def states(bert: Any, mask: Any) -> Any:
    ids = torch.arange(mask.numel()).reshape(mask.shape) % 50
    with torch.inference_mode():
        return bert(input_ids=ids, attention_mask=mask).last_hidden_state.float()


def padded() -> Any:
    return (torch.arange(max(LENGTHS)) < torch.tensor(LENGTHS)[:, None]).long()


@pytest.mark.skipif(not native_bf16(), reason="this processor does not compute in bf16")
@pytest.mark.parametrize(
    "mask",
    [
        padded(),
        padded().repeat(MANY, 1),
        torch.ones(2, 16, dtype=torch.int64),
        torch.ones(2, 21, dtype=torch.int64),
    ],
    ids=["padded", "many", "whole", "whole, an odd length"],
)
def test_states_are_those_of_the_own_layers(bert: Any, mask: Any) -> None:
    fused = deepcopy(bert).to(torch.bfloat16)
    fuse(fused)
    assert len(fused.encoder.layer) == 0
    real = mask.bool()
    cosine = torch.nn.functional.cosine_similarity(states(fused, mask), states(bert, mask), dim=-1)
    assert cosine[real].min() > 0.999


@pytest.mark.skipif(not native_int8(), reason="this processor does not compute in int8")
@pytest.mark.parametrize("bf16", [True, False], ids=["bf16", "float32"])
@pytest.mark.parametrize("mask", [padded(), torch.ones(2, 16, dtype=torch.int64)], ids=["padded", "whole"])
def test_states_in_int8_are_nearly_those_of_the_own_layers(
    bert: Any, mask: Any, bf16: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ragslm.models.fused_layers.native_bf16", lambda: bf16)
    fused = deepcopy(bert)
    assert fuse_int8(fused, lambda: states(fused, torch.ones(2, 25, dtype=torch.int64)))
    assert len(fused.encoder.layer) == 0
    real = mask.bool()
    cosine = torch.nn.functional.cosine_similarity(states(fused, mask), states(bert, mask), dim=-1)
    assert cosine[real].min() > 0.99


@pytest.mark.skipif(not native_int8(), reason="this processor does not compute in int8")
def test_inputs_larger_than_any_seen_are_cut_off(bert: Any) -> None:
    fused = deepcopy(bert)
    fuse_int8(fused, lambda: states(fused, torch.ones(1, 1, dtype=torch.int64)))
    assert states(fused, torch.ones(2, 25, dtype=torch.int64)).isfinite().all()


def test_nothing_is_done_in_int8_where_the_processor_does_not(
    bert: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ragslm.models.fused_layers.native_int8", lambda: False)
    other = deepcopy(bert)
    assert not fuse_int8(other, lambda: None)
    assert len(other.encoder.layer) == 2
    assert other.dtype == torch.float32


@pytest.mark.parametrize("change", [{"hidden_act": "relu"}, {}], ids=["another activation", "float32"])
def test_another_model_is_left_as_it_is(bert: Any, change: dict[str, str]) -> None:
    other = deepcopy(bert)
    if change:
        other.to(torch.bfloat16).config.update(change)
    fuse(other)
    assert len(other.encoder.layer) == 2
