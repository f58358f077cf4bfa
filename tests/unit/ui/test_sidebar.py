"""An upload takes what the server takes, and says what became of each file."""

import pytest
from streamlit.testing.v1 import AppTest

from ragslm.errors import ApiError
from ragslm.types import IngestReport
from ragslm_ui.sidebar import _upload

WHY = "No parser knows this kind of file (image/png)."


class FakeClient:
    """Answers every upload with one report."""

    def __init__(self, report: IngestReport) -> None:
        self.report = report

    def upload(self, name: str, content: bytes) -> IngestReport:
        return self.report


@pytest.mark.parametrize(
    ("report", "kind", "words"),
    [
        (IngestReport(added=1), "success", "f is here: you can ask about it now."),
        (IngestReport(unchanged=1), "success", "f is here already, unchanged."),
        (IngestReport(quarantined=(("u", WHY),)), "error", f"f was not taken in: {WHY}"),
        (
            IngestReport(added=3, quarantined=(("u#member=a", WHY),)),  # an archive with a picture in it
            "error",
            f"f is here, but 1 of the files in it was not taken in: {WHY}",
        ),
        (
            IngestReport(unchanged=3, quarantined=(("u#member=a", WHY), ("u#member=b", "It is empty."))),
            "error",
            f"f is here, but 2 of the files in it were not taken in. The first: {WHY}",
        ),
        (IngestReport(added=1, unchanged=2), "success", "f is here: you can ask about it now."),
    ],
)
def test_what_became_of_a_file(report: IngestReport, kind: str, words: str) -> None:
    assert _upload(FakeClient(report), "f", b"x") == (kind, words)  # type: ignore[arg-type]


def test_a_refusal_is_told_with_its_reason() -> None:
    class Refusing(FakeClient):
        def upload(self, name: str, content: bytes) -> IngestReport:
            raise ApiError("The body is larger than the server takes.", code="TooLarge")

    found = _upload(Refusing(IngestReport()), "f", b"x")  # type: ignore[arg-type]
    assert found == ("error", "f: The body is larger than the server takes.")


def page() -> None:
    from types import SimpleNamespace

    from ragslm.types import IngestReport
    from ragslm_ui.sidebar import _show_upload

    def upload(name: str, content: bytes) -> IngestReport:
        if name.endswith(".png"):
            return IngestReport(quarantined=((name, "No parser knows this kind of file (image/png)."),))
        return IngestReport(added=1)

    _show_upload(SimpleNamespace(upload=upload), opened=True)  # type: ignore[arg-type]


def test_any_format_can_be_given_and_what_cannot_be_read_is_told() -> None:
    shown = AppTest.from_function(page).run()
    names = ["rates.xlsx", "talk.pptx", "mail.msg", "all.zip", "results.hl7", "scan.dcm", "book.sta", "x.png"]
    shown.file_uploader[0].set_value([(name, b"x", "") for name in names])
    shown.button[0].click().run()
    assert not shown.exception
    assert len(shown.success) == 7
    assert len(shown.error) == 1
