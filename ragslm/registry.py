"""Domains and kinds of sources by name, from entry points. Only what is configured is imported."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

import yaml

from ragslm.errors import ConfigError, MissingExtraError
from ragslm.protocols import BringsConnectors, ConnectorFactory, Domain, Parser

GROUP = "ragslm.domains"
CONNECTORS = "ragslm.connectors"
"""Entry point group of kinds of sources: name → factory taking keyword settings."""
BUILT_IN = {
    "folder": "ragslm.ingest.files:folder",
    "langchain": "ragslm.integrations.langchain_source:source",
}
"""Kinds of sources that ragslm itself brings, as `module:function`."""


def domain_names() -> list[str]:
    """Names of every installed domain, sorted."""
    return sorted(entry.name for entry in entry_points(group=GROUP))


@cache
def load_domain(name: str) -> Domain:
    """Import one domain.

    Raises:
        ConfigError: no installed package brings it, or what it brings is not a `Domain`.
    """
    for entry in entry_points(group=GROUP, name=name):
        domain = entry.load()
        if not isinstance(domain, Domain):
            raise ConfigError(f"Entry point {name!r} of group {GROUP!r} is not a ragslm Domain.")
        return domain
    raise _unknown(name)


def installed(names: Sequence[str]) -> None:
    """Refuse a domain that no installed package brings; none is imported.

    Raises:
        ConfigError: there is one.
    """
    known = domain_names()
    for name in names:
        if name not in known:
            raise _unknown(name)


def _unknown(name: str) -> ConfigError:
    return ConfigError(f"Unknown domain {name!r}; installed are {domain_names()}.")


def load_domains(names: Sequence[str]) -> list[Domain]:
    """Import several domains, in the given order.

    Raises:
        ConfigError: one of them is not installed.
    """
    return [load_domain(name) for name in names]


def connector_kinds(domains: Sequence[str] = ()) -> list[str]:
    """Kinds of sources that are built in, that these domains bring, or that a plug-in brings, sorted."""
    brought = {kind for name in domains for kind in _brought(name)}
    return sorted(BUILT_IN.keys() | brought | {entry.name for entry in entry_points(group=CONNECTORS)})


def load_connector(kind: str, domains: Sequence[str] = ()) -> ConnectorFactory:
    """The factory of one kind of source: built in, then of a domain, then of a plug-in.

    Raises:
        ConfigError: nothing brings it, two plug-ins do, or it is no factory.
        MissingExtraError: a package that it needs is not installed.
    """
    paths = [BUILT_IN, *(_brought(domain) for domain in domains)]
    path = next((found[kind] for found in paths if kind in found), None)
    if path is None:
        return _plugged(kind, domains)
    module, _, name = path.partition(":")
    try:
        factory: ConnectorFactory = getattr(import_module(module), name)
    except ImportError as error:
        raise MissingExtraError(
            f"Kind of source {kind!r} needs the package {error.name!r}. Run: pip install 'ragslm[all]'"
        ) from error
    return factory


def _brought(domain: str) -> Mapping[str, str]:
    loaded = load_domain(domain)
    return loaded.connectors() if isinstance(loaded, BringsConnectors) else {}


def _plugged(kind: str, domains: Sequence[str]) -> ConnectorFactory:
    # The same package may be found in two folders of the path; that is one entry point, not two.
    entries: set[EntryPoint] = set(entry_points(group=CONNECTORS, name=kind))
    if not entries:
        raise ConfigError(
            f"Unknown kind of source {kind!r}; known are {connector_kinds(domains)}. "
            f"Mend the name, or install the plug-in that brings it (entry point group {CONNECTORS!r})."
        )
    if len(entries) > 1:
        raise ConfigError(f"{len(entries)} plug-ins bring the kind of source {kind!r}. Remove one of them.")
    try:
        factory: Any = entries.pop().load()
    except (ImportError, AttributeError) as error:
        raise ConfigError(
            f"The plug-in of kind {kind!r} cannot be loaded: {type(error).__name__}. Install it again."
        ) from error
    if not callable(factory):
        raise ConfigError(f"Entry point {kind!r} of group {CONNECTORS!r} is not a connector factory.")
    made: ConnectorFactory = factory
    return made


def load_profile(name: str) -> dict[str, Any]:
    """The settings a domain brings, from its `profile.yaml`; empty if it has none.

    Raises:
        ConfigError: the file is not a mapping.
    """
    file = load_domain(name).resources() / "profile.yaml"
    if not file.is_file():
        return {}
    profile = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    if not isinstance(profile, dict):
        raise ConfigError(f"profile.yaml of domain {name!r} must be a mapping.")
    return profile


def load_prompt(name: str) -> str:
    """The prompt of a domain, from its `prompt.md`; the generic domain's if it has none."""
    file = load_domain(name).resources() / "prompt.md"
    if not file.is_file():
        file = load_domain("generic").resources() / "prompt.md"
    return file.read_text(encoding="utf-8")


def samples(name: str) -> Path:
    """The folder of sample documents bundled with a domain.

    Raises:
        ConfigError: it brings none.
    """
    folder = Path(str(load_domain(name).resources())).parent / "samples" / name
    if not folder.is_dir():
        raise ConfigError(f"Domain {name!r} brings no sample documents.")
    return folder


def find_parser(domains: Sequence[Domain], head: bytes, suffix: str) -> Parser | None:
    """The first parser that claims the content; domains of one field before the generic one.

    `head`: the first 4,096 bytes; `suffix`: lower case with dot, may be empty.
    """
    ordered = sorted(domains, key=lambda domain: domain.name == "generic")
    for domain in ordered:
        for parser in domain.parsers():
            if parser.claims(head, suffix):
                return parser
    return None
