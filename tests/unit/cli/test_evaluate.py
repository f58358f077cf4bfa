"""What the commands that measure ask for."""

import pytest

from ragslm.cli.evaluate.retrieval import _was_held_out
from ragslm.errors import ConfigError
from ragslm.specialise.sources import held_out


def test_held_out_queries_are_those_of_the_recipe():
    subjects = [f"Disease {i}" for i in range(200)]
    asked = [subject for subject in subjects if _was_held_out({"_id": "1", "focus": subject})]
    assert asked == [subject for subject in subjects if held_out(subject)]
    assert 20 <= len(asked) <= 60


def test_queries_without_a_subject_are_refused_without_their_text():
    with pytest.raises(ConfigError, match="focus") as raised:
        _was_held_out({"_id": "1", "text": "Is it gout?"})
    assert "gout" not in str(raised.value)
