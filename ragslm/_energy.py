"""Energy used by the processor package, where the machine measures it (Intel RAPL through powercap)."""

from pathlib import Path

_COUNTERS = Path("/sys/class/powercap")


def read_joules() -> float | None:
    """Joules counted so far over all packages, or None where nothing is measured or readable.

    Source: https://www.kernel.org/doc/html/latest/power/powercap/powercap.html
    """
    try:
        counters = [int(file.read_text()) for file in _COUNTERS.glob("intel-rapl:[0-9]/energy_uj")]
    except OSError:
        return None
    return sum(counters) / 1e6 if counters else None


def joules_since(start: float | None) -> float | None:
    """Joules since `start`; None where nothing is measured or a counter wrapped around."""
    now = read_joules()
    return now - start if now is not None and start is not None and now >= start else None
