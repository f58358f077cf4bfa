"""How the phrases of a red line are read, and that the harm to oneself is a red line everywhere."""

import pytest

from ragslm.errors import ConfigError
from ragslm.grounding.redlines import SELF_HARM, RedLines
from ragslm.settings import RedLine

WORDS = {"kin": ["mother", "father"], "person": ["i", "my {kin}"], "drug": ["aspirin", "statins?"]}
DOSE = RedLine(
    name="dose",
    says="Ask a pharmacist.",
    when=("how much ... (should|can) {person} ... take",),
    also=("{drug}",),
    unless=("according to the label",),
)


def lines(*rules: RedLine) -> RedLines:
    return RedLines(rules, WORDS, "Ask a person.")


@pytest.mark.parametrize(
    ("question", "met"),
    [
        ("How much aspirin should I take?", True),
        ("HOW  MUCH aspirin\ncan my mother take?", True),  # any case, any blanks
        ("I have 2.5 mg tablets of a statin. How much can I take?", True),  # the drug in another sentence
        ("How much can Mr. Ito take? How much can I take of aspirin?", True),  # a title ends no sentence
        ("How much aspirin can people take?", False),  # nobody in particular
        ("How much water should I take?", False),  # no drug
        ("According to the label, how much aspirin should I take?", False),  # what a paper says
        ("How much is aspirin? Should I take a bus?", False),  # the gap ends with the sentence
        ("How much aspirin should I mistake?", False),  # whole words
        ("", False),
    ],
)
def test_phrases(question: str, met: bool) -> None:
    assert lines(DOSE)(question) == ("Ask a pharmacist." if met else None)


def test_a_rule_without_words_says_what_the_profile_says() -> None:
    assert lines(RedLine(name="any", when=("loan",)))("A loan?") == "Ask a person."


def test_the_first_rule_that_is_met_decides() -> None:
    found = lines(DOSE, RedLine(name="other", when=("aspirin",))).met("How much aspirin can I take?")
    assert found is not None
    assert found.name == "dose"


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("I want to kill myself", True),
        ("I don’t want to be here anymore.", True),  # a curly apostrophe
        ("Is life not worth living?", True),
        ("My brother left a suicide note", True),
        ("How many deaths by suicide does the report count?", False),
        ("Does the policy exclude self-inflicted harm?", False),
        ("The fund wants it to end the programme", False),
    ],
)
def test_harm_to_oneself_is_a_red_line_in_every_domain(text: str, met: bool) -> None:
    assert (lines()(text) == SELF_HARM.says) is met


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        (RedLine(name="r", when=("{nobody}",)), "'nobody'"),
        (RedLine(name="r", when=("(open",)), "no regular expression"),
        (RedLine(name="r"), "`when`"),
    ],
)
def test_a_wrong_rule_is_told_when_it_is_read(rule: RedLine, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        lines(rule)


def test_a_list_that_names_itself_ends() -> None:
    with pytest.raises(ConfigError, match="'a'"):
        RedLines([RedLine(name="r", when=("{a}",))], {"a": ["{a}"]}, "")
