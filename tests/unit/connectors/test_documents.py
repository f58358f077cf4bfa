"""OpenDocument and RTF: structure, signs of every kind, and what is passed over."""

import io
import re
import zipfile
import zlib
from datetime import date
from pathlib import Path

import pytest

from ragslm.errors import QuarantineError
from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors._formats._builder import one_line
from ragslm_connectors._formats._package import core_properties
from ragslm_connectors._formats.odt import OdtParser
from ragslm_connectors._formats.rtf import RtfParser

FILES = Path(__file__).parents[2] / "data" / "formats"
SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "text", "table", "draw", "meta", "manifest")
)


def blocks(parsed: ParsedDocument) -> list[str]:
    return [f"{b.kind}: {parsed.text[b.start : b.end]}" for b in parsed.blocks]


def odt(body: str, **parts: str) -> SourceDocument:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        content = f"<office:text>{body}</office:text>"
        package.writestr(
            "content.xml", f"<office:document-content {SPACES}>{content}</office:document-content>"
        )
        for name, part in parts.items():
            package.writestr(name.replace("__", "/").replace("_", "."), part)
    return SourceDocument(uri="file:///x.odt", content=out.getvalue())


def rtf(body: str) -> list[str]:
    content = b"{\\rtf1\\ansi\\ansicpg1252 " + body.encode("ascii") + b"}"
    return blocks(RtfParser().parse(SourceDocument(uri="file:///x.rtf", content=content)))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            '<text:h text:outline-level="2">Title</text:h><text:p>Words.</text:p>',
            ["heading: Title", "paragraph: Words."],
        ),
        ("<text:p>a<text:s/>b<text:tab/>c<text:line-break/>d</text:p>", ["paragraph: a b c d"]),  # signs
        (
            "<text:p>in <text:span>two <text:a>parts</text:a></text:span>.</text:p>",
            ["paragraph: in two parts."],
        ),
        (
            "<text:list><text:list-item><text:p>one</text:p><text:list><text:list-item><text:p>deeper</text:p>"
            "</text:list-item></text:list></text:list-item></text:list>",
            ["list_item: - one", "list_item: - deeper"],
        ),
        (
            "<text:p>Words<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>aside"
            "</text:p></text:note-body></text:note>.</text:p>",
            ["paragraph: Words.", "paragraph: Note: aside"],
        ),
        (
            "<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes><text:p>kept</text:p>",
            ["paragraph: kept"],
        ),
        (
            "<text:p><draw:frame><draw:text-box><text:p>boxed</text:p></draw:text-box></draw:frame></text:p>",
            ["paragraph: boxed"],
        ),
        (
            "<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>Item</text:p>"
            "</table:table-cell><table:table-cell><text:p>2023</text:p></table:table-cell></table:table-row>"
            "</table:table-header-rows><table:table-row><table:table-cell><text:p>Cash</text:p></table:table-cell>"
            '<table:table-cell table:number-columns-repeated="1"><text:p>5</text:p></table:table-cell>'
            '</table:table-row><table:table-row table:number-rows-repeated="1048576"><table:table-cell/>'
            "</table:table-row></table:table>",
            ["row: Item: Cash | 2023: 5"],
        ),
    ],
)
def test_what_an_open_document_says(body: str, expected: list[str]) -> None:
    assert blocks(OdtParser().parse(odt(body))) == expected


def test_an_open_documents_own_title_and_date() -> None:
    told = "<dc:title>Terms</dc:title><dc:date>2024-03-02T10:00:00</dc:date>"
    about = f"<office:m {SPACES} xmlns:dc='dc'>{told}</office:m>"
    parsed = OdtParser().parse(odt("<text:p>Words.</text:p>", meta_xml=about))
    assert (parsed.title, parsed.effective_date) == ("Terms", date(2024, 3, 2))


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (odt("<text:p>x</text:p>", **{"META-INF__manifest_xml": "<m:encryption-data/>"}), "password"),
        (odt("<text:p>unclosed"), "Line 1"),
        (odt("", mimetype_x="y"), "no readable text"),
        (SourceDocument(uri="file:///x.odt", content=b"PK\x03\x04 cut off"), "not a readable"),
    ],
)
def test_a_broken_open_document_says_where(document: SourceDocument, reason: str) -> None:
    with pytest.raises(QuarantineError, match=reason):
        OdtParser().parse(document)


