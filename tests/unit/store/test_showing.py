"""Where a passage's words come from, and a document as a reader may see it."""

import dataclasses

import pytest

from ragslm._spans import Replacement
from ragslm.errors import NotFoundError
from ragslm.store.provenance import StoredProvenance
from ragslm.store.viewer import SECTION_CHARACTERS, Viewer
from ragslm.types import Identity, ParsedDocument, Section

OWNER = Identity.local_owner()
TEXT = "Mrs Smith takes aspirin. "


@pytest.fixture
def stored(catalogue, new_document):
    """Three passages of 25 characters, `Smith` scrubbed in each."""
    new = new_document("a")
    names = tuple(Replacement(25 * n + 4, 25 * n + 9, "PERSON_7K3QXA") for n in range(3))
    new = dataclasses.replace(
        new,
        replacements=names,
        passages=[
            dataclasses.replace(
                each,
                passage=dataclasses.replace(each.passage, text="Mrs PERSON_7K3QXA takes aspirin."),
            )
            for each in new.passages
        ],
    )
    catalogue.put_document(new, identity=OWNER)
    return new


def test_originals_of_a_document_are_known(catalogue, stored):
    passages = [each.passage for each in stored.passages]
    assert StoredProvenance(catalogue).originals(passages) == ["Smith"]
    assert StoredProvenance(catalogue).originals([]) == []


def test_a_span_of_a_passage_is_found_in_the_original(catalogue, stored):
    passage = stored.passages[1].passage
    start = passage.text.index("aspirin")
    first, last = StoredProvenance(catalogue).locate(passage, start, start + len("aspirin"))
    assert (TEXT * 3)[first:last] == "aspirin"
    assert first >= 25
    first, last = StoredProvenance(catalogue).locate(passage, 6, 8)  # inside the pseudonym
    assert (TEXT * 3)[first:last] == "Smith"


def test_a_passage_that_changed_since_is_named_whole(catalogue, stored):
    passage = dataclasses.replace(stored.passages[1].passage, text="other")
    assert StoredProvenance(catalogue).locate(passage, 0, 2) == (25, 50)


def test_a_page_is_scrubbed_unless_cleared(catalogue, stored):
    viewer = Viewer(catalogue, [])
    mark = (16, 23)  # aspirin
    plain = viewer.view(stored.id, 0, marks=[mark], cleared=True)
    assert (plain.number, plain.pages, plain.image) == (2, 2, None)
    assert [plain.text[a:b] for a, b in plain.marks] == ["aspirin"]
    hidden = viewer.view(stored.id, 0, marks=[mark], cleared=False)
    assert "Smith" not in hidden.text
    assert [hidden.text[a:b] for a, b in hidden.marks] == ["aspirin"]


@pytest.mark.parametrize("number", [-1, 3])
def test_a_page_that_is_none(catalogue, stored, number):
    with pytest.raises(NotFoundError, match="2 pages"):
        Viewer(catalogue, []).view(stored.id, number, marks=[], cleared=False)


def test_a_format_without_pages_is_shown_by_sections(catalogue, new_document):
    length = SECTION_CHARACTERS - 100
    text = "".join(letter * length for letter in "abc")
    sections = tuple(Section(letter, n * length, (n + 1) * length) for n, letter in enumerate("abc"))
    new = dataclasses.replace(
        new_document("a"), parsed=ParsedDocument(text=text, sections=sections), replacements=()
    )
    catalogue.put_document(new, identity=OWNER)
    views = [Viewer(catalogue, []).view(new.id, n, marks=[], cleared=False) for n in (1, 2, 3)]
    assert "".join(view.text for view in views) == text
    last = Viewer(catalogue, []).view(new.id, 0, marks=[(2 * length, 2 * length + 3)], cleared=False)
    assert (last.number, last.marks) == (3, ((0, 3),))


def test_a_role_sees_the_types_it_is_named_for(catalogue, stored):
    viewer = Viewer(catalogue, [])
    some = viewer.view(stored.id, 0, marks=[(16, 23)], cleared=True, types=frozenset({"MRN"}))
    assert "Smith" not in some.text
    assert "Smith" in viewer.view(stored.id, 0, marks=[(16, 23)], cleared=True, types={"PERSON"}).text
