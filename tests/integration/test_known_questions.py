"""The known questions that are shipped, and a file of one's own."""

from pathlib import Path

import numpy as np
import pytest

from ragslm import Assistant
from ragslm.errors import ConfigError
from ragslm.retrieval.known_questions import REGULATIONS, SHIPPED, KnownQuestions, embedded, read_questions
from ragslm.retrieval.question_encoder import QuestionEncoder

pytestmark = [pytest.mark.models]

RULES = """# House rules

## 4.1 Instruments

An instrument that has left the possession of its holder is to be notified within one day.

## 4.2 Chambers

A chamber is vacated at eleven; who stays longer is charged a further night.

## 4.3 Animals

Animals up to ten kilograms are admitted against a deposit.
"""
ASKED = "I overslept, what now?"


class Untouched(QuestionEncoder):
    """Must not be needed: what is shipped is embedded already."""

    def embed(self, texts):
        raise AssertionError("embedded again")


def test_the_shipped_vectors_are_those_of_the_shipped_questions(encoder_folder: Path) -> None:
    asked = read_questions(SHIPPED)[::200]
    vectors = embedded([question for _, question in asked], QuestionEncoder(encoder_folder))
    known = KnownQuestions.read([REGULATIONS], Untouched(encoder_folder))
    for (label, _), vector in zip(asked, vectors, strict=True):
        assert known.closeness(vector, [f"Subpart A › {label} As headed"]) > 0.99


def test_vectors_of_another_embedder_are_not_taken(encoder_folder: Path) -> None:
    class Other:
        identity, dim = "another", 2

        def embed(self, texts):
            return np.tile(np.array([[1.0, 0.0]], dtype=np.float32), (len(texts), 1))

    known = KnownQuestions.read([REGULATIONS], Other())
    assert known.closeness(np.array([1, 0], dtype=np.float32), ["1005.6(b)(1)"]) == 1


def test_a_question_of_ones_own_finds_its_paragraph(tmp_path: Path) -> None:
    (tmp_path / "rules.md").write_text(RULES, encoding="utf-8")
    file = tmp_path / "questions.tsv"
    file.write_text("4.1\tI overslept. What happens now?\n", encoding="utf-8")
    first = []
    for number, names in enumerate([(), (str(file),)]):
        settings = {"passage_characters": 200}
        with Assistant.open(
            tmp_path / f"workspace {number}",
            "banking",
            key=bytes(32),
            retrieval={"known_questions": names},
            ingest=settings,
        ) as assistant:
            assistant.ingest(tmp_path / "rules.md")
            first.append(assistant.search(ASKED, k=1)[0].passage.section)
    assert first == ["House rules › 4.2 Chambers", "House rules › 4.1 Instruments"]


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    settings = {"known_questions": [str(tmp_path / "none.tsv")]}
    with Assistant.open(tmp_path / "workspace", "banking", key=bytes(32), retrieval=settings) as assistant:
        (tmp_path / "rules.md").write_text(RULES, encoding="utf-8")
        assistant.ingest(tmp_path / "rules.md")
        with pytest.raises(ConfigError, match=r"none\.tsv"):
            assistant.search(ASKED, k=1)
