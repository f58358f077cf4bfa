"""The command line. One file per group of commands; `common.py` holds what they share."""

import sys

from ragslm._optional import require
from ragslm.errors import RagslmError


def main() -> None:
    """Run a command; an error ragslm raises on purpose becomes one line and its exit code."""
    require("typer", extra="cli")
    from ragslm.cli import (  # noqa: F401
        api_keys,
        ask,
        bench,
        documents,
        evaluate,
        inspect,
        listen,
        scrub,
        serve,
        sync,
        train,
    )
    from ragslm.cli.common import app, err, exit_code

    try:
        app()
    except RagslmError as error:
        err.print(f"ragslm: {error}")
        sys.exit(exit_code(error))
    except KeyboardInterrupt:
        err.print("ragslm: stopped; what was acknowledged is kept.")
        sys.exit(130)
