"""Two versions of a policy, two results of a patient, through the assistant: which is shown, and as what."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from ragslm import Assistant, Identity

pytestmark = pytest.mark.models
KEY = "4d" * 32
OLD, NEW = dt.date(2021, 5, 1), dt.date(2024, 3, 1)
POLICY = """---
title: Wire transfer policy
date: {date}
---
# Wire transfer policy

## Fees

The fee for an outgoing domestic wire is ${fee}. Incoming wires are free of charge for all account holders.

## Limits

The daily limit for wires sent online is ${limit}. Larger wires are sent at a branch with two approvals.
"""
RESULT = """---
title: Laboratory report
date: {date}
---
# Laboratory report

The hemoglobin in blood was {value} g/dL. The sample was taken in the morning after a night without food.
"""
FEE = "What is the fee for an outgoing domestic wire?"
HEMOGLOBIN = "What was the hemoglobin in blood?"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("versions")
    docs, results = folder / "docs", folder / "results"
    docs.mkdir(), results.mkdir()
    for date, fee, limit in ((OLD, 30, "5,000"), (NEW, 25, "10,000")):
        text = POLICY.format(date=date, fee=fee, limit=limit)
        (docs / f"wire-transfer-policy-{date}.md").write_text(text, "utf-8")
    for date, value in ((OLD, "15.5"), (NEW, "12.1")):
        (results / f"{date}.md").write_text(RESULT.format(date=date, value=value), "utf-8")
    with Assistant.open(
        folder / "workspace", "banking", key=KEY, generation={"engine": "extractive"}
    ) as opened:
        opened.ingest(docs)
        opened.for_domain("medical").ingest(results, scope="Patient/1")
        yield opened


def test_the_newest_version_is_quoted_and_no_other(assistant: Assistant) -> None:
    answer = assistant.ask(FEE)
    assert "$25" in answer.text
    assert "$30" not in answer.text
    assert [(c.date, c.superseded) for c in answer.citations] == [(NEW, None)]


@pytest.mark.parametrize(
    ("question", "as_of"),
    [
        (
            "Under the wire transfer policy as of 2022-06-01, what is the fee for an outgoing domestic wire?",
            None,
        ),
        ("What was the fee for an outgoing domestic wire in force in 2022?", None),
        (FEE, "2022-06-01"),
    ],
)
def test_the_version_in_force_on_a_day(assistant: Assistant, question: str, as_of: str | None) -> None:
    answer = assistant.ask(question, as_of=as_of)
    assert "$30" in answer.text
    assert "$25" not in answer.text
    assert [(c.date, c.superseded) for c in answer.citations] == [(OLD, None)]


def test_who_asks_what_changed_sees_both_and_which_is_superseded(assistant: Assistant) -> None:
    answer = assistant.ask("How has the fee for an outgoing domestic wire changed?")
    assert answer.text.index("$25") < answer.text.index("$30")
    assert {(c.date, c.superseded) for c in answer.citations} == {(NEW, None), (OLD, NEW)}
    assert answer.conflicts


def test_a_version_that_a_reader_may_not_see_replaces_nothing(assistant: Assistant, tmp_path: Path) -> None:
    secret = tmp_path / "wire-transfer-policy-2025-01-01.md"
    secret.write_text(POLICY.format(date="2025-01-01", fee=20, limit="20,000"), "utf-8")
    assistant.ingest(secret, readers=["board"])
    found = assistant.find(secret.as_uri())
    try:
        assert "$20" in assistant.ask(FEE).text
        agent = Identity(id="agent")
        answer = assistant.ask(FEE, user=agent)
        assert "$25" in answer.text
        assert [(c.date, c.superseded) for c in answer.citations] == [(NEW, None)]
    finally:
        assert found is not None
        assistant.remove_document(found)


def test_two_results_are_shown_with_their_days(assistant: Assistant) -> None:
    answer = assistant.for_domain("medical").ask(HEMOGLOBIN, scope="Patient/1")
    assert answer.text.index("12.1") < answer.text.index("15.5")
    assert [(c.date, c.superseded) for c in answer.citations] == [(NEW, None), (OLD, None)]
    assert answer.conflicts == (("1", "2"),)
