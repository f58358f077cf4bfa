"""Whether what is cited is where the answer stands."""

from types import SimpleNamespace

import pytest

from ragslm.errors import ConfigError
from ragslm.evaluate.answers.places import ParagraphPlaces, Places
from ragslm.evaluate.answers.sets import Asked
from ragslm.evaluate.answers.systems import Reply, Source
from ragslm.types import ParsedDocument, Section

TEXT = (
    "(a) Loss. A lost card costs the customer up to fifty dollars.\n(b) Delay. Who reports late pays more.\n"
)
PARSED = ParsedDocument(
    text=TEXT,
    sections=(
        Section("6(a) Loss", 0, TEXT.index("(b)")),
        Section("6(b) Delay", TEXT.index("(b)"), len(TEXT)),
    ),
)


def asked(*labels):
    return Asked(id="q", text="What does it cost?", places=frozenset(labels))


def cites(*sources):
    return Reply(text="…", sources={str(i): one for i, one in enumerate(sources)})


@pytest.fixture
def assistant():
    catalogue = SimpleNamespace(document=lambda id_: SimpleNamespace(parsed=PARSED))
    return SimpleNamespace(
        documents=lambda: [SimpleNamespace(id="d1")], _parts=SimpleNamespace(catalogue=catalogue)
    )


def test_a_page_or_a_document():
    places, page = Places(), asked(("A_2018", 5))
    assert places.cited(page, cites(Source("…", "B", 5), Source("…", "A_2018", 5)))
    assert not places.cited(page, cites(Source("…", "A_2018", 6)))
    assert not places.cited(page, cites())
    assert places.cited(asked(("A_2018", None)), cites(Source("…", "A_2018", 6)))


def test_a_paragraph_by_offset_for_ragslm_and_by_words_for_plain_rag(assistant):
    places = ParagraphPlaces(assistant, [asked("6(a)"), asked("6(b)")])
    loss = Source("…", "d", None, "d1", 0, 40)
    assert places.cited(asked("6(a)"), cites(loss))
    assert not places.cited(asked("6(b)"), cites(loss))
    chunk = Source(
        "Loss.\nA lost card costs the customer up to fifty\ndollars.", "d"
    )  # its marker kept apart
    assert places.cited(asked("6(a)"), cites(chunk))
    assert not places.cited(asked("6(b)"), cites(chunk))


def test_a_paragraph_that_no_document_has_stops_the_run(assistant):
    with pytest.raises(ConfigError, match=r"9\(z\)"):
        ParagraphPlaces(assistant, [asked("9(z)")])
