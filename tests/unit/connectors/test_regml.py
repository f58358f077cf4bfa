"""Sections of a regulation: named as it is cited, whatever its editors did to labels and markers."""

import pytest

from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors.banking.regml import RegmlParser

LONG = "Words that make the paragraph around too long to be read in one piece. " * 12
REGULATION = f"""<regulation xmlns="eregs">
<fdsys><cfrTitleNum>12</cfrTitleNum><title>TRUTH IN SAVINGS</title></fdsys>
<preamble><cfr><title>12</title><section>1030</section></cfr></preamble>
<part label="1030"><content>
<section label="1030-5" sectionNum="5"><subject>§ 1030.5 Subsequent disclosures.</subject>
  <paragraph label="1030-5-h1" marker="none"><content>This section speaks of changes.</content></paragraph>
  <paragraph label="1030-5-a" marker="(a)"><title>Change in terms.</title><content>It applies when:</content>
    <paragraph label="1030-5-a-1" marker="(1)"><content>A term changes:</content>
      <paragraph label="1030-5-a-1-i" marker="(i)"><content>Upwards; {LONG}</content></paragraph>
      <paragraph label="1030-5-a-1-ii" marker="(ii)">
        <title>Rates.</title><content>Or downwards.</content></paragraph>
      <paragraph label="1030-5-a-1-iii" marker="(iii)"><content>Or away.</content></paragraph>
    </paragraph>
  </paragraph>
  <paragraph label="1030-5-b" marker="(b)"><title>Short.</title><content>Both:</content>
    <paragraph label="1030-5-b-1" marker="(1)"><content>First.</content></paragraph>
  </paragraph>
</section>
<interpretations label="1030-Interp"><title>Supplement I</title>
  <interpSection label="1030-5-Interp"><title>Section 1030.5</title>
    <interpParagraph label="1030-5-a-Interp" target="1030-5-a"><title>Paragraph 5(a).</title>
      <interpParagraph label="1030-5-a-Interp-1" marker="1.">
        <title>Form of notice.</title><content>Any. {LONG}</content>
        <interpParagraph label="1030-5-a-Interp-1-i" marker="i.">
          <content>A letter.</content></interpParagraph>
      </interpParagraph>
    </interpParagraph>
  </interpSection>
</interpretations>
</content></part></regulation>"""
SECTION = "12 CFR 1030.5 Subsequent disclosures."
COMMENTS = "Supplement I › Section 1030.5 › Comment 1030.5(a) Change in terms"


@pytest.fixture(scope="module")
def parsed() -> ParsedDocument:
    return RegmlParser().parse(SourceDocument(uri="file:///dd.xml", content=REGULATION.encode()))


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ("This section speaks", SECTION),  # unnumbered
        ("(a) Change in terms. It applies", f"{SECTION} › 1030.5(a) Change in terms"),
        ("(1) A term changes", f"{SECTION} › 1030.5(a) Change in terms › 1030.5(a)(1)"),
        ("(i) Upwards", f"{SECTION} › 1030.5(a) Change in terms › 1030.5(a)(1)"),  # item of a list
        (
            "(ii) Rates. Or downwards",  # item with a heading of its own
            f"{SECTION} › 1030.5(a) Change in terms › 1030.5(a)(1) › 1030.5(a)(1)(ii) Rates",
        ),
        ("(iii) Or away", f"{SECTION} › 1030.5(a) Change in terms › 1030.5(a)(1)"),  # the list goes on
        ("(b) Short. Both", f"{SECTION} › 1030.5(b) Short"),
        ("(1) First", f"{SECTION} › 1030.5(b) Short"),  # short enough to be read with what it belongs to
        ("Paragraph 5(a).", COMMENTS),  # headed by what it comments on
        ("1. Form of notice. Any", f"{COMMENTS} › Comment 1030.5(a)-1 Form of notice"),
        ("i. A letter", f"{COMMENTS} › Comment 1030.5(a)-1 Form of notice"),
    ],
)
def test_the_section_of_a_paragraph(parsed: ParsedDocument, words: str, path: str) -> None:
    at = parsed.text.index(words.removesuffix("."))
    assert next(s.path for s in parsed.sections if s.start <= at < s.end) == path


def test_no_marker_is_made_up(parsed: ParsedDocument) -> None:
    assert "none" not in parsed.text
