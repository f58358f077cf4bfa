"""Labels that do not exist cannot be written."""

import re

import pytest

from ragslm.generation.constraints import ABBREVIATIONS, COUNTS, cited_sentences, expression, label_list

LABELS = ["3", "7", "12"]
TEXT = "Warfarin interacts with NSAIDs."


@pytest.mark.parametrize(
    ("reply", "allowed"),
    [
        ("[3]", True),  # one
        ("[12][7]", True),  # two, any order
        ("[3][3]", True),  # twice: the engine drops the second
        ("none", True),  # no source answers
        ("", False),  # nothing is no reply
        ("[3][7][12]", False),  # more than asked for
        ("[1]", False),  # part of a label is none
        ("[2]", False),  # the same at its end
        ("[37]", False),  # two labels in one
        ("3", False),  # no brackets
        ("[3] [7]", False),  # a blank between
        ("none[3]", False),  # both at once
    ],
)
def test_label_list(reply, allowed):
    assert bool(re.fullmatch(label_list(LABELS, 2).regex, reply)) is allowed


@pytest.mark.parametrize(
    ("reply", "allowed"),
    [
        (f"{TEXT} [3]", True),  # one sentence
        (f"{TEXT} [3][12]", True),  # two labels
        (f"{TEXT} [3]\n{TEXT} [7]", True),  # two sentences
        ("It takes 2.5 days, e.g. 60 h. [7]", True),  # points inside a sentence
        ("Dr. Roe and J. Doe of the U.S. Treasury met at 5 p.m. on Monday. [3]", True),  # abbreviations
        ("See Sec. 5 and No. 7 of it, i.e. all. [3]", True),
        ('He said "no!" and left at once. [3]', True),  # marks that end nothing
        (f"{TEXT} {TEXT} [3]", False),  # two sentences under one label
        (f"{TEXT}", False),  # no label
        (f"{TEXT} [4]", False),  # a label that does not exist
        (f"{TEXT} [3][7][12]", False),  # three labels
        (f"{TEXT} [3]\n{TEXT} [3]\n{TEXT} [3]", False),  # more sentences than asked for
        (f"{TEXT} [3] And more.", False),  # words after the label
        ("See [9] for warfarin and NSAIDs. [3]", False),  # a label inside the sentence
        ("Warfarin interacts with NSAIDs [3]", False),  # no end
    ],
)
def test_cited_sentences(reply, allowed):
    assert bool(re.fullmatch(cited_sentences(LABELS, 2).regex, reply)) is allowed


@pytest.mark.parametrize(
    ("reply", "allowed"),
    [
        ("v2 - v1", True),  # a change
        ("(v2 - v1) / v1", True),  # growth
        ("v2 / v1 - 1", True),
        ("(v1 + v2) / 2", True),  # a mean
        ("avg(v1, v2)", True),
        ("v1 / v2 * 100", True),  # per cent
        ("none", True),
        ("", False),  # nothing is no reply
        ("v3 - v1", False),  # a name that does not exist
        ("v1 * 1.05", False),  # numbers that are no counts
        ("v1 - 31657", False),
        ("13 * v1", False),
        ("(12 - 3) / 3", False),  # counts alone
        ("v1 * 12 / 365", True),
        ("avg(v1)", False),  # a mean of one
        ("v1-v2", False),  # another writing
        ("v2 - v1 because it grew", False),  # words
    ],
)
def test_expression(reply, allowed):
    assert bool(re.fullmatch(expression(["v1", "v2"]).regex, reply)) is allowed


def test_an_expression_that_can_be_written_can_be_read():
    from ragslm.grounding.calculation.expression import CONSTANTS, parse

    assert set(map(int, COUNTS)) == CONSTANTS
    assert parse("(v2 - v1) / v1").names == ("v2", "v1")


def test_both_languages_name_the_same_labels():
    for constraint in (label_list(LABELS, 2), cited_sentences(LABELS, 2)):
        assert set(re.findall(r'"(\w+)"', constraint.gbnf)) - {"none", *ABBREVIATIONS} == set(LABELS)
        assert set(re.search(r"\\\[\(([\d|]+)\)", constraint.regex)[1].split("|")) == set(LABELS)


def test_nothing_wide_is_counted():
    """A length around a choice costs vLLM half a second a token (see the module)."""
    regex = cited_sentences(LABELS, 12).regex
    assert {int(most) for most in re.findall(r",(\d+)\}", regex)} == {2, 11}
