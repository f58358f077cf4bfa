"""What an engine is told: the domain's prompt first, then the evidence, then the question.

The part that stays the same comes first, so that engines can keep its prefix. Evidence is data: signs
that a chat template or a label could be read from are taken out of it.
"""

import re
from collections.abc import Sequence

from ragslm.protocols import Unit

UNIT_CHARACTERS = 600
"""Longest unit in a prompt, in characters; a longer one is cut at its end for the prompt only."""

EVIDENCE_CHARACTERS = 6000
"""Evidence of one prompt, in characters: about 1,500 tokens, 20 s of reading for 1.5 billion parameters."""

# Of ChatML, Llama 2 and 3, Mistral, Gemma, Phi and DeepSeek (which writes full-width bars).
_TEMPLATE = re.compile(
    r"<\s*[|｜][^|｜<>]{0,40}[|｜]\s*>"
    r"|</?(?:s|bos|eos|pad|unk|think|tool_call|tool_response|(?:start|end)_of_turn)>"
    r"|\[/?INST\]|<</?SYS>>",
    re.IGNORECASE,
)
_LABEL = re.compile(r"\[([\w\s,;-]{1,16})\]")

SELECT = (
    "Which of the numbered sources answer the question? Reply with their labels only, the best first, "
    "such as [2][1]; reply none if no source answers it."
)
WRITE = (
    "Answer the question from the numbered sources only, in their own words as far as possible. "
    "Write one short sentence per fact, each on its own line, and end each with the label of its source, "
    "such as [1]."
)


def user_message(question: str, units: Sequence[Unit], task: str) -> str:
    """Sources, task and question, in this order."""
    sources = "\n".join(f"[{unit.label}] {harmless(unit.text)[:UNIT_CHARACTERS]}" for unit in units)
    return f"Sources:\n{sources}\n\n{task}\n\nQuestion: {harmless(question)}"


def fitting(units: Sequence[Unit], room: int = EVIDENCE_CHARACTERS) -> list[Unit]:
    """The first units that fit into `room` characters, and never fewer than one."""
    found: list[Unit] = []
    room = min(room, EVIDENCE_CHARACTERS)
    for unit in units:
        room -= min(len(unit.text), UNIT_CHARACTERS) + len(unit.label) + 4
        if found and room < 0:
            break
        found.append(unit)
    return found


def harmless(text: str) -> str:
    """`text` on one line, without signs of chat templates or labels."""
    while _TEMPLATE.search(text):  # taking one out may bring two halves of another together
        text = _TEMPLATE.sub(" ", text)
    return " ".join(_LABEL.sub(r"(\1)", text).split())
