"""Commands that tell what is there and whether it is whole: doctor, config, models, audit."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import BaseModel, SecretStr

from ragslm._address import shown
from ragslm.cli.common import (
    Bar,
    ConfigFile,
    DomainName,
    Insecure,
    Json,
    Workspace,
    app,
    open_assistant,
    out,
    print_json,
)
from ragslm.cli.doctor import examine
from ragslm.models.catalogue import entries
from ragslm.models.pull import default_folder, pull, verify
from ragslm.registry import load_profile
from ragslm.settings import Settings

config_app = typer.Typer(no_args_is_help=True, help="Settings.")
models_app = typer.Typer(no_args_is_help=True, help="Pinned models.")
audit_app = typer.Typer(no_args_is_help=True, help="The hash-chained record.")
app.add_typer(config_app, name="config")
app.add_typer(models_app, name="models")
app.add_typer(audit_app, name="audit")


@app.command()
def doctor(
    workspace: Workspace = Path("workspace"), config: ConfigFile = None, as_json: Json = False
) -> None:
    """Say what is missing and the line that mends it; exit code 1 if something is."""
    findings = examine(workspace, config)
    if as_json:
        print_json(findings)
    else:
        for finding in findings:
            out.print(f"{'ok     ' if finding.ok else 'missing'}  {finding.what}")
            if not finding.ok:
                out.print(f"         {finding.remedy}")
    if not all(finding.ok or finding.optional for finding in findings):
        raise typer.Exit(1)


@config_app.command("show")
def show_config(domain: DomainName = None, config: ConfigFile = None, as_json: Json = False) -> None:
    """Print every setting with where it comes from; secrets stay hidden."""
    profile = load_profile(domain or Settings.load(config=config).domain)
    settings = Settings.load(profile=profile, config=config)
    sources = Settings.sources(profile=profile, config=config)
    rows = [(path, _without_secrets(path, value), _source(path, sources)) for path, value in _walk(settings)]
    if as_json:
        print_json([{"setting": path, "value": value, "source": source} for path, value, source in rows])
        return
    for path, value, source in rows:
        out.print(f"{path} = {json.dumps(value, ensure_ascii=False)}  ({source})")


@models_app.command("pull")
def pull_models(
    names: Annotated[list[str] | None, typer.Argument(help="Catalogue names; none: all.")] = None,
    config: ConfigFile = None,
) -> None:
    """Fetch the pinned models and check their SHA-256."""
    folder = Settings.load(config=config).models.folder or default_folder()
    wanted = names or [entry.name for entry in entries()]
    with Bar("Pull") as bar:
        pull(wanted, folder, progress=bar)
    out.print(f"{', '.join(wanted)}: SHA-256 verified, in {folder}")


@models_app.command("list")
def list_models(config: ConfigFile = None, as_json: Json = False) -> None:
    """List the catalogue and whether each model is here and intact."""
    folder = Settings.load(config=config).models.folder or default_folder()
    rows: list[dict[str, Any]] = [
        {
            "name": entry.name,
            "kind": entry.kind,
            "licence": entry.licence,
            "bytes": entry.size,
            "intact": verify(entry.name, folder),
        }
        for entry in entries()
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        state = "intact" if row["intact"] else "not here: ragslm models pull " + row["name"]
        out.print(
            f"{row['name']:24} {row['kind']:8} {row['bytes'] / 1e6:6.1f} MB  {row['licence']:12} {state}"
        )


@audit_app.command("verify")
def verify_audit(
    workspace: Workspace = Path("workspace"),
    config: ConfigFile = None,
    insecure_demo: Insecure = False,
    as_json: Json = False,
) -> None:
    """Check the whole chain; exit code 1 and the first bad entry if it was touched."""
    with open_assistant(workspace, None, config, insecure=insecure_demo) as assistant:
        report = assistant.verify_audit()
    if as_json:
        print_json(report)
    else:
        state = "intact" if report.ok else f"broken at entry {report.first_bad_seq}"
        out.print(f"{report.entries} entries, {state}; head {report.head}")
    if not report.ok:
        raise typer.Exit(1)


@audit_app.command("export")
def export_audit(
    workspace: Workspace = Path("workspace"), config: ConfigFile = None, insecure_demo: Insecure = False
) -> None:
    """Print every record as one JSON object a line."""
    with open_assistant(workspace, None, config, insecure=insecure_demo) as assistant:
        for record in assistant.export_audit():
            print_json(record, indent=None)


def _walk(model: BaseModel, prefix: str = "") -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            rows += _walk(value, f"{prefix}{name}.")
        else:
            rows.append((prefix + name, _plain(value)))
    return rows


def _plain(value: Any) -> Any:
    if isinstance(value, SecretStr):
        return "********"
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_defaults=True)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Path) else value


def _without_secrets(path: str, value: Any) -> Any:
    """An address may hold a user and a password."""
    return shown(value) if path == "generation.vllm_url" and value else value


def _source(path: str, sources: dict[str, str]) -> str:
    """A mapping setting is listed by its entries, so its own path may only be their prefix."""
    if path in sources:
        return sources[path]
    return next((source for known, source in sources.items() if known.startswith(path + ".")), "default")
