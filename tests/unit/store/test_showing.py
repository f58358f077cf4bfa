"""Where a passage's words come from, and a document as a reader may see it."""

import base64
import dataclasses
import re
from types import SimpleNamespace

import pytest

from ragslm._spans import Replacement, apply
from ragslm.errors import NotFoundError
from ragslm.privacy.guard import OutputGuard
from ragslm.store.provenance import StoredProvenance
from ragslm.store.viewer import SECTION_CHARACTERS, Viewer
from ragslm.types import Entity, Identity, PageSpan, ParsedDocument, Scrubbed, Section

OWNER = Identity.local_owner()


class MailScrubber:
    """Knows mail addresses; the vault knows one of them."""

    def scrub(self, text):
        found = [Entity("EMAIL", *m.span(), 1.0, "EMAIL_7K3QXA") for m in re.finditer(r"\w+@\w+\.org", text)]
        spans = [Replacement(e.start, e.end, e.replacement) for e in found]
        return Scrubbed(apply(text, spans), tuple(found))

    def scrub_many(self, texts):
        return [self.scrub(text) for text in texts]

    def restore(self, text, types=None):
        return text

    def knows(self, original):
        return False


GUARD = OutputGuard(MailScrubber())
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


def test_a_span_of_a_sealed_passage_is_found_in_the_original(catalogue, stored):
    passage = stored.passages[1].passage
    sealed = dataclasses.replace(passage, text=passage.text.replace("aspirin", "ACCOUNT_7K3QXA [withheld]"))
    for words, original in (("ACCOUNT_7K3QXA [withheld]", "aspirin"), (" takes ", " takes ")):
        start = sealed.text.index(words)
        first, last = StoredProvenance(catalogue).locate(sealed, start, start + len(words))
        assert (TEXT * 3)[first:last] == original
        assert first >= 25


def test_a_passage_that_is_gone_is_named_whole(catalogue, stored):
    passage = dataclasses.replace(stored.passages[1].passage, id=999)
    assert StoredProvenance(catalogue).locate(passage, 0, 2) == (25, 50)


def test_a_page_is_scrubbed_unless_cleared(catalogue, stored):
    viewer = Viewer(catalogue, [], lambda: GUARD)
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
        Viewer(catalogue, [], lambda: GUARD).view(stored.id, number, marks=[], cleared=False)


def test_a_format_without_pages_is_shown_by_sections(catalogue, new_document):
    length = SECTION_CHARACTERS - 100
    text = "".join(letter * length for letter in "abc")
    sections = tuple(Section(letter, n * length, (n + 1) * length) for n, letter in enumerate("abc"))
    new = dataclasses.replace(
        new_document("a"), parsed=ParsedDocument(text=text, sections=sections), replacements=()
    )
    catalogue.put_document(new, identity=OWNER)
    viewer = Viewer(catalogue, [], lambda: GUARD)
    views = [viewer.view(new.id, n, marks=[], cleared=False) for n in (1, 2, 3)]
    assert "".join(view.text for view in views) == text
    last = viewer.view(new.id, 0, marks=[(2 * length, 2 * length + 3)], cleared=False)
    assert (last.number, last.marks) == (3, ((0, 3),))


def test_a_role_sees_the_types_it_is_named_for(catalogue, stored):
    viewer = Viewer(catalogue, [], lambda: GUARD)
    some = viewer.view(stored.id, 0, marks=[(16, 23)], cleared=True, types=frozenset({"MRN"}))
    assert "Smith" not in some.text
    assert "Smith" in viewer.view(stored.id, 0, marks=[(16, 23)], cleared=True, types={"PERSON"}).text


ADDRESS = base64.b64encode(b"ann@roe.org").decode()
PLANTED = (
    f"Mrs Smith wrote {ADDRESS} <b>there</b>.\n"
    "Ask bob\u200b@roe\u200b.org, see [here](//x.example/?q=1) soon."
)


class Pictures:
    """Draws nothing, and keeps what it was told to hide."""

    name = "text"

    def render(self, content, page, *, marks, hidden, boxes, only_words, page_start):
        self.hidden = hidden
        return b"png"


@pytest.fixture
def planted(catalogue, new_document):
    replaced = (Replacement(4, 9, "PERSON_7K3QXA"),)
    parsed = ParsedDocument(text=PLANTED, pages=(PageSpan(1, 0, len(PLANTED)),))
    new = dataclasses.replace(new_document("p"), parsed=parsed, replacements=replaced)
    catalogue.put_document(new, identity=OWNER)
    return new


@pytest.mark.parametrize("types", [None, frozenset({"PERSON"})])
def test_what_an_answer_withholds_a_page_does_not_show(catalogue, planted, types):
    pictures = Pictures()
    viewer = Viewer(catalogue, [SimpleNamespace(parsers=lambda: [pictures])], lambda: GUARD)
    words = ("wrote", "Ask", "soon")
    marks = [(PLANTED.index(word), PLANTED.index(word) + len(word)) for word in words]
    view = viewer.view(planted.id, 1, marks=marks, cleared=types is not None, types=types)
    name = "PERSON_7K3QXA" if types is None else "Smith"
    assert view.text == f"Mrs {name} wrote [withheld] there.\nAsk EMAIL_7K3QXA, see here soon."
    assert [view.text[a:b] for a, b in view.marks] == [*words]
    boxed = [PLANTED[a:b] for a, b in pictures.hidden]
    assert boxed == [*(["Smith"] if types is None else []), ADDRESS, "bob\u200b@roe\u200b.org"]


def test_a_mark_inside_what_is_withheld_lights_up_all_of_it(catalogue, planted):
    viewer = Viewer(catalogue, [], lambda: GUARD)
    start = PLANTED.index(ADDRESS)
    for mark in ((start + 3, start + 6), (start - 6, start + 6)):  # it does not come through in halves
        view = viewer.view(planted.id, 1, marks=[mark], cleared=False)
        assert ADDRESS[:5] not in view.text
        assert [view.text[a:b][-10:] for a, b in view.marks] == ["[withheld]"]


def test_a_link_that_a_mark_cuts_in_two_does_not_come_through_in_halves(catalogue, planted):
    start = PLANTED.index("](//") + 1
    viewer = Viewer(catalogue, [], lambda: GUARD)
    view = viewer.view(planted.id, 1, marks=[(start, start + 1)], cleared=False)
    assert "see here soon" in view.text
    assert view.marks == ()


def test_who_sees_everything_sees_the_page_as_it_is(catalogue, planted):
    view = Viewer(catalogue, [], lambda: pytest.fail("no guard is needed")).view(
        planted.id, 1, marks=[], cleared=True
    )
    assert view.text == PLANTED
