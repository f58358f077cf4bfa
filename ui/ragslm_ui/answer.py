"""One question with its answer as it arrives: sentences, citations, evidence, and how it came about."""

import streamlit as st

from ragslm.types import Answer, Citation, Passage
from ragslm_ui.job import Job
from ragslm_ui.safe import literal
from ragslm_ui.session import Place, session

ORIGIN = {
    "quoted": ("green", "quoted", "The source's own words"),
    "generated": ("blue", "worded by the model", "Reworded by the model and checked against the source"),
    "calculated": ("violet", "calculated", "Calculated from cited values"),
}


def show_job(job: Job, number: int) -> None:
    """Question, sentences with their citations, and everything behind them."""
    with st.chat_message("user"):
        st.markdown(literal(job.question))
    with st.chat_message("assistant"):
        for sentence in job.sentences:
            labels = "".join(f"[{label}]" for label in sentence.citations)
            colour, name, _ = ORIGIN[sentence.origin]
            st.markdown(f"{literal(sentence.text)} **{literal(labels)}** :{colour}-badge[{name}]")
        _show_citations(job, number)
        if job.error is not None:
            st.error(literal(job.error))
        elif job.answer is not None:
            _show_outcome(job.answer)
        elif not job.finished.is_set():
            st.caption(f"Checking… {len(job.sentences)} sentences verified so far")
        _show_evidence(job, number)
        if job.answer is not None:
            _show_account(job.answer)


def _show_citations(job: Job, number: int) -> None:
    for citation in job.citations.values():
        where = ", ".join(
            part
            for part in (
                citation.title,
                f"page {citation.page}" if citation.page else "",
                citation.section or "",
            )
            if part
        )
        if st.button(
            literal(f"[{citation.label}] {where}"),
            key=f"cite-{number}-{citation.label}",
            help="Show the source with this passage lit up",
        ):
            _open(citation)


def _open(citation: Citation) -> None:
    session().place = Place(
        document_id=citation.document_id,
        title=citation.title,
        page=citation.page or 0,
        start=citation.start,
        end=citation.end,
    )
    st.rerun(scope="app")


def _show_outcome(answer: Answer) -> None:
    if answer.refused:
        st.warning(literal(f"No answer. {answer.text}"), icon="🚫")
    if answer.fallback:
        st.info(literal(answer.fallback))


def _show_evidence(job: Job, number: int) -> None:
    if not job.evidence:
        return
    with st.expander(f"All evidence: {len(job.evidence)} passages"):
        for passage in job.evidence:
            _show_passage(passage, number)


def _show_passage(passage: Passage, number: int) -> None:
    where = f"{passage.title}, page {passage.page}" if passage.page else passage.title
    st.markdown(f"**{literal(where)}**  \n{literal(passage.text)}")
    if st.button("Show in source", key=f"evidence-{number}-{passage.id}"):
        session().place = Place(
            passage.document_id, passage.title, passage.page or 0, passage.start, passage.end
        )
        st.rerun(scope="app")


def _show_account(answer: Answer) -> None:
    """Engine, mode, what was left out and what was scrubbed, and the audit record."""
    scrubbed = ", ".join(f"{count} × {entity}" for entity, count in answer.scrubbed.items()) or "nothing"
    facts = [
        f"Answered by {answer.engine} in mode {answer.mode}",
        f"sentences not shown: {answer.dropped.count}",
        f"scrubbed from your question: {scrubbed}",
        f"{answer.usage.seconds.get('total', 0.0):.1f} s",
        f"record {answer.audit_id}",
    ]
    st.caption(literal(" · ".join(facts)))
    if answer.dropped.reasons:
        with st.expander("Why sentences were not shown"):
            for reason in answer.dropped.reasons:
                st.markdown(f"- {literal(reason)}")
