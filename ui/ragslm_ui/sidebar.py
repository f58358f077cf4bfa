"""Domain, wording, documents and upload."""

import streamlit as st

from ragslm.client import Client, ServerInfo
from ragslm.errors import RagslmError
from ragslm.types import DocumentInfo, IngestReport
from ragslm_ui.safe import literal, visible
from ragslm_ui.session import given_key, session, sign_out

MODES = {
    "auto": ("Recommended", "What the model in use has been measured to do well"),
    "quote": ("Word for word", "Sentences exactly as the source has them"),
    "near": ("Reworded", "Close to the source; each sentence is checked"),
}


def show_sidebar(info: ServerInfo) -> int:
    """Everything beside the conversation. Returns how many documents this user may ask."""
    st.title("ragslm")
    _choose_domain(info)
    if info.health.get("writer") == "extractive":
        st.caption("Answers quote the sources word for word: no language model is in use.")
    else:
        _choose_wording()
    if st.button("New conversation", width="stretch", icon=":material/add_comment:"):
        session().restart()
        st.rerun()
    with session().client() as client:
        documents = _show_documents(client)
        if info.owner:
            _show_upload(client, opened=not documents)
    _show_statement(info)
    return documents


def _choose_domain(info: ServerInfo) -> None:
    """Another domain is another conversation."""
    state = session()
    domains = [name for name in info.domains if name != "generic"] or list(info.domains)
    now = state.domain or info.domain
    index = domains.index(now) if now in domains else 0
    chosen = st.selectbox("Domain", domains, index=index, format_func=str.capitalize, key="domain")
    if chosen != state.domain:
        state.restart()
        state.domain = chosen
        st.rerun()


def _choose_wording() -> None:
    state = session()
    state.mode = st.radio(
        "Wording of answers",
        list(MODES),
        format_func=lambda mode: MODES[mode][0],
        captions=[caption for _, caption in MODES.values()],
        index=list(MODES).index(state.mode),
        key="mode",
    )


def _show_documents(client: Client) -> int:
    try:
        found = client.documents()
    except RagslmError as error:
        st.error(literal(str(error)))
        return 0
    with st.expander(f"Documents: {len(found)}", icon=":material/folder:"):
        for document in found:
            st.text(visible(_line(document)))
    return len(found)


def _line(document: DocumentInfo) -> str:
    pages = f" · {document.pages} pages" if document.pages else ""
    return f"{document.title}{pages}"


def _show_upload(client: Client, *, opened: bool) -> None:
    """A form for files of any kind: the server knows which it reads, and why it does not read another.

    What became of them stays below it until the next conversation.
    """
    with (
        st.expander("Add documents", icon=":material/upload_file:", expanded=opened),
        st.form("upload", clear_on_submit=True, border=False),
    ):
        files = st.file_uploader("Files", accept_multiple_files=True)
        sent = st.form_submit_button("Add", width="stretch")
    if sent and files:
        with st.spinner("Reading, scrubbing and indexing…"):
            session().notices = [_upload(client, file.name, file.getvalue()) for file in files]
        st.rerun()
    for kind, words in session().notices:
        (st.success if kind == "success" else st.error)(literal(words))


def _upload(client: Client, name: str, content: bytes) -> tuple[str, str]:
    """Bring one file in. Returns `success` or `error`, and the words for it."""
    try:
        report = client.upload(name, content)
    except RagslmError as error:
        return "error", f"{name}: {error}"
    new = report.added or report.changed
    if report.quarantined:
        return "error", _left_out(name, report, whole=not (new or report.unchanged))
    if new:
        return "success", f"{name} is here: you can ask about it now."
    return "success", f"{name} is here already, unchanged."


def _left_out(name: str, report: IngestReport, *, whole: bool) -> str:
    """What of a file is not here, and why; a mail or an archive may hold what cannot be read."""
    count, reason = len(report.quarantined), report.quarantined[0][1]
    if whole:
        return f"{name} was not taken in: {reason}"
    if count == 1:
        return f"{name} is here, but 1 of the files in it was not taken in: {reason}"
    return f"{name} is here, but {count} of the files in it were not taken in. The first: {reason}"


def _show_statement(info: ServerInfo) -> None:
    """Intended use, what the other end is, and what this user's key allows."""
    st.caption(f"**Intended use.** {literal(info.intended_use)}")
    seen = "shown to you" if info.cleared else "hidden from you: your key is not cleared for it"
    st.caption(f"You are talking to software. Engine: {literal(info.engine)}. Personal data is {seen}.")
    if given_key() is None and st.button("Sign out", icon=":material/logout:", width="stretch"):
        sign_out()
        st.rerun()
