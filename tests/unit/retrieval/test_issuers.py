"""Which issuers a question names."""

import pytest

from ragslm.retrieval.issuers import issuers

KNOWN = {
    "".join(name): tuple(name)
    for name in (
        ["3m"],
        ["cvshealth"],
        ["mgmresorts"],
        ["johnson", "johnson"],
        ["procter", "gamble"],
        ["american", "express"],
        ["americanwaterworks"],
        ["generalmills"],
        ["best", "buy"],
        ["cocacola"],
        ["block"],
        ["pepsico"],
        ["international", "business", "machines"],
    )
}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What did 3M spend?", ["3m"]),  # a name that begins with a digit
        ("Has CVS Health grown?", ["cvshealth"]),  # two words, written as one in the title
        ("Has CVS grown?", ["cvshealth"]),  # its beginning, in capitals
        ("MGM 2021 sales", ["mgmresorts"]),  # a year goes on no name
        ("What drove JnJ's margin?", ["johnsonjohnson"]),  # initials with n
        ("Is P&G larger than J&J?", ["johnsonjohnson", "proctergamble"]),  # with &, and two at once
        ("IBM's debt", ["internationalbusinessmachines"]),  # initials
        ("Did American Express grow?", ["americanexpress"]),  # not American Water
        ("American Water Works Company", ["americanwaterworks"]),  # with its legal form
        ("General Electric", []),  # another General
        ("Johnson Controls", []),  # another Johnson
        ("Best Buy's and Coca-Cola's sales", ["bestbuy", "cocacola"]),  # possessive, hyphen
        ("Pepsi sales", ["pepsico"]),  # a short name
        ("Does Block lend?", ["block"]),
        ("How do I block a card?", []),  # an ordinary word in small letters
        ("best buy debt", ["bestbuy"]),  # a question all in small letters
        ("", []),
    ],
)
def test_issuers(question, expected):
    assert sorted(issuers(question, KNOWN)) == expected
