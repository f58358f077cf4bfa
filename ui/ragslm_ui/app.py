"""Entry point of `streamlit run`: nothing but the page."""

from ragslm_ui.page import show

show()
