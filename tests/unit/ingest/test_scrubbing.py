import pytest

from ragslm.ingest.scrubbing import clean
from ragslm.types import Block, Entity, LabelledField, ParsedDocument, Scrubbed, Section


def document(text, heading=None, path=None, fields=()):
    blocks = (Block("heading", 0, len(heading)),) if heading else ()
    sections = (Section(path, 0, len(text)),) if path else ()
    return ParsedDocument(text=text, blocks=blocks, sections=sections, fields=fields)


def test_title_and_sections_are_scrubbed(scrubber):
    (one,) = clean(
        scrubber, [document("Smith\nWell.", "Smith", "Smith › Notes on Smith")], ["Smith 7"], [None]
    )
    token = scrubber.token("Smith")
    assert one.title == f"{token} 7"
    assert one.sections == {"Smith › Notes on Smith": f"{token} › Notes on {token}"}
    assert [(r.start, r.end, r.text) for r in one.replacements] == [(0, 5, token)]


def test_what_a_field_says_is_taken_out_of_the_title(scrubber):
    named = (LabelledField(6, 11, "PERSON", "Patient.name"),)
    (one,) = clean(scrubber, [document("Name: Aaron\n", fields=named)], ["Aaron 475"], [None])
    assert one.title == f"{scrubber.token('Aaron')} 475"


def test_single_guess_stays_in_the_title_of_general_knowledge_only(scrubber):
    parsed = document("Word\nBook", "Word", "Word", (LabelledField(0, 4, "PERSON", "x"),))
    scrubber.scrub_many = lambda texts, fields=None, subjects=None: [guess(text) for text in texts]
    general, personal = (clean(scrubber, [parsed], ["Word of title"], [own])[0] for own in (None, "p-1"))
    assert general.title == "Word of title"
    assert personal.title == f"{scrubber.token('Word')} of title"


def guess(text):
    return Scrubbed(text, (Entity("PERSON", 0, 4, 0.6, "P"),) if text.startswith("Word\n") else ())


def test_documents_do_not_mix(scrubber):
    texts = [document("Jane Doe", None, "Jane Doe"), document("Other", None, "Other › Jane Doe")]
    first, second = clean(scrubber, texts, ["one", "two"], [None, None])
    assert (first.title, second.title) == ("one", "two")
    assert second.sections == {"Other › Jane Doe": f"Other › {scrubber.token('Jane Doe')}"}


def test_a_term_the_format_keeps_stays_in_a_path(scrubber):
    kept = (LabelledField(0, 10, "KEEP", "OBX[1].3"),)
    parsed = document("Smith test: 3.1, negative", path="RESULTS › Smith test", fields=kept)
    scrubber.scrub_many = lambda texts, fields=None, subjects=None: [
        Scrubbed(text, ()) if text == parsed.text else scrubber.scrub(text) for text in texts
    ]
    (one,) = clean(scrubber, [parsed], ["report"], ["p-1"])
    assert one.sections == {"RESULTS › Smith test": "RESULTS › Smith test"}


@pytest.mark.parametrize(
    ("text", "path", "scrubbed"),
    [
        ("Smith test: 3.1", "Smith test", "Smith test"),  # nobody, read with what stands around
        ("of Smithson, Smith test", "Smith test", "Smith test"),
        ("Jane Doe: 3.1", "Jane Doe", "{}"),
        ("Jane Doering: 3.1", "Jane Doe", "{}"),  # not said there, so read by itself
    ],
)
def test_a_part_of_a_path_is_scrubbed_as_the_text_says_it(scrubber, text, path, scrubbed):
    alone = scrubber.scrub
    scrubber.scrub_many = lambda texts, fields=None, subjects=None: [
        Scrubbed(one, ()) if "Smith" in one or "Doering" in one else alone(one) for one in texts
    ]
    (one,) = clean(scrubber, [document(text, path=path)], ["report"], ["p-1"])
    assert one.sections == {path: scrubbed.format(scrubber.token("Jane Doe"))}


def test_a_name_that_is_found_elsewhere_leaves_the_path_too(scrubber):
    text = "Smith: 3.1. Seen by Smith."
    found = Scrubbed(text, (Entity("PERSON", 20, 25, 1.0, scrubber.token("Smith")),))
    scrubber.scrub_many = lambda texts, fields=None, subjects=None: [
        found if one == text else Scrubbed(one, ()) for one in texts
    ]
    (one,) = clean(scrubber, [document(text, path="Smith")], ["report"], ["p-1"])
    assert one.sections == {"Smith": scrubber.token("Smith")}
