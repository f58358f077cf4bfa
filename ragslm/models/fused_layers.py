"""A BERT encoder's layers in fewer passes, for processors that multiply bf16 or int8 themselves.

Bias, GELU and the sum with what went before are added inside the products, query, key and value are one
product, and padding is left out of everything but attention. In bf16, states agree with those of torch's own
layers to a cosine of 0.9999. For serving only: nothing can be trained here.

Source: oneDNN's fused matrix products as torch's compiler calls them, https://uxlfoundation.github.io/oneDNN/;
J. Zeng et al., Boosting Distributed Training Performance of the Unpadded BERT Model (2022), for leaving
padding out.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from ragslm._optional import require
from ragslm.models.int8_layer import Int8Layer, input_ranges, native_int8

PARTS = 3
"""Query, key and value."""
_PRODUCTS = ("_linear_pointwise", "_reorder_linear_weight")
_TOGETHER, _STEP = 1024, 128
"""Pieces that are multiplied at once, and what the number of pieces of a padded batch is a multiple of:
oneDNN keeps memory for every number of rows it has met, 8 MB for each batch when these were not set."""
_LONG = 16
"""What the length of a batch is filled up to a multiple of: others take attention up to twice as long."""


class Layer(Protocol):
    """A layer without its attention; `states` are (pieces, width)."""

    def parts(self, states: Any) -> Any:
        """Query, key and value of each piece, one behind the other."""
        ...

    def after(self, read: Any, states: Any) -> Any:
        """The layer's states, from what attention read and the states before."""
        ...


def native_bf16() -> bool:
    """Whether this processor multiplies bf16 itself; elsewhere it is slower than float32."""
    torch = require("torch", extra="rag")
    return bool(torch.cpu.get_capabilities().get("avx512_bf16", False))


def native_type() -> Any:
    """The type this processor computes fastest in."""
    torch = require("torch", extra="rag")
    return torch.bfloat16 if native_bf16() else torch.float32


def quicken(model: Any, read: Callable[[], object] | None = None) -> None:
    """Let a BERT with GELU, in float32, compute in the fastest type of this processor.

    Args:
        model: changed in place.
        read: for an order of passages only: int8 will do where the processor has it, see `fuse_int8`.
    """
    if read is None or not fuse_int8(model, read):
        fuse(model.to(native_type()))


def fuse(model: Any) -> None:
    """Let a BERT with GELU, in bf16 on a processor that computes in it, run through `FusedLayers`.

    Any other model is left as it is, and so is every model where torch has not the products, which are none
    of its public functions.
    """
    torch = require("torch", extra="rag")
    able = native_bf16() and all(hasattr(torch.ops.mkldnn, product) for product in _PRODUCTS)
    if able and _is_fit(model) and (model.device.type, model.dtype) == ("cpu", torch.bfloat16):
        _replace(model, [_Layer(layer) for layer in model.encoder.layer])


def fuse_int8(model: Any, read: Callable[[], object]) -> bool:
    """Let a BERT with GELU, in float32 where the processor multiplies int8, run through `FusedLayers` in it.

    Faster than bf16 and less exact: for an order of passages, not for vectors or probabilities. Any other
    model is left as it is.

    Args:
        model: changed in place, to the fastest type of the processor.
        read: lets the model read something; larger inputs than it meets then will be cut off.

    Returns:
        Whether it was changed.
    """
    torch = require("torch", extra="rag")
    able = native_int8() and _is_fit(model) and (model.device.type, model.dtype) == ("cpu", torch.float32)
    if able:
        ranges, dtype = input_ranges(model.encoder, read), native_type()
        _replace(model, [Int8Layer(layer, ranges, dtype) for layer in model.encoder.layer])
        model.to(dtype)
    return able


def _is_fit(model: Any) -> bool:
    """Whether the fused layers do what its own do."""
    bert = require("transformers", extra="rag").BertModel
    return isinstance(model, bert) and model.config.hidden_act == "gelu"


def _replace(model: Any, layers: Sequence[Layer]) -> None:
    """Run through these and give up its own, for both would take twice the memory."""
    model.encoder.forward = FusedLayers(layers, model.config.num_attention_heads)
    model.encoder.layer = model.encoder.layer[:0]


