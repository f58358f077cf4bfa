"""The products of a BERT encoder's layer in int8, for processors that add up products of bytes themselves.

A byte tells 256 values apart, and a few channels of a layer's inputs are far larger than the others. So each
channel of the states is divided by a number of its own, by which the weights are multiplied; then one range
serves all of a product's inputs, and one range each of its rows of weights. Behind GELU nothing can be
divided: the few channels that are large there are computed in float32. So are the states.

Source: G. Xiao et al., SmoothQuant (2023); T. Dettmers et al., LLM.int8() (2022); oneDNN's int8 products as
torch's compiler calls them, https://uxlfoundation.github.io/oneDNN/.
"""

from collections.abc import Callable, Mapping
from typing import Any

from ragslm._optional import require

Range = tuple[Any, Any]
"""Smallest and largest value met in each channel, float32 (width,)."""
_PRODUCTS = ("qlinear_pointwise", "qlinear_prepack")
_INPUTS = 0.75
"""Power of a channel's largest input in the number it is divided by; the weights' has the rest to one."""
_APART = 8
"""Channels behind GELU that are computed in float32: one or two reach 20 where the others reach 5."""
_ROOM = 2.0
"""How much larger than met the others may become."""
_LEAST = 1e-4
"""A channel that says nothing is not divided by less."""
_INPUT_STEPS, _WEIGHT_STEPS = 255, 127
_PLAIN: tuple[str, list[None], str] = ("none", [], "")
"""Nothing is done to a product."""


def native_int8() -> bool:
    """Whether this processor adds up products of bytes itself, and torch has the products."""
    torch = require("torch", extra="rag")
    vnni = torch.cpu.get_capabilities().get("avx512_vnni", False)
    return bool(vnni) and all(hasattr(torch.ops.onednn, product) for product in _PRODUCTS)


def input_ranges(encoder: Any, read: Callable[[], object]) -> dict[Any, Range]:
    """The range of each linear layer's inputs while `read` lets the encoder read something."""
    torch = require("torch", extra="rag")
    found: dict[Any, Range] = {}

    def look(layer: Any, inputs: tuple[Any]) -> None:
        rows = inputs[0].flatten(0, -2)
        low, high = found.get(layer, (rows[0], rows[0]))
        found[layer] = torch.minimum(rows.amin(0), low), torch.maximum(rows.amax(0), high)

    linear = [module for module in encoder.modules() if isinstance(module, torch.nn.Linear)]
    looking = [module.register_forward_pre_hook(look) for module in linear]
    with torch.inference_mode():
        read()
    for handle in looking:
        handle.remove()
    return found


class Int8Layer:
    """One layer without its attention.

    Args:
        layer: a `BertLayer` with GELU, float32.
        ranges: of the inputs of its linear layers.
        dtype: what attention is to read in.
    """

    def __init__(self, layer: Any, ranges: Mapping[Any, Range], dtype: Any) -> None:
        torch = require("torch", extra="rag")
        self._dtype = dtype
        own, after = layer.attention.self, layer.attention.output
        parts = (own.query, own.key, own.value)
        weight = torch.cat([part.weight for part in parts])
        bias = torch.cat([part.bias for part in parts])
        self._parts = _Product(weight, bias, ranges[own.query], smooth=True)
        self._read = _Product(after.dense.weight, after.dense.bias, ranges[after.dense])
        self._inner = _Inner(layer.intermediate.dense, layer.output.dense, ranges)
        self._norms = after.LayerNorm, layer.output.LayerNorm

    def parts(self, states: Any) -> Any:
        """Query, key and value of each piece, one behind the other."""
        return self._parts(self._parts.bytes(states), self._dtype)

    def after(self, read: Any, states: Any) -> Any:
        """The layer's states, float32, from what attention read and the states before."""
        first, second = self._norms
        states = first(self._read.onto(states.float(), self._read.bytes(read)))
        return second(self._inner.onto(states))


