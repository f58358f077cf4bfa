"""Spelling out abbreviations."""

import pytest

from ragslm.retrieval.glossary import by_member, by_name, spelled_out

GLOSSARY = {
    "PPE": "property, plant and equipment",
    "quick ratio": "current assets",
    "ratio": "quotient",
    "ROE": "return",
    "OR": "operating room",
    "MI": "myocardial infarction; heart attack",
    "NSF": "non-sufficient funds",
    "ECG": "electrocardiogram",
    "EKG": "electrocardiogram",
}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("ppe in 2021?", "ppe in 2021? property, plant and equipment"),  # any case
        ("PPEs", "PPEs property, plant and equipment"),  # plural
        ("quick ratio", "quick ratio current assets"),  # the longest term alone
        ("hoppers", "hoppers"),  # inside a word
        ("PPE and PPE", "PPE and PPE property, plant and equipment"),  # once
        ("ROE, PPE", "ROE, PPE property, plant and equipment; return"),  # two terms, in order of the term
        ("this or that", "this or that"),  # an ordinary word
        ("in the OR", "in the OR operating room"),  # the abbreviation
        ("a heart attack", "a heart attack"),  # what else to look for is no name
        ("MI?", "MI? myocardial infarction; heart attack"),  # but is looked for
        ("after myocardial infarctions", "after myocardial infarctions MI"),  # a name in the plural
        ("fee for Non sufficient funds", "fee for Non sufficient funds NSF"),  # blank for hyphen
        ("the ECG", "the ECG electrocardiogram; EKG"),  # two abbreviations of one name
        ("a quotient", "a quotient"),  # what an ordinary term stands for is no name
        ("", ""),  # nothing
    ],
)
def test_spelled_out(question, expected):
    assert spelled_out(question, GLOSSARY) == expected


def test_without_glossary():
    assert spelled_out("PPE", {}) == "PPE"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("net PPE in 2021?", "net property, plant and equipment in 2021?"),
        ("an MI", "an myocardial infarction"),  # its name alone, not where else to look
        ("this or that", "this or that"),
    ],
)
def test_terms_by_their_names(question, expected):
    assert by_name(question, GLOSSARY) == expected


KINDS = {
    "anticoagulant": "anticoagulant; warfarin, apixaban, heparin",
    "blood thinner": "anticoagulant; warfarin, apixaban, heparin",
    "loop diuretic": "loop diuretic; furosemide",
    "diuretic": "diuretic; furosemide, amiloride",
    "NPO": "nothing by mouth",
}


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Which anticoagulant was prescribed?", "Which apixaban was prescribed?"),
        ("Which blood thinners are taken?", "Which apixaban are taken?"),  # by its name
        ("Which loop diuretic?", "Which furosemide?"),  # the longest
        ("Which diuretics and anticoagulants?", "Which furosemide and apixaban?"),  # two
        ("Was apixaban given?", ""),  # no kind
        ("Is he NPO?", ""),  # a name, no kind
    ],
)
def test_what_the_evidence_names_stands_for_its_kind(question, told):
    assert by_member(question, KINDS, "Apixaban 5 mg, furosemide 40 mg") == told


def test_a_kind_of_which_the_evidence_names_nothing_stays():
    assert by_member("Which anticoagulant?", KINDS, "Metoprolol 50 mg, apixabanoid") == ""
    assert by_member("Which anticoagulant?", KINDS, "Heparin, then warfarin") == "Which warfarin or heparin?"
