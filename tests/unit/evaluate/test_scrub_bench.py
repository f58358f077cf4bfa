"""Scrubbers are timed on the same texts, each beside the same stock Presidio."""

import time

from ragslm.evaluate import scrub_bench
from ragslm.evaluate.scrub_bench import STOCK, time_scrub


class Slow:
    def __init__(self, seconds):
        self.seconds, self.read = seconds, []

    def scrub_many(self, texts):
        self.read.append(texts)
        end = time.process_time() + self.seconds
        while time.process_time() < end:
            pass


def test_times_are_ratios_of_the_same_texts(monkeypatch):
    monkeypatch.setattr(scrub_bench, "stock_presidio", lambda _: Slow(0.2).scrub_many)
    quick, slow = Slow(0.02), Slow(0.8)
    stock, first, second = time_scrub(["a text", "another"], {"quick": quick, "slow": slow})
    assert (stock.system, stock.times) == (STOCK, 1.0)
    assert (first.system, second.system) == ("quick", "slow")
    assert first.times > 1 > second.times
    assert quick.read[1] == ["a text", "another"]  # after a text of its own
