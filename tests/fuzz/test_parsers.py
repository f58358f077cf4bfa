"""Every registered parser, on damaged copies of the samples it claims: a document or a reason, nothing else.

A thousand inputs over all parsers in every run, always the same ones. `make fuzz` tries RAGSLM_FUZZ new ones
for each parser.
"""

import os
import resource
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ragslm_connectors
from ragslm.protocols import Parser
from ragslm.registry import domain_names, find_parser, load_domains
from ragslm.testing.fuzzing import assert_contained, damaged

EACH = int(os.environ.get("RAGSLM_FUZZ", "0"))
IN_EVERY_RUN = 1000
MEMORY = 2_000_000_000  # as a worker's, see ragslm.ingest.confinement
PLACES = [Path(__file__).parents[1] / "data", Path(ragslm_connectors.__file__).parent / "samples"]
DOMAINS = load_domains(domain_names())
PARSERS = {parser.name: parser for domain in DOMAINS for parser in domain.parsers()}


@cache
def samples() -> dict[str, list[bytes]]:
    """Sample files by the parser that claims them; the smallest ten of each, so that many can be tried."""
    found: dict[str, list[bytes]] = {name: [] for name in PARSERS}
    for file in sorted(file for place in PLACES for file in place.rglob("*") if file.is_file()):
        content = file.read_bytes()
        parser = find_parser(DOMAINS, content[:4096], file.suffix.lower())
        if parser is not None and content:
            found[parser.name].append(content)
    return {name: sorted(contents, key=len)[:10] for name, contents in found.items()}


@pytest.fixture(autouse=True)
def limited() -> Iterator[None]:
    """As much memory as a worker may take; what libraries say about damaged files is not heard."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, before[1]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
    resource.setrlimit(resource.RLIMIT_AS, before)


@pytest.mark.parametrize("parser", PARSERS.values(), ids=PARSERS)
def test_damaged_files_are_contained(parser: Parser) -> None:
    seeds = samples()[parser.name]
    assert seeds, f"no sample under tests/data is claimed by parser {parser.name!r}"

    @settings(
        max_examples=EACH or IN_EVERY_RUN // len(PARSERS) + 1,
        derandomize=not EACH,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    @given(damaged(seeds))
    def tried(content: bytes) -> None:
        assert_contained(parser, content)

    tried()


@settings(max_examples=EACH or 100, derandomize=not EACH, database=None, deadline=None)
@given(
    content=st.binary(max_size=500),
    suffix=st.sampled_from(["", ".txt", ".xls", ".msg", ".rtf", ".eml", ".zip"]),
)
def test_noise_is_contained(content: bytes, suffix: str) -> None:
    parser = find_parser(DOMAINS, content, suffix)
    if parser is not None:
        assert_contained(parser, content)
