"""What leaves of an answer: cited, restored for who is cleared, and through the guard."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from ragslm._pseudonyms import put_back
from ragslm._run import Run
from ragslm.protocols import Grounded, Guard, Provenance, Standing, Unit
from ragslm.types import Citation, Event, Identity, Passage, Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """Shows the sentences of one domain's answers, and the passages behind them.

    Attributes:
        guard: the last step of every text.
        provenance: where in its original a citation stands.
        restorable: entity types that an identity sees restored; None is every type, an empty set nothing.
    """

    guard: Guard
    provenance: Provenance
    restorable: Callable[[Identity], frozenset[str] | None]

    def sentence(self, run: Run, grounded: Grounded) -> Iterator[Event]:
        """Number the citations, restore for cleared readers, and yield the sentence."""
        again = grounded.text in run.said
        if grounded.reason is not None or again:
            run.dropped.append(grounded.reason or "said before")
        if grounded.text is None or again:
            return
        run.said.append(grounded.text)
        new = [self._cite(run, unit) for unit in grounded.units]
        sentence = Sentence(
            text=self._restored(run, grounded.text),
            citations=tuple(citation.label for citation in new),
            verdict=grounded.verdict,
            origin=grounded.origin,
            formula=self._formula(run, grounded),
        )
        run.shown.append(sentence)
        yield Event(type="sentence", sentence=sentence, citations=tuple(new))

    def passage(self, passage: Passage) -> Passage:
        """A passage as anybody may see it who may read it."""
        release = self.guard.release
        section = passage.section and release(passage.section)
        return replace(passage, title=release(passage.title), section=section, text=release(passage.text))

    def _cite(self, run: Run, unit: Unit) -> Citation:
        """The citation of a unit, numbered in order of first appearance."""
        run.used.add(unit.label)
        if unit.label not in run.citations:
            passage = unit.passage
            start, end = self.provenance.locate(passage, unit.start, unit.end)
            run.citations[unit.label] = Citation(
                label=str(len(run.citations) + 1),
                passage_id=passage.id,
                document_id=passage.document_id,
                uri=passage.uri,
                title=self.guard.release(passage.title),
                page=passage.page,
                section=passage.section and self.guard.release(passage.section),
                start=start,
                end=end,
                quote=self._restored(run, unit.text),
                date=passage.date,
                superseded=run.standing.get(passage.document_id, Standing()).superseded,
            )
        return run.citations[unit.label]

    def _formula(self, run: Run, grounded: Grounded) -> str | None:
        """A calculation's formula, each operand with the label of its source."""
        pieces = (
            f" [{self._cite(run, piece).label}]" if isinstance(piece, Unit) else piece
            for piece in grounded.formula
        )
        return self.guard.release("".join(pieces)) or None

    def _restored(self, run: Run, text: str) -> str:
        """The text as this reader may see it."""
        types = self.restorable(run.question.identity)
        shown = self.guard.release(text, types)
        if types is None or types:
            closed = self.guard.release(text)
            run.restored |= shown != closed
            run.restored_types |= put_back(closed, shown)
        return shown
