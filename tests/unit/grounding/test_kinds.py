"""Passages on another type, stage or chromosome than is asked about."""

import pytest

from ragslm.grounding.kinds import of_the_kind_asked
from ragslm.types import Passage


def passage(title: str, text: str = "It is treated.", section: str | None = None) -> Passage:
    return Passage(
        id=1,
        document_id="d",
        uri="u",
        title=title,
        page=None,
        section=section,
        text=text,
        start=0,
        end=len(text),
    )


@pytest.mark.parametrize(
    ("question", "title", "kept"),
    [
        ("What is Chromosome 2q deletion?", "Chromosome 4q deletion", False),
        ("What is Chromosome 2q deletion?", "Chromosome 2q deletion", True),
        ("Symptoms of GM1 gangliosidosis type 3", "GM1 gangliosidosis type 1", False),
        ("Symptoms of GM1 gangliosidosis type 3", "GM1 gangliosidosis type III", True),
        ("how is hepatitis b treated", "Hepatitis C", False),
        ("how is hepatitis b treated", "Hepatitis", True),  # names none
        ("Is MEN type 2A inherited?", "Multiple endocrine neoplasia type 2", True),  # of which it is one
        ("What causes type 1 diabetes?", "Type 10 disease", False),
        ("How much vitamin B12 is needed?", "Vitamin D deficiency", False),
        ("How much vitamin B is needed?", "Vitamin B12 deficiency", True),
        ("What is class B stock worth?", "Class A shares", False),
        ("What is a Category 3C licence?", "Categories 3A, 3B and 3C", True),
        ("What is a Category 3D licence?", "Categories 3A, 3B and 3C", False),
        ("What does appendix B hold?", "Appendices A and C", False),
        ("When does type 2 begin?", "Type 1 and 2 diabetes", True),
        ("When does type 2 begin?", "Types I–III", True),
        ("When does stage 4 begin?", "Stages 1 to 3", False),
        ("When does type 2 begin?", "Type 1-related disease", True),  # no sign
        ("What type I should take?", "Type 2 diabetes", True),  # no sign
        ("Type 1 or type 2 diabetes?", "Type 2 diabetes", True),  # both are asked about
        ("What is stage IIIb?", "Stage 3", True),
        ("What is stage IIIb?", "Stage IV", False),
        ("Charcot-Marie-Tooth disease type 2F?", "Charcot-Marie-Tooth disease type 2B2", False),
        ("Charcot-Marie-Tooth disease type 2B?", "Charcot-Marie-Tooth disease type 2B2", True),
        ("Which type a person has is told by what?", "Type 2 diabetes", True),  # no sign
        ("Is it a factor of type?", "Factor V Leiden", True),
        ("What does vitamin A do?", "Vitamin K", False),
        ("What is the type?", "Type 2 diabetes", True),
        ("What is type 2 diabetes?", "", True),
    ],
)
def test_a_heading_that_names_another_one(question: str, title: str, kept: bool) -> None:
    assert bool(of_the_kind_asked(question, [passage(title)])) is kept
    assert bool(of_the_kind_asked(question, [passage("Report", section=title)])) is kept


def test_a_passage_that_names_the_one_asked_stays() -> None:
    both = passage("Type 1 diabetes", "Unlike type II, it begins early.")
    assert of_the_kind_asked("When does type 2 diabetes begin?", [both]) == [both]
