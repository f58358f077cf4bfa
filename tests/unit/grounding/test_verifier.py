import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ragslm.grounding.verifier import EvidenceVerifier

SOURCE = (
    "Warfarin interacts with NSAIDs and the risk of bleeding rises. "
    "It was given to 12 patients in 2018 and 15 patients in 2019. "
    "The dose is at least 500 mg daily. "
    "Sales were $1,577 million in 2018. "
    "The bank must notify the consumer within 10 business days unless the account is closed. "
    "Some patients may develop a rash. "
    "COVID-19 vaccines do not contain live virus."
)
VERIFIER = EvidenceVerifier()

SUPPORTED = [
    "Warfarin interacts with NSAIDs and the risk of bleeding rises.",  # verbatim
    "Warfarin interacts with NSAIDs. [1]",  # a shorter sentence, with its label
    "According to the document, the risk of bleeding rises.",  # a lead that adds nothing
    "The dose is at least 0.5 g daily.",  # the same amount in another unit
    "Sales were $1.577 billion in 2018.",  # the same amount in another scale
    "In 2018, sales were $1,577 million.",  # an adverbial moved to the front
    "Warfarin was given to 12 patients in 2018.",  # "it" is named by the sentence before
    "The risk of bleeding rises, and the dose is at least 500 mg daily.",  # two sentences in one
    "COVID-19 vaccines don't contain live virus.",  # a contraction
]
REJECTED = [
    ("", "empty"),
    ("Does warfarin interact with NSAIDs?", "a question states nothing"),
    ("The answer is yes.", "states too little to be checked"),
    ("No, warfarin does not interact with NSAIDs.", "negation differs"),  # the trap of FACTS.md
    ("Yes, you can take warfarin with NSAIDs.", "answers yes or no, which the source does not say"),
    ("Warfarin does not interact with NSAIDs.", "negation differs"),
    ("COVID-19 vaccines contain live virus.", "negation differs"),  # left out instead of put in
    (
        "NSAIDs interact with warfarin and the risk of bleeding rises.",
        "word order differs",
    ),  # same words, other sense
    ("He gives warfarin to 12 patients in 2018.", "person differs"),
    ("Warfarin interacts with ibuprofen.", "name not in the source"),  # another drug
    ("Warfarin interacts with alcohol.", "word not in the source"),
    ("Warfarin was given to 15 patients in 2018.", "number stands elsewhere in the source"),
    ("Warfarin was given to 13 patients in 2018.", "number or unit not in the source"),
    ("The dose is at least 500 g daily.", "number or unit not in the source"),  # unit changed
    ("The dose is 500 mg daily.", "comparison differs"),  # comparator dropped
    ("The dose is at most 500 mg daily.", "comparison differs"),
    ("Sales were $1,577 in 2018.", "number or unit not in the source"),  # scale dropped
    ("Sales were €1,577 million in 2018.", "number or unit not in the source"),  # currency changed
    ("The bank may notify the consumer within 10 business days.", "obligation differs"),
    ("The bank must notify the consumer within 10 business days.", "condition differs"),  # exception cut
    ("Patients may develop a rash.", "quantity word differs"),  # some became all
    ("Some patients develop a rash.", "certainty differs"),  # may became does
]


@pytest.mark.parametrize("claim", SUPPORTED)
def test_supported(claim):
    verdict = VERIFIER.verify(claim, [SOURCE])
    assert verdict.supported, verdict.reasons
    assert verdict.score >= 0.5
    assert not verdict.reasons


@pytest.mark.parametrize(("claim", "reason"), REJECTED)
def test_rejected(claim, reason):
    verdict = VERIFIER.verify(claim, [SOURCE])
    assert not verdict.supported
    assert verdict.score < 0.5
    assert reason in verdict.reasons


def test_verbatim_scores_one():
    assert VERIFIER.verify("The dose is at least 500 mg daily.", ["Other text.", SOURCE]).score == 1.0


def test_no_passages():
    assert not VERIFIER.verify("The dose is at least 500 mg daily.", []).supported
    assert not VERIFIER.verify("The dose is at least 500 mg daily.", [" "]).supported


def test_clauses_rest_on_two_passages():
    passages = ["Warfarin thins the blood.", "The label lists a dose of 5 mg."]
    assert VERIFIER.verify(
        "Warfarin thins the blood, and the label lists a dose of 5 mg.", passages
    ).supported
    assert not VERIFIER.verify(
        "Warfarin thins the blood, and the label lists a dose of 6 mg.", passages
    ).supported


def test_clause_without_subject_needs_the_sentence_subject():
    passages = ["Aspirin is safe for adults.", "Warfarin raises the risk of bleeding."]
    assert not VERIFIER.verify(
        "Aspirin is safe for adults, and raises the risk of bleeding.", passages
    ).supported


def test_row_binds_number_to_its_column():
    row = "Purchases of property, plant and equipment | 2018: 1,577 | 2017: 1,373"
    assert VERIFIER.verify("Purchases of property, plant and equipment were 1,577 in 2018.", [row]).supported
    assert not VERIFIER.verify(
        "Purchases of property, plant and equipment were 1,577 in 2017.", [row]
    ).supported


_WORDS = st.sampled_from(
    "patient account interest kidney balance dosage payment tumor charge transfer therapy deposit".split()
)
_NUMBER = st.integers(2, 9998)


@st.composite
def sentences(draw):
    subject, thing, other = draw(st.lists(_WORDS, min_size=3, max_size=3, unique=True))
    number = draw(_NUMBER)
    form = draw(
        st.sampled_from(
            (
                f"The {subject} includes {number} mg of {thing} for each {other}.",
                f"The {subject} is {number} percent of the {thing} and the {other}.",
                f"Every {subject} has a {thing} of ${number:,} before the {other}.",
            )
        )
    )
    return form, number


@settings(max_examples=60, deadline=None)
@given(sentences(), st.text(alphabet="abc .", max_size=30))
def test_verbatim_always_passes(made, around):
    sentence, _ = made
    passage = f"The first one stands here. {sentence} {around}".strip()
    assert VERIFIER.verify(sentence, [passage]).supported


@settings(max_examples=60, deadline=None)
@given(sentences(), _NUMBER)
def test_another_number_never_passes(made, other):
    sentence, number = made
    assume(other != number)
    changed = re.sub(r"\d[\d,]*", str(other), sentence, count=1)
    assert not VERIFIER.verify(changed, [sentence]).supported


@settings(max_examples=60, deadline=None)
@given(sentences(), st.integers(1, 8))
def test_an_inserted_not_never_passes(made, place):
    words = made[0].split()
    changed = " ".join([*words[:place], "not", *words[place:]])
    assert not VERIFIER.verify(changed, [made[0]]).supported
