"""What is a heading, a row, a label and a column on one PDF page, from the boxes of its words."""

from ragslm_connectors._formats._pdf_layout import Piece, lay_out_words
from ragslm_connectors._formats._pdf_lines import lines_of
from ragslm_connectors._formats._pdf_outline import Outline
from ragslm_connectors._formats._pdf_words import Word


def page(*lines: tuple[float, str]) -> list[Word]:
    """Words of lines given as `(y, "x:word x:word")`, ten points high, five points a letter."""
    found: list[Word] = []
    for y, line in lines:
        for part in line.split():
            x, _, text = part.partition(":")
            left = float(x)
            found.append(Word(text.replace("_", " "), len(found), left, y, left + 5 * len(text), y + 10))
    return found


def texts(pieces: list[Piece], kind: str) -> list[str]:
    return [piece.text for piece in pieces if piece.kind == kind]


def test_headings_in_several_lines_each_stand_over_their_column() -> None:
    """A spanning heading over three columns each; a heading of two lines beside headings of one."""
    pieces = lay_out_words(
        page(
            (730, "195:Three_months 375:Twelve_months"),
            (714, "212:Rigid 392:Rigid"),
            (710, "150:Soft 272:All 330:Soft 452:All"),
            (706, "212:boxes 392:boxes"),
            (690, "10:Sales 150:1,111 210:2,222 270:3,333 330:4,444 390:5,555 450:6,666"),
            (675, "10:Growth 150:1.0 210:2.0 270:3.0 330:4.0 390:5.0 450:6.0"),
        )
    )
    assert texts(pieces, "row")[0] == (
        "Sales | Three months Soft: 1,111 | Three months Rigid boxes: 2,222 | Three months All: 3,333"
        " | Twelve months Soft: 4,444 | Twelve months Rigid boxes: 5,555 | Twelve months All: 6,666"
    )


def test_labels_between_headings_and_first_row_are_no_gap() -> None:
    """Balance sheets begin with `ASSETS` and `Current assets:` under their dates."""
    pieces = lay_out_words(
        page(
            (740, "200:December_2, 300:December_3,"),
            (728, "212:2022 312:2021"),
            (712, "10:ASSETS"),
            (698, "10:Current_assets:"),
            (684, "10:Cash 215:4,236 315:3,844"),
            (670, "10:Debt 215:1,860 315:1,954"),
        )
    )
    assert texts(pieces, "row")[-2:] == [
        "Cash | December 2, 2022: 4,236 | December 3, 2021: 3,844",
        "Debt | December 2, 2022: 1,860 | December 3, 2021: 1,954",
    ]


def test_a_table_goes_on_below_a_short_line() -> None:
    pieces = lay_out_words(
        page(
            (700, "10:Assets 200:2022 260:2021"),
            (685, "10:Cash 200:1,111 255:22,222"),
            (670, "10:Debt 200:3,333 260:4,444"),
            (645, "10:Commitments_and_contingencies_(Note_16)"),
            (630, "10:Equity"),
            (600, "10:Stock 200:5,555 260:6,666"),
        )
    )
    assert texts(pieces, "row")[1:] == [
        "Cash | 2022: 1,111 | 2021: 22,222",
        "Debt | 2022: 3,333 | 2021: 4,444",
        "Commitments and contingencies (Note 16)",
        "Equity",
        "Stock | 2022: 5,555 | 2021: 6,666",
    ]


def test_another_table_does_not_take_the_headings_above() -> None:
    """Its values end elsewhere."""
    pieces = lay_out_words(
        page(
            (700, "10:Assets 200:2022 260:2021"),
            (685, "10:Cash 200:1,111 255:22,222"),
            (600, "10:Words_between_the_tables."),
            (560, "10:Stock 230:5,555 300:6,666"),
        )
    )
    assert texts(pieces, "row")[-1] == "Stock | 5,555 | 6,666"


def test_a_label_of_two_lines_beside_its_values() -> None:
    pieces = lay_out_words(
        page(
            (700, "10:Assets 200:2022 260:2021"),
            (685, "10:Cash 200:1,111 260:2,222"),
            (670, "10:Comparable_constant"),
            (660, "10:growth_rate"),
            (664, "200:3,333 260:4,444"),
            (640, "10:Debt 200:5,555 260:6,666"),
        )
    )
    assert "Comparable constant growth rate | 2022: 3,333 | 2021: 4,444" in texts(pieces, "row")


