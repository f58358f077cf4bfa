"""PowerPoint files (OOXML): slides as pages, their titles as sections, tables, charts, diagrams and notes.

Slide numbers, dates and footers of the layout are left out; macros, links and embedded programs are never
followed. Charts are told by the values stored with them.
"""

import io
from collections.abc import Iterator
from typing import Any

from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors._formats._builder import TextBuilder, one_line
from ragslm_connectors._formats._limits import MAX_CHARS, content_of
from ragslm_connectors._formats._package import Reading, core_properties, is_package, opened
from ragslm_connectors._formats._rows import headings_of, row_text
from ragslm_connectors._formats._xml import parse_xml

_KIND = "PowerPoint file"
_SUFFIXES = frozenset({".pptx", ".pptm", ".ppsx"})
_TITLES = frozenset({"TITLE", "CENTER_TITLE", "VERTICAL_TITLE"})
_LISTS = frozenset({"BODY", "OBJECT", "VERTICAL_BODY", "VERTICAL_OBJECT"})
_LAYOUT = frozenset({"SLIDE_NUMBER", "DATE", "FOOTER", "HEADER"})
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}dm"
_WORDS = "{http://schemas.openxmlformats.org/drawingml/2006/main}p"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"


class PptxParser:
    """`.pptx` files.

    Attributes:
        max_chars: longest text accepted, in characters.
    """

    name = "pptx"
    media_type = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    max_chars = MAX_CHARS

    def claims(self, head: bytes, suffix: str) -> bool:
        """A package with `ppt/`, or any package, old PowerPoint file or nothing under the suffix `.pptx`."""
        return is_package(head, suffix, "ppt/", _SUFFIXES)

    def parse(self, document: SourceDocument) -> ParsedDocument:
        """Every slide in order: title, text, tables, charts and diagrams, then the speaker's notes.

        Raises:
            QuarantineError: empty, encrypted, broken (names the slide), too large or without text.
        """
        import pptx

        content = content_of(document, self.max_chars)
        title, day = core_properties(opened(content, self.max_chars, _KIND, ".pptx"))
        builder = TextBuilder(self.max_chars)
        with Reading(_KIND) as reading:
            for number, slide in enumerate(pptx.Presentation(io.BytesIO(content)).slides, start=1):
                reading.part = f"slide {number}"
                builder.page(number)
                _add_slide(builder, number, slide)
        return builder.build(title=title, effective_date=day)


def _add_slide(builder: TextBuilder, number: int, slide: Any) -> None:
    shapes = list(_flat(slide.shapes))
    titles = [shape for shape in shapes if _placeholder(shape) in _TITLES and _words(shape)]
    if titles:
        builder.heading(1, " ".join(_words(titles[0])))
    else:
        builder.chapter(None)
        builder.section(f"Slide {number}")
    for shape in shapes:
        if not (titles and shape is titles[0]):
            _add_shape(builder, shape)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        for paragraph in slide.notes_slide.notes_text_frame.paragraphs:
            if text := one_line(paragraph.text):
                builder.block("paragraph", f"Notes: {text}")


def _flat(shapes: Any) -> Iterator[Any]:
    """Shapes in order, those of groups included."""
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from _flat(shape.shapes)
        else:
            yield shape


def _placeholder(shape: Any) -> str:
    """Name of the placeholder's type; empty for any other shape."""
    if not shape.is_placeholder:
        return ""
    kind = shape.placeholder_format.type
    return str(kind.name) if kind is not None else ""


def _words(shape: Any) -> list[str]:
    """The shape's paragraphs that hold words."""
    if not shape.has_text_frame:
        return []
    return [text for p in shape.text_frame.paragraphs if (text := one_line(p.text))]


def _add_shape(builder: TextBuilder, shape: Any) -> None:
    kind = _placeholder(shape)
    if kind in _LAYOUT:
        return
    for text in _words(shape):
        if kind in _LISTS:
            builder.block("list_item", "- " + text)
        else:
            builder.block("paragraph", text)
    if getattr(shape, "has_table", False):
        _add_table(builder, shape.table)
    elif getattr(shape, "has_chart", False):
        _add_chart(builder, shape.chart)
    else:
        _add_diagram(builder, shape)


def _add_table(builder: TextBuilder, table: Any) -> None:
    rows = [["" if cell.is_spanned else cell.text for cell in row.cells] for row in table.rows]
    headings = headings_of(rows)
    for cells in rows[1:] if headings else rows:
        if text := row_text(cells, headings):
            builder.block("row", text)


def _add_chart(builder: TextBuilder, chart: Any) -> None:
    """Title, and a row for each series: `Sales | Q1: 4.3 | Q2: 2.5`."""
    if chart.has_title and (title := one_line(chart.chart_title.text_frame.text)):
        builder.block("paragraph", title)
    for plot in chart.plots:
        categories = ["Series", *(str(category) for category in plot.categories)]
        for series in plot.series:
            values = ["" if value is None else f"{value:.12g}" for value in series.values]
            if text := row_text([series.name or "", *values], categories):
                builder.block("row", text)


def _add_diagram(builder: TextBuilder, shape: Any) -> None:
    """The words of a SmartArt diagram, which the slide only refers to."""
    for relation in shape.element.iter(_DIAGRAM):
        data = parse_xml(shape.part.related_part(relation.get(_RELATION)).blob)
        for paragraph in data.iter(_WORDS):
            if text := one_line("".join(paragraph.itertext())):
                builder.block("paragraph", text)
