"""The shipped adapter, and the recipe that made it, on a handful of passages."""

from math import log
from pathlib import Path
from random import Random
from statistics import correlation

import pytest

from ragslm.errors import ModelError
from ragslm.models.catalogue import entry
from ragslm.models.pair_encoder import ENCODER
from ragslm.retrieval.cross_encoder import (
    ADAPTER,
    BRIEF_PIECES,
    BriefReader,
    CrossEncoder,
    ForeignCrossEncoder,
)
from ragslm.retrieval.embedder import MiniLmEmbedder
from ragslm.specialise.lora import Recipe
from ragslm.specialise.mining import HARD, RANDOM, Group, mine
from ragslm.specialise.reranker import agreement, train
from ragslm.specialise.sources import Asked, Pool, Source

DISEASES = "asthma gout psoriasis scurvy rickets measles mumps malaria anthrax leprosy".split()
ASPECTS = {
    "symptoms": "Signs of {} are pain and fever; some patients notice nothing.",
    "treatment": "{} is treated with rest and medicines that a doctor chooses.",
    "causes": "{} comes from genes, germs or food, and often from several of them.",
}
POOL = Pool(
    [f"{d}\n{text.format(d)}" for d in DISEASES for text in ASPECTS.values()],
    [
        Asked(f"What are the {aspect} of {d}?", frozenset([3 * i + j]), d)
        for i, d in enumerate(DISEASES)
        for j, aspect in enumerate(ASPECTS)
    ],
)
SOURCE = Source("made up", "none", 30, lambda data: POOL)


@pytest.fixture(scope="module")
def groups(encoder_folder: Path) -> list[Group]:
    embedder = MiniLmEmbedder(encoder_folder, entry(ENCODER).sha256)
    return list(mine(SOURCE, POOL, embedder, Random(1)))


def test_int8_says_nearly_what_the_exact_one_says(encoder_folder: Path) -> None:
    question, passages = "What are the symptoms of gout?", POOL.passages
    exact = CrossEncoder(encoder_folder, ADAPTER).scores(question, passages)
    coarse = CrossEncoder(encoder_folder, ADAPTER, int8=True).scores(question, passages)
    assert correlation(exact, coarse) > 0.99


def test_the_shipped_adapter_tells_an_answer_from_its_neighbours(encoder_folder: Path) -> None:
    passages = [
        "Warfarin\nWarfarin is a medicine that slows the clotting of blood.",
        "Warfarin › Side effects\nThe most common side effect of warfarin is bleeding.",
        "Gout\nGout is treated with anti-inflammatory medicines.",
    ]
    scores = CrossEncoder(encoder_folder, ADAPTER).scores("What are the side effects of warfarin?", passages)
    assert scores[1] == max(scores)
    assert scores[2] == min(scores)


def test_scores_do_not_depend_on_what_else_is_read(encoder_folder: Path) -> None:
    scorer = CrossEncoder(encoder_folder, ADAPTER)
    passages = [*POOL.passages, "x\n" + "long " * 400]
    together = scorer.scores("What are the causes of gout?", passages)
    alone = [scorer.scores("What are the causes of gout?", [passage])[0] for passage in passages]
    assert together == pytest.approx(alone, abs=0.15)
    assert scorer.scores("What?", []) == []


def test_a_brief_reader_reads_the_beginning_of_a_long_passage(encoder_folder: Path) -> None:
    whole = CrossEncoder(encoder_folder, ADAPTER)
    brief = BriefReader(whole)
    short, rows = POOL.passages[0], "Rates\n" + " ".join(f"{i}.{i} % |" for i in range(70))
    asked = "What are the causes of gout?"
    assert brief.scores(asked, [short]) == whole.scores(asked, [short])
    assert brief.scores(asked, [rows]) == whole.scores(asked, [rows], most=BRIEF_PIECES)
    assert brief.scores(asked, [rows]) != whole.scores(asked, [rows])


def test_groups_hold_one_right_passage_first(groups: list[Group]) -> None:
    assert len(groups) == 30
    for group in groups:
        right, *wrong = group.passages
        assert len(wrong) == HARD + RANDOM
        assert right not in wrong
        disease = group.question.removesuffix("?").split()[-1]
        assert disease in right
    by_subject: dict[str, set[bool]] = {}
    for group in groups:
        by_subject.setdefault(group.question.split()[-1], set()).add(group.validates)
    assert all(len(sides) == 1 for sides in by_subject.values())


# peft reads a property that transformers has renamed
@pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing`:FutureWarning")
def test_the_recipe_learns(encoder_folder: Path, groups: list[Group], tmp_path: Path) -> None:
    from safetensors.torch import save_file

    losses: list[float] = []
    recipe = Recipe(epochs=5, step=3)
    learning = [Group(g.source, g.question, g.passages, False) for g in groups]
    tensors = train(encoder_folder, learning, recipe, progress=lambda step, steps, loss: losses.append(loss))
    adapter = tmp_path / "adapter.safetensors"
    save_file(tensors, str(adapter))
    assert adapter.stat().st_size < 5_000_000
    (result,) = agreement(encoder_folder, adapter, learning)
    assert result.n == 30
    assert result.value > 0.6
    assert losses[-1] < log(1 + HARD + RANDOM) / 2


def test_a_foreign_adapter_or_folder_is_refused(encoder_folder: Path, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import save_file

    other = tmp_path / "other.safetensors"
    save_file(
        {"types": torch.zeros(4, 7), "lora.none.A": torch.zeros(1), "lora.none.B": torch.zeros(1)}, other
    )
    with pytest.raises(ModelError, match="does not fit"):
        CrossEncoder(encoder_folder, other)
    with pytest.raises(ModelError, match=r"config\.json"):
        ForeignCrossEncoder(tmp_path / "nothing")
