"""Who may read what `ragslm ingest` brings in."""

import pytest

from ragslm.cli.documents import _readers
from ragslm.errors import ConfigError


@pytest.mark.parametrize(
    ("named", "everyone", "readers"),
    [
        (None, False, None),  # nothing is said: what is stored keeps its readers
        ([], False, None),
        (["ward-3", "ann"], False, ["ward-3", "ann"]),
        (None, True, ["*"]),
    ],
)
def test_who_may_read(named, everyone, readers):
    assert _readers(named, everyone=everyone) == readers


def test_some_and_everyone_are_refused():
    with pytest.raises(ConfigError, match="either --reader or --everyone"):
        _readers(["ward-3"], everyone=True)
