"""Amounts per day: of what a record prescribes, and of nothing else."""

import pytest

from ragslm.grounding.calculation.calculator import EvidenceCalculator

QUESTION = "What is the total daily dose of metformin?"


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("Metformin 500 mg twice daily with meals.", "1,000 mg per day (500 mg × 2)"),
        ("Metformin 500 mg three times a day by mouth.", "1,500 mg per day (500 mg × 3)"),
        ("Metformin 850 mg every 8 hours by mouth.", "2,550 mg per day (850 mg × (24 ÷ 8 hours))"),
        ("Metformin 0.5 g BID by mouth for her diabetes.", "1 g per day (0.5 g × 2)"),
        ("Medication: metformin | Dosage: 2 tablets once daily", "2 tablets per day (2 tablets × 1)"),
        (
            "Medication request: Metformin 500 MG Tablet, 2020-02-03. Dosage: 500 mg, 2 time(s) every 1 d.",
            "Prescribed amount of Metformin 500 MG Tablet: 1,000 mg per day (500 mg × 2)",
        ),
        ("Metformin, dosage 500 mg, 2 time(s) every 1 d", "1,000 mg per day (500 mg × 2)"),
    ],
)
def test_prescribed(cut, text, result):
    found = EvidenceCalculator().calculate(QUESTION, cut(text, title="Metformin"))
    assert found is not None
    assert result in found.text


@pytest.mark.parametrize(
    "text",
    [
        "The usual dose of metformin is 500 mg twice daily.",  # advice
        "Metformin: adults should take 500 mg three times a day.",
        "The maximum of metformin is 1,000 mg twice daily.",
        "Metformin 500 mg twice daily, increase to 850 mg.",  # two doses
        "Metformin 500-850 mg twice daily.",  # a range
        "Metformin one to two tablets twice daily.",
        "Metformin 500 mg two or three times a day.",
        "Metformin 10 mg/kg twice daily by mouth.",  # by weight
        "Metformin 500 mg twice weekly by mouth.",  # by week
        "Metformin 500 mg twice daily as needed.",
        "Metformin 500 mg twice daily was stopped.",  # no longer
        "Lisinopril 10 mg twice daily by mouth.",  # another drug
        "Medication request: Metformin, status stopped. Dosage: 500 mg twice daily.",
        "Request: Metformin, active.\nRequest: Aspirin, active. Dosage: 50 mg twice daily.",
        "Metformin 500 mg tablets were dispensed.",  # how often is not said
    ],
)
def test_not_prescribed(cut, text):
    assert EvidenceCalculator().calculate(QUESTION, cut(text)) is None


def test_the_name_is_cited_with_the_dose(cut):
    question = "How much metformin does PERSON_7K3QXA take per day?"
    short = "Medication request: Metformin, status active, patient PERSON_7K3QXA. Dosage: 500 mg twice daily."
    long = short.replace("status", f"note {'of her visit ' * 40}, status")
    found = EvidenceCalculator().calculate(question, cut(short))
    assert [unit.text for unit in found.units] == [short]
    found = EvidenceCalculator().calculate(question, cut(long))
    assert [unit.text[:10] for unit in found.units] == ["Dosage: 50", "Medication"]


def test_two_prescriptions_that_disagree(cut):
    texts = ("Metformin 500 mg twice daily with meals.", "Metformin 850 mg twice daily with meals.")
    assert EvidenceCalculator().calculate(QUESTION, cut(*texts)) is None


def test_of_whom_must_be_there(cut):
    question = "How much metformin does PERSON_7K3QXA take per day?"
    text = "Metformin 500 mg twice daily with meals."
    assert EvidenceCalculator().calculate(question, cut(text)) is None
    assert EvidenceCalculator().calculate(question, cut(text, title="Record of PERSON_7K3QXA")) is not None
