"""What a recipe draws before training."""

import pytest

from ragslm.models.pair_encoder import new_layers

torch = pytest.importorskip("torch")


def test_layers_without_a_spread_draw_nothing_for_the_last() -> None:
    torch.manual_seed(7)
    layers = new_layers(8)
    following = torch.rand(3)
    torch.manual_seed(7)
    torch.randn(layers["hidden.weight"].shape)
    assert torch.equal(torch.rand(3), following)
    assert not layers["out.weight"].any()


def test_a_spread_is_drawn() -> None:
    assert new_layers(8, spread=0.02)["out.weight"].any()
