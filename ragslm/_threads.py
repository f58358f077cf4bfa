"""How long threads that compute together wait awake for each other."""

import os

SPINS = 10_000
"""Turns, some 50 µs; GNU's OpenMP, which torch and FAISS bring, takes 300,000. Where another process holds
a core, those cost all the rest: of two cores, one held at low priority, a question is embedded in 18 ms
instead of 280, 300 passages in 3.2 s instead of 24.5. Idle cores are as fast as before; with 5,000 they are
a tenth slower."""


def wait_briefly() -> None:
    """Set it for this process and its children; what the environment says already counts.

    Read once, when OpenMP is loaded: must come before torch and FAISS.
    """
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ.setdefault("GOMP_SPINCOUNT", str(SPINS))
