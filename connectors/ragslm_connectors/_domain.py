"""What the domains of this package share: parsers and recognisers found by name, loaded when asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from ragslm.protocols import Parser


@dataclass(frozen=True, slots=True)
class PackageDomain:
    """A domain that is a package of this distribution.

    Attributes:
        name: the domain's name, as in entry point group `ragslm.domains`.
        parser_names: `module:Class` below `ragslm_connectors`, most specific first.
        has_recognisers: whether its package has `recognisers.build()`.
        kinds: kinds of sources with their factories, `module:factory` below `ragslm_connectors`.
    """

    name: str
    parser_names: tuple[str, ...]
    has_recognisers: bool = False
    kinds: tuple[tuple[str, str], ...] = ()

    def parsers(self) -> Sequence[Parser]:
        """One instance of each parser, the same at every call."""
        return [_parser(name) for name in self.parser_names]

    def recognisers(self) -> Sequence[Any]:
        """Presidio recognisers of this domain, new at every call."""
        if not self.has_recognisers:
            return []
        built: Sequence[Any] = import_module(f"ragslm_connectors.{self.name}.recognisers").build()
        return built

    def connectors(self) -> Mapping[str, str]:
        """Where the factories of its kinds of sources are."""
        return {kind: f"ragslm_connectors.{factory}" for kind, factory in self.kinds}

    def resources(self) -> Traversable:
        """The domain's folder."""
        return files(f"ragslm_connectors.{self.name}")


@cache
def _parser(name: str) -> Parser:
    module, _, cls = name.partition(":")
    parser: Parser = getattr(import_module(f"ragslm_connectors.{module}"), cls)()
    return parser
