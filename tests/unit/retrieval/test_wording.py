"""What an encoder reads of a table."""

import pytest

from ragslm.retrieval.wording import without_figures

TABLE = """AMCOR 2023 10-K › Note 6 › page 66 · In millions | 2023 | 2022
Assets held for sale: Bemis, net of 12 items.
Trade receivables | June 30, 2023: $— | June 30, 2022: $(192)
Inventories, note 7 | June 30, 2023: 1,320.5 | June 30, 2022: 12.5%
$32,922 | $10,540 | $7,015

Valued on 30 June | EUR 12.00 | 1.00 EUR | (3.1)% | $  (7 ) | 28 % (a) | N/A | * | — | ($) | IAS 7 | 2018 (4)
Status | Quarter: 1Q21 | Dose: 5 mg | 21/20"""


def test_rows_keep_labels_and_each_heading_once() -> None:
    assert without_figures(TABLE).split("\n") == [
        "AMCOR 2023 10-K › Note 6 › page 66 · In millions | 2023 | 2022",
        "Assets held for sale: Bemis, net of 12 items.",
        "Trade receivables | June 30, 2023 | June 30, 2022",
        "Inventories, note 7",
        "",
        "Valued on 30 June | IAS 7 | 2018 (4)",
        "Status | Quarter: 1Q21 | Dose: 5 mg | 21/20",
    ]


def test_a_heading_is_said_again_in_another_text() -> None:
    row = "Cash | 2018: 5"
    assert [without_figures(row), without_figures(row)] == ["Cash | 2018", "Cash | 2018"]


@pytest.mark.parametrize(
    "text", ["", "In 2018 sales were $5 million.", "a|b | ", " | ", "\n\n", "2018: 5", "- " * 9999]
)
def test_what_is_no_row_of_figures_stays(text: str) -> None:
    assert without_figures(text) == text
