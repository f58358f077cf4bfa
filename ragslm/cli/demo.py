"""`ragslm demo`: the whole journey over the bundled samples, with its proof, without a network."""

import time
from dataclasses import dataclass
from pathlib import Path

import typer

from ragslm._network import close_network
from ragslm.assistant import Assistant
from ragslm.cli.common import Bar, app, out
from ragslm.cli.documents import show_report
from ragslm.cli.render import show_answer
from ragslm.errors import IndexMismatchError
from ragslm.registry import samples
from ragslm.store.keys import new_key, write_key_file
from ragslm.types import IngestReport, Mode

DEMO = Path(".demo")


@dataclass(frozen=True, slots=True)
class Show:
    """One question of the demo and what it is there to show."""

    domain: str
    question: str
    point: str
    mode: Mode | None = None


SHOWN = (
    Show(
        "medical",
        "What are the most common medicines for treating deep vein thrombosis?",
        "a sentence of the source, quoted",
    ),
    Show(
        "medical",
        "What was Clemente Kreiger's body mass index?",
        "the name is scrubbed before anything else sees it, and restored for you alone",
    ),
    Show(
        "medical",
        "Which blood-thinning medicines prevent clots in atrial fibrillation, "
        "and how long does warfarin take to start working?",
        "an answer from two documents",
    ),
    Show(
        "medical",
        "What are the most common medicines for treating deep vein thrombosis?",
        "the same in `near` mode: the small model words it, every sentence is checked",
        mode="near",
    ),
    Show(
        "banking",
        "What is the consumer's liability if the loss of a card is reported within two business days?",
        "a paragraph of the regulation",
    ),
    Show("banking", "What deposit balance earns the 5.75 percent rate?", "a row of a table in a PDF"),
    Show("banking", "What is the bank's current mortgage rate?", "the documents do not say: a refusal"),
)


def demo_key() -> str:
    """The demo workspace's key, made at the first run and kept beside the workspace, mode 0600."""
    file = DEMO / "key"
    if not file.is_file():
        DEMO.mkdir(mode=0o700, exist_ok=True)
        write_key_file(file, new_key())
    return file.read_text(encoding="ascii").strip()


@app.command()
def demo() -> None:
    """Ingest the bundled samples, ask four medical and three banking questions, and show the proof."""
    started = time.perf_counter()
    close_network()
    out.print("The network is closed: from here on nothing leaves this machine.\n")
    with Assistant.open(DEMO / "workspace", "medical", key=demo_key()) as assistant:
        for name in ("medical", "banking"):
            out.print(f"── {name}: bundled samples")
            show_report(_ingest(assistant, name))
        for number, shown in enumerate(SHOWN, 1):
            out.print(f"\n── {number}. {shown.domain}: {shown.question}\n   ({shown.point})")
            show_answer(assistant.for_domain(shown.domain).ask(shown.question, mode=shown.mode))
        _show_record(assistant)
    out.print(f"\n{time.perf_counter() - started:.0f} s. Now the web page, over the same workspace: make up")


def _ingest(assistant: Assistant, name: str) -> IngestReport:
    """The samples of a domain, again if an older version had filled the workspace."""
    own = assistant.for_domain(name)
    with Bar("Ingest") as bar:
        try:
            return own.ingest(samples(name), progress=bar)
        except IndexMismatchError:
            out.print("An older version had filled the demo's workspace: it is rebuilt.")
            return own.ingest(samples(name), progress=bar, rebuild=True)


def _show_record(assistant: Assistant) -> None:
    report = assistant.verify_audit()
    state = "intact" if report.ok else f"broken at entry {report.first_bad_seq}"
    out.print(f"\nAudit chain: {report.entries} entries, {state}.")
    if not report.ok:
        raise typer.Exit(1)
