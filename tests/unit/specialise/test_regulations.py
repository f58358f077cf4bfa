"""Questions over regulations: each has its passage, and none is like one that measures."""

import json
from pathlib import Path

import pytest

from ragslm.specialise.regulations import REGULATIONS, is_taught, questions, section_of

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def pool(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    (folder / "cfpb_regs_dev").symlink_to(DATA / "cfpb" / "documents")
    return REGULATIONS.read(folder)


@pytest.mark.parametrize(
    ("file", "key"),
    [
        ("cfpb/questions.jsonl", "question"),
        ("cfpb_check/questions.jsonl", "question"),
        ("cfpb_customers/questions.jsonl", "question"),
        ("unanswerable/questions.jsonl", "text"),
        ("facts/banking/regml.jsonl", "question"),
    ],
)
def test_none_is_like_one_that_measures(file, key):
    lines = (DATA / file).read_text("utf-8").splitlines()
    measuring = [json.loads(line)[key] for line in lines]
    assert len(measuring) >= 20
    assert not [question for question in measuring if is_taught(question)]


def test_a_question_in_almost_the_same_words_is_taught():
    assert is_taught("Which phone number goes into the very first notice?")
    assert not is_taught("Which phone is cheapest?")


def test_every_question_has_its_passage(pool):
    assert len(pool.asked) == len(questions())
    by_question = {asked.question: asked for asked in pool.asked}
    right = by_question["Which phone number goes into the first notice?"].right
    assert [pool.passages[i].count("telephone number and address of the person") for i in right] == [1]


@pytest.mark.parametrize(
    ("label", "section"),
    [
        ("1005.7(b)(1)", "1005.7"),
        ("Comment 1002.3(a)-2", "1002.3"),
        ("Appendix A to Part 1005", None),
    ],
)
def test_a_label_lies_in_a_section(label, section):
    assert section_of(label) == section
