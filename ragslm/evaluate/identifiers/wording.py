"""Eponyms, drugs and words of medicine and banking that look like names and must stay."""

from collections.abc import Iterator
from importlib.resources import files
from itertools import product

import yaml

from ragslm.evaluate.identifiers.cases import Case, Half, half_of, put

_SENTENCES = (
    "The patient has a history of {}.",
    "{} was discussed at length.",
    "We reviewed {} with the team.",
    "Notes mention {} and nothing else.",
    "Regarding {}, nothing changed since last year.",
    "- {}",
)


def words(half: Half) -> Iterator[Case]:
    """Every word of the half in every second sentence."""
    text = (files("ragslm.evaluate.identifiers") / "words" / f"{half}.yaml").read_text(encoding="utf-8")
    for kind, listed in yaml.safe_load(text).items():
        for word, sentence in product(listed.split(" | "), half_of(_SENTENCES, half)):
            yield put(sentence, word, kind)