class _Inner:
    """The two products with GELU between them.

    Args:
        wide: the linear layer before GELU.
        narrow: the one behind it.
        ranges: of their inputs.
    """

    def __init__(self, wide: Any, narrow: Any, ranges: Mapping[Any, Range]) -> None:
        self._torch = require("torch", extra="rag")
        low, high = ranges[narrow]
        apart = high.topk(min(_APART, len(high))).indices
        others = narrow.weight.detach().index_fill(1, apart, 0.0)
        room = high.index_fill(0, apart, 0.0) * _ROOM
        self._wide = _Product(wide.weight, wide.bias, ranges[wide], smooth=True)
        self._narrow = _Product(others, narrow.bias, (low, room))
        self._into = wide.weight.detach()[apart], wide.bias.detach()[apart]
        self._out = narrow.weight.detach()[:, apart].T.contiguous()

    def onto(self, states: Any) -> Any:
        """What the two make of each row of states, added to it."""
        functional = self._torch.nn.functional
        apart = functional.gelu(functional.linear(states, *self._into))
        base = self._torch.addmm(states, apart, self._out)
        return self._narrow.onto(base, self._wide.gelu(self._wide.bytes(states), self._narrow))


class _Product:
    """A linear layer as a product of bytes.

    Args:
        weight: float32 (what comes out, what goes in).
        bias: float32 (what comes out,).
        taken: the range of the inputs; it holds 0 in any case.
        smooth: whether channels are divided. Not where a product before gives the bytes; and what attention
            read differs more from text to text than from channel to channel.
    """

    def __init__(self, weight: Any, bias: Any, taken: Range, *, smooth: bool = False) -> None:
        torch = require("torch", extra="rag")
        self._torch = torch
        self._products = torch.ops.onednn
        weight, self._bias = weight.detach(), bias.detach()
        low, high = taken[0].clamp(max=0), taken[1].clamp(min=0)
        divisors = _divisors(weight, low, high) if smooth else torch.ones_like(low)
        low, high = (low / divisors).amin(), (high / divisors).amax()
        self._step = max(float(high - low), _LEAST) / _INPUT_STEPS
        self._zero = round(-float(low) / self._step)
        self._factors = 1 / (divisors * self._step)
        self._shift = torch.full_like(divisors, self._zero + 0.5)  # half a step, for decimals are cut off
        self._keep(weight * divisors)

    def _keep(self, weight: Any) -> None:
        """The weights as bytes, as the processor wants them, and the step of each row."""
        torch = self._torch
        self._steps = weight.abs().amax(1).clamp(min=_LEAST) / _WEIGHT_STEPS
        as_bytes = (weight / self._steps[:, None]).round().to(torch.int8)
        self._weight = self._products.qlinear_prepack(as_bytes, None)
        self._zeros = torch.zeros(len(weight), dtype=torch.int32)

    def bytes(self, rows: Any) -> Any:
        """The inputs as the product takes them; what lies beyond the range becomes its end."""
        torch = self._torch
        steps = torch.addcmul(self._shift, rows.float(), self._factors).clamp_(0, _INPUT_STEPS)
        return steps.to(torch.int32).to(torch.uint8)  # straight to bytes takes four times as long

    def __call__(self, rows: Any, dtype: Any) -> Any:
        """The product of each row of bytes."""
        return self._products.qlinear_pointwise(*self._inputs(rows), self._bias, 1.0, 0, dtype, *_PLAIN)

    def gelu(self, rows: Any, into: "_Product") -> Any:
        """The exact GELU of the product of each row of bytes, in bytes for the product that follows."""
        form = (into._step, into._zero, self._torch.uint8)
        return self._products.qlinear_pointwise(*self._inputs(rows), self._bias, *form, "gelu", [], "none")

    def onto(self, base: Any, rows: Any) -> Any:
        """The product of each row of bytes, added to `base`, float32."""
        added = (base, self._bias, 1.0, 0, base.dtype, 1.0, 0, "add", 1.0)
        return self._products.qlinear_pointwise.binary(*self._inputs(rows), *added, *_PLAIN)

    def _inputs(self, rows: Any) -> tuple[Any, ...]:
        return rows, self._step, self._zero, self._weight, self._steps, self._zeros


def _divisors(weight: Any, low: Any, high: Any) -> Any:
    """What each channel of the inputs is divided by."""
    inputs = low.neg().maximum(high).clamp(min=_LEAST)
    weights = weight.abs().amax(0).clamp(min=_LEAST)
    return inputs**_INPUTS / weights ** (1 - _INPUTS)
