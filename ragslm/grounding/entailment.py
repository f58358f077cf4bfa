"""Claim and passage read together: the encoder with a small adapter, one score of support a pair.

The score is the log odds of support as the adapter sees them, before calibration. It is a perceptron over
pooled states less half the (soft) largest doubt about a single word of the claim: one wrong number among
twenty right words is enough.

Training (`ragslm.specialise`) and serving share `claim_pairs`, `windows` and `support`.

Source: R. Nogueira, K. Cho, Passage Re-ranking with BERT (2019); W. Kryściński et al., FactCC (2020), for
learning from changed sentences.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from ragslm._optional import require
from ragslm.errors import ModelError
from ragslm.models.pair_encoder import (
    WIDTH,
    AdaptedEncoder,
    Pairs,
    Pieces,
    mean_state,
    new_layers,
    read_pairs,
    through,
)

ADAPTER = Path(__file__).with_name("adapters") / "all-minilm-l6-v2-verifier.safetensors"
"""The adapter that is shipped."""
CLAIM_PIECES = 96
PAIR_PIECES = 355
"""Word pieces read of a claim, and of claim, window and marks together."""
WINDOW = 256
STRIDE = 192
MOST_WINDOWS = 3
"""Word pieces of a window, from one window's start to the next, and windows of a passage that are read."""
_DOUBT = 0.5


class Entailment(Protocol):
    """Scores how far passages support claims."""

    def scores(self, pairs: Sequence[tuple[str, str]]) -> Sequence[float]:
        """Log odds of support for each (claim, passage); higher is better."""
        ...


def claim_pairs(folder: Path) -> Pairs:
    """Batches of (claim, window) for the encoder in `folder`."""
    return Pairs(folder, first=CLAIM_PIECES, both=PAIR_PIECES)


def windows(claim: Pieces, passage: Pieces, *, most: int = MOST_WINDOWS, size: int = WINDOW) -> list[Pieces]:
    """The windows of the passage that share most word pieces with the claim, at most `most`."""
    if len(passage) <= size:
        return [passage]
    stride = size * STRIDE // WINDOW
    cut = [passage[i : i + size] for i in range(0, len(passage) - size + stride, stride)]
    wanted = set(claim)
    return sorted(cut, key=lambda window: len(wanted & set(window)), reverse=True)[:most]


def support(encoder: Any, head: Mapping[str, Any], batch: Mapping[str, Any]) -> Any:
    """Log odds of support (n,).

    Args:
        encoder: a BERT with the token types of `ragslm.models.pair_encoder`.
        head: what `new_head` holds.
        batch: from `Pairs.batch`; first text: the claim.
    """
    return support_and_doubts(encoder, head, batch)[0]


def support_and_doubts(encoder: Any, head: Mapping[str, Any], batch: Mapping[str, Any]) -> tuple[Any, Any]:
    """Log odds of support (n,), and of being wrong for each piece (n, longest)."""
    torch = require("torch", extra="rag")
    linear = torch.nn.functional.linear
    states = read_pairs(encoder, batch)
    claim = batch["first"]
    doubts = linear(states, head["doubt.weight"], head["doubt.bias"]).squeeze(2)
    largest = states.masked_fill(~claim.unsqueeze(2), -10.0).amax(dim=1)
    pooled = torch.cat(
        [states[:, 0], mean_state(states, claim), largest, mean_state(states, batch["second"])], dim=1
    )
    return through(head, pooled) - _DOUBT * doubts.masked_fill(~claim, -30.0).logsumexp(dim=1), doubts


def new_head() -> dict[str, Any]:
    """A head before training: every claim is as likely supported as not, whatever it says."""
    torch = require("torch", extra="rag")
    values = {
        **new_layers(4 * WIDTH, spread=0.02),
        "doubt.weight": torch.randn(1, WIDTH) * 0.02,
        "doubt.bias": torch.full((1,), -3.0),
    }
    return {name: value.requires_grad_(True) for name, value in values.items()}


class AdapterEntailment:
    """Scores with encoder and adapter; a long passage is as good as its best window.

    Args:
        folder: the encoder's folder.
        adapter: safetensors file that `ragslm.specialise.verifier` wrote.

    Raises:
        ModelError: the adapter does not fit the encoder.
    """

    def __init__(self, folder: Path, adapter: Path) -> None:
        self._pairs = claim_pairs(folder)
        self._encoder = AdaptedEncoder(folder, adapter, pairs=self._pairs, head=support)

    def scores(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Log odds of support for each (claim, passage), batched over all of them."""
        if not pairs:
            return []
        claims = self._pairs.pieces([claim for claim, _ in pairs])
        passages = self._pairs.pieces([passage for _, passage in pairs])
        cut = [windows(claim, passage) for claim, passage in zip(claims, passages, strict=True)]
        read = [(claim, window) for claim, held in zip(claims, cut, strict=True) for window in held]
        scored = iter(self._encoder.scores(read))
        return [max(next(scored) for _ in held) for held in cut]


class Remembered:
    """A scorer that reads no pair twice, so that several judges can share one reading."""

    def __init__(self, entailment: Entailment) -> None:
        self._entailment = entailment
        self._known: dict[tuple[str, str], float] = {}

    def scores(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Log odds of support for each (claim, passage)."""
        new = list(dict.fromkeys(pair for pair in pairs if pair not in self._known))
        self._known.update(zip(new, self._entailment.scores(new), strict=True))
        return [self._known[pair] for pair in pairs]


class ForeignEntailment:
    """A sentence-transformers cross-encoder or NLI model from a local folder: DeBERTa-NLI, HHEM, MiniCheck.

    A model with several labels must call one of them entailment or support; its log odds against the
    others are the score. A model with one output is taken at its word.

    Args:
        folder: a model of your own; no network, no foreign code.

    Raises:
        ModelError: there is no model in the folder, or none of its labels means support.
    """

    def __init__(self, folder: Path) -> None:
        if not (folder / "config.json").is_file():
            raise ModelError(f"grounding.verifier: {str(folder)!r} holds no model (no config.json).")
        self._torch = require("torch", extra="rag")
        self._model = require("sentence_transformers", extra="rag").CrossEncoder(
            str(folder), local_files_only=True, trust_remote_code=False
        )
        labels = {int(i): name.lower() for i, name in self._model.config.id2label.items()}
        self._supports = None if len(labels) == 1 else _support_label(labels, folder)

    def scores(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Log odds of support for each (claim, passage); such models read the passage first."""
        if not pairs:
            return []
        read = [(passage, claim) for claim, passage in pairs]
        raw = self._model.predict(
            read, show_progress_bar=False, convert_to_tensor=True, activation_fn=self._torch.nn.Identity()
        ).float()
        if self._supports is None:
            return [float(score) for score in raw.reshape(-1).tolist()]
        own = raw[:, self._supports]
        others = raw[:, [i for i in range(raw.shape[1]) if i != self._supports]].logsumexp(dim=1)
        return [float(score) for score in (own - others).tolist()]


def _support_label(labels: Mapping[int, str], folder: Path) -> int:
    """Which output means support."""
    found = [
        i
        for i, name in labels.items()
        if name in {"entailment", "entails", "support", "supported", "supports"}
    ]
    if len(found) != 1:
        raise ModelError(
            f"grounding.verifier: none of the labels of {str(folder)!r} means support; "
            "`id2label` in its config.json must name one `entailment`."
        )
    return found[0]
