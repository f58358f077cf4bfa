"""A process that synchronises a log of documents and says when it has begun; the test kills it."""

import json
import sys
from pathlib import Path
from unittest.mock import patch

from ragslm.ingest import connecting, feed
from ragslm.ingest.runner import Ingest
from ragslm.ingest.sources import Source
from ragslm.ingest.sync import Sync
from ragslm.settings import Settings
from ragslm.store.catalogue import Catalogue
from ragslm.types import Identity, Removed
from tests.unit.ingest.conftest import DOMAINS, HashEmbedder, InProcess, NameScrubber
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
        ingest = Ingest(
            catalogue,
            NameScrubber(),
            HashEmbedder(),
            settings=Settings().ingest,
            domains=DOMAINS,
            domain="generic",
            pool=InProcess(),
        )
        sync = Sync(
            catalogue,
            settings=lambda _: Settings(),
            ingest=lambda _: ingest,
            default="generic",
            domains=DOMAINS,
        )
        with patch.object(connecting, "load_connector", lambda kind, domains: lambda: log_of(file)):
            return sync.run(Source(name="s", kind="log"), identity=Identity.local_owner())


if __name__ == "__main__":
    feed.DOCUMENTS = 8
    InProcess().parse(doc("warm", "The parsers are loaded before the clock starts."))
    print("ready", flush=True)
    assert synchronise(Path(sys.argv[1]), Path(sys.argv[2])).error is None
    print("done", flush=True)
