"""Kind `langchain` of `sources.yaml`: any LangChain loader, named by its import path."""

import os
from importlib import import_module
from typing import Any

from langchain_core.document_loaders import BaseLoader

from ragslm.errors import ConfigError
from ragslm.integrations.langchain import LoaderConnector


def source(
    loader: str,
    arguments: dict[str, Any] | None = None,
    arguments_env: dict[str, str] | None = None,
    source_name: str = "loader",
) -> LoaderConnector:
    """A loader as a connector.

    Args:
        loader: import path of the class or of a function that makes one, as `package.module:Class`.
        arguments: its keyword arguments.
        arguments_env: those that are secret: names of environment variables by argument.
        source_name: the entry's name; part of every uri, so that two loaders do not overwrite each other.

    Raises:
        ConfigError: there is no such loader, or it does not take these arguments.
    """
    module, _, attribute = loader.partition(":")
    try:
        make: Any = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigError(
            f"There is no loader {loader!r} ({type(error).__name__}). "
            "Write package.module:Class, and install the package."
        ) from None
    if missing := sorted(set((arguments_env or {}).values()) - os.environ.keys()):
        raise ConfigError(f"The environment variables {missing} of arguments_env are not set. Set them.")
    secrets = {argument: os.environ[name] for argument, name in (arguments_env or {}).items()}
    try:
        made = make(**(arguments or {}), **secrets)
    except (TypeError, ValueError) as error:  # pydantic's errors are ValueErrors
        raise ConfigError(f"{loader!r} refuses its arguments ({type(error).__name__}).") from None
    if not isinstance(made, BaseLoader):
        raise ConfigError(f"{loader!r} makes a {type(made).__name__}, not a LangChain BaseLoader.")
    return LoaderConnector(made, f"langchain://{source_name}")
