"""Questions under the shipped adapter, the recipe that made it, and that passages never are."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ragslm import Assistant
from ragslm.errors import ModelError
from ragslm.models.catalogue import entry
from ragslm.models.pair_encoder import ENCODER
from ragslm.retrieval.cross_encoder import ADAPTER as RERANKER
from ragslm.retrieval.embedder import MiniLmEmbedder
from ragslm.retrieval.question_encoder import ADAPTER, QuestionEncoder
from ragslm.specialise.question_encoder import RECIPE, found, train
from ragslm.specialise.regulations import pool_of
from ragslm.specialise.sources import Asked, Pool, held_out

pytestmark = [pytest.mark.models, pytest.mark.filterwarnings("default")]

DATA = Path(__file__).parents[1] / "data"
REGULATIONS_FOLDER = DATA / "cfpb" / "documents"
MEASURING = [DATA / name / "questions.jsonl" for name in ("cfpb", "cfpb_check")]
ASKED = "How soon do I get the money back once the bank admits the mistake?"


@pytest.fixture(scope="module")
def plain(encoder_folder: Path) -> MiniLmEmbedder:
    return MiniLmEmbedder(encoder_folder, entry(ENCODER).sha256)


def test_vectors(encoder_folder: Path) -> None:
    encoder = QuestionEncoder(encoder_folder)
    vectors = encoder.embed([ASKED, "word " * 2000, ""])
    assert vectors.shape == (3, encoder.dim)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    assert encoder.embed([]).shape == (0, encoder.dim)
    assert encoder.embed([ASKED])[0] @ vectors[0] > 0.999


def test_more_rules_are_found_for_questions_that_measure(encoder_folder: Path, plain: MiniLmEmbedder) -> None:
    lines = [json.loads(line) for file in MEASURING for line in file.read_text("utf-8").splitlines()]
    pool = pool_of(REGULATIONS_FOLDER, [(line["question"], line["paragraphs"]) for line in lines])
    for one in found(encoder_folder, ADAPTER, pool, plain):
        assert one.n == 93  # what answers the others begins inside a passage
        assert one.after > one.before + 0.2


def test_a_question_on_a_report_hardly_moves(encoder_folder: Path, plain: MiniLmEmbedder) -> None:
    asked = ["What was the change in total revenue between 2018 and 2019?"]
    assert QuestionEncoder(encoder_folder).embed(asked)[0] @ plain.embed(asked)[0] > 0.98


def test_an_adapter_for_something_else_is_refused(encoder_folder: Path, tmp_path: Path) -> None:
    import safetensors.torch

    tensors = safetensors.torch.load_file(RERANKER)
    cut = {name: value[:, :7] if name.endswith(".A") else value for name, value in tensors.items()}
    safetensors.torch.save_file({k: v.contiguous() for k, v in cut.items()}, tmp_path / "cut.safetensors")
    with pytest.raises(ModelError, match="does not fit"):
        QuestionEncoder(encoder_folder, tmp_path / "cut.safetensors")


def test_the_recipe_finds_more_of_what_it_was_taught(
    encoder_folder: Path, plain: MiniLmEmbedder, tmp_path: Path
) -> None:
    import safetensors.torch

    things = "apple pear plum fig date lime kiwi melon grape peach".split()
    secret = dict(zip(things, reversed(things), strict=True))
    pool = Pool(
        [f"\nThe {thing} is a fruit that is kept on the shelf of the {thing}." for thing in things],
        [
            Asked(f"Where is the red {secret[thing]} number {n}?", frozenset([i]), f"{thing} {n}")
            for i, thing in enumerate(things)
            for n in range(6)
        ],
    )
    staying = ["What was the revenue?"]
    learnt, validating = pool.split()
    tensors = train(encoder_folder, learnt, staying, plain, replace(RECIPE, epochs=12, step=16))
    safetensors.torch.save_file(tensors, tmp_path / "taught.safetensors")
    first = found(encoder_folder, tmp_path / "taught.safetensors", validating, plain)[0]
    assert 0 < first.n == sum(held_out(one.group) for one in pool.asked) < len(pool.asked)
    assert first.after > first.before


def test_only_the_banking_profile_asks_so(tmp_path: Path) -> None:
    with Assistant.open(tmp_path / "workspace", "banking", key=bytes(32)) as assistant:
        parts = assistant._parts
        assert isinstance(parts.question_embedder("banking"), QuestionEncoder)
        for other in ("medical", "generic"):
            assert parts.question_embedder(other) is parts.embedder
