"""One question with its answer as it arrives: sentences, sources, evidence, and how it came about."""

import streamlit as st

from ragslm.types import PATH_SEPARATOR, Answer, Citation, Passage, Sentence
from ragslm_ui.job import Job
from ragslm_ui.safe import literal, visible
from ragslm_ui.session import Place, session

TITLE = 80
"""Characters of a title or section heading on a button."""
TELLING = 15
"""Characters from which a heading is taken to speak for itself."""


def show_job(job: Job, number: int, *, cleared: bool) -> None:
    """Question, sentences with their sources, and everything behind them."""
    with st.chat_message("user", avatar=":material/person:"):
        _show_question(job, cleared)
    with st.chat_message("assistant", avatar=":material/fact_check:"):
        for position, sentence in enumerate(job.sentences):
            _show_sentence(job, sentence, f"{number}-{position}")
        if job.answer is not None:
            _show_outcome(job.answer)
        elif job.problem is not None:
            show = st.info if job.stopped.is_set() else st.error
            show(literal(job.problem), icon=":material/info:")
        else:
            _show_progress(job)
        if job.over:
            _show_evidence(job, number)
        if job.answer is not None:
            _show_account(job.answer)


def _show_question(job: Job, cleared: bool) -> None:
    """The question as typed; for who is not cleared, with its personal data replaced."""
    st.text(visible(job.question if cleared else job.asked or "…"))
    if job.asked is None or job.asked == job.question:
        return
    if cleared:
        st.caption(literal(f"The engine is asked: {job.asked}"))
    else:
        st.caption("Personal data in your question was replaced before anything was searched.")


def _show_sentence(job: Job, sentence: Sentence, key: str) -> None:
    """A sentence, and under it a button for each of its sources."""
    st.text(visible(sentence.text))
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        _show_origin(sentence)
        for label in sentence.citations:
            _show_citation(job.citations[label], f"cite-{key}-{label}")


def _show_origin(sentence: Sentence) -> None:
    if sentence.origin == "quoted":
        st.badge("word for word", icon=":material/format_quote:", color="green")
    elif sentence.origin == "generated":
        st.badge("reworded, checked", icon=":material/check_circle:", color="blue")
    else:
        st.badge("calculated from the sources", icon=":material/calculate:", color="violet")
        if sentence.formula:
            st.text(visible(sentence.formula))


def _show_citation(citation: Citation, key: str) -> None:
    where = literal(f"{place_words(citation.title, citation.page, citation.section)}{dated(citation)}")
    if st.button(
        f"**\\[{literal(citation.label)}\\]** {where}",
        key=key,
        icon=":material/description:",
        help="Show this place in the source",
    ):
        _open(citation.document_id, citation.title, citation.start, citation.end)


def dated(citation: Citation) -> str:
    """Effective date of the source, and the version that replaced it."""
    date = f" · {citation.date}" if citation.date else ""
    return date + (f" · superseded by the version of {citation.superseded}" if citation.superseded else "")


def place_words(title: str, page: int | None, section: str | None) -> str:
    """Title, page and innermost heading, such as `Reg DD · page 7 · Tiered-Rate Accounts`.

    A heading that says little by itself, such as a date, comes with the one above it.
    """
    words = [_short(title)]
    if page:
        words.append(f"page {page}")
    path = (section or "").split(PATH_SEPARATOR)
    heading = path[-1].strip()
    if len(path) > 2 and len(heading) < TELLING:
        heading = f"{path[-2].strip()}, {heading}"
    if heading and heading != title:
        words.append(_short(heading))
    return " · ".join(words)


def _short(words: str) -> str:
    return words if len(words) <= TITLE else words[: TITLE - 1].rstrip() + "…"


def _open(document_id: str, title: str, start: int, end: int) -> None:
    """Show the page or section that holds the span."""
    session().place = Place(document_id, title, 0, start, end)
    st.rerun(scope="app")


def _show_progress(job: Job) -> None:
    if not job.evidence:
        st.caption(":shimmer[Searching the documents…]")
        return
    checked = len(job.sentences)
    sofar = f" · {checked} shown so far" if checked else ""
    st.caption(
        f":shimmer[{len(job.evidence)} passages found. Each sentence is checked against its source before "
        f"it is shown{sofar}]"
    )


def _show_outcome(answer: Answer) -> None:
    if answer.refused:
        st.warning(f"**No answer.** {literal(answer.text)}", icon=":material/block:")
    for labels in answer.conflicts:
        sources = " and ".join(f"[{label}]" for label in labels)
        st.warning(literal(f"The sources disagree: {sources}."), icon=":material/compare_arrows:")
    if answer.fallback:
        st.info(literal(answer.fallback), icon=":material/info:")


def _show_evidence(job: Job, number: int) -> None:
    if not job.evidence:
        return
    with st.expander(f"All evidence: {len(job.evidence)} passages", icon=":material/library_books:"):
        st.caption("What was found for this question, as the engine saw it: personal data is replaced.")
        cited = {citation.passage_id: citation.label for citation in job.citations.values()}
        for passage in job.evidence:
            _show_passage(passage, number, cited.get(passage.id))


def _show_passage(passage: Passage, number: int, label: str | None) -> None:
    with st.container(border=True):
        head = f"**{literal(place_words(passage.title, passage.page, passage.section))}**"
        st.markdown(head if label is None else f"{head} :green-badge[source {literal(label)}]")
        st.text(visible(passage.text))
        if st.button("Show in source", key=f"evidence-{number}-{passage.id}", icon=":material/description:"):
            _open(passage.document_id, passage.title, passage.start, passage.end)


def _show_account(answer: Answer) -> None:
    """Which engine answered and what was scrubbed at a glance; the rest on request."""
    facts = [f"Engine: {answer.engine}", f"{answer.usage.seconds.get('total', 0.0):.1f} s"]
    if answer.scrubbed:
        found = ", ".join(f"{count} × {entity}" for entity, count in answer.scrubbed.items())
        facts.insert(1, f"Scrubbed from your question: {found}")
    if answer.dropped.count:
        facts.append(f"Sentences held back: {answer.dropped.count}")
    st.caption(literal(" · ".join(facts)))
    with st.expander("How this answer was made", icon=":material/receipt_long:"):
        for name, value in _details(answer).items():
            st.text(visible(f"{name}: {value}"))


def _details(answer: Answer) -> dict[str, str]:
    """What a reviewer wants to know, by name."""
    scrubbed = ", ".join(f"{count} × {entity}" for entity, count in answer.scrubbed.items())
    stages = {name: spent for name, spent in answer.usage.seconds.items() if name != "total"}
    words = {"quote": "word for word", "near": "close to the source, checked", "free": "free, checked"}
    details = {
        "Engine": answer.engine,
        "Model": answer.model.name,
        "Model SHA-256": answer.model.sha256 or "not known here",
        "Wording": words[answer.mode],
        "Scrubbed from the question": scrubbed or "nothing found",
        "Sentences shown": str(len(answer.sentences)),
        "Sentences held back": str(answer.dropped.count),
        "Time": ", ".join(f"{name} {spent:.2f} s" for name, spent in stages.items()),
        "Audit record": answer.audit_id,
    }
    for position, reason in enumerate(answer.dropped.reasons, start=1):
        details[f"Held back {position}"] = reason
    return details
