"""Questions that are known, each with the paragraph that answers it: a question like one asks for the same.

Two questions in customers' words are closer to each other than either is to a rule in lawyers' words. So who
has such questions, for the regulations that are shipped or for rules of his own, names the files, and every
search compares what is asked with them. What a question is not like changes nothing.
"""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ragslm._optional import require
from ragslm.errors import ConfigError
from ragslm.protocols import Embedder
from ragslm.retrieval.index import Found, Scores
from ragslm.types import PATH_SEPARATOR, Passage

REGULATIONS = "regulations"
"""Names the questions that are shipped, on Regulations B, E and DD, where others are named by their file."""
SHIPPED = Path(__file__).with_name("regulation_questions.tsv")
VECTORS = Path(__file__).with_name("regulation_questions.safetensors")
"""Of the shipped questions, under the shipped adapter: embedding 4,562 takes ten seconds."""
LEAST = 0.45
"""Cosine of two questions under the adapter up to which they are not alike. Of questions over annual reports,
which no rule answers, one in two has a nearest known question farther than that, of customers' none."""
WEIGHT = 2.0
"""Fused score that a passage gains for each point of cosine above it: 0.3 by a question much like a known
one. Half of it does as well."""
_STEPS = 127
_AT_ONCE = 256


class KnownQuestions:
    """Compares a question with those that are known.

    Args:
        asked: label of a paragraph, as its heading begins, and a question that it answers.
        vectors: of these questions, float32, shape (len(asked), width), unit length.
        embedder: embeds questions as these were.
    """

    def __init__(
        self, asked: Sequence[tuple[str, str]], vectors: NDArray[np.float32], embedder: Embedder
    ) -> None:
        self._vectors = vectors
        self._embedder = embedder
        rows: dict[str, list[int]] = {}
        for row, (label, _) in enumerate(asked):
            rows.setdefault(label, []).append(row)
        self._rows = rows
        self._longest = max((len(label.split(" ")) for label in rows), default=0)

    @classmethod
    def read(cls, names: Sequence[str], embedder: Embedder) -> "KnownQuestions":
        """Those of some files.

        Args:
            names: `regulations`, or paths; see `read_questions`.
            embedder: embeds the domain's questions.

        Raises:
            ConfigError: a file is not there, or has another line.
        """
        asked: list[tuple[str, str]] = []
        vectors: list[NDArray[np.float32]] = []
        for name in names:
            found = read_questions(SHIPPED if name == REGULATIONS else Path(name))
            asked += found
            kept = _kept(embedder) if name == REGULATIONS else None
            vectors.append(embedded([question for _, question in found], embedder) if kept is None else kept)
        return cls(asked, np.concatenate(vectors), embedder)

    def closeness(self, vector: NDArray[np.float32], sections: Sequence[str | None]) -> Scores:
        """Cosine of the question and the nearest that each section's own paragraph is known to answer; 0
        where none is known.

        Args:
            vector: of the question, float32, shape (width,), unit length.
            sections: paths.
        """
        cosines = self._vectors @ vector
        labels = [self._label(section) for section in sections]
        best = {label: float(cosines[self._rows[label]].max()) for label in set(labels) if label is not None}
        return np.array([0.0 if label is None else best[label] for label in labels])

    def order(self, vector: NDArray[np.float32], found: Found, sections: Mapping[int, str | None]) -> Found:
        """The same passages in their new order; scores stay in 0 to 1.

        Args:
            vector: of the question, as above.
            found: fused order, best first.
            sections: section paths by id; a passage without one gains nothing.
        """
        near = self.closeness(vector, [sections.get(id_) for id_ in found.ids.tolist()])
        scores = found.scores + WEIGHT * np.maximum(0.0, near - LEAST)
        order = np.argsort(-scores, kind="stable")
        return Found(found.ids[order], scores[order] / max(1.0, float(scores.max(initial=0.0))))

    def closest(self, question: str, passages: Sequence[Passage]) -> float:
        """Cosine of the question and the nearest that one of the passages is known to answer, 0 to 1."""
        near = self.closeness(self._embedder.embed([question])[0], [one.section for one in passages])
        return float(near.max(initial=0.0))

    def _label(self, section: str | None) -> str | None:
        """The longest known label that the section's own heading begins with, as whole words."""
        words = (section or "").rpartition(PATH_SEPARATOR)[2].split(" ")
        beginnings = (" ".join(words[:n]) for n in range(min(len(words), self._longest), 0, -1))
        return next((one for one in beginnings if one in self._rows), None)


def read_questions(file: Path) -> list[tuple[str, str]]:
    """Label and question of each line: a label, a tab, a question; lines that begin with `#` say nothing.

    Raises:
        ConfigError: it cannot be read, has no question, or a line is otherwise.
    """
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"Known questions: {str(file)!r} cannot be read as UTF-8 text.") from error
    found = []
    for number, line in enumerate(lines, start=1):
        label, tab, question = line.partition("\t")
        if not line.strip() or line.startswith("#"):
            continue
        if not (tab and label.strip() and question.strip()):
            raise ConfigError(
                f"Known questions: line {number} of {file.name} is not a label, a tab and a question."
            )
        found.append((label.strip(), question.strip()))
    if not found:
        raise ConfigError(f"Known questions: {file.name} has none. Remove it from `known_questions`.")
    return found


def embedded(questions: Sequence[str], embedder: Embedder) -> NDArray[np.float32]:
    """float32, shape (n, width), unit length."""
    parts = (questions[start : start + _AT_ONCE] for start in range(0, len(questions), _AT_ONCE))
    return np.concatenate([embedder.embed(part) for part in parts])


def write_vectors(to: Path, embedder: Embedder) -> None:
    """The shipped questions' vectors in bytes, each by its largest number, with what they were made of."""
    vectors = embedded([question for _, question in read_questions(SHIPPED)], embedder)
    scaled = vectors / np.abs(vectors).max(axis=1, keepdims=True) * _STEPS
    require("safetensors.numpy", extra="rag").save_file(
        {"vectors": scaled.round().astype(np.int8)}, str(to), metadata=_made(embedder)
    )


def _kept(embedder: Embedder) -> NDArray[np.float32] | None:
    """The shipped vectors, if they are of the shipped questions under this embedder."""
    with require("safetensors", extra="rag").safe_open(str(VECTORS), "np") as file:
        if file.metadata() != _made(embedder):
            return None
        steps = file.get_tensor("vectors").astype(np.float32)
    vectors: NDArray[np.float32] = steps / np.linalg.norm(steps, axis=1, keepdims=True)
    return vectors


def _made(embedder: Embedder) -> dict[str, str]:
    return {"embedder": embedder.identity, "questions": hashlib.sha256(SHIPPED.read_bytes()).hexdigest()}
