"""How long an engine may take: in all, and between two tokens."""

import time
from dataclasses import dataclass, field

from ragslm.errors import EngineTimeoutError


@dataclass(slots=True)
class Deadline:
    """Two clocks: `total` seconds for the whole reply, `silence` seconds without a token."""

    total: float
    silence: float
    started: float = field(default_factory=time.monotonic)

    def wait(self) -> float:
        """Seconds the next token may take.

        Raises:
            EngineTimeoutError: there are none left.
        """
        left = self.started + self.total - time.monotonic()
        if left <= 0:
            raise EngineTimeoutError(f"It took longer than {self.total:g} s (generation.timeout).")
        return min(left, self.silence)

    def fail(self) -> EngineTimeoutError:
        """What to raise when no token came within `wait` seconds."""
        if time.monotonic() - self.started >= self.total:
            return EngineTimeoutError(f"It took longer than {self.total:g} s (generation.timeout).")
        return EngineTimeoutError(f"It was silent for {self.silence:g} s (generation.silence).")
