"""The demo's own workspace needs no command after an update."""

from types import SimpleNamespace

from ragslm.cli.demo import _ingest
from ragslm.errors import IndexMismatchError


def test_a_workspace_of_an_older_version_is_rebuilt(capsys):
    asked = []

    def ingest(path, *, progress, rebuild=False):
        asked.append(rebuild)
        if not rebuild:
            raise IndexMismatchError("older")
        return "report"

    own = SimpleNamespace(ingest=ingest)
    assert _ingest(SimpleNamespace(for_domain=lambda name: own), "medical") == "report"
    assert asked == [False, True]
    assert "rebuilt" in capsys.readouterr().out
