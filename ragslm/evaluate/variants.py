"""One set of indexes searched in several ways, each adding a part of the whole to the one before.

Read-only: it looks at what the retriever searches, and changes nothing in it.
"""

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ragslm.protocols import Embedder
from ragslm.settings import RetrievalSettings

if TYPE_CHECKING:
    from ragslm.retrieval.index import Found, Ids
    from ragslm.retrieval.indexes import Indexes
    from ragslm.retrieval.known_questions import KnownQuestions
    from ragslm.retrieval.late_interaction import LateInteraction
    from ragslm.retrieval.ranking import Asked
    from ragslm.retrieval.reranker import Reranker
    from ragslm.types import Passage


@dataclass(frozen=True, slots=True)
class Variant:
    """A way of searching.

    Attributes:
        name: as reports print it.
        words: passages by their words (BM25).
        vectors: passages by meaning.
        titles: documents by what the question names.
        glossary: abbreviations of the question spelled out first.
        asides: models and appendices behind what they illustrate.
        adapted: the question embedded as the domain embeds its questions.
        known: passages that answer a known question like it ahead.
        late_interaction: the best of them compared by sentences and word pieces.
        reranker: the best of them read together with the question.
        reordered: passages with an amount, and the last or first record, ahead if asked for.
    """

    name: str
    words: bool = True
    vectors: bool = True
    titles: bool = False
    glossary: bool = False
    asides: bool = False
    adapted: bool = False
    known: bool = False
    late_interaction: bool = False
    reranker: bool = False
    reordered: bool = False


BM25 = Variant("BM25 alone", vectors=False)
DENSE = Variant("dense alone", words=False)
FUSED = Variant("fused")
TITLES = Variant("+ titles", titles=True)
GLOSSARY = Variant("+ glossary", titles=True, glossary=True)
ASIDES = Variant("+ asides", titles=True, glossary=True, asides=True)
ADAPTED = replace(ASIDES, name="+ question adapter", adapted=True)
KNOWN = replace(ADAPTED, name="+ known questions", known=True)
COMPARED = replace(KNOWN, name="+ late interaction", late_interaction=True)
RERANKED = replace(COMPARED, name="+ reranker", reranker=True)
WHOLE = replace(RERANKED, name="+ amounts, days", reordered=True)
"""As the assistant searches."""
_GOES_ON_FROM = {KNOWN: ADAPTED, COMPARED: KNOWN, RERANKED: COMPARED, WHOLE: RERANKED}
"""Stages that order anew what the one before them found."""
VARIANTS = (BM25, DENSE, FUSED, TITLES, GLOSSARY, ASIDES, ADAPTED, KNOWN, COMPARED, RERANKED, WHOLE)
"""In the order of the ablation; what the assistant shows comes after them."""


