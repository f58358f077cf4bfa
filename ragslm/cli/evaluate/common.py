"""What the commands of `ragslm eval` and `ragslm bench` share."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from ragslm.cli.common import app, out
from ragslm.evaluate.grounding import Share
from ragslm.factory import Parts, open_parts
from ragslm.store.keys import new_key

eval_app = typer.Typer(no_args_is_help=True, help="Measure quality on folders of evaluation data.")
app.add_typer(eval_app, name="eval")

Data = Annotated[Path, typer.Option("--data", help="Folder; docs/evaluation.md says in which layouts.")]
Kept = Annotated[
    Path | None,
    typer.Option(help="Folder in which documents stay between runs, under RAGSLM_KEY; none forgets them."),
]


@contextmanager
def scratch(config: Path | None, **sections: Mapping[str, Any]) -> Iterator[Parts]:
    """The parts of an empty workspace under a key that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="ragslm-eval-") as folder:
        parts = open_parts(Path(folder) / "workspace", key=new_key(), config=config, arguments=sections)
        try:
            yield parts
        finally:
            parts.close()


def shown(shares: Iterable[Share], *, quiet: bool) -> list[Share]:
    """All of them; each is printed as soon as it is known, unless `quiet`."""
    found = []
    for share in shares:
        found.append(share)
        if not quiet:
            line = f"{share.name:78} {share.value:.3f} [{share.low:.3f}, {share.high:.3f}] n={share.n}"
            out.print(line)
    return found
