"""How long an engine may take: in all, until its first token, and between two tokens."""

import time
from dataclasses import dataclass, field

from ragslm.errors import EngineTimeoutError


@dataclass(slots=True)
class Deadline:
    """Clocks of one reply, in seconds.

    Attributes:
        total: for the whole reply.
        silence: without a token, once there was one.
        first: until the first token; None means `silence`.
    """

    total: float
    silence: float
    first: float | None = None
    started: float = field(default_factory=time.monotonic)
    _begun: bool = False

    @property
    def quiet(self) -> float:
        """Seconds it may be silent now."""
        return self.silence if self._begun or self.first is None else self.first

    def begin(self) -> None:
        """The first token is here."""
        self._begun = True

    def wait(self) -> float:
        """Seconds the next token may take.

        Raises:
            EngineTimeoutError: there are none left.
        """
        left = self.started + self.total - time.monotonic()
        if left <= 0:
            raise self.fail()
        return min(left, self.quiet)

    def fail(self) -> EngineTimeoutError:
        """What to raise when no token came within `wait` seconds."""
        if time.monotonic() - self.started >= self.total:
            return EngineTimeoutError(f"It took longer than {self.total:g} s (generation.timeout).")
        return EngineTimeoutError(f"It was silent for {self.quiet:g} s (generation.silence).")
