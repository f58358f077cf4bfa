"""The parsing worker: a process of its own that reads one document after the other inside its limits.

Started as `python -m ragslm.ingest.worker`, never imported by the parent's main module: it holds no key, no
model and no open file of the parent's.
"""

import importlib
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection

from ragslm.errors import MissingExtraError, QuarantineError, RagslmError
from ragslm.ingest.confinement import be_silent, confine
from ragslm.ingest.language import language_of
from ragslm.ingest.members import contents
from ragslm.ingest.messages import (
    BUSY,
    READY,
    Parsed,
    decode_request,
    encode_failure,
    encode_parsed,
    encode_start_failure,
)
from ragslm.protocols import Container, Domain, RunsPrograms
from ragslm.registry import find_parser
from ragslm.types import SourceDocument

HEAD = 4096
"""Bytes a parser sees when it is asked whether this is its format."""
ORPHAN_SECONDS = 30
"""A worker whose parent died while it parsed ends itself this long after the parent would have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one document may take: `seconds` of time, `memory` bytes of address space."""

    seconds: float
    memory: int


def main(arguments: Sequence[str]) -> None:
    """Serve the pipe `arguments[0]` under limits, with the domains that a loader loads by name."""
    descriptor, seconds, memory, loader, *names = arguments
    limits = Limits(seconds=float(seconds), memory=int(memory))
    be_silent()
    with Connection(int(descriptor)) as pipe:
        try:
            domains = _load(loader, names)
        except MissingExtraError as error:
            pipe.send_bytes(encode_start_failure("extra", str(error)))
        except ImportError as error:
            said = f"Package {error.name!r} is missing. Run: pip install 'ragslm[formats]'"
            pipe.send_bytes(encode_start_failure("extra", said))
        except RagslmError as error:
            pipe.send_bytes(encode_start_failure("config", str(error)))
        else:

            def started() -> None:
                """Each program gets the time of a document."""
                signal.alarm(int(limits.seconds) + ORPHAN_SECONDS)
                pipe.send_bytes(BUSY)

            confine(limits.memory, _programs(domains), started)
            pipe.send_bytes(READY)
            serve(pipe, domains, limits)


def serve(pipe: Connection, domains: Sequence[Domain], limits: Limits) -> None:
    """Answer one document after the other, until the pipe closes or the memory is used up."""
    while True:
        try:
            head, content = pipe.recv_bytes(), pipe.recv_bytes()
        except EOFError:
            return
        signal.alarm(int(limits.seconds) + ORPHAN_SECONDS)
        document, suffix = decode_request(head, content)
        replies, spent = answer(document, suffix, domains, limits)
        signal.alarm(0)
        for reply in replies:
            pipe.send_bytes(reply)
        if spent:
            return


def answer(
    document: SourceDocument, suffix: str, domains: Sequence[Domain], limits: Limits
) -> tuple[list[bytes], bool]:
    """The reply's messages, and whether this process is spent and must not parse again."""
    try:
        parsed = parse(document, suffix, domains)
        return [encode_parsed(parsed), *contents(parsed.members)], False
    except MissingExtraError as error:
        return [encode_failure(str(error), again=True)], False
    except QuarantineError as error:
        return [encode_failure(str(error))], False
    except MemoryError:
        reason = f"Parsing needed more than {limits.memory / 1e9:g} GB and was stopped."
        return [encode_failure(reason, again=True, last=True)], True
    except RecursionError:
        return [encode_failure("The content is nested too deeply.")], False
    except Exception as error:
        # A fault of the parser ends this document, not the run. Only its type is told: its words may be
        # the document's.
        return [encode_failure(f"The parser failed ({type(error).__name__}).")], False


def parse(document: SourceDocument, suffix: str, domains: Sequence[Domain]) -> Parsed:
    """Parse with the first parser that claims the content.

    Raises:
        QuarantineError: there is nothing in it, no parser claims it, or the parser cannot read it.
    """
    if not document.content:
        raise QuarantineError("The file is empty (0 bytes).")
    parser = find_parser(domains, document.content[:HEAD], suffix)
    if parser is None:
        kind = f" ({suffix})" if 1 < len(suffix) <= 8 and suffix[1:].isalnum() else ""
        raise QuarantineError(f"No parser knows this kind of file{kind}.")
    parsed = parser.parse(document)
    if not parsed.text.strip():
        raise QuarantineError("The file holds no readable text.")
    if parsed.language is None:
        parsed = replace(parsed, language=language_of(parsed.text))
    members = tuple(parser.members(document)) if isinstance(parser, Container) else ()
    return Parsed(document=parsed, parser=parser.name, media_type=parser.media_type, members=members)


def _programs(domains: Sequence[Domain]) -> list[Sequence[str]]:
    """Command lines that the domains' parsers may run."""
    parsers = [parser for domain in domains for parser in domain.parsers()]
    return [line for parser in parsers if isinstance(parser, RunsPrograms) for line in parser.programs]


def _load(loader: str, names: Sequence[str]) -> list[Domain]:
    """Domains by name. Asking for their parsers imports what these need before limits hold."""
    module, _, function = loader.partition(":")
    load: Callable[[Sequence[str]], list[Domain]] = getattr(importlib.import_module(module), function)
    domains = load(names)
    for domain in domains:
        domain.parsers()
    return domains


if __name__ == "__main__":
    main(sys.argv[1:])
