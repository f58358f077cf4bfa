"""A BERT encoder's layers in fewer passes, for processors that multiply bf16 themselves.

Bias, GELU and the sum with what went before are added inside the products, query, key and value are one
product, and padding is left out of everything but attention. States agree with those of torch's own layers
to a cosine of 0.9999. For serving only: nothing can be trained here.

Source: oneDNN's fused matrix products as torch's compiler calls them, https://uxlfoundation.github.io/oneDNN/;
J. Zeng et al., Boosting Distributed Training Performance of the Unpadded BERT Model (2022), for leaving
padding out.
"""

from typing import Any

from ragslm._optional import require

PARTS = 3
"""Query, key and value."""
_PRODUCTS = ("_linear_pointwise", "_reorder_linear_weight")


def native_bf16() -> bool:
    """Whether this processor multiplies bf16 itself; elsewhere it is slower than float32."""
    torch = require("torch", extra="rag")
    return bool(torch.cpu.get_capabilities().get("avx512_bf16", False))


def fuse(model: Any) -> None:
    """Let a BERT with GELU, in bf16 on a processor that computes in it, run through `FusedLayers`.

    Its own layers are given up, for both would take twice the memory. Any other model is left as it is, and
    so is every model where torch has not the products, which are none of its public functions.
    """
    torch = require("torch", extra="rag")
    bert = require("transformers", extra="rag").BertModel
    if not isinstance(model, bert) or model.config.hidden_act != "gelu":
        return
    able = native_bf16() and all(hasattr(torch.ops.mkldnn, product) for product in _PRODUCTS)
    if able and (model.device.type, model.dtype) == ("cpu", torch.bfloat16):
        model.encoder.forward = FusedLayers(model)
        model.encoder.layer = model.encoder.layer[:0]


class FusedLayers:
    """Stands for the forward of `transformers`' `BertEncoder`.

    Args:
        bert: a `BertModel` with GELU and torch's own attention, whose mask is bool (n, 1, ..., longest).
    """

    def __init__(self, bert: Any) -> None:
        self._torch = require("torch", extra="rag")
        self._outputs = require("transformers", extra="rag").modeling_outputs
        self._heads = bert.config.num_attention_heads
        self._layers = [_Layer(layer) for layer in bert.encoder.layer]

    def __call__(self, hidden_states: Any, attention_mask: Any = None, **_: Any) -> Any:
        """`last_hidden_state` (n, longest, width), bf16, says nothing where the mask is false."""
        n, longest, width = hidden_states.shape
        rows = _Rows(attention_mask, n, longest)
        states = rows.real(hidden_states.reshape(n * longest, width))
        for layer in self._layers:
            parts = rows.padded(layer.parts(states)).view(n, longest, PARTS, self._heads, -1)
            read = self._torch.nn.functional.scaled_dot_product_attention(
                *parts.permute(2, 0, 3, 1, 4), attn_mask=rows.mask
            )
            states = layer.after(rows.real(read.transpose(1, 2).reshape(n * longest, width)), states)
        states = rows.padded(states).view(n, longest, width)
        return self._outputs.BaseModelOutputWithPastAndCrossAttentions(last_hidden_state=states)


class _Rows:
    """Where the real pieces of a padded batch are; without padding nothing is moved.

    Attributes:
        mask: what attention adds to its scores, bf16 (n, 1, longest, longest), or None.
    """

    def __init__(self, mask: Any, n: int, longest: int) -> None:
        torch = require("torch", extra="rag")
        self.mask = None
        if mask is None:
            return
        real = mask[:, 0, 0]
        self._at = real.reshape(-1).nonzero().squeeze(1)
        self._place = torch.zeros(n * longest, dtype=torch.int64)
        self._place[self._at] = torch.arange(len(self._at))
        added = torch.zeros(real.shape, dtype=torch.bfloat16).masked_fill(~real, float("-inf"))
        self.mask = added[:, None, None, :].expand(n, 1, longest, longest)

    def real(self, padded: Any) -> Any:
        """The rows of real pieces, out of (n * longest, width)."""
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
