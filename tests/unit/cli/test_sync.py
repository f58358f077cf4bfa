"""What the command says of a source, and what it refuses before anything is opened."""

import pytest

from ragslm.cli.sync import _refuse_contradictions, line
from ragslm.errors import ConfigError
from ragslm.types import SourceReport

REPORT = SourceReport(name="s", added=1, changed=2, unchanged=3, removed=4, seconds=1.25)


def test_one_line_for_a_source():
    counts = "1 added, 2 changed, 3 unchanged, 4 removed, 0 quarantined in 1.2 s"
    assert line(REPORT) == f"s: {counts}"
    assert line(REPORT, dry_run=True) == f"s: would be {counts}"
    moved = SourceReport(name="s", quarantined=(("u", "r"),), cursor_moved=True, error="It is down.")
    assert line(moved).endswith("1 quarantined in 0.0 s, cursor moved FAILED: It is down.")


@pytest.mark.parametrize(
    ("modes", "uris", "retry"),
    [([True, True, False, False], [], False), ([False] * 4, ["file:///a"], False), ([True] * 4, [], True)],
)
def test_contradictions_are_refused(modes, uris, retry):
    with pytest.raises(ConfigError):
        _refuse_contradictions(modes, uris, retry=retry)


def test_what_goes_together_is_not():
    _refuse_contradictions([False, False, False, True], ["file:///a"], retry=True)
