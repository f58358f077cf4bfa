"""Who is asking, under which profile, and which documents are there."""

import streamlit as st

from ragslm.client import Client, ServerInfo
from ragslm.errors import ApiError, RagslmError
from ragslm_ui.safe import literal
from ragslm_ui.session import session

MODES = {"auto": "as the engine deserves", "quote": "quote the source", "near": "reword, checked"}
SUFFIXES = ["pdf", "docx", "html", "htm", "md", "txt", "csv", "json", "xml"]


def sign_in() -> ServerInfo | None:
    """Ask the server who this is; without a valid key, ask for one."""
    state = session()
    try:
        with state.client() as client:
            return client.info()
    except ApiError as error:
        if error.status not in {401, 403}:
            st.error(literal(str(error)))
            return None
    st.subheader("Sign in")
    with st.form("sign-in"):
        key = st.text_input("API key", type="password", help="From `ragslm keys add NAME`")
        if st.form_submit_button("Sign in") and key:
            state.api_key = key
            st.rerun()
    if state.api_key:
        st.error("This key is not known here.")
    return None


def show_sidebar(info: ServerInfo) -> None:
    """Profile, wording, documents and upload."""
    state = session()
    domains = [name for name in info.domains if name != "generic"] or list(info.domains)
    chosen = st.selectbox(
        "Domain", domains, index=domains.index(state.domain) if state.domain in domains else 0
    )
    if chosen != state.domain:
        state.domain = chosen
        state.restart()
        st.rerun()
    state.mode = st.radio(
        "Wording", list(MODES), format_func=MODES.__getitem__, index=list(MODES).index(state.mode)
    )
    if st.button("New conversation", width="stretch"):
        state.restart()
        st.rerun()
    st.caption(literal(info.intended_use))
    st.caption(f"You are talking to software. Engine: {info.engine}.")
    with state.client() as client:
        _show_documents(client, info)


def _show_documents(client: Client, info: ServerInfo) -> None:
    try:
        found = client.documents()
    except RagslmError as error:
        st.error(literal(str(error)))
        return
    with st.expander(f"Documents: {len(found)}"):
        for document in found:
            st.markdown(f"- {literal(document.title)}")
    if info.owner:
        _show_upload(client)


def _show_upload(client: Client) -> None:
    with st.form("upload", clear_on_submit=True):
        files = st.file_uploader("Add documents", type=SUFFIXES, accept_multiple_files=True)
        if not st.form_submit_button("Add") or not files:
            return
    for file in files:
        try:
            report = client.upload(file.name, file.getvalue())
        except RagslmError as error:
            st.error(literal(f"{file.name}: {error}"))
            continue
        for _, reason in report.quarantined:
            st.warning(literal(f"{file.name} was not taken in: {reason}"))
        if not report.quarantined:
            state = "unchanged" if report.unchanged else f"{report.passages} passages"
            st.success(literal(f"{file.name}: {state}"))