class FusedLayers:
    """Stands for the forward of `transformers`' `BertEncoder`.

    Args:
        layers: from the first to the last.
        heads: of torch's own attention, whose mask is bool (n, 1, ..., longest).
    """

    def __init__(self, layers: Sequence[Layer], heads: int) -> None:
        self._torch = require("torch", extra="rag")
        self._outputs = require("transformers", extra="rag").modeling_outputs
        self._heads = heads
        self._layers = layers

    def __call__(self, hidden_states: Any, attention_mask: Any = None, **_: Any) -> Any:
        """`last_hidden_state` (n, longest, width) says nothing where the mask is false."""
        n, given, width = hidden_states.shape
        hidden_states, attention_mask = self._filled(hidden_states, attention_mask)
        longest = hidden_states.shape[1]
        rows = _Rows(attention_mask, n, longest, hidden_states.dtype)
        states = rows.real(hidden_states.reshape(n * longest, width))
        for layer in self._layers:
            parts = rows.padded(self._split(layer.parts, states)).view(n, longest, PARTS, self._heads, -1)
            read = self._torch.nn.functional.scaled_dot_product_attention(
                *parts.permute(2, 0, 3, 1, 4), attn_mask=rows.mask
            )
            read = rows.real(read.transpose(1, 2).reshape(n * longest, width))
            states = self._split(layer.after, read, states)
        states = rows.padded(states).view(n, longest, width)[:, :given]
        return self._outputs.BaseModelOutputWithPastAndCrossAttentions(last_hidden_state=states)

    def _filled(self, states: Any, mask: Any) -> tuple[Any, Any]:
        """States and mask of a whole number of `_LONG` pieces, the new ones masked."""
        n, given, _ = states.shape
        more = -given % _LONG
        if not more:
            return states, mask
        if mask is None:
            mask = self._torch.ones((n, 1, 1, given), dtype=self._torch.bool)
        pad = self._torch.nn.functional.pad
        return pad(states, (0, 0, 0, more)), pad(mask, (0, more), value=False)

    def _split(self, part: Callable[..., Any], *rows: Any) -> Any:
        """`part` of the rows, so many at a time."""
        if len(rows[0]) <= _TOGETHER:
            return part(*rows)
        return self._torch.cat(
            [part(*some) for some in zip(*(each.split(_TOGETHER) for each in rows), strict=True)]
        )


class _Rows:
    """Where the real pieces of a padded batch are; without padding nothing is moved.

    Attributes:
        mask: what attention adds to its scores, (n, 1, longest, longest), or None.
    """

    def __init__(self, mask: Any, n: int, longest: int, dtype: Any) -> None:
        torch = require("torch", extra="rag")
        self.mask = None
        if mask is None:
            return
        real = mask[:, 0, 0]
        at = real.reshape(-1).nonzero().squeeze(1)
        self._place = torch.zeros(n * longest, dtype=torch.int64)
        self._place[at] = torch.arange(len(at))
        self._at = torch.cat([at, at[:1].expand(-len(at) % _STEP)])
        added = torch.zeros(real.shape, dtype=dtype).masked_fill(~real, float("-inf"))
        self.mask = added[:, None, None, :].expand(n, 1, longest, longest)

    def real(self, padded: Any) -> Any:
        """The rows of real pieces, out of (n * longest, width), and the first again up to a whole step."""
        return padded if self.mask is None else padded.index_select(0, self._at)

    def padded(self, real: Any) -> Any:
        """(n * longest, width), padding filled with any row."""
        return real if self.mask is None else real.index_select(0, self._place)


class _Layer:
    """The products of one layer and the two normings between them."""

    def __init__(self, layer: Any) -> None:
        torch = require("torch", extra="rag")
        own, after = layer.attention.self, layer.attention.output
        parts = (own.query, own.key, own.value)
        self._parts = _Product(
            torch.cat([part.weight for part in parts]), torch.cat([part.bias for part in parts])
        )
        self._read = _Product(after.dense.weight, after.dense.bias)
        self._wide = _Product(layer.intermediate.dense.weight, layer.intermediate.dense.bias)
        self._narrow = _Product(layer.output.dense.weight, layer.output.dense.bias)
        self._norms = after.LayerNorm, layer.output.LayerNorm

    def parts(self, states: Any) -> Any:
        """Query, key and value of each row, one behind the other."""
        return self._parts(states)

    def after(self, read: Any, states: Any) -> Any:
        """The layer's states, from what attention read and the states before."""
        first, second = self._norms
        states = first(self._read.onto(states, read))
        return second(self._narrow.onto(states, self._wide(states, "gelu")))


class _Product:
    """A linear layer whose weights lie as the processor wants them."""

    def __init__(self, weight: Any, bias: Any) -> None:
        self._ops = require("torch", extra="rag").ops.mkldnn
        self._weight = self._ops._reorder_linear_weight(weight.detach(), None)
        self._bias = bias.detach()

    def __call__(self, rows: Any, then: str = "none") -> Any:
        """The product of each row, and `then` `gelu` of it, exact."""
        return self._ops._linear_pointwise(rows, self._weight, self._bias, then, [], "none")

    def onto(self, base: Any, rows: Any) -> Any:
        """The product of each row, added to `base`."""
        return self._ops._linear_pointwise.binary(rows, base, self._weight, self._bias, "add")
