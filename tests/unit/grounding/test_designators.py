"""Letters that tell like things apart."""

import pytest

from ragslm.grounding.literal.designators import undesignated


@pytest.mark.parametrize(
    ("claim", "span", "differs"),
    [
        ("Class B shares carry ten votes.", "Class A shares carry ten votes.", True),
        ("Class A shares carry ten votes.", "Class A shares carry ten votes.", False),
        ("The interval for hepatitis A is 1 month.", "Hepatitis B | Interval: 1 month", True),
        ("Regulation E covers credit.", "Regulation Z covers credit, and Regulation DD deposits.", True),
        ("Regulation DD covers deposits.", "Regulations Z and DD cover credit and deposits.", False),
        ("Vitamin D is given.", "Vitamins A, D and K are given.", False),
        ("Twin B needed oxygen.", "Twin B weighed 1,980 g and needed oxygen.", False),
        ("He gave I think two.", "He gave two.", False),  # a word of its own
        ("Opening A New Account", "Opening an account", False),  # a heading
        ("Mr Adam J. Smith signed.", "Adam Smith signed.", False),  # an initial
        ("A dose is given.", "The dose is given.", False),  # an article
        ("The factor Xa is inhibited.", "Factor VII is inhibited.", False),  # a name, checked as one
        ("", "", False),
    ],
)
def test_a_letter_of_its_own(claim, span, differs):
    assert undesignated(claim, span) is differs
