"""Questions about what held on a day, and questions that only name one."""

import datetime as dt

import pytest

from ragslm._in_force import asks_history, in_force


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("What was the wire limit under the transfer policy as of 2015-06-01?", "2015-06-01"),
        ("Which fee was in force on 1 March 2021?", "2021-03-01"),
        ("What did the overdraft policy say in 2015?", "2015-12-31"),
        ("What does the regulation require as of June 2015?", "2015-06-30"),
        ("Which dose was in effect in February 2024?", "2024-02-29"),
        ("Under the rule in Q1 2019, how long was the hold?", "2019-03-31"),
        # a report tells its own period
        ("What was 3M's total debt as of December 28, 2019?", None),
        ("What did the 10-K say on accounting policies in 2018?", None),
        ("What was revenue in 2018?", None),
        # the rule and the day are in two sentences
        ("In 2005 a group was formed. Which policy allows it?", None),
        # no day, or not one on which the rule is asked for
        ("What does the overdraft policy say?", None),
        ("Does the 2015 policy allow it?", None),
    ],
)
def test_the_day_a_rule_is_asked_for(question: str, day: str | None) -> None:
    assert in_force(question) == (dt.date.fromisoformat(day) if day else None)


@pytest.mark.parametrize(
    ("question", "history"),
    [
        ("What has changed in the overdraft policy?", True),
        ("How did the fee change?", True),
        ("What was the previous wire limit?", True),
        ("Show all versions of the policy.", True),
        ("How many days before the transfer must notice of a change in terms be given?", False),
        ("What is the wire limit?", False),
        ("Does a history of stroke rule out warfarin?", False),
    ],
)
def test_who_asks_what_held_before(question: str, history: bool) -> None:
    assert asks_history(question) is history
