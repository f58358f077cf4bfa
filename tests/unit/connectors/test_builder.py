import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragslm.errors import QuarantineError
from ragslm.testing.parser_contract import assert_sound
from ragslm_connectors._formats._builder import TextBuilder
from ragslm_connectors._formats._decode import decode

WORDS = st.text(alphabet="ab cß|1€", min_size=1, max_size=12).filter(str.strip)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("heading"), st.integers(1, 4), WORDS),
        st.tuples(st.sampled_from(["paragraph", "list_item", "row"]), st.just(0), WORDS),
        st.tuples(st.just("section"), st.just(0), WORDS),
        st.tuples(st.just("field"), st.just(0), WORDS),
        st.tuples(st.just("page"), st.just(0), WORDS),
    ),
    max_size=30,
)


@given(STEPS)
def test_offsets_are_right_whatever_is_appended(steps: list[tuple[str, int, str]]) -> None:
    builder, pages = TextBuilder(), 0
    builder.block("paragraph", "begin")
    labelled = []
    for kind, level, words in steps:
        if kind == "heading":
            builder.heading(level, words)
        elif kind == "section":
            builder.section(words)
        elif kind == "page":
            pages += 1
            builder.page(pages)
        elif kind == "field":
            builder.block("paragraph", "x ")
            builder.write(words, "PERSON", "p")
            labelled.append(words)
        else:
            builder.block(kind, words)  # type: ignore[arg-type]
    parsed = builder.build()
    assert_sound(parsed)
    assert [parsed.text[f.start : f.end] for f in parsed.fields] == labelled
    for section in parsed.sections:
        assert any(block.start == section.start for block in parsed.blocks)


def test_headings_nest_by_level() -> None:
    builder = TextBuilder()
    for level, title in ((1, "A"), (2, "B"), (2, "C"), (1, "D")):
        builder.heading(level, title)
    assert [s.path for s in builder.build().sections] == ["A", "A › B", "A › C", "D"]


def test_too_long_a_text_stops_at_once() -> None:
    builder = TextBuilder(max_chars=10)
    with pytest.raises(QuarantineError, match="too long"):
        builder.block("paragraph", "x" * 11)


def test_nothing_built_is_no_document() -> None:
    with pytest.raises(QuarantineError, match="no readable text"):
        TextBuilder().build()


@pytest.mark.parametrize("beside", ["a", "ü"], ids=["ascii", "not ascii"])
def test_control_signs_are_taken_out_whatever_stands_beside_them(beside: str) -> None:
    for code in (*range(1, 32), *range(127, 160)):
        kept = {"\t": "\t", "\n": "\n", "\r": "\n", "\f": "\n", "\x85": "\n"}.get(chr(code), "")
        assert decode(f"{beside * 20}{chr(code)}.".encode()) == f"{beside * 20}{kept}."


def test_the_open_block_tells_its_words_and_labels():
    builder = TextBuilder()
    builder.block("paragraph")
    builder.write("Ann Roe", "PERSON", "name")
    assert builder.said() == "Ann Roe"
    builder.block("record", "seen by ")
    assert builder.labelled() == {}
    builder.write("Joe Bloggs", "PERSON", "name")
    assert (builder.said(), builder.labelled()) == ("seen by Joe Bloggs", {"Joe Bloggs": "PERSON"})
    builder.close()
    assert (builder.said(), builder.labelled()) == ("", {})
