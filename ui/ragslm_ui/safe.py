"""Text from documents, users and models where only Markdown fits, such as the label of a button.

Longer texts go through `st.text` and `marked.show_marked`, which know no Markdown at all. What is left is
escaped here, so that no image, link, heading or script can come out of a title or a file name.
"""

import re

_SIGNS = re.compile(r"[\\`*_{}\[\]()#+\-.!|<>~$:^=&@/\"']")
_BLANKS = re.compile(r"\s+")
# Control characters, and those that hide text or turn its direction.
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)


def literal(text: str) -> str:
    """`text` on one line, escaped: drawn as Markdown, it shows exactly its visible characters."""
    return _SIGNS.sub(_escaped, _BLANKS.sub(" ", visible(text)).strip())


def visible(text: str) -> str:
    """`text` without characters that cannot be seen but change how others are read."""
    return _INVISIBLE.sub("", text)


def _escaped(sign: re.Match[str]) -> str:
    """The sign behind a backslash.

    Streamlit turns addresses into links and `:names:` into emoji when the escapes are gone already, but only
    within one piece of text. So the signs those need get a piece of their own: a colour that is none.
    """
    escaped = f"\\{sign[0]}"
    before = sign.string[: sign.start()][-3:].lower()
    apart = sign[0] in ":@" or (sign[0] == "." and before == "www")
    return f":color[{escaped}]" if apart else escaped
