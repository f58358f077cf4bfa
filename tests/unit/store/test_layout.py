import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from ragslm._spans import Replacement
from ragslm.store import layout
from ragslm.types import Block, LabelledField, PageSpan, ParsedDocument, Section

OFFSETS = st.integers(0, 2**40)
# lone surrogates too: they are refused where text is stored, not lost here
TEXTS = st.text(st.characters(exclude_categories=()), max_size=30)
PARSED = st.builds(
    ParsedDocument,
    text=TEXTS,
    title=st.none() | TEXTS,
    effective_date=st.none() | st.dates(),
    scope=st.none() | TEXTS,
    pages=st.lists(st.builds(PageSpan, OFFSETS, OFFSETS, OFFSETS), max_size=3).map(tuple),
    sections=st.lists(st.builds(Section, TEXTS, OFFSETS, OFFSETS), max_size=3).map(tuple),
    blocks=st.lists(
        st.builds(Block, st.sampled_from(["heading", "paragraph", "list_item", "row"]), OFFSETS, OFFSETS),
        max_size=3,
    ).map(tuple),
    fields=st.lists(st.builds(LabelledField, OFFSETS, OFFSETS, TEXTS, TEXTS), max_size=3).map(tuple),
)
REPLACEMENTS = st.lists(st.builds(Replacement, OFFSETS, OFFSETS, TEXTS), max_size=4).map(tuple)


@given(parsed=PARSED, replacements=REPLACEMENTS)
def test_a_parsed_document_comes_back(parsed, replacements):
    assert layout.unpack(layout.pack(parsed, replacements)) == (parsed, replacements)
    assert layout.unpack_replacements(layout.pack_replacements(replacements)) == replacements


@given(content=st.binary())
def test_bytes_come_back(content):
    assert layout.decompress(layout.compress(content)) == content


@given(one=st.dates(), two=st.dates())
def test_dates_compare_as_text(one, two):
    assert (layout.iso(one) < layout.iso(two)) is (one < two)
    assert layout.day(layout.iso(one)) == one


def test_no_date_is_none():
    assert layout.iso(None) is layout.day(None) is None
    assert dt.datetime.fromisoformat(layout.now()).utcoffset() == dt.timedelta(0)
