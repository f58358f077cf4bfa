"""SEC filings as HTML with inline XBRL: what a reader of the page sees, and a title from the filing's facts.

Tags `ix:` are taken off and their words stay; the header with hidden facts and contexts, and elements that
the page does not show, are left out. Issuer, form and period come from facts of the namespace `dei`, hidden
or not, so that a question that names them finds the filing.

Field policy: a filing is published, it has no personal fields; recognisers read it as any page.

Source: Inline XBRL 1.1, https://www.xbrl.org/specification/inlinexbrl-part1/rec-2013-11-18/; EDGAR Filer
Manual volume II, 6.5.20 (document and entity information)
"""

import re
from codecs import BOM_UTF8
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from ragslm.errors import QuarantineError
from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors._formats._builder import one_line
from ragslm_connectors._formats._decode import decode
from ragslm_connectors._formats._limits import MAX_CHARS, check_length, content_of, is_binary
from ragslm_connectors._formats.html import HtmlParser

_MARK = re.compile(rb"<ix:|[\"']http://www\.xbrl\.org/(?:2008|2013)/inlineXBRL", re.IGNORECASE)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_PROLOGUE = re.compile(r"^\s*<\?xml[^>]*\?>")
_UNSEEN = frozenset({"ix:header", "ix:hidden", "ix:references", "ix:resources"})
_PAGE = re.compile(rb"<(?:html|body)\b|<!doctype\s+html", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_FACTS = frozenset(
    """
    entityregistrantname documenttype documentperiodenddate documentfiscalyearfocus documentfiscalperiodfocus
    """.split()
)
_DATES = ("%Y-%m-%d", "%B %d, %Y", "%b %d, %Y", "%B %d %Y", "%d %B %Y", "%m/%d/%Y")
_ANNUAL = frozenset({"10-K", "20-F", "40-F", "11-K"})


class InlineXbrlParser:
    """HTML with inline XBRL facts.

    The title is `3M Company 10-K FY2018`, the effective date the end of the period, as far as the facts say.

    Attributes:
        max_chars: longest text accepted, in characters.
    """

    name = "inline-xbrl"
    media_type = "text/html"
    max_chars = MAX_CHARS

    def claims(self, head: bytes, suffix: str) -> bool:
        """A page whose first bytes use or declare inline XBRL."""
        return not is_binary(head) and _PAGE.search(head) is not None and _MARK.search(head) is not None

    def parse(self, document: SourceDocument) -> ParsedDocument:
        """The page as HTML, without what it hides.

        Raises:
            QuarantineError: empty, too long, nested too deeply or not text.
        """
        root = _tree(content_of(document, self.max_chars), self.max_chars)
        facts = _facts(root)
        _take_off(root)
        # A byte order mark decides the encoding, whatever the page's own words say.
        parsed = HtmlParser().parse(replace(document, content=BOM_UTF8 + _written(root)))
        return replace(
            parsed,
            title=_title(facts) or parsed.title,
            effective_date=_period(facts) or parsed.effective_date,
        )


def _tree(content: bytes, max_chars: int) -> Any:
    from lxml import etree, html

    declared = _CHARSET.search(content[:4096])
    text = decode(content, declared[1].decode("ascii") if declared else None)
    check_length(len(text), max_chars)
    # As bytes: what is left of a broken XML declaration would be refused in a string.
    parser = html.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        root = html.document_fromstring(_PROLOGUE.sub("", text).encode(), parser=parser)
    except etree.LxmlError as error:
        raise QuarantineError(f"The page cannot be read as HTML ({type(error).__name__}).") from None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):  # the rest was dropped
        raise QuarantineError("The page's elements are nested too deeply.")
    return root


def _written(root: Any) -> bytes:
    from lxml import html

    written: bytes = html.tostring(root, encoding="utf-8")
    return written


def _facts(root: Any) -> dict[str, str]:
    """The first value of each fact about document and entity."""
    found: dict[str, str] = {}
    for element in root.iter("ix:nonnumeric"):
        prefix, _, name = (element.get("name") or "").lower().partition(":")
        if prefix == "dei" and name in _FACTS and (text := one_line(element.text_content())):
            found.setdefault(name, text)
    return found


def _take_off(root: Any) -> None:
    """Empty what is not shown, and make plain spans of tags. Nothing is moved: moving is quadratic."""
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or element is root:
            continue
        if element.tag in _UNSEEN or _HIDDEN.search(element.get("style") or ""):
            element.clear(keep_tail=True)
            element.tag = "span"
        elif element.tag.startswith("ix:"):
            element.tag = "span"


def _title(facts: Mapping[str, str]) -> str | None:
    """Issuer, form and period in the words of `ragslm.retrieval.cards`."""
    issuer, form = facts.get("entityregistrantname", ""), facts.get("documenttype", "").upper()
    if not issuer or not form:
        return None
    end = _period(facts)
    year = facts.get("documentfiscalyearfocus", "")
    year = year if re.fullmatch(r"(?:19|20)\d\d", year) else str(end.year) if end else ""
    quarter = facts.get("documentfiscalperiodfocus", "").upper()
    if form.partition("/")[0] in _ANNUAL:
        period = f"FY{year}" if year else ""
    elif re.fullmatch(r"Q[1-4]", quarter) and year:
        period = f"{quarter} {year}"
    else:
        period = f"dated {end}" if end else ""
    return " ".join(filter(None, (issuer, form, period)))


def _period(facts: Mapping[str, str]) -> date | None:
    text = facts.get("documentperiodenddate", "").replace("\xa0", " ")
    for form in _DATES:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None
