"""Which texts say the same again."""

import pytest

from ragslm.retrieval.duplicates import Seen

NOTE = (
    "The bank must tell the customer in writing within three days after it has received the notice that the "
    "transfer was made by mistake, and it must return what was taken from the account together with all fees."
)


@pytest.mark.parametrize(
    ("other", "new"),
    [
        (NOTE, False),  # the same
        (NOTE.replace(" ", "\n  "), False),  # with other blanks
        (NOTE.replace("fees", "charges"), False),  # its last word
        (NOTE.replace("must tell", "must not tell"), True),  # a negation
        (NOTE.replace("three", "3"), True),  # a number
        (NOTE.replace("three", "five"), True),  # in words
        (NOTE.replace("the bank", "it").replace("The bank", "Acme"), True),  # a name
        (NOTE[:100], True),  # a part
        ("", True),  # nothing
    ],
)
def test_what_is_new(other, new):
    seen = Seen()
    assert seen.new(NOTE)
    assert seen.new(other) is new


def test_rows_that_differ_in_a_figure_are_both_shown():
    seen = Seen()
    assert seen.new("Net sales | 2022: 34,229 | 2021: 35,355")
    assert seen.new("Net sales | 2022: 34,229 | 2021: 35,356")
    assert not seen.new("Net sales | 2022: 34,229 | 2021: 35,355")