def test_a_sign_of_money_stays_with_its_amount_in_a_row_without_label() -> None:
    lines = lines_of(page((700, "200:$ 230:3,592 300:4,444")))
    assert [cell.text for cell in lines[0].cells] == ["$3,592", "4,444"]


def test_footnote_marks_drawn_at_the_end_go_to_their_words() -> None:
    words = page(
        (700, "10:Net_income 200:1,111"), (685, "10:Debt 200:2,222"), (702, "62:(a)"), (500, "10:(b)")
    )
    lines = lines_of(words)
    assert [line.text for line in lines] == ["Net income (a) 1,111", "Debt 2,222", "(b)"]


def test_two_columns_drawn_line_by_line_are_read_one_after_the_other() -> None:
    left = [
        "The_first_column_begins",
        "and_goes_on_in_small",
        "letters_until_its_end,",
        "line_after_line_and",
        "then_it_stops.",
    ]
    right = [
        "Here_the_second_starts",
        "which_must_not_be_mixed",
        "with_the_first_one,",
        "whatever_the_file_does",
        "to_its_lines_of_text.",
    ]
    words = page(
        *[(700 - 12 * n, f"10:{a} 200:{b}") for n, (a, b) in enumerate(zip(left, right, strict=True))]
    )
    read = " ".join(line.text for line in lines_of(words))
    assert read == " ".join([*left, *right]).replace("_", " ")


def test_a_table_of_words_is_not_read_by_columns() -> None:
    rows = [(700 - 12 * n, "10:Interest_rate_of_the_account 200:Balance_that_is_required") for n in range(6)]
    assert len(lines_of(page(*rows))[0].cells) == 2


# ---------------------------------------------------------------- the document's outline


def heading(text: str, size: float = 12.0) -> Piece:
    return Piece("heading", [(text, 0)], size, bold=True)


def words(text: str = "Words of a paragraph that is long enough.") -> Piece:
    return Piece("paragraph", [(text, 0)], 10.0)


def test_a_cover_encloses_nothing() -> None:
    cover = heading("ACME INC.", 30)
    pages = [[cover, words()], *[[heading("Part", 20), words(), heading(f"Item {n}x")] for n in range(12)]]
    outline = Outline(pages)
    levels = [outline.level(cover), outline.level(pages[1][2])]
    assert levels == [7, 1]


def test_a_running_head_is_no_section_and_one_of_some_pages_is_a_chapter() -> None:
    pages = [
        [heading("ACME INC."), *([heading("Notes")] if n > 6 else []), words(), heading(f"Debt {'x' * n}")]
        for n in range(12)
    ]
    outline = Outline(pages)
    assert outline.level(pages[3][0]) is None
    assert outline.level(pages[3][2]) == 1
    assert (outline.chapter(pages[3]), outline.chapter(pages[8])) == (None, "Notes")


def test_what_only_numbers_its_page_is_an_artifact() -> None:
    pages = [
        [words(f"Page {n} of 12"), words(), words(f"Item {n % 3} stands 4 times"), words(f"10-K 2021 | {n}")]
        for n in range(1, 13)
    ]
    outline = Outline(pages)
    assert [outline.is_artifact(piece) for piece in pages[5]] == [True, False, False, True]


def test_what_ends_a_page_with_a_figure_is_no_artifact() -> None:
    """A total; a number on two pages; the only words of a page."""
    totals = Outline(pages := [[words(), Piece("row", [(f"Total | {n * n}", 0)])] for n in range(9)])
    assert not any(totals.is_artifact(piece) for page in pages for piece in page)
    two = Outline(pages := [[words(), words(str(n))] for n in range(2)])
    assert not two.is_artifact(pages[1][1])
    alone = Outline(pages := [[words(f"Slide {n}")] for n in range(9)])
    assert not alone.is_artifact(pages[4][0])
    headed = Outline(pages := [[words(f"Exhibit {n + 21}"), words()] for n in range(9)])
    assert not headed.is_artifact(pages[4][0])


def test_a_plain_line_as_high_as_the_document_s_text_is_no_heading() -> None:
    """Its own page is a table in small print."""
    line = Piece("heading", [("Segment results", 0)], 10.5)
    assert Outline([[words(), words()], [line]]).level(line) is None
