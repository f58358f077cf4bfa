"""Questions over regulations: each has its passage, and nothing that measures is among them."""

import json
from pathlib import Path

import pytest

from ragslm.specialise.regulations import MEASURED, REGULATIONS, questions, section_of

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def pool(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    (folder / "cfpb_regs_dev").symlink_to(DATA / "cfpb" / "documents")
    return REGULATIONS.read(folder)


@pytest.mark.parametrize("name", ["cfpb", "cfpb_check"])
def test_what_measures_is_left_out(name):
    lines = (DATA / name / "questions.jsonl").read_text("utf-8").splitlines()
    asked = {section_of(label) for line in lines for label in json.loads(line)["paragraphs"]}
    assert asked <= MEASURED
    assert not asked & {section_of(label) for label, _ in questions()}


def test_every_question_has_its_passage(pool):
    assert len(pool.asked) == len(questions())
    by_question = {asked.question: asked for asked in pool.asked}
    right = by_question["Which phone number goes into the first notice?"].right
    assert [pool.passages[i].count("telephone number and address of the person") for i in right] == [1]


def test_no_measured_section_is_in_the_pool(pool):
    sections = {section_of(passage.partition("\n")[0].rpartition(" › ")[2]) for passage in pool.passages}
    assert not sections & MEASURED


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
