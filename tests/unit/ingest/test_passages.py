from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from ragslm._spans import Replacement, apply, shift
from ragslm.ingest.passages import Origin, cut, document_id
from ragslm.types import Block, PageSpan, ParsedDocument, Section

ORIGIN = Origin(document_id="d", uri="file:///d", title="3M 2018 10K")
WORDS = st.sampled_from(
    [
        "Revenue grew.",
        "Net sales",
        "Dr. Smith",
        "1,577",
        " | 2018: 3",
        "\n",
        "\n\n",
        " ",
        "x" * 90,
        "Ünï",
        "—",
    ]
)


@st.composite
def documents(draw):
    """Any text with blocks, pages, sections and replacements over it, sensible or not."""
    text = draw(st.lists(WORDS, max_size=60).map(" ".join))
    spot = st.integers(0, len(text))
    kinds = st.sampled_from(["heading", "paragraph", "list_item", "row", "record", "artifact"])
    blocks = [Block(draw(kinds), *sorted((draw(spot), draw(spot)))) for _ in range(draw(st.integers(0, 8)))]
    turns = sorted({draw(spot) for _ in range(draw(st.integers(0, 4)))})
    pages = [
        PageSpan(number, start, end) for number, (start, end) in enumerate(pairwise([*turns, len(text)]), 1)
    ]
    sections = [Section(f"S{i}", *sorted((draw(spot), draw(spot)))) for i in range(draw(st.integers(0, 4)))]
    borders = sorted({draw(spot) for _ in range(2 * draw(st.integers(0, 5)))})
    replacements = [
        Replacement(start, end, "PERSON_ABCDEF")
        for start, end in zip(borders[::2], borders[1::2], strict=False)
    ]
    parsed = ParsedDocument(text=text, blocks=tuple(blocks), pages=tuple(pages), sections=tuple(sections))
    return parsed, tuple(replacements)


def cuts_of(parsed, replacements=(), target=200, **given):
    sections = {section.path: section.path for section in parsed.sections}
    origin = Origin(document_id="d", uri="u", title=given.get("title", "T"), sections=sections)
    return cut(parsed, replacements, origin, target=target)


@settings(max_examples=300, deadline=None)
@given(documents())
def test_passages_of_anything(document):
    parsed, replacements = document
    position = 0
    for one in cuts_of(parsed, replacements):
        start, end = one.passage.start, one.passage.end
        assert position <= start < end <= len(parsed.text)  # in order, without overlap
        assert not visible(parsed, position, start)  # nothing is left out
        for r in replacements:  # no replacement crosses a border
            assert r.end <= start or r.start >= end or start <= r.start <= r.end <= end
        assert apply(parsed.text[start:end], shift(one.replacements, -start)) == one.passage.text
        assert "\n" not in one.header
        position = end
    assert not visible(parsed, position, len(parsed.text))


def visible(parsed, start, end):
    """Characters that are neither blank nor an artifact's."""
    artifacts = [range(block.start, block.end) for block in parsed.blocks if block.kind == "artifact"]
    return [i for i in range(start, end) if parsed.text[i].strip() and not any(i in one for one in artifacts)]


@settings(max_examples=100, deadline=None)
@given(documents())
def test_passages_are_the_same_every_time(document):
    assert cuts_of(*document) == cuts_of(*document)
    ids = [one.passage.id for one in cuts_of(*document)]
    assert len(set(ids)) == len(ids)
    assert all(0 <= id_ < 2**63 for id_ in ids)


def build(*parts, page_at=(), section_at=()):
    """A document of (kind, text) blocks on lines of their own; pages and sections begin at block numbers."""
    text, blocks = "", []
    for kind, words in parts:
        blocks.append(Block(kind, len(text), len(text) + len(words)))
        text += words + "\n"
    starts = [blocks[i].start for i in page_at]
    pages = [PageSpan(n, s, e) for n, (s, e) in enumerate(pairwise([*starts, len(text)]), 1)]
    heads = [blocks[i].start for i, _ in section_at]
    sections = [
        Section(path, s, e)
        for (_, path), (s, e) in zip(section_at, pairwise([*heads, len(text)]), strict=True)
    ]
    return ParsedDocument(text=text, blocks=tuple(blocks), pages=tuple(pages), sections=tuple(sections))


