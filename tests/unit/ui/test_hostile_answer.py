"""Whatever a document, a formula or an error holds, an answer shows it as text and makes nothing of it."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from tests.unit.ui.hostile import HOSTILE, tokens

PLAIN = {"text", "text_special", "paragraph_open", "paragraph_close", "strong_open", "strong_close"}
"""What may come out of a label; `strong` is the page's own."""


def page(text: str) -> None:
    from ragslm.types import Answer, Citation, Passage, Sentence, Usage, Verdict
    from ragslm_ui.answer import show_job
    from ragslm_ui.job import Job

    passage = Passage(
        id=1, document_id="d", uri=text, title=text, page=None, section=text, text=text, start=0, end=1
    )
    cited = Citation(
        label="1", passage_id=2, document_id="d", uri=text, title=text, page=None, section=text, start=0,
        end=1, quote=text,
    )  # fmt: skip
    job = Job(text)
    job.asked = f"{text} "
    job.evidence, job.citations = (passage,), {"1": cited}
    verdict = Verdict(True, 1.0)
    job.sentences = [
        Sentence(text=text, citations=("1",), verdict=verdict, origin="calculated", formula=f"{text} = 1")
    ]
    job.answer = Answer(text=text, refused=True, fallback=text, usage=Usage(seconds={"total": 1.0}))
    job.finished.set()
    show_job(job, 0, cleared=True)
    failed = Job("?")
    failed.error = text
    failed.finished.set()
    show_job(failed, 1, cleared=True)


def read_as_markdown(shown: AppTest) -> Iterator[str]:
    for kind in ("markdown", "caption", "warning", "info", "error"):
        yield from (element.value for element in shown.get(kind))
    for kind in ("button", "expander"):
        yield from (element.label for element in shown.get(kind))


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_of_a_document_becomes_markup(text: str) -> None:
    shown = AppTest.from_function(page, kwargs={"text": text}).run()
    assert not shown.exception
    plain = [element.value for element in shown.text]
    assert plain.count(text.strip()) >= 3, "question, sentence and passage, as they are"
    assert f"{text} = 1".strip() in plain
    labels = list(read_as_markdown(shown))
    assert len(labels) >= 9
    for label in labels:
        assert {token.type for token in tokens(label)} <= PLAIN, label
