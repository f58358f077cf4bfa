"""Text from documents and models as Markdown that shows exactly its characters and nothing else.

Everything Markdown or HTML could read as a sign is escaped, so no image, link, heading or script can come
out of a document; only the marks made here have an effect.
"""

import re

_SIGNS = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:^=&@/\"'])")
_BLANKS = re.compile(r"[ \t\f\v]+")
_INVISIBLE = re.compile("[\u0000-\u0008\u000e-\u001f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


def literal(text: str) -> str:
    """`text` escaped; line breaks stay."""
    lines = (_BLANKS.sub(" ", _INVISIBLE.sub("", line)).strip() for line in text.splitlines())
    return "  \n".join(_SIGNS.sub(r"\\\1", line) for line in lines)


def marked(text: str, marks: tuple[tuple[int, int], ...]) -> str:
    """`text` escaped, with `[start, end)` spans on a coloured ground, line by line."""
    parts: list[str] = []
    position = 0
    for start, end in sorted(marks):
        start = max(start, position)
        if start >= end:
            continue
        parts.append(literal_inline(text[position:start]))
        parts.append(_lit_up(text[start:end]))
        position = end
    parts.append(literal_inline(text[position:]))
    return "".join(parts)


def literal_inline(text: str) -> str:
    """`literal`, but blanks at both ends stay, so that pieces can be joined."""
    if not text.strip():
        return "  \n" * text.count("\n") or (" " if text else "")
    before = "  \n" if "\n" in text[: len(text) - len(text.lstrip())] else " " * text[:1].isspace()
    after = "  \n" if "\n" in text[len(text.rstrip()) :] else " " * text[-1:].isspace()
    return before + literal(text.strip()) + after


def _lit_up(text: str) -> str:
    lines = (literal(line) for line in text.splitlines() if line.strip())
    return "  \n".join(f":orange-background[{line}]" for line in lines)
