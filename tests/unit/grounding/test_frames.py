import pytest

from ragslm.grounding.literal.compare import compare
from ragslm.grounding.reading.frames import frame
from ragslm.grounding.reading.text import read
from ragslm.grounding.verifier import EvidenceVerifier

TABLE = """Consolidated statements of income (in millions, except per share data)
Year ended December 31
Net sales | 2018: 32,765 | 2017: 31,657
Sensors:
Net income per share | 2018: 4.52 | 2017: 4.10"""
SALES = TABLE.index("Net sales")


def test_the_scale_stands_above_the_table():
    assert "in millions" in frame(TABLE, SALES)
    assert frame(TABLE, TABLE.index("Net income")).endswith("Sensors:")
    assert frame("No unit here.\nNet sales | 2018: 5", 14) == ""


@pytest.mark.parametrize(
    ("claim", "supported"),
    [
        ("Net sales were $32,765 million in 2018.", True),  # as declared
        ("Net sales were $32.765 billion in 2018.", True),  # and in billions
        ("Net sales were 32,765 in 2018.", True),  # as printed
        ("Net sales were $32,765 in 2018.", False),  # dollars are a millionth of it
        ("Net sales were $32,765 thousand in 2018.", False),  # another scale
        ("Net sales were $31.657 billion in 2018.", False),  # other column
        ("Net income per share was $4.52 in 2018.", True),  # an amount per share has no scale
    ],
)
def test_amounts_of_a_table_in_millions(claim, supported):
    assert EvidenceVerifier().verify(claim, [TABLE]).supported is supported


def test_a_row_without_its_frame_has_no_scale():
    row = "Net sales | 2018: 32,765 | 2017: 31,657"
    assert compare(read("Net sales were $32,765 million in 2018."), read(row)).reasons
