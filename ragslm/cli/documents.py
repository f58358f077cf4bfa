"""Commands that make a workspace and bring documents into it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from ragslm.assistant import Assistant
from ragslm.cli.common import (
    INSECURE_DEMO_KEY,
    Bar,
    ConfigFile,
    DomainName,
    Insecure,
    Json,
    OptionError,
    Workspace,
    app,
    open_assistant,
    out,
    print_json,
)
from ragslm.errors import WorkspaceError
from ragslm.store.keys import new_key, write_key_file
from ragslm.types import EVERYONE, IngestReport


@app.command()
def init(
    workspace: Workspace = Path("workspace"),
    key_file: Annotated[
        Path | None,
        typer.Option("--key-file", help="Write a new key here (mode 0600), outside the workspace."),
    ] = None,
    insecure_demo: Insecure = False,
    config: ConfigFile = None,
) -> None:
    """Make an encrypted workspace, with a new key if --key-file says where to."""
    if workspace.is_dir() and any(workspace.iterdir()):
        raise WorkspaceError(f"{str(workspace)!r} is not empty. Name a new folder.")
    if workspace.exists() and not workspace.is_dir():
        raise WorkspaceError(f"{str(workspace)!r} is a file. Name a new folder.")
    key = INSECURE_DEMO_KEY if insecure_demo else None
    if key_file is not None:
        key = new_key()
        write_key_file(key_file, key)
        out.print(f"Key written to {key_file}. Whoever has it can read everything; without it nobody can.")
        out.print(f"From now on: export RAGSLM_KEY_FILE={key_file}")
    Assistant.open(workspace, key=key, config=config).close()
    out.print(f"Workspace {workspace} is ready. Next: ragslm ingest FOLDER -w {workspace} -d medical")


@app.command()
def ingest(
    path: Annotated[Path, typer.Argument(help="Folder or file.")],
    workspace: Workspace = Path("workspace"),
    domain: DomainName = None,
    scope: Annotated[
        str | None,
        typer.Option(help="Patient or account key of these documents; '*' takes back one given before."),
    ] = None,
    reader: Annotated[
        list[str] | None,
        typer.Option(help="User or group that may read them; repeatable. Else stored ones keep theirs."),
    ] = None,
    everyone: Annotated[
        bool, typer.Option("--everyone", help="Let every user read them, also those that are stored.")
    ] = False,
    rebuild: Annotated[
        bool, typer.Option(help="Read everything again under the present models and policy.")
    ] = False,
    config: ConfigFile = None,
    insecure_demo: Insecure = False,
    as_json: Json = False,
) -> None:
    """Bring a folder or file in, scrubbed; what is gone from a folder is removed."""
    readers = _readers(reader, everyone=everyone)
    with open_assistant(workspace, domain, config, insecure=insecure_demo) as assistant, Bar("Ingest") as bar:
        report = assistant.ingest(path, scope=scope, readers=readers, progress=bar, rebuild=rebuild)
    if as_json:
        print_json(report)
    else:
        show_report(report)


def _readers(named: Sequence[str] | None, *, everyone: bool) -> list[str] | None:
    """Who may read what comes in; None says nothing."""
    if everyone and named:
        raise OptionError("Give either --reader or --everyone.")
    return [EVERYONE] if everyone else list(named or ()) or None


def show_report(report: IngestReport) -> None:
    """What an ingest changed, in words."""
    out.print(
        f"{report.added} added, {report.changed} changed, {report.unchanged} unchanged, "
        f"{report.removed} removed; "
        f"{report.passages} passages in {report.seconds:.1f} s"
    )
    for uri, reason in report.quarantined:
        out.print(f"  quarantined {uri}: {reason}")
    for uri, note in report.notes:
        out.print(f"  note {uri}: {note}")


@app.command()
def documents(
    workspace: Workspace = Path("workspace"),
    domain: DomainName = None,
    remove: Annotated[
        str | None, typer.Option("--remove", metavar="ID", help="Remove this one and what lies inside it.")
    ] = None,
    config: ConfigFile = None,
    insecure_demo: Insecure = False,
    as_json: Json = False,
) -> None:
    """List what is in the workspace, or remove one document."""
    with open_assistant(workspace, domain, config, insecure=insecure_demo) as assistant:
        if remove is not None:
            assistant.remove_document(remove)
            print_json({"removed": remove}) if as_json else out.print(f"Document {remove} removed.")
            return
        found = assistant.documents()
    if as_json:
        print_json(found)
        return
    for info in found:
        out.print(f"{info.id}  {info.passages:5d} passages  {info.title}")
