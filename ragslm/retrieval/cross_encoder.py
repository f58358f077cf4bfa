"""Question and passage read together: the encoder with a small adapter, one relevance score a pair.

The adapter (LoRA, four token types, a head) is 1.6 MB beside the encoder's 90 MB and is merged into a copy
of its weights, so it costs nothing while scoring. Every word piece is told whether the other side holds it
too: exact matches of numbers and names are what a 22-million-parameter encoder forgets first.

Training (`ragslm.specialise`) and serving share `Pairs` and `relevance`.

Source: E. Hu et al., LoRA (2021); R. Nogueira, K. Cho, Passage Re-ranking with BERT (2019); O. Khattab,
M. Zaharia, ColBERT (2020), for the sum of best matches.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ragslm._optional import require
from ragslm.errors import ModelError
from ragslm.retrieval.focus import focus

ENCODER = "all-minilm-l6-v2"
ADAPTER = Path(__file__).with_name("adapters") / "all-minilm-l6-v2-reranker.safetensors"
"""The adapter that is shipped, and the encoder of the model catalogue it was trained for."""
QUESTION_PIECES = 48
PAIR_PIECES = 192
"""Word pieces read of a question, and of question and passage together."""
BATCH = 16
TYPES = 4
"""Question and passage, each piece with or without an equal one on the other side."""
_STEP = 16
"""Batches are padded to a multiple of this: the processor's kernels are made and kept for each shape."""
RANK = 16
SCALE = 2.0
"""Rank of the adapter's matrices, and what their product is multiplied by."""


