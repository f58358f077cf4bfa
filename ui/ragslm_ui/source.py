"""The source beside the answer: the page as a picture, or the section, with the cited span lit up."""

import streamlit as st

from ragslm.errors import RagslmError
from ragslm.types import SourceView
from ragslm_ui.safe import literal, marked
from ragslm_ui.session import Place, session


def show_source() -> None:
    """The place that was clicked last, or how to get one."""
    place = session().place
    if place is None:
        st.caption("Click a citation to see its source here.")
        return
    try:
        with session().client() as client:
            view = client.page(place.document_id, place.page, marks=[(place.start, place.end)])
    except RagslmError as error:
        st.error(literal(str(error)))
        return
    _show(place, view)


def _show(place: Place, view: SourceView) -> None:
    st.markdown(f"**{literal(place.title)}**")
    unit = "Page" if view.image is not None else "Section"
    st.caption(f"{unit} {view.number} of {view.pages}")
    if view.image is not None:
        st.image(view.image, width="stretch")
    else:
        with st.container(border=True):
            st.markdown(marked(view.text, view.marks))
    back, forth = st.columns(2)
    if back.button("◀ before", disabled=view.number <= 1, width="stretch"):
        _turn(place, view.number - 1)
    if forth.button("after ▶", disabled=view.number >= view.pages, width="stretch"):
        _turn(place, view.number + 1)


def _turn(place: Place, page: int) -> None:
    session().place = Place(place.document_id, place.title, page, place.start, place.end)
    st.rerun()
