"""The shipped adapter, and the recipe that made it, on a handful of claims."""

import hashlib
from dataclasses import replace
from math import log
from pathlib import Path

import pytest

from ragslm.errors import ModelError
from ragslm.grounding.entailment import ADAPTER, AdapterEntailment, ForeignEntailment
from ragslm.grounding.trained import Trained, read_calibration
from ragslm.grounding.verifier import EvidenceVerifier
from ragslm.settings import Settings
from ragslm.specialise.claim_sources import Example
from ragslm.specialise.verifier import RECIPE, train

PASSAGE = (
    "Warfarin is a medicine that slows the clotting of blood. It was given to 12 patients in 2018. "
    "The most common side effect of warfarin is bleeding."
)
TRUE = "Bleeding is the side effect of warfarin that is seen most often."
FALSE = "Headache is the side effect of warfarin that is seen most often."


@pytest.fixture(scope="module")
def scorer(encoder_folder: Path) -> AdapterEntailment:
    return AdapterEntailment(encoder_folder, ADAPTER)


def test_the_shipped_adapter_tells_a_wrong_word_and_another_subject(scorer: AdapterEntailment) -> None:
    true, false, other = scorer.scores(
        [(TRUE, PASSAGE), (FALSE, PASSAGE), ("The bank may close the account at any time.", PASSAGE)]
    )
    assert true > false
    assert true > other


def test_scores_do_not_depend_on_what_else_is_read(scorer: AdapterEntailment) -> None:
    pairs = [(TRUE, PASSAGE), (FALSE, PASSAGE), (TRUE, PASSAGE + " Other things were said." * 200)]
    assert scorer.scores(pairs) == pytest.approx([scorer.scores([pair])[0] for pair in pairs], abs=0.3)
    assert scorer.scores([]) == []


def test_the_calibration_belongs_to_the_adapter_and_keeps_every_profile_promise() -> None:
    calibration = read_calibration()
    assert calibration.adapter == hashlib.sha256(ADAPTER.read_bytes()).hexdigest()
    assert ADAPTER.stat().st_size < 5_000_000
    for domain in ("generic", "medical", "banking"):
        from ragslm.registry import load_profile

        promised = Settings.load(profile=load_profile(domain)).grounding.error_rate
        threshold = calibration.threshold(domain, promised)
        assert threshold.achieved <= threshold.promised <= promised
        assert threshold.n >= 100


def test_a_veto_stands_whatever_the_adapter_says(scorer: AdapterEntailment) -> None:
    calibration = read_calibration()
    verifier = EvidenceVerifier(trained=lambda: Trained(scorer, calibration.curve, 0.5))
    assert not verifier.verify("Warfarin is a medicine that never slows clotting.", [PASSAGE]).supported
    assert not verifier.verify("Warfarin was given to 13 patients in 2018.", [PASSAGE]).supported


# peft reads a property that transformers has renamed
@pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing`:FutureWarning")
def test_the_recipe_learns(encoder_folder: Path, tmp_path: Path) -> None:
    from safetensors.torch import save_file

    examples = []
    for i in range(24):
        one, two = f"The fee is {i + 10} dollars.", f"The fee is {i + 50} dollars."
        examples.append(Example("made up", one, one, True, "training", "number", two))
        examples.append(Example("made up", two, one, False, "training", "number", one))
        examples.append(Example("made up", two, one, True, "validation"))  # wrong on purpose: is not read
    losses: list[float] = []
    recipe = replace(RECIPE, epochs=7, step=6, seconds=600)
    tensors = train(encoder_folder, examples, recipe, progress=lambda step, steps, loss: losses.append(loss))
    adapter = tmp_path / "adapter.safetensors"
    save_file(tensors, str(adapter))
    assert adapter.stat().st_size < 5_000_000
    assert len(losses) == 7 * 48 // 6 // 25
    assert losses[-1] < log(2)
    learnt = AdapterEntailment(encoder_folder, adapter)
    true, false = learnt.scores(
        [
            ("The fee is 12 dollars.", "The fee is 12 dollars."),
            ("The fee is 57 dollars.", "The fee is 12 dollars."),
        ]
    )
    assert true > false


def test_a_folder_without_a_model_is_refused(encoder_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"config\.json"):
        ForeignEntailment(tmp_path / "nothing")
