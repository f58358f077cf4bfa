"""Who is asking: the server knows by the key."""

import streamlit as st

from ragslm.client import ServerInfo
from ragslm.errors import ApiError
from ragslm_ui.safe import literal
from ragslm_ui.session import session


def sign_in() -> ServerInfo | None:
    """Ask the server who this is; without a valid key, ask for one. None: nothing else can be shown."""
    state = session()
    try:
        with state.client() as client:
            return client.info()
    except ApiError as error:
        with _middle():
            if error.status in {401, 403}:
                _ask_for_key()
            else:
                _show_unreachable(error)
    return None


def _middle() -> st.delta_generator.DeltaGenerator:
    return st.columns([1, 2, 1])[1]


def _ask_for_key() -> None:
    state = session()
    st.title("ragslm")
    st.markdown("Answers from your documents, each sentence checked against its source.")
    with st.form("sign-in"):
        key = st.text_input(
            "API key",
            type="password",
            help="The person who runs ragslm makes one with `ragslm keys add NAME`.",
        )
        if st.form_submit_button("Sign in", type="primary") and key:
            state.api_key = key.strip()
            st.rerun()
    if state.api_key:
        st.error("This key is not known here. Check it, or ask for a new one.", icon=":material/key_off:")


def _show_unreachable(error: ApiError) -> None:
    st.title("ragslm")
    st.error(literal(str(error)), icon=":material/cloud_off:")
    st.markdown("What you have asked stays on this page. Go on when the server runs again.")
    if st.button("Try again", type="primary"):
        st.rerun()
