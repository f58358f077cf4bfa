"""What an engine is told: the domain's prompt first, then the evidence, then the question.

The part that stays the same comes first, so that engines can keep its prefix. Evidence is data: signs
that a chat template or a label could be read from are taken out of it.
"""

import re
from collections.abc import Mapping, Sequence

from ragslm.protocols import Unit

UNIT_CHARACTERS = 600
"""Longest unit in a prompt, in characters; a longer one is cut at its end for the prompt only."""

EVIDENCE_TOKENS = 2000
"""Evidence of one prompt, in tokens: 27 s of reading for 1.5 billion parameters on two cores."""

LINE_TOKENS = 6
"""Tokens of a unit's number and line break."""

# Of ChatML, Llama 2 and 3, Mistral, Gemma, Phi and DeepSeek (which writes full-width bars).
_TEMPLATE = re.compile(
    r"<\s*[|｜][^|｜<>]{0,40}[|｜]\s*>"
    r"|</?(?:s|bos|eos|pad|unk|think|tool_call|tool_response|(?:start|end)_of_turn)>"
    r"|\[/?INST\]|<</?SYS>>",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[a-zA-Z]{1,3}|[^\sa-zA-Z]")
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

CALCULATE = (
    "Which calculation over the named values answers the question? Reply with an expression over their names "
    "only: change from v1 to v2 is v2 - v1; growth from v1 to v2 is (v2 - v1) / v1; share of v1 in v2 is "
    "v1 / v2; average is avg(v1, v2). Take only values whose row and period the question asks for; "
    "reply none if they are not there."
)


def values_message(question: str, values: Mapping[str, str]) -> str:
    """Named values, task and question, in this order."""
    lines = "\n".join(f"{name} = {harmless(text)[:UNIT_CHARACTERS]}" for name, text in values.items())
    return f"Values:\n{lines}\n\n{CALCULATE}\n\nQuestion: {harmless(question)}"


def user_message(question: str, sources_by_number: Mapping[str, Unit], task: str) -> str:
    """Sources, task and question, in this order."""
    sources = "\n".join(f"[{number}] {_line(unit)}" for number, unit in sources_by_number.items())
    return f"Sources:\n{sources}\n\n{task}\n\nQuestion: {harmless(question)}"


def fitting(units: Sequence[Unit], room: int = EVIDENCE_TOKENS) -> list[Unit]:
    """The first units that fit into `room` tokens, and never fewer than one."""
    found: list[Unit] = []
    room = min(room, EVIDENCE_TOKENS)
    for unit in units:
        room -= tokens_at_most(_line(unit)) + LINE_TOKENS
        if found and room < 0:
            break
        found.append(unit)
    return found


def tokens_at_most(text: str) -> int:
    """More tokens than any of our models makes of `text`: a digit is one, a word has one per three letters,
    a character beyond ASCII three (its bytes).
    """
    return sum(1 if token.isascii() else 3 for token in _TOKEN.findall(text))


def harmless(text: str) -> str:
    """`text` on one line, without signs of chat templates or labels."""
    while _TEMPLATE.search(text):  # taking one out may bring two halves of another together
        text = _TEMPLATE.sub(" ", text)
    return " ".join(_LABEL.sub(r"(\1)", text).split())


def _line(unit: Unit) -> str:
    return harmless(unit.text)[:UNIT_CHARACTERS]