class Searcher:
    """Passages of some indexes, ranked by any variant.

    Args:
        indexes: what is searched.
        embedder: the encoder their vectors were made with.
        questions: what embeds the domain's questions.
        settings: how many candidates, the share of the dense score, and what stands aside.
        glossary: meanings by abbreviation.
        texts: header line, line break and text of passages, by id, for the reranker.
        passages: passages by id; None where there is only text, without sections and days.
        known_questions: as the assistant has them; None if it has none.
        late_interaction: as the assistant has it; None if it has none.
        reranker: as the assistant has it; None if it has none.
        allowed: row ids of the documents that may be searched; None is all.
    """

    def __init__(
        self,
        indexes: "Indexes",
        embedder: Embedder,
        questions: Embedder,
        settings: RetrievalSettings,
        glossary: Mapping[str, str],
        *,
        texts: Callable[[Sequence[int]], Mapping[int, str]],
        passages: "Callable[[Sequence[int]], Mapping[int, Passage]] | None" = None,
        known_questions: "KnownQuestions | None" = None,
        late_interaction: "LateInteraction | None" = None,
        reranker: "Reranker | None" = None,
        allowed: "Ids | None" = None,
    ) -> None:
        self._indexes = indexes
        self._untitled = copy.copy(indexes)
        self._untitled.titles = type(indexes.titles)()
        self._embedder = embedder
        self._questions = questions
        self._settings = settings
        self._glossary = glossary
        self._texts = texts
        self._passages = passages
        self._known = known_questions
        self._late_interaction = late_interaction
        self._reranker = reranker
        self._allowed = allowed
        self._last: tuple[str, dict[Variant, Found]] = ("", {})

    def ranked(self, question: str, variant: Variant) -> list[int]:
        """Ids of passages, best first; at most `depth` of one index, those of all together fused.

        Rankings of the last question are kept: one way of searching goes on from another.
        """
        from ragslm.retrieval.whom import without_patient

        ids: list[int] = self._found(without_patient(question), variant).ids.tolist()
        return ids

    def _found(self, question: str, variant: Variant) -> "Found":
        if self._last[0] != question:
            self._last = (question, {})
        kept = self._last[1]
        if variant not in kept:
            kept[variant] = self._searched(question, variant)
        return kept[variant]

    def _searched(self, question: str, variant: Variant) -> "Found":
        from ragslm.retrieval.asides import asks_aside, set_back
        from ragslm.retrieval.fusion import DenseShare
        from ragslm.retrieval.ranking import rank

        if variant in _GOES_ON_FROM:
            return self._ordered_anew(question, variant)
        asked = self._asked(question, variant)
        depth, allowed = self._settings.depth, self._allowed
        if not variant.vectors:
            found = self._indexes.words.search(asked.spelled_out, depth, allowed)
        elif not variant.words:
            found = self._indexes.vectors.search(asked.vector, depth, allowed)
        else:
            indexes = self._indexes if variant.titles else self._untitled
            dense = DenseShare.configured(self._settings)
            if not variant.adapted:
                dense = DenseShare(dense.others)
            found = rank(indexes, asked, allowed, depth=depth, dense=dense)
        shown = found.ids[:depth].tolist()
        if variant.asides and self._settings.asides and not asks_aside(question):
            found = set_back(found, self._sections(shown), self._settings.asides)
        return found

    def _ordered_anew(self, question: str, variant: Variant) -> "Found":
        """What the way of searching before it found, in the order of the stage that it adds."""
        from ragslm.retrieval.reordered import reordered

        found = self._found(question, _GOES_ON_FROM[variant])
        shown = found.ids[: self._settings.depth].tolist()
        if variant.reordered:
            return reordered(question, found, self._passages(shown)) if self._passages else found
        meant = self._meant(question, variant)
        if variant.reranker:
            return self._reranker.order(meant, found, self._texts(shown)) if self._reranker else found
        vector = self._asked(question, variant).vector
        if not variant.late_interaction:
            return self._known.order(vector, found, self._sections(shown)) if self._known else found
        if self._late_interaction is None:
            return found
        return self._late_interaction.order(meant, vector, found, self._texts(shown))

    def _sections(self, ids: Sequence[int]) -> Mapping[int, str | None]:
        """Section paths by id; none where there is only text."""
        return {id_: one.section for id_, one in self._passages(ids).items()} if self._passages else {}

    def _asked(self, question: str, variant: Variant) -> "Asked":
        from ragslm.retrieval.glossary import spelled_out
        from ragslm.retrieval.ranking import Asked

        glossary = self._glossary if variant.glossary else {}
        embedder = self._questions if variant.adapted else self._embedder
        vector = embedder.embed([self._meant(question, variant)])[0]
        return Asked(question, spelled_out(question, glossary), vector)

    def _meant(self, question: str, variant: Variant) -> str:
        """The question as the models read it: with the meanings of its abbreviations."""
        from ragslm.retrieval.glossary import spelled_out

        return spelled_out(question, self._glossary if variant.glossary else {}, abbreviated=False)
