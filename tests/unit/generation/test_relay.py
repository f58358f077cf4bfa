"""From a thread to an iterator: order, errors, clocks and leaving early."""

import threading
import time

import pytest

from ragslm.errors import EngineError, EngineTimeoutError
from ragslm.generation.deadline import Deadline
from ragslm.generation.relay import relay


def test_items_come_in_order():
    def produce(outlet):
        for item in range(100):
            outlet.put(item)

    assert list(relay(produce, Deadline(5, 5))) == list(range(100))


def test_an_engine_error_comes_through():
    def produce(outlet):
        outlet.put(1)
        raise EngineTimeoutError("late")

    items = relay(produce, Deadline(5, 5))
    assert next(items) == 1
    with pytest.raises(EngineTimeoutError, match="late"):
        next(items)


def test_another_error_is_named_by_its_type_only():
    def produce(outlet):
        raise ValueError("the text of a document")

    with pytest.raises(EngineError, match="ValueError") as caught:
        list(relay(produce, Deadline(5, 5)))
    assert "document" not in str(caught.value)


@pytest.mark.parametrize(
    ("seconds", "message"),
    [
        ((5, 0.1), "silent for 0.1 s"),
        ((0.1, 5), "longer than 0.1 s"),
        ((5, 4, 0.1), "silent for 0.1 s"),
    ],
    ids=["silence", "total", "first"],
)
def test_clocks(seconds, message):
    ended = threading.Event()
    with pytest.raises(EngineTimeoutError, match=message):
        list(relay(lambda outlet: ended.wait(5) and None, Deadline(*seconds)))
    ended.set()


def test_the_first_token_has_a_clock_of_its_own():
    def produce(outlet):
        time.sleep(0.3)
        outlet.put(1)
        ended.wait(5)

    ended = threading.Event()
    items = relay(produce, Deadline(5, 0.1, first=2))
    assert next(items) == 1
    with pytest.raises(EngineTimeoutError, match=r"0\.1"):
        next(items)
    ended.set()


def test_what_is_there_already_is_handed_out_when_time_is_up():
    made = threading.Event()

    def produce(outlet):
        for item in range(3):
            outlet.put(item)
        made.set()

    items = relay(produce, Deadline(0.2, 0.2))
    assert next(items) == 0
    made.wait(2)
    time.sleep(0.3)
    assert list(items) == [1, 2]


def test_leaving_early_tells_the_thread():
    seen = threading.Event()

    def produce(outlet):
        while not outlet.put(1):
            time.sleep(0.01)
        seen.set()

    items = relay(produce, Deadline(5, 5))
    next(items)
    items.close()
    assert seen.wait(2)
