"""The shipped reader of rules, and the recipe that made it, on a handful of passages."""

from pathlib import Path

import pytest

from ragslm.factory import open_parts
from ragslm.grounding.answerability import FITTED_RULES, Meeting, fitted
from ragslm.retrieval.cross_encoder import ADAPTER, RULES, CrossEncoder
from ragslm.retrieval.known_questions import REGULATIONS, KnownQuestions
from ragslm.retrieval.question_encoder import QuestionEncoder
from ragslm.specialise.lora import Recipe
from ragslm.specialise.rule_reader import Pair, train

# peft reads a property that transformers has renamed
pytestmark = [
    pytest.mark.models,
    pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing`:FutureWarning"),
]

LOSS = (
    "Regulation E › 1005.6(b)(1)\nIf the consumer notifies the financial institution within two business "
    "days after learning of the loss or theft of the access device, the consumer's liability shall not "
    "exceed the lesser of $50 or the amount of unauthorized transfers that occur before notice."
)
ERRORS = (
    "Regulation E › 1005.11(c)(1)\nA financial institution shall investigate promptly and shall determine "
    "whether an error occurred within 10 business days of receiving a notice of error."
)


def test_a_customers_words_are_told_from_what_another_rule_answers(encoder_folder: Path) -> None:
    reader, curve = CrossEncoder(encoder_folder, RULES), fitted(FITTED_RULES)
    questions = QuestionEncoder(encoder_folder)
    known = KnownQuestions.read([REGULATIONS], questions)

    def probability(question: str) -> float:
        near = known.closeness(questions.embed([question])[0], ["1005.6(b)(1)", "1005.11(c)(1)"])
        return curve.probability(Meeting(0.3, max(reader.scores(question, [LOSS, ERRORS])), near.max()))

    assert probability("My card was stolen and I told you the next day. How much can I lose?") > 0.5
    assert probability("How many days before closing must the lender send the final mortgage costs?") < 0.5
    assert probability("What were net sales in 2019?") < 0.5


@pytest.mark.usefixtures("models")
def test_banking_reads_with_it_and_medicine_does_not(tmp_path: Path) -> None:
    parts = open_parts(tmp_path / "workspace", key="5c" * 32, config=None, arguments={})
    banking, medical = parts.pair_scorer("banking"), parts.pair_scorer("medical")
    parts.close()
    assert banking is not None
    assert medical is not None
    asked = "When is an error resolved?", [LOSS, ERRORS]
    assert banking.scores(*asked) != medical.scores(*asked)


def test_training_goes_on_from_the_reranker(encoder_folder: Path) -> None:
    from safetensors.torch import load_file

    before = load_file(str(ADAPTER))
    after = train(encoder_folder, [Pair("When?", LOSS, answers=True)], Recipe(seconds=1e-9))
    assert after.keys() == before.keys()
    assert all((after[name] == value).all() for name, value in before.items())


def test_what_answers_nothing_is_learnt_as_well(encoder_folder: Path, tmp_path: Path) -> None:
    from safetensors.torch import save_file

    pairs = [
        Pair("How much can I lose?", LOSS, answers=True),
        Pair("How much can I lose?", ERRORS, answers=False),
        Pair("Is my deposit insured?", LOSS, answers=False),
        Pair("Is my deposit insured?", ERRORS, answers=False),
    ]
    tensors = train(encoder_folder, pairs, Recipe(epochs=30, step=4, rate=1e-3))
    save_file(tensors, str(tmp_path / "adapter.safetensors"))
    reader = CrossEncoder(encoder_folder, tmp_path / "adapter.safetensors")
    (answered, _), unanswered = (
        reader.scores(q, [LOSS, ERRORS]) for q in (pairs[0].question, pairs[2].question)
    )
    assert answered > 0 > max(unanswered)