class Pairs:
    """Turns (question, passage) pairs into one padded batch.

    Args:
        folder: the encoder's folder, for its tokeniser.
    """

    def __init__(self, folder: Path) -> None:
        self._torch = require("torch", extra="rag")
        self._tokenizer = require("tokenizers", extra="rag").Tokenizer.from_file(
            str(folder / "tokenizer.json")
        )
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._start = self._tokenizer.token_to_id("[CLS]")
        self._end = self._tokenizer.token_to_id("[SEP]")

    def pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """Word pieces of each text, without marks."""
        return [
            encoding.ids for encoding in self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        ]

    def batch(self, pairs: Sequence[tuple[Sequence[int], Sequence[int]]]) -> dict[str, Any]:
        """int64 tensors of shape (n, longest): `ids`, `types`, and bool `question`, `passage`, `real`."""
        torch = self._torch
        rows = [self._row(list(q)[:QUESTION_PIECES], list(p)) for q, p in pairs]
        longest = -(-max(len(ids) for ids, _, _ in rows) // _STEP) * _STEP
        ids = torch.zeros((len(rows), longest), dtype=torch.int64)
        types = torch.zeros_like(ids)
        side = torch.zeros_like(ids)  # 0 marks and padding, 1 question, 2 passage
        real = torch.zeros((len(rows), longest), dtype=torch.bool)
        for i, (row, kinds, sides) in enumerate(rows):
            n = len(row)
            ids[i, :n] = torch.tensor(row)
            types[i, :n] = torch.tensor(kinds)
            side[i, :n] = torch.tensor(sides)
            real[i, :n] = True
        return {"ids": ids, "types": types, "question": side == 1, "passage": side == 2, "real": real}

    def _row(self, q: list[int], p: list[int]) -> tuple[list[int], list[int], list[int]]:
        p = p[: PAIR_PIECES - len(q) - 3]
        in_q, in_p = set(q), set(p)
        ids = [self._start, *q, self._end, *p, self._end]
        types = [0, *(2 * (piece in in_p) for piece in q), 0, *(1 + 2 * (piece in in_q) for piece in p), 1]
        sides = [0, *(1 for _ in q), 0, *(2 for _ in p), 0]
        return ids, types, sides


def relevance(encoder: Any, head: Mapping[str, Any], batch: Mapping[str, Any]) -> Any:
    """Scores (n,), unbounded: a perceptron over pooled states, plus cosine and sum of best matches.

    Args:
        encoder: a BERT with `TYPES` token types.
        head: `hidden.weight`, `hidden.bias`, `out.weight`, `out.bias`, `similarity` (2,).
        batch: from `Pairs.batch`.
    """
    torch = require("torch", extra="rag")
    normal = torch.nn.functional.normalize
    linear = torch.nn.functional.linear
    states = encoder(
        input_ids=batch["ids"], token_type_ids=batch["types"], attention_mask=batch["real"].long()
    ).last_hidden_state.float()
    question, passage = _mean(states, batch["question"]), _mean(states, batch["passage"])
    pieces = normal(states, dim=-1)
    asked = batch["question"][:, : QUESTION_PIECES + 1]
    match = (pieces[:, : asked.shape[1]] @ pieces.mT).masked_fill(~batch["passage"][:, None, :], -1.0)
    best = match.amax(dim=2) * asked
    similarity = torch.stack(
        [
            (normal(question, dim=-1) * normal(passage, dim=-1)).sum(-1),
            best.sum(1) / asked.sum(1).clamp(min=1),
        ],
        dim=1,
    )
    pooled = torch.cat([states[:, 0], question, passage, question * passage], dim=1)
    hidden = torch.nn.functional.gelu(linear(pooled, head["hidden.weight"], head["hidden.bias"]))
    scored = linear(hidden, head["out.weight"], head["out.bias"]).squeeze(1)
    return scored + similarity @ head["similarity"]


def _mean(states: Any, mask: Any) -> Any:
    weights = mask.unsqueeze(-1).to(states.dtype)
    return (states * weights).sum(1) / weights.sum(1).clamp(min=1)


def open_encoder(folder: Path, dtype: Any) -> Any:
    """The encoder's weights with `TYPES` token types, each as the first was; local files, no foreign code."""
    torch = require("torch", extra="rag")
    transformers = require("transformers", extra="rag")
    weights = require("safetensors.torch", extra="rag").load_file(str(folder / "model.safetensors"))
    encoder = transformers.BertModel(
        transformers.BertConfig.from_json_file(str(folder / "config.json")), add_pooling_layer=False
    )
    encoder.load_state_dict({name: weights[name] for name in encoder.state_dict()})
    encoder.to(dtype)
    first = encoder.embeddings.token_type_embeddings.weight.data[:1]
    encoder.embeddings.token_type_embeddings = torch.nn.Embedding.from_pretrained(first.repeat(TYPES, 1))
    return encoder.eval()


def new_head() -> dict[str, Any]:
    """A head before training: similarity alone decides."""
    torch = require("torch", extra="rag")
    width, hidden = 4 * 384, 128
    values = {
        "hidden.weight": torch.randn(hidden, width) * 0.02,
        "hidden.bias": torch.zeros(hidden),
        "out.weight": torch.zeros(1, hidden),
        "out.bias": torch.zeros(1),
        "similarity": torch.tensor([5.0, 5.0]),
    }
    return {name: value.requires_grad_(True) for name, value in values.items()}


class CrossEncoder:
    """Scores passages against a question with encoder and adapter.

    Args:
        folder: the encoder's folder.
        adapter: safetensors file that `ragslm.specialise.reranker` wrote.

    Raises:
        ModelError: the adapter does not fit the encoder.
    """

    def __init__(self, folder: Path, adapter: Path) -> None:
        torch = require("torch", extra="rag")
        tensors = require("safetensors.torch", extra="rag").load_file(str(adapter))
        self._torch = torch
        self._pairs = Pairs(folder)
        self._dtype = torch.bfloat16 if _native_bf16() else torch.float32
        encoder = open_encoder(folder, torch.float32)
        _merge(encoder, tensors)
        self._encoder = encoder.to(self._dtype)
        self._head = {
            name.removeprefix("head."): value.float()
            for name, value in tensors.items()
            if name.startswith("head.")
        }

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """Relevance of each passage (header line, line break, text), unbounded; higher is better."""
        texts = [focus(question, passage) for passage in passages]
        asked, *pieces = self._pairs.pieces([question, *texts])
        order = sorted(range(len(pieces)), key=lambda i: len(pieces[i]))
        found = [0.0] * len(pieces)
        with self._torch.inference_mode():
            for start in range(0, len(order), BATCH):
                chosen = order[start : start + BATCH]
                batch = self._pairs.batch([(asked, pieces[i]) for i in chosen])
                for i, score in zip(
                    chosen, relevance(self._encoder, self._head, batch).tolist(), strict=True
                ):
                    found[i] = score
        return found


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


def _merge(encoder: Any, tensors: Mapping[str, Any]) -> None:
    """Add the adapter to the weights it was trained for."""
    modules = dict(encoder.named_modules())
    try:
        for name, left in tensors.items():
            if name.startswith("lora.") and name.endswith(".B"):
                path = name.removeprefix("lora.").removesuffix(".B")
                product = left.float() @ tensors[f"lora.{path}.A"].float()
                modules[path].weight.data += SCALE * product
        encoder.embeddings.token_type_embeddings.weight.data = tensors["types"].float()
    except (KeyError, RuntimeError) as error:
        raise ModelError(
            f"The reranker's adapter does not fit the encoder: {type(error).__name__}."
        ) from None


def _native_bf16() -> bool:
    torch = require("torch", extra="rag")
    return bool(torch.cpu.get_capabilities().get("avx512_bf16", False))
