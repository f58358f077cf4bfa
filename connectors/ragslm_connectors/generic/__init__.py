"""What every domain reads: PDF, Office, OpenDocument, RTF, HTML, CSV, Markdown, text, mail, archives.

Also the kinds of sources that belong to no field: databases, mailboxes, object stores.
"""

from ragslm_connectors._domain import PackageDomain

__all__ = ["DOMAIN"]

DOMAIN = PackageDomain(
    "generic",
    (
        "_formats.record:RecordParser",
        "_formats.pdf:PdfParser",
        "_formats.docx:DocxParser",
        "_formats.pptx:PptxParser",
        "_formats.xlsx:XlsxParser",
        "_formats.xls:XlsParser",
        "_formats.odt:OdtParser",
        "_formats.rtf:RtfParser",
        "_formats.msg:MsgParser",
        "_formats.archive:ArchiveParser",
        "_formats.eml:EmlParser",
        "_formats.html:HtmlParser",
        "_formats.csv:CsvParser",
        "_formats.markdown:MarkdownParser",
        "_formats.text:TextParser",
    ),
    kinds=(
        ("imap", "generic.imap:source"),
        ("s3", "generic.s3:source"),
        ("sql", "generic.sql:source"),
        ("web", "generic.web:source"),
    ),
)
