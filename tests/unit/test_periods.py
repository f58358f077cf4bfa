"""Reporting periods as people write them."""

import pytest

from ragslm._periods import Period, periods


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sales in 2018", ["2018"]),  # a year
        (
            "FY2018, FY 19, FY'20 and fy21",
            ["FY2018", "FY2019", "FY2020", "FY2021"],
        ),  # fiscal years, short too
        ("FY98, fiscal '99, 4Q97", ["FY1998", "FY1999", "Q4 1997"]),  # of the last century
        ("fiscal 2018, fiscal year 2019, 2020 fiscal year", ["FY2018", "FY2019", "FY2020"]),  # in words
        ("fiscal year ended Dec 2018", ["FY2018"]),  # its end is no month asked for
        ("the year ended December 31, 2018", ["FY2018"]),  # nor a day
        ("year end FY2018", ["FY2018"]),
        ("Q2 2023, Q2'2023, Q22023, 2Q23, 2023Q2, 2023 Q2", ["Q2 2023"] * 6),  # one quarter, six spellings
        ("Q2 of FY2022, Q2 FY22, Q2'22, Q2 of fiscal 2022", ["Q2 2022"] * 4),  # of a fiscal year
        ("second quarter of 2023, third fiscal quarter 2022", ["Q2 2023", "Q3 2022"]),  # in words
        ("H1 2023, 2023 H2, first half of 2022", ["Q2 2023", "Q4 2023", "Q2 2022"]),  # half years
        ("1st July 2022, July 1, 2022, 1 jul 2022, 2022-07-01", ["2022-07-01"] * 4),  # one day
        ("in July 2022 and Sept. 2021", ["2022-07", "2021-09"]),  # months
        ("'23 against '22", ["2023", "2022"]),  # short years
        ("FY2019-FY2021, 2019-2021", ["FY2019", "FY2021", "2019", "2021"]),  # ranges by their ends
        ("2022's sales; in 2021.", ["2022", "2021"]),  # possessive and end of sentence
        ("marketing 2022, decline 2021", ["2022", "2021"]),  # no months
        ("$2018, 2,018 or 2018.5, 12 CFR 2019.3", []),  # amounts and sections
        ("the 90's, '20%, 31 Feb 2022, Q2, A2020", []),  # none of them
    ],
)
def test_periods(text, expected):
    assert [str(found.period) for found in periods(text)] == expected


def test_a_period_knows_where_it_stands():
    text = "sales in Q2 of FY2022 grew"
    (found,) = periods(text)
    assert text[found.start : found.end] == "Q2 of FY2022"
    assert found.period == Period(2022, 2)
