"""How fast texts are scrubbed, beside stock Presidio over the same spaCy model.

`ragslm bench scrub --data DIR`: processor time, so that a second core counts; every system reads every text
for the first time. ragslm's share includes replacing, and keeping pseudonyms in the vault; stock Presidio
only finds.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ragslm.evaluate.stock_presidio import stock_presidio
from ragslm.protocols import Scrubber

STOCK = "stock Presidio"


@dataclass(frozen=True, slots=True)
class ScrubSpeed:
    """One system.

    Attributes:
        system: its name.
        a_second: characters read in a second of processor time.
        times: how many times as many as stock Presidio.
    """

    system: str
    a_second: float
    times: float


def time_scrub(texts: Sequence[str], scrubbers: dict[str, Scrubber]) -> Iterator[ScrubSpeed]:
    """Stock Presidio's speed, then that of each scrubber.

    Args:
        texts: none of them empty.
        scrubbers: by name; the first one's spaCy model is stock Presidio's too.
    """
    stock = stock_presidio(next(iter(scrubbers.values())))
    plain = _speed(stock, texts)
    yield ScrubSpeed(STOCK, plain, 1.0)
    for name, scrubber in scrubbers.items():
        own = _speed(scrubber.scrub_many, texts)
        yield ScrubSpeed(name, own, own / plain)


def _speed(read: Callable[[list[str]], Any], texts: Sequence[str]) -> float:
    read(["Nobody is named here."])  # whatever is built at first use
    began = time.process_time()
    read(list(texts))
    return sum(map(len, texts)) / (time.process_time() - began)
