"""The engine that needs no model: it quotes the best units. Every other engine falls back to it."""

from collections.abc import Iterator, Sequence

from ragslm.protocols import Draft, TokenCount, Unit
from ragslm.types import Mode, ModelRef


class ExtractiveEngine:
    """Implements `protocols.ChatEngine` without a model."""

    name = "extractive"
    model = ModelRef("none")
    default_mode: Mode = "quote"

    def select(
        self, question: str, units: Sequence[Unit], *, most: int, count: TokenCount
    ) -> tuple[str, ...]:
        """The labels of the units that score best."""
        best = sorted(units, key=lambda unit: unit.score, reverse=True)
        return tuple(unit.label for unit in best[:most])

    def write(self, question: str, units: Sequence[Unit], *, count: TokenCount) -> Iterator[Draft]:
        """The units themselves, in the given order."""
        for unit in units:
            yield Draft(unit.text, (unit.label,))

    def close(self) -> None:
        """Nothing to free."""
