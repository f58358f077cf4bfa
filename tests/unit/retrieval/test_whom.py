"""`the patient` is not searched for, other patients are."""

import pytest

from ragslm.retrieval.whom import without_patient


@pytest.mark.parametrize(
    ("question", "searched"),
    [
        ("Why did the patient come?", "Why did they come?"),
        ("How much has the patient's weight increased?", "How much has their weight increased?"),
        ("Which patients are at risk?", "Which patients are at risk?"),  # a group
        ("Who signs the patient-reported form?", "Who signs the patient-reported form?"),  # a compound
        ("The patient?", "The patient?"),  # nothing else
        ("Who is the patient?", "Who is the patient?"),
    ],
)
def test_what_is_searched(question, searched):
    assert without_patient(question) == searched
