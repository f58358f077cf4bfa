"""Numbers as a spreadsheet shows them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragslm_connectors._formats._number_format import plain, shown


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        (1234.5, "#,##0.00", "1,234.50"),  # thousands and decimals
        (1234567, "#,##0", "1,234,567"),
        (7, "00000", "00007"),  # leading zeros
        (0, "#,##0", "0"),
        (0.5, "#.00", ".50"),  # no zero before the point
        (3, "0.###", "3"),  # places that show no zeros
        (2.5, "0.0##", "2.5"),
        (0.1234, "0.0%", "12.3%"),  # percent
        (5, '"$"#,##0.00', "$5.00"),  # quoted sign
        (12, "[$€-407] #,##0", "€ 12"),  # currency with a language
        (-5, "#,##0;(#,##0)", "(5)"),  # losses in brackets
        (-81, "#,##0\\ ;\\(#,##0\\)", "(81)"),
        (-1.5, "0.00", "-1.50"),  # one section: with a sign
        (-0.001, "0.00", "0.00"),  # what is shown as nothing has no sign
        (0, '_(* #,##0_);_(* \\(#,##0\\);_(* "—"_);_(@_)', "—"),  # nothing
        (12553, '_(* #,##0_);_(* \\(#,##0\\);_(* "—"_);_(@_)', "12,553"),
        (1500000, '0.0,,"M"', "1.5M"),  # in millions
        (1500, "#,##0,", "2"),  # in thousands
        (123456789, "000-00-0000", "123-45-6789"),  # a number that is written in groups
        (1e20, "0.00E+00", "1.00E+20"),  # powers of ten
        (40, "General_)", "40"),
        (2.5, "# ?/?", "2.5"),  # fractions are not known: plain digits
        (150, '[>100]"high";"low"', "150"),  # conditions neither
        (4, "[Red]0", "4"),  # colours say nothing
        (8, "@", "8"),  # text
    ],
)
def test_shown(value: float, code: str, expected: str) -> None:
    assert shown(value, code) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (4.0, "4"),
        (0.1 + 0.2, "0.3"),
        (-2.75, "-2.75"),
        (1e21, "1e+21"),
        (12345678901234, "12345678901234"),
        (0.00001, "0.00001"),
    ],
)
def test_plain(value: float, expected: str) -> None:
    assert plain(value) == expected


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(alphabet='0#?.,%;"\\_*-()[]$€E+@/ aG', max_size=30),
)
def test_no_code_breaks_it(value: float, code: str) -> None:
    assert isinstance(shown(value, code), str)


@given(st.integers(-(10**12), 10**12))
def test_digits_are_kept(value: int) -> None:
    assert int(shown(value, "#,##0").replace(",", "")) == value
