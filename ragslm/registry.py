"""Domains by name, from entry points. Listing them imports nothing; only configured ones load."""

from collections.abc import Sequence
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import yaml

from ragslm.errors import ConfigError
from ragslm.protocols import Domain, Parser

GROUP = "ragslm.domains"


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
    raise ConfigError(f"Unknown domain {name!r}; installed are {domain_names()}.")


def load_domains(names: Sequence[str]) -> list[Domain]:
    """Import several domains, in the given order.

    Raises:
        ConfigError: one of them is not installed.
    """
    return [load_domain(name) for name in names]


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
