"""Which units answer what was asked, and which are only near it."""

from collections.abc import Iterable, Sequence

from ragslm._sentences import content_words
from ragslm.grounding.calculation.readings import has
from ragslm.grounding.sought import EXTREME, Sought, sought
from ragslm.grounding.stating import is_of_figures, states_all, stating, subject
from ragslm.grounding.units import nearly_as_good
from ragslm.protocols import Unit


def answering(wordings: Iterable[str], ranked: Sequence[Unit]) -> list[Unit]:
    """The units that state what is asked, in their order: rows of figures that do wherever they rank, and of
    all others those nearly as good as the best unit.

    Where rows of figures are near, a sentence is a second choice, and must have more than half of the words
    asked about: a question about a report's figures is not answered by whatever the report says beside them.

    Args:
        wordings: the question, and the same with its terms by their names.
        ranked: units of the evidence, best first.
    """
    asked = [sought(wording) for wording in dict.fromkeys(wordings)]
    figures = [unit for unit in ranked if is_of_figures(unit)]
    beside = {unit.label for unit in figures}
    said = (unit for unit in nearly_as_good(ranked) if unit.label not in beside)
    labels = stating(asked, figures)
    labels |= {unit.label for unit in said if not beside or _says(asked[0], unit)}
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
