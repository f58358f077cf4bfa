"""Paragraphs by their citation."""

import pytest

from ragslm.evaluate.paragraphs import beginnings
from ragslm.types import ParsedDocument, Section

TEXT = """(a) Scope. All.
(i) Cards;
(A) lost, or
(B) stolen;
(ii) Cheques.
(b) Limits.
(iii) Cash.
4.2 Hours
a. Nine.
"""


def _section(path: str, first: str, last: str) -> Section:
    return Section(path, TEXT.index(first), TEXT.index(last) + len(last))


PARSED = ParsedDocument(
    text=TEXT,
    sections=(
        _section("Part › 6(a) Scope", "(a) Scope", "Cheques."),
        _section("Part › 6(b)", "(b)", "Limits."),
        _section("Part › 6(a) Scope", "(iii)", "Cash."),
        _section("Policy › 4.2 Hours", "4.2", "Nine."),
    ),
)


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("6(a)", ["(a) Scope", "(iii) Cash"]),  # a section that goes on after another
        ("6(b)", ["(b) Limits"]),  # without a heading
        ("6(a)(ii)", ["(ii) Cheques"]),  # an item
        ("6(a)(i)(B)", ["(B) stolen"]),  # an item of an item
        ("4.2", ["4.2 Hours"]),  # other ways to number
        ("4.2.a", ["a. Nine"]),
        ("6", []),  # the beginning of a label is no label
        ("6(a)(iv)", []),
        ("6(c)(i)", []),
    ],
)
def test_where_a_paragraph_begins(label: str, words: list[str]) -> None:
    assert [
        TEXT[at:].startswith(word) for at, word in zip(beginnings(PARSED, label), words, strict=False)
    ] == [True] * len(words)
    assert bool(beginnings(PARSED, label)) == bool(words)
