"""How fast each format is parsed, beside the plain parsing library over the same bytes.

`ragslm bench connectors --data DIR` times every file below DIR that a parser of any domain reads: documents
a second, by processor time, before scrubbing and embedding. A library is timed on the files that it reads
itself, and ragslm beside it on those same files.
"""

import gc
import logging
import resource
import time
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from ragslm.errors import ConfigError
from ragslm.evaluate.plain_parsers import PLAIN, PlainParser
from ragslm.protocols import Parser
from ragslm.registry import domain_names, find_parser, load_domains
from ragslm.types import SourceDocument

LEAST_SECONDS = 0.3
"""Processor time of one round; a file of microseconds is read often enough to be timed."""
ROUNDS = 5
"""Rounds of each side, taken in turns; the fastest counts: what slows a round down is never the parser."""


@dataclass(frozen=True, slots=True)
class Speed:
    """One format, beside one library.

    Attributes:
        format: name of the parser.
        documents: files read.
        a_second: documents that ragslm parses in a second of processor time.
        library: its name and version; empty where none is measured.
        library_a_second: documents that the library reads.
        times: how many times as long ragslm takes.
    """

    format: str
    documents: int
    a_second: float
    library: str = ""
    library_a_second: float | None = None
    times: float | None = None


@dataclass(frozen=True, slots=True)
class _Sample:
    document: SourceDocument = field(repr=False)
    parser: Parser


def time_formats(data: Path) -> Iterator[Speed]:
    """One line for each format found below a folder and each library that is installed for it.

    Raises:
        ConfigError: no file there is of a format that is read.
    """
    by_format: dict[str, list[_Sample]] = defaultdict(list)
    with _quiet():
        for sample in _samples(data):
            by_format[sample.parser.name].append(sample)
    if not by_format:
        raise ConfigError(f"No file below {str(data)!r} can be parsed. Name a folder with samples.")
    for name in sorted(by_format):
        libraries = [one for one in PLAIN if one.format == name and one.label is not None]
        with _quiet():
            measured = [speed for one in libraries if (speed := _beside(name, by_format[name], one))]
            measured = measured or [_alone(name, by_format[name])]
        yield from measured


@contextmanager
def _quiet() -> Iterator[None]:
    """Parsers and libraries print, warn and log about the words of files; none of that is ours to show."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings(), redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def _samples(data: Path) -> Iterator[_Sample]:
    """Every file that is parsed without complaint."""
    domains = load_domains(domain_names())
    for file in sorted(path for path in data.rglob("*") if path.is_file()):
        content = file.read_bytes()
        parser = find_parser(domains, content[:4096], file.suffix.lower())
        if parser is None:
            continue
        document = SourceDocument(uri=file.absolute().as_uri(), content=content)
        if _succeeds(parser.parse, document):
            yield _Sample(document, parser)


def _alone(name: str, samples: Sequence[_Sample]) -> Speed:
    (ours,) = _fastest([_ours(samples)])
    return Speed(name, len(samples), len(samples) / ours)


def _beside(name: str, samples: Sequence[_Sample], library: PlainParser) -> Speed | None:
    """Both on the files that the library reads; None if it reads none of them."""
    read = [sample for sample in samples if _succeeds(library.parse, sample.document.content)]
    if not read:
        return None

    def theirs() -> None:
        for sample in read:
            library.parse(sample.document.content)

    ours, plain = _fastest([_ours(read), theirs])
    return Speed(name, len(read), len(read) / ours, library.label or "", len(read) / plain, ours / plain)


def _ours(samples: Sequence[_Sample]) -> Callable[[], None]:
    def run() -> None:
        for sample in samples:
            sample.parser.parse(sample.document)

    return run


def _succeeds(parse: Callable[[Any], object], given: Any) -> bool:
    try:
        parse(given)
    except Exception:  # broken on purpose, or not for this reader, whatever it raises: not what is timed
        return False
    return True


def _fastest(sides: Sequence[Callable[[], None]]) -> list[float]:
    """Processor seconds of one run of each, the best of some rounds taken in turns."""
    repeats = [_repeats(side) for side in sides]
    best = [float("inf")] * len(sides)
    for _ in range(ROUNDS):
        for number, side in enumerate(sides):
            best[number] = min(best[number], _seconds(side, repeats[number]))
    return best


def _repeats(side: Callable[[], None]) -> int:
    once = _seconds(side, 1)
    return max(1, min(1000, round(LEAST_SECONDS / max(once, 1e-6))))


def _seconds(side: Callable[[], None], repeats: int) -> float:
    gc.collect()
    start = _processor_seconds()
    for _ in range(repeats):
        side()
    return (_processor_seconds() - start) / repeats


def _processor_seconds() -> float:
    """Of this process and of those it started that have ended: a parser may have another one work."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
