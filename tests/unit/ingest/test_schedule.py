"""Intervals without waiting: the clock is a list."""

from itertools import islice

import pytest

from ragslm.errors import WorkspaceError
from ragslm.ingest.schedule import pause, watch
from ragslm.ingest.sources import Source
from ragslm.types import SourceReport


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


def source(name, every):
    return Source(name=name, kind="x", every=every)


def log_of(sources, run, most):
    clock = Clock()
    reports = watch(sources, run, clock=clock, sleep=clock.sleep)
    return [(clock.now, report.name) for report in islice(reports, most)]


def test_each_source_keeps_its_own_interval():
    log = log_of([source("a", "1m"), source("b", "3m")], lambda s: SourceReport(name=s.name), 7)
    assert log == [(0, "a"), (0, "b"), (60, "a"), (120, "a"), (180, "a"), (180, "b"), (240, "a")] or log[
        4:6
    ] == [
        (180, "b"),
        (180, "a"),
    ]


@pytest.mark.parametrize("how", ["report", "raise"])
def test_a_failing_source_backs_off_and_stops_no_other(how):
    def run(s):
        if s.name == "bad" and how == "raise":
            raise WorkspaceError("busy")
        return SourceReport(name=s.name, error="down" if s.name == "bad" else None)

    log = log_of([source("bad", "1m"), source("good", "1m")], run, 25)
    assert [at for at, name in log if name == "bad"] == [0, 120, 360, 840]
    assert len([at for at, name in log if name == "good"]) == 21


def test_one_success_ends_the_back_off():
    errors = iter(["down", "down", None, None])
    log = log_of([source("a", "1m")], lambda s: SourceReport(name="a", error=next(errors)), 4)
    assert [at for at, _ in log] == [0, 120, 360, 420]


@pytest.mark.parametrize(
    ("every", "failures", "seconds"),
    [(60, 0, 60), (60, 1, 120), (60, 9, 3600), (60, 10**6, 3600), (86400, 5, 86400)],
)
def test_the_pause_is_bounded(every, failures, seconds):
    assert pause(every, failures) == seconds
