"""Three questions to all systems with the real small model; a run that is killed goes on where it was."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ragslm.evaluate.answers.sets import read_set

DATA = Path(__file__).parents[1] / "data" / "answers"
SYSTEMS = ["ragslm, quotes", "bare", "plain RAG", "ragslm"]
pytestmark = pytest.mark.models


@pytest.fixture
def command(tmp_path):
    """The command, and the environment it needs."""
    prompts = tmp_path / "prompts.jsonl"
    with prompts.open("w") as out:
        for asked in read_set(DATA).questions:
            row = {"id": asked.id, "user": f"[1] A note.\n\n{asked.text}", "passages": []}
            row["passages"] = [{"text": "A note.", "document": "note", "page": None}]
            out.write(json.dumps(row) + "\n")
    line = ["eval", "answers", "--data", DATA, "--sample", "3", "--plain", prompts, "--json"]
    kept = ["--cache", tmp_path / "answers.jsonl", "--workspace", tmp_path / "kept"]
    environment = {**os.environ, "RAGSLM_KEY": "ab" * 32}
    return [sys.executable, "-m", "ragslm", *map(str, [*line, *kept])], environment


def answers(tmp_path):
    path = tmp_path / "answers.jsonl"
    content = path.read_text("utf-8") if path.exists() else ""
    return [json.loads(line) for line in content.splitlines(keepends=True) if line.endswith("\n")]


@pytest.mark.timeout(300)
def test_a_killed_run_goes_on(tmp_path, command):
    line, environment = command
    run = subprocess.Popen(line, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 200
    while len(answers(tmp_path)) < 5 and run.poll() is None and time.monotonic() < until:
        time.sleep(0.02)
    run.send_signal(signal.SIGKILL)
    run.wait()
    before = answers(tmp_path)
    assert len(before) >= 5

    done = subprocess.run(line, env=environment, capture_output=True, text=True, check=True)
    after = answers(tmp_path)
    keys = [(row["system"], row["question"], row["prompt"]) for row in after]
    assert len(set(keys)) == len(keys), "nothing was asked twice"
    assert after[: len(before)] == before

    report = json.loads(done.stdout)
    assert (report["sample"], report["answered"], report["seed"]) == (3, 3, 0)
    assert report["sha256"].startswith("b179c952")
    assert [system["name"] for system in report["systems"]] == SYSTEMS
    for system in report["systems"]:
        shares = {metric["name"]: metric for metric in system["metrics"]}
        assert sum(shares[name]["value"] for name in ("right", "wrong", "refused")) == pytest.approx(1)
        assert shares["right"]["n"] == 3
    assert {row["outcome"] for row in report["rows"]} <= {"right", "wrong", "refused"}
    assert len(report["rows"]) == 12
