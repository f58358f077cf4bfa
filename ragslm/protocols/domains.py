"""What a domain brings."""

from collections.abc import Sequence
from importlib.resources.abc import Traversable
from typing import Any, Protocol, runtime_checkable

from ragslm.protocols.parsers import Parser


@runtime_checkable
class Domain(Protocol):
    """What a folder of `ragslm_connectors` brings. Reached through entry point `ragslm.domains`."""

    name: str

    def parsers(self) -> Sequence[Parser]:
        """Parsers of this domain's formats, most specific first."""
        ...

    def recognisers(self) -> Sequence[Any]:
        """Presidio `EntityRecognizer` objects of this domain."""
        ...

    def resources(self) -> Traversable:
        """The folder that holds `profile.yaml` and, where the domain answers questions, `prompt.md`."""
        ...
