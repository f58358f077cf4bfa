"""A process that synchronises a log of documents and says when it has begun; the test kills it."""

import json
import sys
from functools import partial
from pathlib import Path
from unittest.mock import patch

from ragslm.ingest import connecting, feed, intake
from ragslm.ingest.sources import Source
from ragslm.store.catalogue import Catalogue
from ragslm.types import Identity, Removed
from tests.unit.ingest.conftest import InProcess, ingest_of, sync_of
from tests.unit.ingest.sources import Log, doc

KEY = bytes(range(32))


def log_of(file: Path) -> Log:
    """A line is [name, text], or [name, null] for a deletion."""
    entries = []
    for line in file.read_text().splitlines():
        name, text = json.loads(line)
        entries.append(Removed(f"memory://{name}.txt") if text is None else doc(name, text))
    return Log(*entries)


def synchronise(workspace: Path, file: Path):
    """One run with the real catalogue; parser, scrubber and encoder are stand-ins."""
    with Catalogue.open(workspace, KEY) as catalogue:
        sync = sync_of(catalogue, partial(ingest_of, catalogue))
        with patch.object(connecting, "load_connector", lambda kind, domains: lambda: log_of(file)):
            return sync.run(Source(name="s", kind="log"), identity=Identity.local_owner())


if __name__ == "__main__":
    feed.DOCUMENTS = intake.SCRUB_DOCUMENTS = 8
    InProcess().parse(doc("warm", "The parsers are loaded before the clock starts."))
    print("ready", flush=True)
    assert synchronise(Path(sys.argv[1]), Path(sys.argv[2])).error is None
    print("done", flush=True)
