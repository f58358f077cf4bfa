"""An element finds by name what going through its tree finds."""

from hypothesis import given
from hypothesis import strategies as st

from ragslm_connectors._formats._element import Element, elements_of
from ragslm_connectors._formats._xml import find, find_all, parse_xml, text_at

NAMES = st.sampled_from("ab")
TREES = st.recursive(
    st.builds("<{0}>{1}</{0}>".format, NAMES, st.sampled_from(["", " ", "x", " y\n z "])),
    lambda inner: st.builds(
        lambda name, space, held: f"<{name}{space}>{''.join(held)}</{name}>",
        NAMES,
        st.sampled_from(["", ' xmlns="urn:other"']),
        st.lists(inner, max_size=4),
    ),
    max_leaves=20,
)
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)


@given(TREES, PATHS, PATHS)
def test_finds_along_a_path_what_going_through_the_tree_finds(tree: str, path: str, other: str) -> None:
    root = parse_xml(f'<m xmlns="urn:m">{tree}</m>'.encode())
    element = Element(root)
    expected = [" ".join((found.text or "").split()) for found in find_all(root, path)]
    assert [found.words for found in element.find_all(path)] == expected
    assert element.words_of(path) == " ".join(expected)
    assert (element.find(path) is None) == (find(root, path) is None)
    assert element.text_at(path, other) == text_at(root, path, other)


def test_an_element_tells_name_line_and_attribute_whatever_its_namespace() -> None:
    root = parse_xml(b'<e>\n<n:Amt xmlns:n="urn:n" Ccy="EUR">\n 1 \n</n:Amt><Amt>2</Amt></e>')
    first, second = elements_of(root, ("Amt", "e"))[1:]
    assert (first.name, first.line, first.attribute("Ccy"), first.words) == ("Amt", 2, "EUR", "1")
    assert (second.attribute("Ccy"), second.words) == ("", "2")
    assert [one.words for one in Element(root).each("Amt")] == ["1", "2"]
