"""One way to reach an optional package: the error names the line that installs it."""

import importlib
from typing import Any

from ragslm.errors import MissingExtraError


def require(module: str, *, extra: str) -> Any:
    """Import `module`, or say which extra brings it.

    Raises:
        MissingExtraError: the package is not installed.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or module.split(".")[0] != error.name.split(".")[0]:
            raise
        raise MissingExtraError(f"{module!r} is not installed. Run: pip install 'ragslm[{extra}]'") from None
