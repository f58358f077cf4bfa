"""A question like a known one finds what answers that."""

import numpy as np
import pytest

from ragslm.errors import ConfigError
from ragslm.retrieval.index import Found
from ragslm.retrieval.known_questions import LEAST, WEIGHT, KnownQuestions, read_questions
from ragslm.types import Passage

ASKED = [("4.2", "lost card"), ("4.2", "stolen card"), ("Comment 4.2-1", "a joint card"), ("9(a)(1)", "fees")]
AXES = {"lost card": [1, 0], "stolen card": [0.8, 0.6], "a joint card": [0, 1], "fees": [0, -1]}
"""What stands where: a question on a lost card is like one on a stolen one."""
FOUND = Found(np.array([3, 1, 2, 4]), np.array([0.9, 0.8, 0.6, 0.1]))
SECTIONS = {3: "Rules › 9(a)(1) Fees", 1: "Rules › 4.2 Loss › (i)", 2: "Rules › 4.2 Loss", 4: None}


class Axes:
    """Embeds the questions above."""

    identity, dim = "axes", 2

    def embed(self, texts):
        return np.array([AXES[text] for text in texts], dtype=np.float32)


@pytest.fixture
def known():
    return KnownQuestions(ASKED, Axes().embed([question for _, question in ASKED]), Axes())


def _vector(text):
    return Axes().embed([text])[0]


def test_what_answers_a_question_like_it_goes_ahead(known):
    found = known.order(_vector("stolen card"), FOUND, SECTIONS)
    assert found.ids.tolist() == [2, 3, 1, 4]
    gained = 0.6 + WEIGHT * (1 - LEAST)
    assert found.scores == pytest.approx([1, 0.9 / gained, 0.8 / gained, 0.1 / gained])


def test_a_question_like_none_changes_nothing(known):
    found = known.order(np.array([-1, 0], dtype=np.float32), FOUND, SECTIONS)
    assert found.ids.tolist() == FOUND.ids.tolist()
    assert found.scores.tolist() == FOUND.scores.tolist()


def test_nothing_found_is_nothing(known):
    nothing = Found(np.array([], dtype=np.int64), np.array([]))
    assert known.order(_vector("lost card"), nothing, {}).ids.tolist() == []


@pytest.mark.parametrize(
    ("section", "near"),
    [
        ("Rules › 4.2", 1.0),
        ("4.2 Loss of a card", 1.0),
        ("Rules › 4.2 Loss › 4.3 Theft", 0.0),  # another paragraph below it
        ("Rules › 4.20 Loss", 0.0),
        ("Rules › 4.2(a) Loss", 0.0),
        ("Rules › Comment 4.2-1 Joint cards", 0.0),  # the longest label counts: its own question is another
        ("", 0.0),
        (None, 0.0),
    ],
)
def test_a_section_answers_what_its_own_heading_is_known_for(known, section, near):
    assert known.closeness(_vector("lost card"), [section]) == pytest.approx([near])


def test_the_nearest_of_a_paragraphs_questions_counts(known):
    made = {"document_id": "d", "uri": "", "title": "", "page": None, "text": "…", "start": 0, "end": 1}
    passages = [Passage(id=id_, section=section, **made) for id_, section in SECTIONS.items()]
    assert known.closest("stolen card", passages) == pytest.approx(1.0)
    assert known.closest("stolen card", passages[:1]) == 0.0
    assert known.closest("fees", []) == 0.0


def test_a_file_of_questions(tmp_path):
    file = tmp_path / "fees.tsv"
    file.write_text("# ours\n4.2\tlost card\n\n9(a)(1)\tfees\n", encoding="utf-8")
    assert read_questions(file) == [("4.2", "lost card"), ("9(a)(1)", "fees")]
    known = KnownQuestions.read([str(file)], Axes())
    assert known.closeness(_vector("fees"), ["9(a)(1) Fees"]) == pytest.approx([1.0])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"4.2 lost card\n", "line 1 of fees.tsv is not a label, a tab and a question"),
        (b"# ours\n4.2\t \n", "line 2"),
        (b"\tlost card\n", "line 1"),
        (b"# nothing else\n", "has none"),
        (b"4.2\t\xff\n", "cannot be read"),
        (None, "cannot be read"),
    ],
)
def test_a_file_that_is_none_is_said(tmp_path, content, said):
    file = tmp_path / "fees.tsv"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ConfigError, match=said):
        KnownQuestions.read([str(file)], Axes())
