"""The evidence of one question: cut, ranked, judged and selected."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from ragslm._persons import of_the_person_asked
from ragslm.grounding.answerability import Judge
from ragslm.grounding.answering import answering, stated_in_full
from ragslm.grounding.conflicts import disagreeing
from ragslm.grounding.kinds import of_the_kind_asked
from ragslm.grounding.paragraphs import of_the_paragraph_cited, wording_asked
from ragslm.grounding.ranking import rank_units, unranked_rows
from ragslm.grounding.refusal import judge_answerable
from ragslm.grounding.units import cut, select_units
from ragslm.protocols import Embedder, Unit
from ragslm.types import Passage

_log = logging.getLogger(__name__)


class Ranker:
    """Cuts passages into units and ranks them by encoder and words.

    Args:
        embedder: the workspace's encoder.
        spelled: spells the abbreviations of a question out.
        named: puts their names in the place of a question's terms.
        told: given a question and the text of the evidence, puts what the evidence names in the place of the
            kinds that the question asks for; empty where there is nothing to put.
        judges: read the best passages before a question is refused or answered.
    """

    def __init__(
        self,
        embedder: Embedder,
        *,
        spelled: Callable[[str], str] = str,
        named: Callable[[str], str] = str,
        told: Callable[[str, str], str] = lambda question, evidence: "",
        judges: Sequence[Judge] = (),
    ) -> None:
        self._embedder = embedder
        self._spelled = spelled
        self._named = named
        self._told = told
        self._judges = judges

    def units(self, question: str, passages: Sequence[Passage], tables: Sequence[Passage] = ()) -> list[Unit]:
        """Units of the passages, best first, each scored 0 to 1. Of another person than asked about, none:
        nothing of theirs is read, calculated with or quoted; and so of another type, stage or class, and of
        another paragraph than is cited.

        Rows that are not ranked, those of `tables` among them, come last: what a row states is told by its
        words and headings, and a calculation needs rows that are not like the question.
        """
        wording = wording_asked(question, passages)
        evidence = wording or of_the_paragraph_cited(question, (*passages, *tables))
        own = of_the_person_asked(question, of_the_kind_asked(question, evidence))
        found = cut(own, whole=bool(wording))
        if found.injected:
            _log.warning("%d sentences of the evidence address the model and were left out", found.injected)
        if wording:
            return [replace(unit, score=1.0) for unit in found.units]
        whole = {passage.id for passage in tables}
        read = [unit for unit in found.units if unit.passage.id not in whole]
        ranked = rank_units(question, read, self._embedder, self._meant(question, read))
        return [*ranked, *unranked_rows(ranked, found.units)]

    def select(self, units: Sequence[Unit], most: int, *, least: float = 0.0) -> list[Unit]:
        """The best and those nearly as good, at most `most`, in the order of the evidence."""
        return select_units(units, most, least)

    def answerable(self, question: str, units: Sequence[Unit]) -> float:
        """Probability that the units hold an answer to either wording of the question, 0 to 1; 1 where they
        are the paragraph asked for, or a row has all that is asked, whatever the reader makes of a table.
        """
        if wording_asked(question, [unit.passage for unit in units]):
            return 1.0
        if stated_in_full((question, self._named(question)), units):
            return 1.0
        wordings = dict.fromkeys((question, self._spelled(question), self._meant(question, units)))
        return max(judge_answerable(wording, units, self._judges) for wording in wordings)

    def answering(self, question: str, units: Sequence[Unit]) -> list[Unit]:
        """Of ranked units those that state what is asked, not only what is near it; in their order."""
        return answering((question, self._named(question)), units)

    def disagreeing(
        self,
        question: str,
        selected: Sequence[Unit],
        ranked: Sequence[Unit],
        scopes: Mapping[str, str | None],
    ) -> list[tuple[Unit, ...]]:
        """Groups of units that state different values for the same thing, newest first."""
        return disagreeing(question, selected, ranked, scopes)

    def _meant(self, question: str, units: Sequence[Unit]) -> str:
        """The question with what the units name in the place of its kinds, or spelled out."""
        return self._told(question, "\n".join(unit.text for unit in units)) or self._spelled(question)
