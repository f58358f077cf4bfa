"""What an engine may write, as a regular expression (vLLM) and as a GBNF grammar (llama.cpp).

Decoding is constrained by it, so a label that does not exist cannot be written.
Source: https://github.com/ggml-org/llama.cpp/blob/master/grammars/README.md

The shape of the regular expression matters: written as one repeated choice, or with a length such as
`{15,400}` around it, the same language costs vLLM's xgrammar 21 to 460 ms a token instead of 0.01 ms.
"""

from collections.abc import Sequence
from dataclasses import dataclass

NONE = "none"

ABBREVIATIONS = ("Mr", "Mrs", "Ms", "Dr", "Prof", "St", "No", "Sec", "Art", "Inc", "Corp", "Co", "Ltd", "vs")

# A run of ordinary characters, and what may follow it inside a sentence, as (regular expression, GBNF).
# A point before a blank ends the sentence, and then a label must come, unless it stands after an initial or
# an abbreviation, or before a small letter or a number: a model must name its source after every sentence.
_PLAIN = r"[^\[\]\n.!?]"
_TITLE = (
    rf"({'|'.join(ABBREVIATIONS)})[.] ",
    "(" + " | ".join(f'"{abbreviation}"' for abbreviation in ABBREVIATIONS) + ') ". "',
)
_POINTS = (
    (r"[.!?][^\[\] \n.!?]", r"[.!?] [^\[\] \n.!?]"),
    (r"[.] [a-z0-9(]", r'". " [a-z0-9(]'),
    (r" [A-Z][.] ", r'" " [A-Z] ". "'),
    (r"[.][A-Z][.] ", r'"." [A-Z] ". "'),
    _TITLE,
)


RUN_CHARACTERS = 300
"""Longest run of ordinary characters. Only the grammar bounds it: the embedded models are small and ramble,
llama.cpp bounds at no cost, and xgrammar takes 2 s to compile the bound.
"""


@dataclass(frozen=True, slots=True)
class Constraint:
    """One language twice: `regex` must match the whole reply; `gbnf` derives it from `root`."""

    regex: str
    gbnf: str


def label_list(labels: Sequence[str], most: int) -> Constraint:
    """`[2][5]`, at most `most` labels, or `none`."""
    return Constraint(
        regex=rf"({NONE}|{_label(labels)}{{1,{most}}})",
        gbnf=f'root ::= "{NONE}" | label{{1,{most}}}\n{_label_rule(labels)}',
    )


def cited_sentences(labels: Sequence[str], most: int) -> Constraint:
    """Up to `most` lines, each a sentence with one or two labels at its end."""
    points = "|".join(f"{pattern}{_PLAIN}*" for pattern, _ in _POINTS)
    line = rf"({_TITLE[0]})?{_PLAIN}+({points})*[.!?] {_label(labels)}{{1,2}}"
    return Constraint(
        regex=rf"{line}(\n{line}){{0,{most - 1}}}",
        gbnf=(
            f'root ::= line ("\\n" line){{0,{most - 1}}}\n'
            f"line ::= ({_TITLE[1]})? plain{{1,{RUN_CHARACTERS}}} (point plain{{0,{RUN_CHARACTERS}}})* "
            f'[.!?] " " label{{1,2}}\nplain ::= {_PLAIN}\n'
            f"point ::= {' | '.join(rule for _, rule in _POINTS)}\n{_label_rule(labels)}"
        ),
    )


COUNTS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "24", "100", "365")
"""The only numbers an expression may hold: no amount comes from a model."""


def expression(names: Sequence[str]) -> Constraint:
    """A calculation over `names`, such as `(v2 - v1) / v1` or `avg(v1, v2)`, or `none`.

    Brackets stand in one level, which every calculation needs and a regular expression can say. A count
    stands only after a sign: allowed to begin with one, a model of 1.5 billion parameters wrote
    `(24 - 12) / 12`.
    """
    name, sign = f"({'|'.join(names)})", r" [-+*/] "
    mean = rf"avg\({name}(, {name}){{1,11}}\)"
    item = rf"({name}|\({name}({sign}{name}){{1,11}}\)|{mean})"
    named = " | ".join(f'"{one}"' for one in names)
    counts = " | ".join(f'"{number}"' for number in COUNTS)
    return Constraint(
        regex=rf"({NONE}|{item}({sign}({item}|{'|'.join(COUNTS)})){{0,11}})",
        gbnf=(
            f'root ::= "{NONE}" | item (sign (item | count)){{0,11}}\nsign ::= " " [-+*/] " "\n'
            'item ::= name | "(" name (sign name){1,11} ")" | "avg(" name (", " name){1,11} ")"\n'
            f"count ::= {counts}\nname ::= {named}\n"
        ),
    )


def _label(labels: Sequence[str]) -> str:
    return rf"(\[({'|'.join(labels)})\])"


def _label_rule(labels: Sequence[str]) -> str:
    return 'label ::= "[" (' + " | ".join(f'"{label}"' for label in labels) + ') "]"\n'
