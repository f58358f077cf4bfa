"""Shows a sentence only if its cited source supports it; else the source's own words, or nothing."""

import re
from collections.abc import Mapping, Sequence

from ragslm.grounding.reading.frames import frame
from ragslm.grounding.verifier import ANAPHOR, is_verbatim, tidy
from ragslm.protocols import Draft, Grounded, Unit, Verifier
from ragslm.settings import GroundingSettings
from ragslm.types import Verdict

# A quote replaces a rejected sentence only if it answers nearly as well as an answer must.
_QUOTE_SHARE = 0.8
_LONGEST = 2000
_VERBATIM = Verdict(True, 1.0)
_NOT_SHOWN = Verdict(False, 0.0)
_SENTENCE_END = re.compile(r"[.!?]\s|\n")


class Grounder:
    """Decides what is shown of what a model wrote. Nothing that its cited units do not support is.

    Args:
        verifier: judges a sentence against its cited units.
        settings: when a sentence counts as supported and when a unit answers.
    """

    def __init__(self, verifier: Verifier, settings: GroundingSettings) -> None:
        self._verifier = verifier
        self._settings = settings

    def ground(self, draft: Draft, units: Mapping[str, Unit], used: set[str]) -> Grounded:
        """Show the draft, put its source's sentence in its place, or drop it.

        Args:
            draft: a sentence and the labels it claims to rest on.
            units: the selected evidence by label.
            used: labels already shown; a unit is quoted once.
        """
        cited = [units[label] for label in dict.fromkeys(draft.labels) if label in units]
        if not cited:
            return Grounded(text=None, verdict=_NOT_SHOWN, reason="no source cited")
        if len(draft.text) > _LONGEST:
            return Grounded(text=None, verdict=_NOT_SHOWN, reason="too long to be checked")
        text = tidy(draft.text)
        same = next((unit for unit in cited if text and is_verbatim(text, unit.text)), None)
        if same is not None:
            return self.quote(same, used)
        verdict = self._verifier.verify(text, [source(unit) for unit in cited])
        if not verdict.supported or verdict.score < self._settings.support:
            return self._replace(cited, verdict, used)
        return Grounded(text=text, units=self._needed(text, cited), verdict=verdict, origin="generated")

    def quote(self, unit: Unit, used: set[str]) -> Grounded:
        """The unit itself, verbatim, unless it was shown before."""
        if unit.label in used:
            return Grounded(text=None, verdict=_VERBATIM, reason="said before")
        return Grounded(text=unit.text, units=(unit,), verdict=_VERBATIM, origin="quoted")

    def _needed(self, text: str, cited: Sequence[Unit]) -> tuple[Unit, ...]:
        """Only the units that the sentence rests on: one if one is enough."""
        if len(cited) > 1:
            judged = [(self._verifier.verify(text, [source(unit)]), unit) for unit in cited]
            enough = [(verdict.score, unit.score, unit) for verdict, unit in judged if verdict.supported]
            if enough:
                return (max(enough, key=lambda found: found[:2])[2],)
        return tuple(cited)

    def _replace(self, cited: Sequence[Unit], verdict: Verdict, used: set[str]) -> Grounded:
        reason = "; ".join(verdict.reasons) or "not supported by its source"
        least = self._settings.answerable * _QUOTE_SHARE
        fresh = [unit for unit in cited if unit.label not in used and unit.score >= least]
        if not fresh:
            return Grounded(text=None, verdict=verdict, reason=reason)
        best = max(fresh, key=lambda unit: unit.score)
        return Grounded(text=best.text, units=(best,), verdict=_VERBATIM, origin="quoted", reason=reason)


def source(unit: Unit) -> str:
    """What a sentence is checked against: the unit, after the sentence before it where it says "it".

    A row comes after the line that declares the unit of its table.
    """
    if unit.kind == "row" and (above := frame(unit.passage.text, unit.start)):
        return f"{above}\n{unit.text}"
    if not ANAPHOR.match(unit.text):
        return unit.text
    earlier = unit.passage.text[: unit.start].rstrip()
    cut = max((match.end() for match in _SENTENCE_END.finditer(earlier)), default=0)
    return f"{earlier[cut:]}\n{unit.text}"
