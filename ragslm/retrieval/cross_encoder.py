"""Question and passage read together: the encoder with a small adapter, one relevance score a pair.

Training (`ragslm.specialise`) and serving share `question_pairs` and `relevance`.

Source: R. Nogueira, K. Cho, Passage Re-ranking with BERT (2019); O. Khattab, M. Zaharia, ColBERT (2020), for
the sum of best matches.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ragslm._optional import require
from ragslm.errors import ModelError
from ragslm.models.pair_encoder import (
    WIDTH,
    AdaptedEncoder,
    Pairs,
    mean_state,
    new_layers,
    read_pairs,
    through,
)
from ragslm.retrieval.focus import focus

ADAPTER = Path(__file__).with_name("adapters") / "all-minilm-l6-v2-reranker.safetensors"
"""The adapter that is shipped."""
RULES = ADAPTER.with_name("all-minilm-l6-v2-rules.safetensors")
"""The one that goes on from it, trained on questions over banking rules."""
QUESTION_PIECES = 48
PAIR_PIECES = 192
"""Word pieces read of a question, and of question and passage together."""
BRIEF_PIECES = 128
"""Read of both to order candidates: rows of numbers are longer, and 50 of them took half as long again."""


def question_pairs(folder: Path) -> Pairs:
    """Batches of (question, passage) for the encoder in `folder`."""
    return Pairs(folder, first=QUESTION_PIECES, both=PAIR_PIECES)


def relevance(encoder: Any, head: Mapping[str, Any], batch: Mapping[str, Any]) -> Any:
    """Scores (n,), unbounded: a perceptron over pooled states, plus cosine and sum of best matches.

    Args:
        encoder: a BERT with the token types of `ragslm.models.pair_encoder`.
        head: `hidden.weight`, `hidden.bias`, `out.weight`, `out.bias`, `similarity` (2,).
        batch: from `Pairs.batch`.
    """
    torch = require("torch", extra="rag")
    normal = torch.nn.functional.normalize
    states = read_pairs(encoder, batch)
    question, passage = mean_state(states, batch["first"]), mean_state(states, batch["second"])
    pieces = normal(states, dim=-1)
    asked = batch["first"][:, : QUESTION_PIECES + 1]
    match = (pieces[:, : asked.shape[1]] @ pieces.mT).masked_fill(~batch["second"][:, None, :], -1.0)
    best = match.amax(dim=2) * asked
    similarity = torch.stack(
        [
            (normal(question, dim=-1) * normal(passage, dim=-1)).sum(-1),
            best.sum(1) / asked.sum(1).clamp(min=1),
        ],
        dim=1,
    )
    pooled = torch.cat([states[:, 0], question, passage, question * passage], dim=1)
    return through(head, pooled) + similarity @ head["similarity"]


def new_head() -> dict[str, Any]:
    """A head before training: similarity alone decides."""
    torch = require("torch", extra="rag")
    values = {**new_layers(4 * WIDTH), "similarity": torch.tensor([5.0, 5.0])}
    return {name: value.requires_grad_(True) for name, value in values.items()}


class CrossEncoder:
    """Scores passages against a question with encoder and adapter.

    Args:
        folder: the encoder's folder.
        adapter: safetensors file that `ragslm.specialise.reranker` wrote.
        int8: compute in it where the processor does: a fifth faster, and good enough for an order; a
            judgement fitted on exact scores wants them exact.

    Raises:
        ModelError: the adapter does not fit the encoder.
    """

    def __init__(self, folder: Path, adapter: Path, *, int8: bool = False) -> None:
        self._pairs = question_pairs(folder)
        self._encoder = AdaptedEncoder(folder, adapter, pairs=self._pairs, head=relevance, int8=int8)

    def scores(self, question: str, passages: Sequence[str], *, most: int = PAIR_PIECES) -> list[float]:
        """Relevance of each passage (header line, line break, text), unbounded; higher is better.

        Args:
            question: scrubbed question.
            passages: what may answer it.
            most: word pieces read of a pair, with the three marks; at most `PAIR_PIECES`.
        """
        texts = [focus(question, passage) for passage in passages]
        asked, *pieces = self._pairs.pieces([question, *texts])
        room = most - min(len(asked), QUESTION_PIECES) - 3
        return self._encoder.scores([(asked, passage[:room]) for passage in pieces])


class BriefReader:
    """The same cross-encoder over the first `BRIEF_PIECES` of each pair, to order candidates with.

    Args:
        whole: what judges whether passages answer reads more of them.
    """

    def __init__(self, whole: CrossEncoder) -> None:
        self._whole = whole

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """Relevance of each passage (header line, line break, text), unbounded; higher is better."""
        return self._whole.scores(question, passages, most=BRIEF_PIECES)


class ForeignCrossEncoder:
    """A sentence-transformers cross-encoder from a local folder, read whole up to its own length.

    Args:
        folder: a model of your own; no network, no foreign code.

    Raises:
        ModelError: there is no model in the folder.
    """

    def __init__(self, folder: Path) -> None:
        if not (folder / "config.json").is_file():
            raise ModelError(f"retrieval.reranker: {str(folder)!r} holds no model (no config.json).")
        self._model = require("sentence_transformers", extra="rag").CrossEncoder(
            str(folder), local_files_only=True, trust_remote_code=False
        )

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """Relevance of each passage (header line, line break, text); higher is better."""
        scores = self._model.predict([(question, passage) for passage in passages], show_progress_bar=False)
        return [float(score) for score in scores]
