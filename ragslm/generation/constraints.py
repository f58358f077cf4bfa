"""What an engine may write, as a regular expression (vLLM) and as a GBNF grammar (llama.cpp).

Decoding is constrained by it, so a label that does not exist cannot be written.
Source: https://github.com/ggml-org/llama.cpp/blob/master/grammars/README.md
"""

from collections.abc import Sequence
from dataclasses import dataclass

NONE = "none"
SENTENCE_CHARACTERS = (15, 400)
"""Shortest and longest sentence, in characters or points inside it."""

# What may stand inside a sentence, as (regular expression, GBNF). A point before a blank ends it unless it
# stands after an initial or an abbreviation, or before a small letter or a number: so a model must name its
# source after every sentence instead of rambling on.
_INSIDE = (
    (r"[^\[\]\n.!?]", r"[^\[\]\n.!?]"),
    (r"[.!?][^\[\] \n]", r"[.!?] [^\[\] \n]"),
    (r"[.] [a-z0-9(]", r'". " [a-z0-9(]'),
    (r" [A-Z][.] ", r'" " [A-Z] ". "'),
    (r"[.][A-Z][.] ", r'"." [A-Z] ". "'),
    (
        r"(Mr|Mrs|Ms|Dr|Prof|St|No|Nos|Sec|Art|Fig|Inc|Corp|Co|Ltd|vs|approx)[.] ",
        '("Mr" | "Mrs" | "Ms" | "Dr" | "Prof" | "St" | "No" | "Nos" | "Sec" | "Art" | "Fig" | "Inc" | "Corp" '
        '| "Co" | "Ltd" | "vs" | "approx") ". "',
    ),
)


@dataclass(frozen=True, slots=True)
class Constraint:
    """The same language twice: `regex` must match the whole reply; `gbnf` derives it from `root`."""

    regex: str
    gbnf: str


def label_list(labels: Sequence[str], most: int) -> Constraint:
    """`[2][5]`, at most `most` labels, or `none`."""
    return Constraint(
        regex=rf"({NONE}|(\[({'|'.join(labels)})\]){{1,{most}}})",
        gbnf=f'root ::= "{NONE}" | label{{1,{most}}}\n{_label_rule(labels)}',
    )


def cited_sentences(labels: Sequence[str], most: int) -> Constraint:
    """Up to `most` lines, each a sentence with one or two labels at its end."""
    low, high = SENTENCE_CHARACTERS
    inside = "|".join(pattern for pattern, _ in _INSIDE)
    line = rf"({inside}){{{low},{high}}}[.!?] (\[({'|'.join(labels)})\]){{1,2}}"
    return Constraint(
        regex=rf"{line}(\n{line}){{0,{most - 1}}}",
        gbnf=(
            f'root ::= line ("\\n" line){{0,{most - 1}}}\n'
            f'line ::= inside{{{low},{high}}} [.!?] " " label{{1,2}}\n'
            f"inside ::= {' | '.join(rule for _, rule in _INSIDE)}\n{_label_rule(labels)}"
        ),
    )


def _label_rule(labels: Sequence[str]) -> str:
    return 'label ::= "[" (' + " | ".join(f'"{label}"' for label in labels) + ') "]"\n'
