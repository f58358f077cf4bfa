"""PowerPoint files: slides as pages, titles as sections, tables, charts and notes; nothing is lost."""

import io
from pathlib import Path

import pptx
import pytest
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors._formats._builder import one_line
from ragslm_connectors._formats.pptx import PptxParser

FILES = Path(__file__).parents[2] / "data" / "formats"


def parse(content: bytes) -> ParsedDocument:
    return PptxParser().parse(SourceDocument(uri="file:///x.pptx", content=content))


def blocks(parsed: ParsedDocument) -> list[tuple[str, str]]:
    return [(b.kind, parsed.text[b.start : b.end]) for b in parsed.blocks]


def deck() -> bytes:
    """A title slide, one with table, chart, group and notes, and an empty one."""
    show = pptx.Presentation()
    first = show.slides.add_slide(show.slide_layouts[0])
    first.shapes.title.text = "Quarterly report"
    first.placeholders[1].text = "Draft"
    second = show.slides.add_slide(show.slide_layouts[5])
    second.shapes.title.text = "Figures"
    table = second.shapes.add_table(3, 2, Inches(1), Inches(2), Inches(4), Inches(1)).table
    for row, cells in enumerate([("Item", "2023"), ("Cash", "5"), ("Debt", "6")]):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    data = CategoryChartData()
    data.categories = ["Q1", "Q2"]
    data.add_series("Sales", (4.3, 2.5))
    chart = second.shapes.add_chart(
        XL_CHART_TYPE.COLUMN_CLUSTERED, Inches(1), Inches(3), Inches(4), Inches(3), data
    )
    chart.chart.has_title = True
    chart.chart.chart_title.text_frame.text = "Sales by quarter"
    group = second.shapes.add_group_shape()
    group.shapes.add_textbox(Inches(1), Inches(1), Inches(1), Inches(1)).text_frame.text = "In a group"
    second.notes_slide.notes_text_frame.text = "Say it slowly."
    show.slides.add_slide(show.slide_layouts[6])
    out = io.BytesIO()
    show.save(out)
    return out.getvalue()


def test_a_slide_is_a_page_and_its_title_a_section() -> None:
    parsed = parse(deck())
    assert [page.number for page in parsed.pages] == [1, 2, 3]
    assert [section.path for section in parsed.sections] == ["Quarterly report", "Figures"]
    assert blocks(parsed) == [
        ("heading", "Quarterly report"),
        ("paragraph", "Draft"),
        ("heading", "Figures"),
        ("row", "Item: Cash | 2023: 5"),
        ("row", "Item: Debt | 2023: 6"),
        ("paragraph", "Sales by quarter"),
        ("row", "Series: Sales | Q1: 4.3 | Q2: 2.5"),
        ("paragraph", "In a group"),
        ("paragraph", "Notes: Say it slowly."),
    ]


@pytest.mark.parametrize("name", ["fake-power-point.pptx", "simple.pptx"])
def test_nothing_of_a_deck_is_lost(name: str) -> None:
    content = (FILES / name).read_bytes()
    parsed = parse(content)
    slides = pptx.Presentation(io.BytesIO(content)).slides
    paragraphs = [
        one_line(paragraph.text)
        for slide in slides
        for shape in slide.shapes
        if shape.has_text_frame
        for paragraph in shape.text_frame.paragraphs
        if one_line(paragraph.text)
    ]
    assert len(parsed.pages) == len(slides)
    assert len(parsed.blocks) == len(paragraphs)
    assert [text.removeprefix("- ") for _, text in blocks(parsed)] == paragraphs
