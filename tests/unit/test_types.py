"""What the values say of themselves."""

import pytest

from ragslm.types import IngestReport, Sentence, SourceReport, Verdict, labelled


@pytest.mark.parametrize(
    ("citations", "said"),
    [((), "Rest helps."), (("1",), "Rest helps. [1]"), (("1", "2"), "Rest helps. [1][2]")],
)
def test_a_sentence_is_said_with_its_labels(citations: tuple[str, ...], said: str) -> None:
    verdict = Verdict(supported=True, score=1.0)
    sentence = Sentence(text="Rest helps.", citations=citations, verdict=verdict, origin="quoted")
    assert labelled(sentence) == said


def test_a_report_counts_what_it_does_not_name() -> None:
    pairs = (("file:///Jane Roe.pdf", "It is empty."), ("b", "It is empty."))
    for report in (IngestReport(added=1, quarantined=pairs), SourceReport(name="s", quarantined=pairs)):
        assert "quarantined=2, notes=0" in repr(report)
        assert "Roe" not in repr(report)
    assert repr(IngestReport(seconds=1.5)).startswith("IngestReport(added=0, changed=0,")