def test_nothing_of_an_open_document_is_lost() -> None:
    from lxml import etree

    content = (FILES / "fake.odt").read_bytes()
    parsed = OdtParser().parse(SourceDocument(uri="file:///x.odt", content=content))
    root = etree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read("content.xml"))
    paragraphs = [
        one_line("".join(p.itertext())) for p in root.iter("{*}p") if one_line("".join(p.itertext()))
    ]
    cells = sum(1 for p in root.iter("{*}p") if any(a.tag.endswith("table-cell") for a in p.iterancestors()))
    rows = len(list(root.iter("{*}table-row"))) - len(list(root.iter("{*}table")))  # a heading row each
    assert all(text in parsed.text for text in paragraphs)
    assert len(parsed.blocks) == len(paragraphs) - cells + rows


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (r"\pard One.\par Two.\par", ["paragraph: One.", "paragraph: Two."]),
        (r"\pard Last without a mark", ["paragraph: Last without a mark"]),
        (r"\pard a\tab b\line c\~d\emdash e\bullet f", ["paragraph: a b c d—e•f"]),  # signs
        (r"\pard \'e9t\'e9 \u8364?5 \u-10179?\u-8694?", ["paragraph: été €5 😊"]),  # characters
        (r"\pard \uc2\u8364ab5\uc0\u8364 6", ["paragraph: €5€6"]),  # substitutes of other lengths
        (r"{\fonttbl{\f1\fcharset204 Cyr;}}\pard\f1 \'cf\'f0\'e8", ["paragraph: При"]),  # by the font
        (r"{\fonttbl{\f1\fcharset128 J;}}\pard\f1 \'93\'fa\'96\'7b", ["paragraph: 日本"]),  # two bytes each
        (r"\pard\outlinelevel0 Title\par\pard Words.", ["heading: Title", "paragraph: Words."]),
        (
            r"{\stylesheet{\s3 heading 2;}}\pard\s3 Title\par\pard\s0 Words.",
            ["heading: Title", "paragraph: Words."],
        ),
        (r"\pard{\listtext 1.\tab}one\par", ["list_item: - one"]),
        (r"\pard Words{\footnote\pard aside\par}.\par", ["paragraph: Words.", "paragraph: Note: aside"]),
        (
            r"{\field{\*\fldinst HYPERLINK x}{\fldrslt link}} {\*\unknown junk}{\pict 00ff}{\v hidden}",
            ["paragraph: link"],
        ),
        (r"{\header\pard head\par}\pard Body.\par", ["paragraph: Body."]),
        (
            r"\trowd\pard\intbl Item\cell 2023\cell\row\trowd\pard\intbl Cash\cell 5\cell\row\pard After\par",
            ["row: Item: Cash | 2023: 5", "paragraph: After"],
        ),
        (r"\pard a\{b\}c\\d", ["paragraph: a{b}c\\d"]),  # signs of its own
        (r"\pard before {\bin4 }}}}}after", ["paragraph: before after"]),  # bytes that look like groups
    ],
)
def test_what_rtf_says(body: str, expected: list[str]) -> None:
    assert rtf(body) == expected


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{\\rtf1 open {\\b group", "Byte 21: the file ends inside 2 groups"),
        (b"{\\rtf1 " + b"{" * 1000, "nested too deeply"),
        (b"{\\rtf1}", "no readable text"),
        (b"words", "not RTF"),
    ],
)
def test_broken_rtf_says_where(content: bytes, reason: str) -> None:
    with pytest.raises(QuarantineError, match=reason):
        RtfParser().parse(SourceDocument(uri="file:///x.rtf", content=content))


def test_nothing_of_the_letter_is_lost() -> None:
    content = (FILES / "letter.rtf").read_bytes()
    parsed = RtfParser().parse(SourceDocument(uri="file:///x.rtf", content=content))
    assert (parsed.title, parsed.effective_date) == ("Terms of the basic account", date(2024, 1, 15))
    kinds = [b.kind for b in parsed.blocks]
    assert kinds.count("row") == len(re.findall(rb"\\row\r?\n", content)) - 1  # one heading row
    assert kinds.count("heading") == len(re.findall(rb"\\pard\\s[12] ", content))
    assert kinds.count("list_item") == content.count(b"{\\listtext")
    assert len(kinds) == 13
    assert "Service: Transfer abroad | Branch: €12.00 | Online: €6.00" in parsed.text
    assert "Вклады (deposits)" in parsed.text
    assert "hidden words" not in parsed.text
    assert [s.path for s in parsed.sections][-1] == "Terms of the basic account › Closing the account"


def test_properties_that_do_not_unpack_say_nothing() -> None:
    """Found by fuzzing: the part's packed bytes were damaged."""
    packed = zlib.compress(b"<a/>" * 99)[2:-4]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("docProps/core.xml", b"<a/>" * 99)
    assert packed in out.getvalue()
    damaged = out.getvalue().replace(packed, b"\xff" * len(packed))
    assert core_properties(zipfile.ZipFile(io.BytesIO(damaged))) == (None, None)
