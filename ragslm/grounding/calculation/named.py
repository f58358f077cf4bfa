"""Ratios that go by a name: what is divided by what is the domain's knowledge and stands in its profile."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ragslm.errors import ConfigError


@dataclass(frozen=True, slots=True)
class NamedRatio:
    """A name and every way a source may call the two things that it compares.

    Attributes:
        name: as questions say it.
        ways: part and whole in words of a row, the most usual first.
    """

    name: str
    ways: tuple[tuple[str, str], ...]

    @property
    def pattern(self) -> re.Pattern[str]:
        """Finds the name in a question, no part of a longer word."""
        return re.compile(rf"(?<![\w-]){re.escape(self.name)}s?(?![\w-])", re.IGNORECASE)


def named_ratios(profile: Mapping[str, str]) -> tuple[NamedRatio, ...]:
    """Ratios as a profile states them: `gross margin: gross profit / net sales; gross profit / revenue`.

    Raises:
        ConfigError: one does not say what is divided by what.
    """
    return tuple(
        NamedRatio(name, tuple(_way(name, way) for way in text.split(";"))) for name, text in profile.items()
    )


def _way(name: str, text: str) -> tuple[str, str]:
    part, _, whole = (piece.strip() for piece in text.partition("/"))
    if not part or not whole:
        raise ConfigError(
            f"ratios: {name!r} must be written `part / whole`, other wordings after a semicolon."
        )
    return part, whole
