"""The page: ask on the left, see the source on the right."""

from pathlib import Path
from typing import cast

import streamlit as st

from ragslm.client import ServerInfo
from ragslm.types import Mode
from ragslm_ui.answer import show_job
from ragslm_ui.job import Job
from ragslm_ui.safe import literal
from ragslm_ui.session import session
from ragslm_ui.sidebar import show_sidebar
from ragslm_ui.sign_in import sign_in
from ragslm_ui.source import show_source

POLL_SECONDS = 0.4
STYLE = Path(__file__).with_name("style.css")


def show() -> None:
    """Draw everything once; Streamlit runs this at every click."""
    # An icon by name would be fetched from Google; an emoji is drawn by the browser.
    st.set_page_config(page_title="ragslm", page_icon="📎", layout="wide")
    st.html(STYLE)
    info = sign_in()
    if info is None:
        return
    with st.sidebar:
        documents = show_sidebar(info)
    left, right = st.columns([1, 1], gap="medium")
    with left:
        _show_jobs(info, documents)
    with right:
        show_source(cleared=info.cleared)
    hint = "Ask about the documents" if documents else "There are no documents to ask about yet"
    if question := st.chat_input(hint, disabled=not documents):
        _ask(question)
        st.rerun()


def _show_jobs(info: ServerInfo, documents: int) -> None:
    jobs = session().jobs
    if not jobs:
        _show_welcome(info, documents)
    for number, job in enumerate(jobs[:-1]):
        show_job(job, number, cleared=info.cleared)
    if jobs and jobs[-1].over:
        show_job(jobs[-1], len(jobs) - 1, cleared=info.cleared)
    elif jobs:
        _watch(info.cleared)


def _show_welcome(info: ServerInfo, documents: int) -> None:
    """What this is for, before the first question; or how to get documents in."""
    st.subheader("Ask your documents")
    st.markdown(
        "Every sentence of an answer is checked against the source it names. One click shows the place."
    )
    st.info(literal(info.intended_use), icon=":material/info:")
    if documents:
        return
    if info.owner:
        st.warning(
            "There are no documents here yet. Add some on the left, or run `ragslm ingest FOLDER`.",
            icon=":material/folder_open:",
        )
    else:
        st.warning(
            "There are no documents here that you may read. Ask the person who runs ragslm to add some.",
            icon=":material/folder_open:",
        )


@st.fragment(run_every=POLL_SECONDS)
def _watch(cleared: bool) -> None:
    """Draw the running answer again and again until it is over, without running the whole page."""
    jobs = session().jobs
    if not jobs:
        return
    job, number = jobs[-1], len(jobs) - 1
    if job.over:
        st.rerun(scope="app")
    show_job(job, number, cleared=cleared)
    if job.over:  # it ended while it was drawn: until the next look a click would be lost
        st.rerun(scope="app")
    if st.button("Stop", key=f"stop-{number}", icon=":material/stop_circle:"):
        job.stop()
        st.rerun(scope="app")


def _ask(question: str) -> None:
    """Begin an answer. One that is still running goes on and keeps its place."""
    state = session()
    job = Job(question)
    state.jobs.append(job)
    mode = None if state.mode == "auto" else cast("Mode", state.mode)
    job.start(state.client(), state.conversation, mode)
