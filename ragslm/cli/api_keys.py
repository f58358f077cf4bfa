"""Commands about keys: those of the server's users, and the workspace's own."""

import os
from pathlib import Path
from typing import Annotated

import typer

from ragslm.cli.common import ConfigFile, Insecure, Json, Workspace, app, open_assistant, out, print_json
from ragslm.errors import WrongKeyError
from ragslm.store.keys import find_key, new_key, write_key_file
from ragslm.types import Identity

keys = typer.Typer(
    no_args_is_help=True, help="API keys of the server's users; `rotate` renews the workspace's own key."
)
app.add_typer(keys, name="keys")


@keys.command("add")
def add_key(
    name: Annotated[str, typer.Argument(help="Whose key it is; shown in listings.")],
    workspace: Workspace = Path("workspace"),
    group: Annotated[list[str] | None, typer.Option(help="Group the user belongs to; repeatable.")] = None,
    scope: Annotated[
        list[str] | None, typer.Option(help="Patient or account the user may see; none: all.")
    ] = None,
    cleared: Annotated[bool, typer.Option(help="May see restored personal data.")] = False,
    owner: Annotated[bool, typer.Option(help="May read and change everything.")] = False,
    config: ConfigFile = None,
    insecure_demo: Insecure = False,
) -> None:
    """Make an API key. It is printed once; only its hash is kept."""
    identity = Identity(
        id=name,
        groups=frozenset(group or ()),
        scopes=frozenset(scope) if scope else None,
        cleared=cleared,
        owner=owner,
    )
    with open_assistant(workspace, None, config, insecure=insecure_demo) as assistant:
        out.print(assistant.add_api_key(identity))


@keys.command("list")
def list_keys(
    workspace: Workspace = Path("workspace"),
    config: ConfigFile = None,
    insecure_demo: Insecure = False,
    as_json: Json = False,
) -> None:
    """List who has a key."""
    with open_assistant(workspace, None, config, insecure=insecure_demo) as assistant:
        names = assistant.api_key_names()
    if as_json:
        print_json(names)
        return
    for name in names:
        out.print(name)


@keys.command("remove")
def remove_key(
    name: str,
    workspace: Workspace = Path("workspace"),
    config: ConfigFile = None,
    insecure_demo: Insecure = False,
) -> None:
    """Take a key away; it stops working at once."""
    with open_assistant(workspace, None, config, insecure=insecure_demo) as assistant:
        assistant.remove_api_key(name)


@keys.command("rotate")
def rotate_key(
    to: Annotated[
        Path, typer.Option("--to", help="Key file of the new key; made (mode 0600) if it is not there.")
    ],
    workspace: Workspace = Path("workspace"),
) -> None:
    """Put the workspace under a new key. Nothing is ingested again, and every pseudonym stays.

    The present key is found as always (RAGSLM_KEY, RAGSLM_KEY_FILE, the OS keyring). Stop the server first.
    If it is interrupted, run it again with the same file: the old key is in force or the new one.
    """
    from ragslm.store.catalogue import Catalogue
    from ragslm.store.rotation import rotate

    if not to.exists():
        write_key_file(to, new_key())
    new = find_key(None, {"RAGSLM_KEY_FILE": str(to)}, workspace)
    try:
        rotate(workspace, find_key(None, os.environ, workspace), new)
    except WrongKeyError:
        Catalogue.open(workspace, new).close()  # an earlier run had come to its end
    out.print(f"Workspace {workspace} is under the key in {to}.")
    out.print(f"From now on: export RAGSLM_KEY_FILE={to}. Backups made before need the old key.")
