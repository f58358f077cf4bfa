"""The command that takes in what sources send by themselves."""

import signal
from pathlib import Path
from threading import Event
from typing import Annotated

import typer

from ragslm.cli.common import ConfigFile, DomainName, Insecure, Workspace, app, open_assistant, out


@app.command()
def listen(
    sources: Annotated[
        Path, typer.Option(help="File that names the sources; see docs/connectors.md.")
    ] = Path("sources.yaml"),
    only: Annotated[str | None, typer.Option(help="Name of the one source to listen for.")] = None,
    workspace: Workspace = Path("workspace"),
    domain: DomainName = None,
    config: ConfigFile = None,
    insecure_demo: Insecure = False,
) -> None:
    """Take in what is sent, such as HL7 messages; each is acknowledged when it is stored."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with open_assistant(workspace, domain, config, insecure=insecure_demo) as assistant:
        assistant.sources.listen(sources, only=only, stop=stop, ready=_say)


def _say(name: str, address: str) -> None:
    out.print(f"{name}: listening on {address}")
    out.file.flush()
