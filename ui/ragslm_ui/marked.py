"""A text with spans lit up, scrolled to the first of them.

The browser gets the pieces as data and makes text nodes of them, so nothing in them is ever read as
Markdown or HTML.
"""

from collections.abc import Sequence

import streamlit as st

from ragslm_ui.safe import visible

_CSS = """
.ragslm-text {
  white-space: pre-wrap; overflow-wrap: anywhere; overflow-y: auto; position: relative;
  max-height: calc(100vh - 19rem); padding: 0.75rem 1rem; line-height: 1.55;
  border: 1px solid #d5dce3; border-radius: 6px;
}
.ragslm-text mark { background: #ffe169; color: inherit; padding: 0.1em 0; border-radius: 2px; }
"""
_JS = """
export default function ({ parentElement, data }) {
  const box = parentElement.querySelector(".ragslm-text")
  box.replaceChildren(...data.pieces.map(([text, lit]) => {
    const node = document.createElement(lit ? "mark" : "span")
    node.textContent = text
    return node
  }))
  const first = box.querySelector("mark")
  box.scrollTop = first ? first.offsetTop - box.clientHeight / 3 : 0
}
"""

_component = st.components.v2.component(
    "ragslm_marked",
    html='<div class="ragslm-text" tabindex="0"></div>',
    css=_CSS,
    js=_JS,
    isolate_styles=False,
)


def show_marked(text: str, marks: Sequence[tuple[int, int]], *, key: str) -> None:
    """Draw `text` with the `[start, end)` spans of `marks` lit up."""
    _component(data={"pieces": pieces(text, marks)}, key=key)


def pieces(text: str, marks: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
    """`text` cut at the marks, in order: each piece with whether it is lit up. Overlaps are joined."""
    cut: list[tuple[str, bool]] = []
    position = 0
    for start, end in sorted(marks):
        start, end = max(start, position), min(end, len(text))
        if start >= end:
            continue
        cut += [(text[position:start], False), (text[start:end], True)]
        position = end
    cut.append((text[position:], False))
    return [(visible(piece), lit) for piece, lit in cut if piece]
