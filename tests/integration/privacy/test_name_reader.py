"""The name reader leaves out what it does not need, and finds the same."""

import pytest
import spacy

from ragslm.models.pull import locate
from ragslm.privacy.engine import Finder, NameReader
from ragslm.privacy.recognisers import person
from ragslm.settings import Settings

pytestmark = pytest.mark.models
TEXTS = [
    f"{name} of {place} saw Dr. {other} in {year}. The visit lasted {year % 60} minutes.\n\n" * 20
    for year, (name, place, other) in enumerate(
        [
            ("Maria Keller", "Boston", "Jonas Lind"),
            ("Peter Ames", "Oslo", "Ann Roe"),
            ("Li Wei", "Leeds", "Tom Fry"),
        ],
        2001,
    )
]


def test_it_finds_what_the_whole_model_finds() -> None:
    folder = locate("en-core-web-sm", Settings.load().models.folder)
    reader = NameReader(folder)
    reader.load()
    assert reader.nlp.pipe_names == ["ner"]
    found = [
        [(e.start_char, e.end_char, e.label_) for e in artefacts.entities]
        for _, artefacts in reader.process_batch([*TEXTS, "Nobody."], "en")
    ]
    whole = spacy.load(folder)
    assert found == [
        [(e.start_char, e.end_char, e.label_) for e in whole(text).ents] for text in [*TEXTS, "Nobody."]
    ]
    assert any(found)


def test_no_text_gives_nothing() -> None:
    reader = NameReader(locate("en-core-web-sm", Settings.load().models.folder))
    reader.load()
    assert list(reader.process_batch([], "en")) == []


def test_reading_excerpts_finds_the_same_people() -> None:
    finder = Finder(locate("en-core-web-sm", Settings.load().models.folder), [person.recogniser()])
    report = "\n".join(f"Total net sales rose 4.{i} % to $ 1,{i:03}.\n{text}" for i, text in enumerate(TEXTS))
    assert _people(finder, report, 0.35) == [one for one in _people(finder, report, 0.0) if one[2] >= 0.35]
    assert len(_people(finder, report, 0.35)) > 60


def _people(finder: Finder, text: str, threshold: float) -> list[tuple[int, int, float]]:
    return sorted((one.start, one.end, one.score) for one in finder.find([text], threshold)[0])
