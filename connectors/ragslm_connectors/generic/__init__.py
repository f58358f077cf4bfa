"""Formats every domain reads: PDF, DOCX, HTML, CSV, Markdown and plain text."""

from ragslm_connectors._domain import PackageDomain

__all__ = ["DOMAIN"]

DOMAIN = PackageDomain(
    "generic",
    (
        "_formats.record:RecordParser",
        "_formats.pdf:PdfParser",
        "_formats.docx:DocxParser",
        "_formats.html:HtmlParser",
        "_formats.csv:CsvParser",
        "_formats.markdown:MarkdownParser",
        "_formats.text:TextParser",
    ),
)
