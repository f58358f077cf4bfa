"""What a passage is called, and whether a question says all of it."""

from dataclasses import replace

import pytest

from ragslm.retrieval.own_name import is_named, told
from ragslm.retrieval.tokens import tokens
from ragslm.types import Passage


def passage(text, section=None):
    return Passage(
        id=1, document_id="d", uri="u", title="t", page=None, section=section, text=text, start=0,
        end=len(text),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("section", "text", "named"),
    [
        (None, "Batch ID_X8A211, method TRF", True),  # the words before a pseudonym
        (None, "Batch 7, method TRF", True),  # before a number
        ("Orders › Batch", "method TRF", True),  # a heading
        ("Batch (LOINC 1-8) › Entry 2", "method TRF", True),  # with the code of what it names
        ("Batch[2]", "method TRF", True),  # with its number
        ("Batch totals", "method TRF", False),  # more than the name
        (None, "Sums:\nOrder: Batch | Sum: 7", True),  # the first cell of a row
        (None, "Sums:\nOrder: Batch totals | Sum: 7", False),
        (None, "Batch of the day: 7", False),
        (None, f"Batch {'and more ' * 20}.", False),  # a sentence
        ("", "", False),  # nothing has no name
        ("The (2)", "7", False),  # nor have small words
    ],
)
def test_what_is_named_in_full(section, text, named):
    asked = frozenset(tokens("Which bank is debited for the batch and more?"))
    assert is_named(asked, passage(text, section)) is named


@pytest.mark.parametrize(
    ("section", "text", "said"),
    [
        ("Goals › Entry 1", "Goals\n\ngoal: 92 %", "goal: 92 %"),  # the section's heading above it
        ("Goals", "Other\n\nwords", "Other\n\nwords"),  # a paragraph of its own
        (None, "one line", "one line"),
    ],
)
def test_the_heading_above_a_record_is_not_told(section, text, said):
    assert told(passage(text, section)) == said


@pytest.mark.parametrize(
    ("section", "text", "title"),
    [
        ("About Batch", "method TRF", "Report of Batch plc"),  # the issuer's name says nothing of a passage
        (None, "Sums:\n(Batch) | Sum: 7", "Report"),  # nor does the scale above a table: (Millions)
    ],
)
def test_what_is_no_name_of_a_passage(section, text, title):
    asked = frozenset(tokens("Which bank is debited for the batch and more?"))
    assert not is_named(asked, replace(passage(text, section), title=title))


def test_a_day_names_no_record():
    asked = frozenset(tokens("What is the closing balance on 19 January 2017?"))
    under = "Account statement › 2017-01-19"
    assert is_named(asked, passage("Closing balance: 0.43 PLN", under))
    assert not is_named(asked, passage("Closing available balance: 0.43 PLN", under))
