"""HL7 messages in any number: the samples of tests/data/formats/hl7v2 over and over.

Each has a control id, a patient and numbers of its own.
"""

import random
import re
from functools import cache
from pathlib import Path

SAMPLES = Path(__file__).parents[1] / "data/formats/hl7v2"
PATIENTS = 5_000
_DECIMAL = re.compile(r"(?<=\|)\d{1,3}(?:\.\d)?(?=\|)")


def write_messages(folder: Path, count: int) -> None:
    """Files `0.hl7`, `1.hl7`, … in a folder; what was written before is written alike."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        (folder / f"{number}.hl7").write_text(_message(number), encoding="utf-8")


def sample_of(number: int) -> int:
    """Number of the sample that a message is made of."""
    return number % sample_count()


def sample_count() -> int:
    """How many samples there are."""
    return len(_samples())


def _message(number: int) -> str:
    """A sample with a control id, a patient and numbers that no other message has."""
    chance = random.Random(number)
    lines = _samples()[sample_of(number)].replace("\r\n", "\r").replace("\n", "\r").split("\r")
    for at, line in enumerate(lines):
        fields = line.split("|")
        if fields[0] == "MSH" and len(fields) > 9:
            fields[9] = f"BENCH{number}"
        elif fields[0] == "PID" and len(fields) > 3:
            fields[3] = f"M{number % PATIENTS}^^^BENCH^MR"
        elif fields[0] == "OBX":
            line = _DECIMAL.sub(lambda _: f"{chance.uniform(1, 300):.1f}", line)
            fields = line.split("|")
        lines[at] = "|".join(fields)
    return "\r".join(lines)


@cache
def _samples() -> list[str]:
    return [file.read_text(encoding="utf-8", errors="replace") for file in sorted(SAMPLES.glob("*.hl7"))]
