"""How records are cut: each is a passage, with what belongs to it, under its own section."""

import pytest

from ragslm._sentences import split
from ragslm.ingest.passages import Origin, cut
from ragslm_connectors._formats._builder import TextBuilder

TARGET = 300


def cut_up(*lines):
    """Passages of lines given as (section or None, kind, text), as (section, text, header)."""
    builder = TextBuilder()
    for section, kind, text in lines:
        if section is not None:
            builder.section(section)
        builder.block(kind, text)
    parsed = builder.build()
    origin = Origin(document_id="d", uri="u", title="T", sections={s.path: s.path for s in parsed.sections})
    return [(c.passage.section, c.passage.text, c.header) for c in cut(parsed, (), origin, target=TARGET)]


def test_each_record_is_a_passage_however_short():
    found = cut_up(("A", "record", "Hb 9.1"), ("B", "record", "Na 140"), (None, "record", "K 4.1"))
    assert [(section, text) for section, text, _ in found] == [
        ("A", "Hb 9.1"),
        ("B", "Na 140"),
        ("B", "K 4.1"),
    ]


def test_no_record_is_repeated_in_the_header_of_another():
    found = cut_up(
        ("A", "record", "Opening balance: 18.15 EUR"), (None, "record", "Closing balance: 27.00 EUR")
    )
    assert [header for _, _, header in found] == ["T › A", "T › A"]


def test_what_follows_a_record_in_its_section_belongs_to_it():
    found = cut_up(
        ("A", "record", "Hb 9.1"), (None, "paragraph", "Comment: repeated."), ("B", "record", "Na 140")
    )
    assert [text for _, text, _ in found] == ["Hb 9.1\n\nComment: repeated.", "Na 140"]


def test_a_heading_stands_above_the_first_record_below_it():
    found = cut_up(("A", "heading", "Results"), ("A › 1", "record", "Hb 9.1"), ("A › 2", "record", "Na 140"))
    assert [text for _, text, _ in found] == ["Results\n\nHb 9.1", "Na 140"]


def test_short_sections_between_records_stay_apart():
    found = cut_up(
        ("A", "paragraph", "Dark stools."), ("B", "paragraph", "Penicillin."), ("C", "record", "Hb 9.1")
    )
    assert [section for section, _, _ in found] == ["A", "B", "C"]


@pytest.mark.parametrize("sentences", [12, 40])
def test_a_long_record_is_cut_at_sentences_and_loses_nothing(sentences):
    text = " ".join(f"Sentence number {number} of the report." for number in range(sentences))
    found = cut_up(("A", "record", text), ("B", "record", "Na 140"))
    assert " ".join(part for _, part, _ in found[:-1]) == text
    assert len(found) > 2
    assert {section for section, _, _ in found[:-1]} == {"A"}
    assert all(split(part) for _, part, _ in found)
