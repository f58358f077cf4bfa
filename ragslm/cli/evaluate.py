"""Commands that measure: eval and bench."""

from pathlib import Path
from typing import Annotated

import typer

from ragslm.cli.common import app

eval_app = typer.Typer(
    no_args_is_help=True, help="Measure quality on folders of evaluation data, with 95 % intervals."
)
app.add_typer(eval_app, name="eval")

Data = Annotated[Path, typer.Option("--data", help="Folder; docs/evaluation.md says in which layouts.")]