PROSE = "This sentence has about fifty characters, I think. " * 3


def test_pages_are_never_joined():
    parsed = build(("paragraph", "Short."), ("paragraph", "60"), ("paragraph", "Next."), page_at=(0, 2))
    assert [(one.passage.page, one.passage.text) for one in cuts_of(parsed)] == [
        (1, "Short.\n60"),
        (2, "Next."),
    ]


def test_an_artifact_is_in_no_passage():
    parsed = build(("paragraph", "Words."), ("artifact", "10-K | 58"), ("row", "Tax | 4"), page_at=(0, 2))
    assert [one.passage.text for one in cuts_of(parsed)] == ["Words.", "Tax | 4"]


def test_a_name_that_goes_on_in_an_artifact_stays_whole():
    parsed = build(("paragraph", "Seen by Ann"), ("artifact", "Lee | 58"), ("paragraph", "on Monday."))
    start, end = parsed.text.index("Ann"), parsed.text.index(" | 58")
    (one,) = cuts_of(parsed, (Replacement(start, end, "PERSON_ABCDEF"),))
    assert one.passage.text.startswith("Seen by PERSON_ABCDEF")


def test_sections_are_not_joined_unless_tiny():
    parsed = build(
        ("heading", "A"),
        ("paragraph", PROSE),
        ("heading", "B"),
        ("paragraph", PROSE),
        section_at=((0, "A"), (2, "B")),
    )
    found = cuts_of(parsed, target=400)
    assert [one.passage.section for one in found] == ["A", "B"]
    assert found[1].passage.text.startswith("B\n")


def test_heading_goes_with_what_follows():
    parsed = build(("paragraph", PROSE), ("heading", "Risks"), ("paragraph", PROSE))
    assert cuts_of(parsed, target=200)[1].passage.text.startswith("Risks\n")


def test_rows_are_never_cut_and_repeat_their_headings_in_the_header():
    rows = [("row", f"Item {i} of the long statement | 2018: {i},577 | 2017: 3") for i in range(12)]
    parsed = build(("paragraph", "(in millions)"), ("row", "Year | 2018 | 2017"), *rows)
    found = cuts_of(parsed, target=300)
    assert len(found) > 2
    lines = [line for one in found for line in one.passage.text.split("\n")]
    assert lines == parsed.text.split("\n")[:-1]
    assert found[0].passage.text.startswith("(in millions)\nYear | 2018")
    assert found[0].header == "T"
    assert all(one.header == "T · (in millions) · Year | 2018 | 2017" for one in found[1:])


def test_label_of_a_group_of_rows_goes_into_the_header():
    rows = [("row", f"Row {i} with some words in it | 2018: {i}") for i in range(6)]
    parsed = build(*rows[:2], ("row", "Investing activities"), *rows)
    found = cuts_of(parsed, target=200)
    assert found[-1].header == "T · Investing activities"


def test_context_in_the_header_is_scrubbed():
    rows = [("row", f"Visit {i} to the outpatient clinic | on: 0{i}") for i in range(8)]
    parsed = build(("paragraph", "Patient Smith"), *rows)
    found = cuts_of(parsed, (Replacement(8, 13, "PERSON_ABCDEF"),), target=200)
    assert "PERSON_ABCDEF" in found[-1].header
    assert all("Smith" not in one.indexed for one in found)


def test_address_across_a_page_border_stays_whole():
    parsed = build(("paragraph", "He lives at 12 Main"), ("paragraph", "Street now."), page_at=(0, 1))
    (one,) = cuts_of(parsed, (Replacement(12, 26, "LOCATION_ABCDEF"),))
    assert one.passage.text == "He lives at LOCATION_ABCDEF now."


def test_endless_line_is_bounded():
    parsed = build(("paragraph", "x" * 5000), ("row", "y" * 9000))
    assert max(len(one.passage.text) for one in cuts_of(parsed)) <= 1600


def test_large_text_takes_linear_time():
    parsed = ParsedDocument(text="A line of running words that goes on\n" * 40_000)
    assert len(cuts_of(parsed, target=900)) > 1000


def test_document_id_is_of_domain_and_uri():
    assert document_id("medical", "u") == document_id("medical", "u") != document_id("banking", "u")
    assert len(document_id("medical", "u")) == 24
