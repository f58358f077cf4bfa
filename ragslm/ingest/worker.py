"""The parsing worker: reads one document after the other, inside its limits, without a network."""

import contextlib
import json
import resource
import sys
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from ragslm._network import close_network
from ragslm.errors import QuarantineError
from ragslm.ingest.messages import Parsed, decode_request, encode_parsed, encode_reason
from ragslm.registry import find_parser, load_domains
from ragslm.types import SourceDocument

HEAD = 4096


def serve(pipe: Connection, domains: Sequence[str], memory: int) -> None:
    """Answer requests until the pipe closes.

    Args:
        pipe: to the parent.
        domains: whose parsers may be loaded.
        memory: bytes of address space the parsers may add.
    """
    close_network()
    loaded = load_domains(domains)
    for domain in loaded:
        domain.parsers()
    _limit(memory)
    # A parent that is gone, killed perhaps, is the end of the work and no fault.
    with contextlib.suppress(EOFError, OSError):
        pipe.send_bytes(b"ready")
        while True:
            pipe.send_bytes(_answer(pipe.recv_bytes(), domains))


def _answer(message: bytes, domains: Sequence[str]) -> bytes:
    try:
        return encode_parsed(parse(decode_request(message), domains))
    except QuarantineError as error:
        return encode_reason(str(error))
    except MemoryError:
        return encode_reason("Parsing needed more memory than is allowed and was stopped.")
    except RecursionError:
        return encode_reason("The document is nested too deeply.")
    except Exception as error:
        return encode_reason(f"The parser failed ({type(error).__name__}).")


def parse(document: SourceDocument, domains: Sequence[str]) -> Parsed:
    """Find the parser that claims the content, and parse.

    Raises:
        QuarantineError: no parser claims it, or the parser cannot read it.
    """
    if not document.content:
        raise QuarantineError("The document is empty or cannot be opened.")
    suffix = PurePosixPath(urlsplit(document.uri).path).suffix.lower()
    parser = find_parser(load_domains(domains), document.content[:HEAD], suffix)
    if parser is None:
        raise QuarantineError(f"No parser knows this kind of file ({suffix or 'no suffix'}).")
    return Parsed(parser.parse(document), parser.name, parser.media_type)


def _limit(memory: int) -> None:
    """No core dumps, and no more address space than now plus `memory`."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - a kernel file, not a path of ours
        used = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + memory, used + memory))


def main() -> None:
    """Run as `python -m ragslm.ingest.worker FILE_DESCRIPTOR LIMITS`; the parent starts it."""
    limits = json.loads(sys.argv[2])
    serve(Connection(int(sys.argv[1])), limits["domains"], limits["memory"])


if __name__ == "__main__":
    main()
