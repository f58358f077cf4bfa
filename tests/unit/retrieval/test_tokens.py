"""What the lexical index takes for a word."""

import pytest

from ragslm.retrieval.tokens import stem, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FY2018", ["2018"]),  # fiscal year
        ("FY18 and FY 2019", ["2018", "2019"]),  # two digits; a blank between
        ("FY98", ["1998"]),  # of the last century
        ("10K, 10-K, 10 k", ["10-k", "10-k", "10-k"]),  # three ways to write one form
        ("3M_2018_10K", ["3m", "2018", "10-k"]),  # a file name
        ("Q2 2023", ["q2", "2023"]),  # quarter as words
        ("2023Q2", ["q2", "2023"]),  # year first
        ("Q22023", ["q2", "2023"]),  # written together
        ("Q2'2023", ["q2", "2023"]),  # apostrophe
        ("4Q22", ["q4", "2022"]),  # quarter first, short year
        ("second quarter 2023", ["q2", "quarter", "2023"]),  # in words
        ("Reg E, Regulation DD", ["eregulation", "ddregulation"]),  # one name, not a letter of a list
        ("a regulation a bank keeps", ["regulation", "bank", "keep"]),  # a small word
        (
            "2024-03-02",
            ["2024-03-02", "2024-03", "2024", "march"],
        ),  # a day: under its month, year, month's name
        ("2 March 2024", ["2024-03-02", "2024-03", "2024", "march"]),  # the same in words
        ("Mar. 2nd, 2024", ["2024-03-02", "2024-03", "2024", "march"]),  # month first, shortened
        ("the 2nd of March 2024", ["2024-03-02", "2024-03", "2024", "march"]),  # spoken
        ("March 2024", ["2024-03", "2024", "march"]),  # a month
        ("1-3 March 2024", ["1", "2024-03-03", "2024-03", "2024", "march"]),  # days
        ("mid-March 2024", ["mid", "2024-03", "2024", "march"]),  # a hyphen before it
        ("fiscal year 2011-12", ["fiscal", "year", "2011-2012", "2011", "2012"]),  # two years, no December
        ("FY2011/12", ["2011", "2012"]),  # the same, shortened
        ("year 2011-12-05", ["year", "2011-12-05", "2011-12", "2011", "december"]),  # a day after all
        ("years 2011-13", ["year", "2011-13", "2011", "13"]),  # neither
        ("March", ["march"]),  # no year: a word
        ("2024-13-02", ["2024-13-02", "2024", "13", "02"]),  # no month: a number with hyphens
        ("A1C", ["a1c"]),  # a laboratory code
        ("1005.11(c)", ["1005.11(c)", "1005.11"]),  # a section, also under its parent
        ("§ 1005.6(b)(1)", ["1005.6(b)(1)", "1005.6(b)", "1005.6"]),  # and under every parent
        ("rule 92(4)", ["rule", "92(4)", "92"]),  # a section without point
        ("E11.65 and S72.001A", ["e11.65", "e11", "s72.001a", "s72"]),  # ICD-10, whole and by its category
        ("2345-7", ["2345-7", "2345", "7"]),  # LOINC
        ("500mg, 500 mg", ["500", "mg", "500", "mg"]),  # a dose with and without blank
        ("$1,250.00 and 1250", ["1250", "1250"]),  # empty cents
        ("1,577", ["1577"]),  # thousands separator
        ("$1,577.50", ["1577.50"]),  # an amount
        ("covid-19", ["covid-19", "covid", "19"]),  # compound with digits: whole and parts
        ("long-term debt", ["long", "term", "debt"]),  # compound without digits: parts
        ("3M's segments", ["3m", "segment"]),  # possessive
        ("the of and", []),  # stop words alone
        ("", []),  # nothing
        ("Übergrößen", ["übergrößen"]),  # letters beyond ASCII
    ],
)
def test_tokens(text, expected):
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("statements", "statement"),
        ("liabilities", "liability"),
        ("acquired", "acquiring"),
        ("running", "run"),
        ("losses", "loss"),
        ("expenses", "expense"),
        ("lost", "loss"),  # irregular from here on
        ("paid", "paying"),
        ("liability", "liable"),
        ("sold", "sales"),
        ("withdrawal", "withdrew"),
        ("stolen", "theft"),
        ("referral", "referred"),
        ("completion", "completed"),
        ("verification", "verified"),
        ("denial", "denied"),
        ("measurements", "measured"),
        ("children", "child"),
    ],
)
def test_forms_of_a_word_meet(one, other):
    assert stem(one) == stem(other)


@pytest.mark.parametrize("word", ["gas", "bus", "diabetes2", "10-k", "red"])
def test_short_words_and_codes_stay(word):
    assert stem(word) == word
