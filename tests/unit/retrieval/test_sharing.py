"""Many readers or one writer."""

import threading
import time

from ragslm.retrieval.sharing import SharedLock


def test_readers_share_and_a_writer_is_alone():
    lock, inside, worst = SharedLock(), [0], []
    written = [0, 0]

    def reading():
        for _ in range(50):
            with lock.shared():
                inside[0] += 1
                worst.append(written[0] == written[1])
                time.sleep(0.0002)

    def writing():
        for _ in range(20):
            with lock.alone():
                written[0] += 1
                time.sleep(0.0005)
                written[1] += 1

    threads = [threading.Thread(target=work) for work in (reading, reading, reading, writing, writing)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert written == [40, 40]
    assert len(worst) == 150
    assert all(worst)


def test_two_readers_are_inside_together():
    lock, barrier = SharedLock(), threading.Barrier(2, timeout=10)

    def reading():
        with lock.shared():
            barrier.wait()

    other = threading.Thread(target=reading)
    other.start()
    reading()
    other.join(10)
    assert not other.is_alive()


def test_an_error_inside_frees_it():
    lock = SharedLock()
    for held in (lock.alone, lock.shared):
        try:
            with held():
                raise KeyError
        except KeyError:
            pass
    with lock.alone():
        pass
