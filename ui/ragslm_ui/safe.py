"""Text from documents, users and models where only Markdown fits, such as the label of a button.

Longer texts go through `st.text` and `marked.show_marked`, which know no Markdown at all. What is left is
escaped here, so that no image, link, heading or script can come out of a title or a file name.
"""

import re

_SIGNS = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:^=&@/\"'])")
_BLANKS = re.compile(r"\s+")
# Control characters, and those that hide text or turn its direction.
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)


def literal(text: str, *, most: int | None = None) -> str:
    """`text` on one line, escaped: drawn as Markdown, it shows exactly its visible characters.

    `most`: characters after which the rest is left out, with an ellipsis in their place.
    """
    line = _BLANKS.sub(" ", visible(text)).strip()
    if most is not None and len(line) > most:
        line = line[: most - 1].rstrip() + "…"
    return _SIGNS.sub(r"\\\1", line)


def visible(text: str) -> str:
    """`text` without characters that cannot be seen but change how others are read."""
    return _INVISIBLE.sub("", text)
