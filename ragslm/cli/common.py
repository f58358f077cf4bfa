"""What every command shares: the app, options, exit codes, opening a workspace, printing."""

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic_core import to_jsonable_python
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from ragslm.assistant import Assistant
from ragslm.errors import (
    AccessError,
    ApiError,
    AuditError,
    ConfigError,
    EngineError,
    MissingExtraError,
    ModelError,
    NotFoundError,
    QuestionError,
    RagslmError,
    SourceError,
    StorageFullError,
    WorkspaceError,
)
from ragslm.store.catalogue import FILE, no_workspace
from ragslm.types import Filters


class OptionError(ConfigError):
    """What was typed is no valid option, or contradicts another."""


EXIT_CODES: dict[type[RagslmError], int] = {
    OptionError: 2,
    ConfigError: 3,
    MissingExtraError: 3,
    WorkspaceError: 4,
    ModelError: 5,
    QuestionError: 6,
    NotFoundError: 7,
    AccessError: 8,
    EngineError: 9,
    StorageFullError: 10,
    AuditError: 11,
    ApiError: 12,
    SourceError: 13,
}
"""Exit codes by error; 0 is success, 1 any other error or a failed check, 2 a wrong command line."""

INSECURE_DEMO_KEY = "00" * 32
"""The publicly known key of `--insecure-demo`: for trying things out with data that is not personal."""

_HIGH_CONTROLS = range(0x7F, 0xA0)
"""What JSON leaves as it is, though terminals obey it."""
_WITHOUT_CONTROLS = dict.fromkeys([*range(0x09), *range(0x0B, 0x20), *_HIGH_CONTROLS])
"""All but tab and line feed: what would recolour, move or hide what is printed beside it."""
_ESCAPED = {code: f"\\u{code:04x}" for code in _HIGH_CONTROLS}

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Answers from your documents, every sentence checked against the source it cites.",
)


class Terminal(Console):
    """Prints texts as they are: no markup, no emoji codes, none of a document's control characters."""

    def __init__(self, *, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, highlight=False, soft_wrap=True, emoji=False, markup=False)

    def render_str(self, text: str, **options: Any) -> Text:
        """The text without its control characters."""
        return super().render_str(text.translate(_WITHOUT_CONTROLS), **options)


out = Terminal()
err = Terminal(stderr=True)


def parse_day(text: str) -> dt.date:
    """The date that `--as-of` gives.

    Raises:
        typer.BadParameter: it is none.
    """
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("write a date as YYYY-MM-DD") from None


Workspace = Annotated[
    Path, typer.Option("--workspace", "-w", envvar="RAGSLM_WORKSPACE", help="Folder of the encrypted store.")
]
DomainName = Annotated[str | None, typer.Option("--domain", "-d", help="Profile: medical, banking, generic.")]
ConfigFile = Annotated[Path | None, typer.Option("--config", help="Path of ragslm.yaml.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Insecure = Annotated[
    bool, typer.Option("--insecure-demo", help="Use a publicly known key. Never with real data.")
]
Scope = Annotated[str | None, typer.Option(help="Patient or account key.")]
AsOf = Annotated[
    dt.date | None,
    typer.Option(
        "--as-of", parser=parse_day, metavar="DATE", help="Leave out what took effect after YYYY-MM-DD."
    ),
]
Filter = Annotated[
    list[str] | None, typer.Option("--filter", help="name=value, such as title=2018; repeatable.")
]


def exit_code(error: RagslmError) -> int:
    """The documented exit code of an error."""
    return next((code for kind, code in EXIT_CODES.items() if isinstance(error, kind)), 1)


def open_assistant(
    workspace: Path, domain: str | None, config: Path | None, *, insecure: bool = False, **settings: Any
) -> Assistant:
    """Open a workspace that exists; commands that read never make an empty one."""
    if not (workspace / FILE).is_file():
        raise no_workspace(workspace)
    key = INSECURE_DEMO_KEY if insecure else None
    return Assistant.open(workspace, domain, key=key, config=config, **settings)


def parse_filters(pairs: list[str] | None) -> dict[str, str]:
    """`name=value` pairs as filters.

    Raises:
        OptionError: a pair has no equals sign, or a filter cannot be read.
    """
    for pair in pairs or ():
        if "=" not in pair:
            raise OptionError(f"A filter is written name=value, not {pair!r}.")
    given = dict(pair.split("=", 1) for pair in pairs or ())
    try:
        Filters.of(given)
    except ConfigError as error:
        raise OptionError(str(error)) from None
    return given


def print_json(value: Any, *, indent: int | None = 2) -> None:
    """A value of ragslm, or plain data, as JSON on standard output; without `indent` on one line."""
    plain = to_jsonable_python(value, bytes_mode="base64")
    sys.stdout.write(json.dumps(plain, ensure_ascii=False, indent=indent).translate(_ESCAPED) + "\n")


class Bar:
    """A progress bar on standard error, silent when it is not a terminal."""

    def __init__(self, label: str) -> None:
        self._progress = Progress(
            TextColumn(f"{label} {{task.description}}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=err,
            disable=not sys.stderr.isatty(),
        )
        self._task = self._progress.add_task("", total=None)

    def __enter__(self) -> "Bar":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def __call__(self, done: int, total: int | None, stage: str) -> None:
        """Show `done` of `total` in `stage`."""
        self._progress.update(self._task, completed=done, total=total, description=stage)
