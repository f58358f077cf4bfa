"""Which units answer what was asked, and which are only near it."""

from collections.abc import Iterable, Sequence

from ragslm._sentences import content_words
from ragslm.grounding.calculation.readings import has
from ragslm.grounding.expected import asks_for_figures
from ragslm.grounding.sought import EXTREME, Sought, sought
from ragslm.grounding.stating import is_of_figures, states_all, stating, subject
from ragslm.grounding.units import nearly_as_good
from ragslm.protocols import Unit


def answering(wordings: Iterable[str], ranked: Sequence[Unit]) -> list[Unit]:
    """The units that state what is asked, in their order; all, where no row of figures is among the best. Of
    figures that are to be compared ("which sales fell the most?") one must say which is the most.

    Of rows of figures those that state it, wherever they rank. Beside them a sentence is a second choice: it
    must be nearly as good as the best unit and have more than half of the words asked about, for a question
    about a report's figures is not answered by whatever the report says beside them.

    Args:
        wordings: the question, and the same with its terms by their names.
        ranked: units of the evidence, best first.
    """
    wordings = list(dict.fromkeys(wordings))
    asked = [sought(wording) for wording in wordings]
    near = nearly_as_good(ranked)
    if not any(is_of_figures(unit) for unit in near):
        compares = asked[0].form == "extreme" and asks_for_figures(wordings[0])
        return [unit for unit in ranked if EXTREME.search(unit.text)] if compares else list(ranked)
    figures = [unit for unit in ranked if is_of_figures(unit)]
    labels = stating(asked, figures)
    labels |= {unit.label for unit in near if not is_of_figures(unit) and _says(asked[0], unit)}
    return [unit for unit in ranked if unit.label in labels]


def stated_in_full(wordings: Iterable[str], ranked: Sequence[Unit]) -> bool:
    """Whether a row of figures has every word asked about and a value of the period asked for."""
    asked = [sought(wording) for wording in dict.fromkeys(wordings)]
    return states_all(asked, [unit for unit in ranked if is_of_figures(unit)])


def _says(asked: Sought, unit: Unit) -> bool:
    """Whether a sentence may be such an answer; which one is the most is said by one that says "most"."""
    if asked.form == "extreme" and EXTREME.search(unit.text) is None:
        return False
    words = frozenset(content_words(f"{unit.passage.section or ''} {unit.text}"))
    wanted = subject(asked, unit)
    return not wanted or sum(has(word, words) for word in wanted) * 2 > len(wanted)
