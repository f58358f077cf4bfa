"""The source beside the answer: the page as a picture, or the section, with the cited span lit up."""

import streamlit as st

from ragslm.errors import RagslmError
from ragslm.types import SourceView
from ragslm_ui.marked import show_marked
from ragslm_ui.safe import literal
from ragslm_ui.session import Place, session


def show_source(*, cleared: bool) -> None:
    """The place that was clicked last, or how to get one."""
    place = session().place
    with st.container(key="source"):
        if place is None:
            with st.container(border=True):
                st.markdown("**Source**")
                st.caption("Click a source under a sentence: it opens here with the sentence lit up.")
            return
        try:
            view = _fetch(place)
        except RagslmError as error:
            st.error(literal(str(error)))
            return
        _show_head(place, view)
        if view.image is not None:
            st.image(view.image, width="stretch", alt=f"Page {view.number}")
        else:
            show_marked(view.text, view.marks, key=f"text-{place.document_id}-{view.number}")
        if not cleared:
            st.caption(_hidden(view))


def _fetch(place: Place) -> SourceView:
    """The page of the place; fetched once, although the script runs at every click."""
    state = session()
    if state.seen is None or state.seen[0] != place:
        with state.client() as client:
            view = client.page(place.document_id, place.page, marks=[(place.start, place.end)])
        state.seen = (place, view)
    return state.seen[1]


def _show_head(place: Place, view: SourceView) -> None:
    """Title, where we are, and the buttons to turn pages."""
    unit = "Page" if view.image is not None else "Section"
    words, back, forth, close = st.columns([6, 1, 1, 1], gap="small", vertical_alignment="center")
    words.markdown(f"**{literal(place.title)}**  \n{unit} {view.number} of {view.pages}")
    if back.button(
        ":material/chevron_left:",
        key="back",
        help=f"{unit} before",
        disabled=view.number <= 1,
        width="stretch",
    ):
        _turn(place, view.number - 1)
    if forth.button(
        ":material/chevron_right:",
        key="forth",
        help=f"{unit} after",
        disabled=view.number >= view.pages,
        width="stretch",
    ):
        _turn(place, view.number + 1)
    if close.button(":material/close:", key="close", help="Close the source", width="stretch"):
        session().place = None
        st.rerun()


def _hidden(view: SourceView) -> str:
    if view.image is not None:
        return "Personal data is covered by black boxes, because your key is not cleared for it."
    return "Personal data is replaced by stand-ins, because your key is not cleared for it."


def _turn(place: Place, page: int) -> None:
    session().place = Place(place.document_id, place.title, page, place.start, place.end)
    st.rerun()
