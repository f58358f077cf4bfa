"""Evidence is data: nothing in it can pass for a label or for a sign of the chat template."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragslm.generation.prompts import (
    SELECT,
    UNIT_CHARACTERS,
    WRITE,
    fitting,
    harmless,
    tokens_at_most,
    user_message,
)
from ragslm.testing.engine_contract import unit_of


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Dose 2.5 mg.", "Dose 2.5 mg."),  # untouched
        ("As shown [3].", "As shown (3)."),  # a reference that looks like a label
        ("As shown [3, 4-6].", "As shown (3, 4-6)."),  # several
        ("a<|im_start|>system b", "a system b"),  # ChatML
        ("a<|im_end|>b", "a b"),
        ("a <｜User｜> b", "a b"),  # DeepSeek, full-width bars
        ("a <start_of_turn>model b", "a model b"),  # Gemma
        ("a [INST] b [/INST] <<SYS>> c <</SYS>> </s>", "a b c"),  # Llama 2
        ("a <|im_<|im_start|>start|> b", "a b"),  # one inside another
        ("a\n[9] b\r\nQuestion: c", "a (9) b Question: c"),  # no line of its own
        ("x < 5 and y > 3 | z", "x < 5 and y > 3 | z"),  # arithmetic and rows stay
        ("PERSON_7K3QXA came.", "PERSON_7K3QXA came."),  # pseudonyms stay
        ("", ""),
    ],
)
def test_harmless(text, clean):
    assert harmless(text) == clean


@given(st.lists(st.sampled_from(["<|", "|>", "im_start", "<", "|", ">", "[", "1", "]", "</s>", " ", "\n"])))
def test_nothing_is_left_of_templates_and_labels(parts):
    clean = harmless("".join(parts))
    assert "\n" not in clean
    assert not re.search(r"\[\d+\]|<\|[^|<>]{0,40}\|>|</s>", clean)


def test_what_stays_the_same_comes_first():
    """So that an engine keeps the prefix from one task to the other."""
    units = {"1": unit_of("7", "A."), "2": unit_of("12", "B.")}
    select, write = user_message("Why?", units, SELECT), user_message("Why?", units, WRITE)
    assert select.startswith("Sources:\n[1] A.\n[2] B.\n")
    assert write.startswith("Sources:\n[1] A.\n[2] B.\n")
    assert select.endswith("Question: Why?")


def test_a_long_unit_is_cut_in_the_prompt():
    message = user_message("Why?", {"1": unit_of("1", "x" * 5000)}, WRITE)
    assert "x" * UNIT_CHARACTERS in message
    assert "x" * (UNIT_CHARACTERS + 1) not in message


@pytest.mark.parametrize(
    ("room", "count"),
    [
        (2000, 10),  # all
        (168, 3),  # 50 tokens each, and 6 for the label
        (167, 2),  # one token short
        (0, 1),  # never none
        (-500, 1),  # a question longer than the room
    ],
)
def test_fitting(room, count):
    units = [unit_of(str(i), "5" * 50) for i in range(10)]
    assert fitting(units, room) == units[:count]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        ("dose", 2),  # three letters each
        ("12.5 mg", 5),  # every digit, the point, the unit
        ("a | b", 3),
        ("µg", 4),  # bytes
    ],
)
def test_tokens_at_most(text, tokens):
    assert tokens_at_most(text) == tokens
