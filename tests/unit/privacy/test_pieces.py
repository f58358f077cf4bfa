"""What spelling and lists say of a word."""

from itertools import product

from ragslm.privacy.pieces import KINDS, kind

WORDS = "maria Maria MARIA Keller the White Qzx Łukasz x7 12 , Ünal".split()


def test_kinds_are_below_their_number():
    assert {kind(word, line=line) < KINDS for word, line in product(WORDS, (True, False))} == {True}


def test_case_list_and_line_are_told_apart():
    assert len({kind(word, line=False) for word in ("maria", "Maria", "MARIA", "12")}) == 4
    assert len({kind(word, line=False) for word in ("Maria", "Keller", "The", "Qzx", "Łukasz")}) == 5
    assert kind("Maria", line=True) != kind("Maria", line=False)
