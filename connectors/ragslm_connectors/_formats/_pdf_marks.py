"""Footnote marks that a page draws apart from their words, put back beside them.

Some producers draw all raised marks after the page's text; left there, a row has lost its footnote and the
page ends in a heap of letters.
"""

import re
from collections.abc import Sequence

from ragslm_connectors._formats._pdf_words import Word

_MARK = re.compile(r"(?:\([a-z0-9]{1,2}\)|[*†‡§]{1,3})+")
_REACH = 0.8  # line heights between a word and its mark


def with_marks(lines: Sequence[list[Word]]) -> list[list[Word]]:
    """The lines, with every line of nothing but marks dissolved into the lines its marks stand at.

    A mark that stands at no line stays where it is.
    """
    others = [line for line in lines if not _only_marks(line)]
    if len(others) == len(lines):
        return list(lines)
    kept: list[list[Word]] = []
    for line in lines:
        if not _only_marks(line):
            kept.append(line)
        elif left := [word for word in line if not _placed(word, others)]:
            kept.append(left)
    return kept


def _only_marks(line: Sequence[Word]) -> bool:
    return all(_MARK.fullmatch(word.text) for word in line)


def _placed(mark: Word, lines: Sequence[list[Word]]) -> bool:
    """Whether the mark found the word it stands behind, or the line that it stands before."""
    middle = (mark.bottom + mark.top) / 2
    for line in lines:
        for position, word in enumerate(line):
            level = word.bottom < middle < word.top + 0.3 * word.height
            if level and -0.2 < (mark.left - word.right) / max(1.0, word.height) < _REACH:
                line.insert(position + 1, mark)
                return True
        first = line[0]
        level = first.bottom < middle < first.top + 0.3 * first.height
        if level and -0.2 < (first.left - mark.right) / max(1.0, first.height) < _REACH:
            line.insert(0, mark)
            return True
    return False
