"""Eponyms, drugs and words of medicine and banking that look like names and must stay."""

import re
from collections.abc import Iterator
from importlib.resources import files
from itertools import product

import yaml

from ragslm.evaluate.identifiers.cases import Case, Half, put

_MARKED = re.compile(r"\[\[(.+?)\]\]")
_SENTENCES = (
    "The patient has a history of {}.",
    "{} was discussed at length.",
    "We reviewed {} with the team.",
    "Notes mention {} and nothing else.",
    "Regarding {}, nothing changed since last year.",
    "- {}",
)


def words(half: Half) -> Iterator[Case]:
    """Every word of the half: in the sentence it was written in, or in each of the sentences above."""
    text = (files("ragslm.evaluate.identifiers") / "words" / f"{half}.yaml").read_text(encoding="utf-8")
    for kind, listed in yaml.safe_load(text).items():
        if isinstance(listed, str):
            for word, sentence in product(listed.split(" | "), _SENTENCES):
                yield put(sentence, word, kind)
        else:
            for sentence in listed:
                yield from (
                    put(_MARKED.sub("{}", sentence), word, kind) for word in _MARKED.findall(sentence)
                )
