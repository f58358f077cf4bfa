"""How much memory and time many HL7 messages take, scrubbed and embedded, and whether `kill -9` loses any.

python -m tests.bench.bench_hl7 [--messages 50000] [--kills 10] [--keep FOLDER]

The messages (`hl7_messages`) lie in one folder, which a child process brings in with the shipped models. With
`--kills` it is killed at that many random moments and started again. Prints messages a second, the highest
resident memory beside that after the first hundred messages, and documents and passages: those expected, by
what each sample became in a workspace that nobody disturbed, and those found. 50,000 take hours: with
`--keep` messages, workspace and the kills still to come stay in a folder, and the same command goes on there.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from ragslm.assistant import Assistant
from ragslm.store.catalogue import Catalogue
from tests.bench.hl7_messages import sample_count, sample_of, write_messages
from tests.replay import live_passages

KEY = bytes(range(32))
WARM = 100
"""Messages after which the models are warm."""
LATEST = 2.0
"""Seconds after the document at which a child is killed, at most: a kill falls into any step."""


def main() -> None:
    """Bring the messages in, in a child process, and compare what is there with what should be."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=50_000)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--child", nargs=2, type=Path, metavar=("WORKSPACE", "FOLDER"))
    asked = parser.parse_args()
    if asked.child:
        _bring_in(*asked.child)
        return
    if asked.keep:
        _measure(asked.keep, asked.messages, asked.kills)
        return
    with tempfile.TemporaryDirectory() as scratch:
        _measure(Path(scratch), asked.messages, asked.kills)


def _measure(scratch: Path, messages: int, kills: int) -> None:
    plan = scratch / "kills.json"
    if not plan.exists():
        write_messages(scratch / "samples", min(sample_count(), messages))
        _run(scratch / "undisturbed", scratch / "samples")
        write_messages(scratch / "messages", messages)
        plan.write_text(json.dumps(sorted(random.randrange(messages) for _ in range(kills))))
    expected = _expected(scratch / "undisturbed", messages)
    start, before = time.perf_counter(), _processor_seconds()
    memory = _run_killed(scratch / "workspace", scratch / "messages", plan)
    seconds, busy = time.perf_counter() - start, _processor_seconds() - before
    found = _held(scratch / "workspace")
    print(
        f"{messages:,} messages in {seconds:,.0f} s, {busy:,.0f} s of processor time: {messages / busy:,.2f} "
        f"messages and {found.passages.total() / busy:,.0f} passages a second of it; {memory}"
    )
    print(
        f"documents: expected {len(expected):,}, found {found.documents:,}; passages: expected "
        f"{expected.total():,}, found {found.passages.total():,}, {found.texts:,} of different texts"
    )
    lost, more = expected - found.passages, found.passages - expected
    print(f"passages lost: {lost.total():,}; doubled: {more.total():,}")


@dataclass(frozen=True)
class Held:
    """What a workspace holds.

    Attributes:
        documents: how many.
        passages: how many each message has, by its number; counted in the index, not by the documents.
        texts: passages that differ from each other.
    """

    documents: int
    passages: Counter[int]
    texts: int


def _expected(workspace: Path, messages: int) -> Counter[int]:
    """Passages by message: as many as its sample has in a workspace that nobody disturbed."""
    of_sample = _held(workspace).passages
    every = {number: of_sample[sample_of(number)] for number in range(messages)}
    return Counter({number: count for number, count in every.items() if count})


def _run_killed(workspace: Path, folder: Path, plan: Path) -> str:
    """Kill the run at the places of the plan and let the last one end; what it says of its memory."""
    while places := json.loads(plan.read_text()):
        ended = _run(workspace, folder, places[0], random.uniform(0, LATEST))
        print(
            f"killed after {places[0]:,} documents" if not ended else "not killed: it had ended", flush=True
        )
        plan.write_text(json.dumps(places[1:]))
    return _run(workspace, folder)


def _run(workspace: Path, folder: Path, place: int | None = None, delay: float = 0.0) -> str:
    """One child; killed `delay` seconds after `place` documents, if it is given. Its last words, or none."""
    command = [sys.executable, "-m", "tests.bench.bench_hl7", "--child", str(workspace), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for line in child.stdout:
            if not line.rstrip().isdecimal():
                return line.rstrip()
            if place is not None and int(line) >= place:
                time.sleep(delay)
                child.kill()
                return ""
    raise SystemExit(f"The child ended with {child.returncode}.")


def _bring_in(workspace: Path, folder: Path) -> None:
    """The child: says how many documents are done, and at its end what memory it took."""
    warm = 0

    def tell(done: int, _total: int | None, _stage: str) -> None:
        nonlocal warm
        if done >= WARM and not warm:
            warm = _memory()
        print(done, flush=True)

    with Assistant.open(workspace, "medical", key=KEY) as assistant:
        assistant.ingest(folder, progress=tell)
    after = f", {warm / 1024:,.0f} MB after the first {WARM}" if warm else ""
    print(f"{_memory() / 1024:,.0f} MB at most{after}")


def _held(workspace: Path) -> Held:
    with Catalogue.open(workspace, KEY) as catalogue:
        numbers = {one.id: int(Path(one.uri).stem) for one in catalogue.documents()}
        passages: Counter[int] = Counter()
        texts = set()
        for stored in (
            one for at in _pieces(sorted(live_passages(catalogue))) for one in catalogue.passages(at).values()
        ):
            passages[numbers[stored.passage.document_id]] += 1
            texts.add((stored.header, stored.passage.text))
    return Held(len(numbers), passages, len(texts))


def _pieces(ids: list[int], size: int = 1_000) -> list[list[int]]:
    return [ids[at : at + size] for at in range(0, len(ids), size)]


def _memory() -> int:
    """Highest resident memory of this process so far, in kB as Linux counts it."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _processor_seconds() -> float:
    """Of the children that have ended, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
