"""Work in threads: what a reader who left still costs."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from ragslm.server.errors import BusyError, LeftError
from ragslm.server.metrics import Metrics
from ragslm.server.work import Feed, Work


class Answer:
    """Three items, made once they may be; takes down how far it came and whether it was closed under way."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.begun = threading.Event()
        self.held = threading.Event()
        self.held.set()

    def open(self) -> Iterator[str]:
        self.steps.append("opened")
        return self._items()

    def _items(self) -> Iterator[str]:
        try:
            for name in ("evidence", "sentence", "done"):
                self.begun.set()
                self.held.wait(5)
                self.steps.append(name)
                yield name
        except GeneratorExit:
            self.steps.append("cancelled")
            raise


async def test_a_feed_ends_with_its_iterator() -> None:
    answer = Answer()
    feed = Work(1, 0, Metrics()).feed(answer.open, who="a")
    assert [await feed.next(5) for _ in range(3)] == ["evidence", "sentence", "done"]
    with pytest.raises(StopAsyncIteration):
        await feed.next(5)
    assert answer.steps == ["opened", "evidence", "sentence", "done"]


async def test_who_left_while_waiting_for_a_worker_is_not_worked_for() -> None:
    work, answer, other = Work(1, 1, Metrics()), Answer(), Answer()
    other.held.clear()
    before = work.feed(other.open, who="b")
    await asyncio.to_thread(other.begun.wait, 5)  # the only worker is taken
    feed = work.feed(answer.open, who="a")
    feed.cancel()
    other.held.set()
    await _ended(before)
    await _ended(feed)
    assert answer.steps == []


async def test_the_step_under_way_is_the_last_and_the_answer_is_closed() -> None:
    answer = Answer()
    answer.held.clear()
    feed = Work(1, 0, Metrics()).feed(answer.open, who="a")
    await asyncio.to_thread(answer.begun.wait, 5)
    feed.cancel()
    answer.held.set()
    await _ended(feed)
    assert answer.steps == ["opened", "evidence", "cancelled"]


async def test_who_leaves_at_an_item_has_no_further_one_made() -> None:
    class Left(Feed[str]):
        """Its reader leaves as soon as there is something to read."""

        def _put(self, item: object) -> None:
            super()._put(item)  # type: ignore[arg-type]
            self.cancel()

    answer = Answer()
    await asyncio.to_thread(Left(answer.open, asyncio.get_running_loop()).pump)
    assert answer.steps == ["opened", "evidence", "cancelled"]


async def test_who_left_while_it_was_opened_has_nothing_made() -> None:
    answer = Answer()

    def opened() -> Iterator[str]:
        feed.cancel()
        return answer.open()

    feed = Feed(opened, asyncio.get_running_loop())
    await asyncio.to_thread(feed.pump)
    assert answer.steps == ["opened"]


async def test_one_identity_leaves_a_worker_and_a_place_to_the_others() -> None:
    work, held, begun = Work(2, 1, Metrics()), threading.Event(), []

    def call(name: str) -> str:
        begun.append(name)
        held.wait(5)
        return name

    hers = [asyncio.create_task(_do(work, lambda: call("hers"), "ann")) for _ in range(2)]
    await asyncio.sleep(0.05)
    with pytest.raises(BusyError):
        await _do(work, lambda: call("hers"), "ann")
    his = asyncio.create_task(_do(work, lambda: call("his"), "bob"))
    await asyncio.sleep(0.05)
    assert begun == ["hers", "his"]
    with pytest.raises(BusyError):
        await _do(work, lambda: call("his"), "bob")
    held.set()
    assert await asyncio.gather(*hers, his) == ["hers", "hers", "his"]
    assert await _do(work, lambda: call("again"), "ann") == "again"


async def test_a_call_whose_client_left_in_the_queue_is_not_made() -> None:
    work, held, left, made = Work(1, 1, Metrics()), threading.Event(), asyncio.Event(), []
    before = asyncio.create_task(_do(work, lambda: held.wait(5), "ann"))
    await asyncio.sleep(0.05)
    waiting = asyncio.create_task(work.do(lambda: made.append(1), who="bob", gone=left.wait))
    await asyncio.sleep(0.05)
    left.set()
    with pytest.raises(LeftError):
        await waiting
    after = asyncio.create_task(_do(work, lambda: "made", "bob"))  # the place in the queue is free again
    held.set()
    assert await before
    assert (await after, made) == ("made", [])


async def test_a_call_under_way_is_finished_whoever_left() -> None:
    begun, loop = asyncio.Event(), asyncio.get_running_loop()

    def call() -> str:
        loop.call_soon_threadsafe(begun.set)
        return "made"

    assert await Work(1, 0, Metrics()).do(call, who="ann", gone=begun.wait) == "made"


async def test_work_that_is_closed_cancels_its_feeds_and_takes_no_more() -> None:
    work, answer = Work(1, 1, Metrics()), Answer()
    answer.held.clear()
    feed = work.feed(answer.open, who="ann")
    await asyncio.to_thread(answer.begun.wait, 5)
    asyncio.get_running_loop().call_later(0.05, answer.held.set)
    await work.close(5)
    assert answer.steps == ["opened", "evidence", "cancelled"]
    await _ended(feed)
    with pytest.raises(BusyError):
        work.feed(answer.open, who="ann")


async def _do(work: Work, call: Callable[[], Any], who: str) -> Any:
    return await work.do(call, who=who, gone=asyncio.Event().wait)


async def _ended(feed: Feed[str]) -> None:
    with suppress(StopAsyncIteration):
        while True:
            await feed.next(5)
