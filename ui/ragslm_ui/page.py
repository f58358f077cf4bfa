"""The page: ask on the left, see the source on the right."""

from typing import cast

import streamlit as st

from ragslm.types import Mode
from ragslm_ui.answer import show_job
from ragslm_ui.job import Job
from ragslm_ui.session import session
from ragslm_ui.sidebar import show_sidebar, sign_in
from ragslm_ui.source import show_source

POLL_SECONDS = 0.4


def show() -> None:
    """Draw everything once; Streamlit runs this at every click."""
    st.set_page_config(page_title="ragslm", page_icon="📎", layout="wide")
    info = sign_in()
    if info is None:
        return
    with st.sidebar:
        st.title("ragslm")
        show_sidebar(info)
    left, right = st.columns(2, gap="large")
    with left:
        _show_jobs()
    with right:
        show_source()
    if question := st.chat_input("Ask about the documents"):
        _ask(question)
        st.rerun()


def _show_jobs() -> None:
    jobs = session().jobs
    if not jobs:
        st.caption(
            "Every sentence of an answer is checked against the source it cites. Click its label to see where."
        )
    for number, job in enumerate(jobs[:-1]):
        show_job(job, number)
    if jobs and jobs[-1].finished.is_set():
        show_job(jobs[-1], len(jobs) - 1)
    elif jobs:
        _watch()


@st.fragment(run_every=POLL_SECONDS)
def _watch() -> None:
    """Draw the running answer again and again until it is finished, without running the whole page."""
    jobs = session().jobs
    if not jobs:
        return
    job, number = jobs[-1], len(jobs) - 1
    if job.finished.is_set():
        st.rerun(scope="app")
    show_job(job, number)
    if st.button("Stop", key=f"stop-{number}"):
        job.stop()


def _ask(question: str) -> None:
    state = session()
    job = Job(question, state.domain or "")
    state.jobs.append(job)
    mode = None if state.mode == "auto" else cast("Mode", state.mode)
    job.start(state.client(), state.conversation, mode)
