"""Cutting: nothing is lost, nothing is cut that must stay whole, and offsets say where it came from."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragslm._spans import Replacement, apply, shift
from ragslm.ingest.passages import Cut, cut, document_id
from ragslm.types import Block, PageSpan, ParsedDocument, Section

TARGET = 200


def cut_up(parsed: ParsedDocument, replacements: tuple[Replacement, ...] = ()) -> list[Cut]:
    return cut(
        parsed,
        replacements,
        document="d",
        uri="file:///d",
        title="Title",
        effective_date=date(2024, 3, 1),
        sections={section.path: section.path for section in parsed.sections},
        target=TARGET,
    )


@st.composite
def documents(draw: st.DrawFn) -> tuple[ParsedDocument, tuple[Replacement, ...]]:
    """Paragraphs, rows and headings on pages and in sections, with replacements anywhere."""
    text, blocks, pages, sections = "", [], [], []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        page = len(text)
        for part in range(draw(st.integers(0, 5))):
            if draw(st.booleans()):
                sections.append((f"s{number}.{part}", len(text)))
            kind = draw(st.sampled_from(["paragraph", "row", "heading", None]))
            words = draw(st.lists(st.sampled_from(["word", "longer", "End.", "7", "a | b"]), max_size=60))
            start = len(text)
            text += " ".join(words)
            if kind and len(text) > start:
                blocks.append(Block(kind, start, len(text)))
            text += "\n\n"
        pages.append(PageSpan(number, page, len(text)))
    ends = [start for _, start in sections[1:]] + [len(text)]
    parsed = ParsedDocument(
        text=text,
        pages=tuple(pages),
        sections=tuple(Section(path, a, b) for (path, a), b in zip(sections, ends, strict=False)),
        blocks=tuple(blocks),
    )
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    spans = zip(cuts[::2], cuts[1::2], strict=False)
    return parsed, tuple(Replacement(a, b, "PERSON_7K3QXA") for a, b in spans)


@given(documents())
def test_every_visible_character_is_in_exactly_one_passage_and_offsets_hold(
    case: tuple[ParsedDocument, tuple[Replacement, ...]],
) -> None:
    parsed, replacements = case
    passages = cut_up(parsed, replacements)
    covered: set[int] = set()
    for one in passages:
        p = one.passage
        span = set(range(p.start, p.end))
        assert not span & covered
        covered |= span
        assert apply(parsed.text[p.start : p.end], shift(one.replacements, -p.start)) == p.text
        assert all(p.start <= r.start and r.end <= p.end for r in one.replacements)
    assert all(i in covered for i, sign in enumerate(parsed.text) if not sign.isspace())
    assert len({one.passage.id for one in passages}) == len(passages)


def test_rows_stay_whole_and_carry_the_unit_line_in_their_header() -> None:
    rows = [f"Line item number {i} | 2018: 1,{i:03} | 2017: 2,{i:03}" for i in range(12)]
    text = "Cash flow statement (in millions)\n" + "\n".join(rows)
    blocks, position = [], len("Cash flow statement (in millions)\n")
    for row in rows:
        blocks.append(Block("row", position, position + len(row)))
        position += len(row) + 1
    passages = cut_up(ParsedDocument(text=text, pages=(PageSpan(1, 0, len(text)),), blocks=tuple(blocks)))
    shown = [line for one in passages for line in one.passage.text.splitlines()]
    assert [line for line in shown if "|" in line] == rows
    assert all("(in millions)" in one.header or "(in millions)" in one.passage.text for one in passages)


def test_a_passage_never_leaves_its_page_or_section() -> None:
    text = "First page text.\nSecond section text.\nSecond page text.\n"
    parsed = ParsedDocument(
        text=text,
        pages=(PageSpan(1, 0, 38), PageSpan(2, 38, len(text))),
        sections=(Section("One", 0, 17), Section("Two", 17, len(text))),
    )
    found = [(one.passage.page, one.passage.section) for one in cut_up(parsed)]
    assert found == [(1, "One"), (1, "Two"), (2, "Two")]
    assert cut_up(parsed)[0].header == "Title › One › page 1 · 2024-03-01"


def test_one_endless_word_is_cut_all_the_same() -> None:
    passages = cut_up(ParsedDocument(text="x" * 5000))
    assert max(len(one.passage.text) for one in passages) <= 2 * TARGET


@pytest.mark.parametrize(("domain", "uri", "same"), [("d", "u", True), ("e", "u", False), ("d", "v", False)])
def test_a_document_keeps_its_id_over_versions(domain: str, uri: str, same: bool) -> None:
    assert (document_id(domain, uri) == document_id("d", "u")) is same
