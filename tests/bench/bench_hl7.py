"""How much memory and time many HL7 messages take, scrubbed and embedded with the shipped models.

python -m tests.bench.bench_hl7 [--messages 50000]

The messages are the samples of tests/data/formats/hl7v2 over and over, each with a control id, a patient and
numbers of its own, in batches of a hundred files. Prints messages and passages a second, and the highest
resident memory beside that after the models had read their first batch.
"""

import argparse
import random
import re
import resource
import tempfile
import time
from functools import cache
from pathlib import Path

from ragslm.assistant import Assistant

SAMPLES = Path(__file__).parents[1] / "data/formats/hl7v2"
KEY = bytes(range(32))
TOGETHER = 100
PATIENTS = 5_000
_DECIMAL = re.compile(r"(?<=\|)\d{1,3}(?:\.\d)?(?=\|)")


def main() -> None:
    """Write the messages in batches of files, and bring each batch in."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=50_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        _bring_in(Path(scratch, "workspace"), asked.messages, Path(scratch, "messages"))


def _bring_in(workspace: Path, messages: int, messages_folder: Path) -> None:
    passages, warm, start = 0, 0, time.perf_counter()
    with Assistant.open(workspace, "medical", key=KEY) as assistant:
        for first in range(0, messages, TOGETHER):
            folder = messages_folder / str(first)
            folder.mkdir(parents=True)
            for number in range(first, min(first + TOGETHER, messages)):
                (folder / f"{number}.hl7").write_text(_message(number), encoding="utf-8")
            passages += assistant.ingest(folder).passages
            warm = warm or _memory()
    seconds = time.perf_counter() - start
    print(
        f"{messages:,} messages, {passages:,} passages, {seconds:,.0f} s: {messages / seconds:,.1f} messages "
        f"and {passages / seconds:,.0f} passages a second; {_memory() / 1024:,.0f} MB at most, "
        f"{warm / 1024:,.0f} MB after the first {TOGETHER}"
    )


def _message(number: int) -> str:
    """A sample with a control id, a patient and numbers that no other message has."""
    text = _samples()[number % len(_samples())]
    chance = random.Random(number)
    lines = text.replace("\r\n", "\r").replace("\n", "\r").split("\r")
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


def _memory() -> int:
    """Highest resident memory so far, in kB as Linux counts it."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
