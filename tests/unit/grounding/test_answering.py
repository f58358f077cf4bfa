"""A true row or sentence that is not about what was asked is no answer."""

from dataclasses import replace

import pytest

from ragslm.grounding.answering import answering, stated_in_full
from ragslm.grounding.sought import sought
from ragslm.grounding.stating import is_of_figures
from ragslm.grounding.units import cut_units
from ragslm.protocols import Unit
from ragslm.types import Passage

TABLE = """(in millions) | 2022 | 2021
Net sales | 34,229 | 35,355
Cost of sales | 19,232 | 18,795
Property, plant and equipment, net | 9,178 | 9,429
Purchases of property, plant and equipment | (1,749) | (1,603)
Dividends to shareholders | — | (3,420)
"""
PROSE = "The board approved the plan of the company. Sales were lower because fewer masks were wanted."


def ranked(text: str = TABLE, title: str = "ACME 2022 10K") -> list[Unit]:
    passage = Passage(
        id=1, document_id="d", uri="file:///d", title=title, page=1, section=None, text=text, start=0,
        end=len(text),
    )  # fmt: skip
    return [replace(unit, score=0.9 - i / 1000) for i, unit in enumerate(cut_units([passage]))]


def told(question: str, text: str = TABLE, *names: str) -> list[str]:
    return [unit.text.split(" | ")[0] for unit in answering((question, *names), ranked(text))]


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("Is Acme a capital-intensive business?", "decision"),
        ("As of Q2 2023, is Acme spinning off a segment?", "decision"),
        ("Did sales grow? If not, state that and explain why.", "decision"),  # the rest says how to answer
        ("What drove the change of the margin?", "cause"),
        ("Which segment had the lowest net revenue?", "extreme"),
        ("Which fee must be named at least a month before?", "other"),
        ("Answer the following question from the balance sheet: what are net sales?", "other"),
        ("Can you tell me the balance?", "other"),  # politely asked
    ],
)
def test_the_form_of_an_answer(question, form):
    assert sought(question).form == form


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("What were net sales in 2022?", ["Net sales"]),
        ("What were Acme's cost of sales in 2021?", ["Cost of sales"]),  # the party is the title's
        ("What was the headcount in 2022?", []),  # another measure
        ("What were net sales in 2018?", []),  # another period
        ("What were net sales in Q2 2022?", []),  # a quarter is not its year
        ("Did net sales improve in 2022?", []),  # no row says yes or no
        ("Why did net sales fall in 2022?", []),
        ("Is Acme a capital-intensive business?", []),
        ("What was the ratio of net sales in 2022?", []),  # an amount is no ratio
    ],
)
def test_neighbouring_rows_are_no_answer(question, rows):
    assert told(question) == rows


def test_a_term_is_known_by_its_name():
    asked, named = (
        "What was the capex of 2022?",
        "What was the purchases of property, plant and equipment of 2022?",
    )
    assert told(asked) == []
    assert told(asked, TABLE, named) == ["Purchases of property, plant and equipment"]


def test_a_row_that_states_more_of_it_wins():
    net = "What was the property, plant and equipment, net, of 2022?"
    assert told(net) == ["Property, plant and equipment, net"]


def test_what_compares_figures_says_which_is_the_most():
    text = "The segments of the company met the board. Retail had the largest sales of all segments."
    assert told("Which segment had the highest sales?", text) == [text.partition(". ")[2]]
    assert len(told("Which segment met?", text)) == 2


def test_the_party_of_a_title_written_in_one_word_is_no_subject():
    rows = ranked("Net income of MGM Resorts | 5\nRooms revenue | 7", "MGMRESORTS 2022 10K")
    assert [unit.text for unit in answering(("What is MGM Resorts' rooms revenue?",), rows)] == [rows[1].text]


def test_a_row_that_lacks_a_name_is_of_something_else():
    assert told("What were the net sales of the Bellagio in 2022?") == []
    assert told("What were the Net sales in 2022?") == ["Net sales"]
    assert told("What Were The Annual Net Sales Of 2022?") == ["Net sales"]  # as headings are written


def test_beside_figures_a_sentence_must_be_about_what_is_asked():
    both = TABLE + "\n" + PROSE
    assert told("Why were sales lower?", both) == ["Sales were lower because fewer masks were wanted."]
    assert told("Is there a dispute with the regulator?", both) == []
    assert len(told("Is there a dispute with the regulator?", PROSE)) == 2  # where no figures are near


@pytest.mark.parametrize(
    ("row", "figures"),
    [
        ("Net sales | 34,229 | NM", True),
        ("Fee: Overdraft | Amount: $35.00", True),
        ("(in millions) | 2022 | 2021", True),  # heads a table
        ("Status: active | Code: 12 mg daily", False),
        ("Acme Holdings LLC | Delaware, United States of America", False),
    ],
)
def test_rows_of_figures(row, figures):
    assert is_of_figures(ranked(row)[0]) is figures


@pytest.mark.parametrize(
    ("question", "full"),
    [
        ("What were net sales in 2022?", True),
        ("What were net sales?", False),  # of which year?
        ("What were net sales of masks in 2022?", False),
        ("Did net sales grow in 2022?", False),
        ("What were the dividends in 2021?", False),  # one word may be chance
    ],
)
def test_a_row_with_all_that_is_asked(question, full):
    assert stated_in_full((question,), ranked()) is full


def test_nothing_of_nothing():
    assert answering(("What?",), []) == []
    assert not stated_in_full(("What were net sales in 2022?",), [])
