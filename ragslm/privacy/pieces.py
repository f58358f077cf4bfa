"""A text as the small encoder reads it: word pieces, and for each what its spelling and the lists say of it.

The encoder knows no capitals, no accents and no line ends, and they say most about names. So every word is of
a kind: its case, whether a list of names or of common words holds it, and whether a line begins with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ragslm._optional import require
from ragslm.privacy import gazetteer

KINDS = 4 * 6 * 2
"""Cases, lists, line or not."""
_OTHER, _LOWER, _TITLE, _UPPER = range(4)
_UNKNOWN, _GIVEN, _SURNAME, _COMMON, _BOTH, _FOREIGN = range(6)


@dataclass(frozen=True, slots=True)
class Pieces:
    """Word pieces of one text.

    Attributes:
        ids: of the encoder's vocabulary.
        words: number of the word each belongs to, rising.
        spans: first character of each word and the one after its last.
        by_word: kind of each word, below `KINDS`.
    """

    ids: Sequence[int]
    words: Sequence[int]
    spans: Sequence[tuple[int, int]]
    by_word: Sequence[int]

    @property
    def kinds(self) -> list[int]:
        """The kind of each piece's word."""
        return [self.by_word[word] for word in self.words]


class Cutter:
    """Cuts texts into word pieces.

    Args:
        folder: the encoder's folder, for its tokeniser.
    """

    def __init__(self, folder: Path) -> None:
        self._tokenizer = require("tokenizers", extra="rag").Tokenizer.from_file(
            str(folder / "tokenizer.json")
        )
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self.start: int = self._tokenizer.token_to_id("[CLS]")
        self.end: int = self._tokenizer.token_to_id("[SEP]")

    def cut(self, texts: Sequence[str]) -> list[Pieces]:
        """Word pieces of each text."""
        encodings = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [
            _pieces(text, encoding.ids, encoding.word_ids, encoding.offsets)
            for text, encoding in zip(texts, encodings, strict=True)
        ]


def _pieces(
    text: str, ids: Sequence[int], words: Sequence[int], offsets: Sequence[tuple[int, int]]
) -> Pieces:
    spans: list[tuple[int, int]] = []
    by_word: list[int] = []
    numbers: list[int] = []
    last = -1
    for word, (start, end) in zip(words, offsets, strict=True):
        if word != last:
            spans.append((start, end))
            last = word
        else:
            spans[-1] = (spans[-1][0], end)
        numbers.append(len(spans) - 1)
    after = 0
    for start, end in spans:
        by_word.append(kind(text[start:end], line="\n" in text[after:start]))
        after = end
    return Pieces(ids, numbers, spans, by_word)


def kind(word: str, *, line: bool) -> int:
    """What spelling and lists say of a word, and whether a line begins with it."""
    return (_case(word) * 6 + _listed(word)) * 2 + line


def begins_line(kind: int) -> bool:
    """Whether a line begins with a word of that kind."""
    return kind % 2 == 1


def _case(word: str) -> int:
    if not word.isalpha():
        return _OTHER
    if word.islower():
        return _LOWER
    return _UPPER if len(word) > 1 and word.isupper() else _TITLE


def _listed(word: str) -> int:
    common = gazetteer.is_common(word)
    if gazetteer.is_given(word):
        return _BOTH if common else _GIVEN
    if gazetteer.is_surname(word):
        return _BOTH if common else _SURNAME
    if common:
        return _COMMON
    return _UNKNOWN if word.isascii() else _FOREIGN
