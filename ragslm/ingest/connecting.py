"""From an entry of `sources.yaml` to its connector: settings are checked, secrets are fetched."""

import inspect
import os
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic.errors import PydanticUserError

from ragslm.errors import ConfigError, RagslmError
from ragslm.ingest.sources import Source
from ragslm.protocols import Connector
from ragslm.registry import load_connector

_SECRET = re.compile(r"pass(word|wd|phrase)|secret|token|api_?key|access_?key|credential|private_?key", re.I)
_USERINFO = re.compile(r"\w://[^/\s@]*:[^/\s@]+@")
_NO_SECRET = ("_file", "_env", "_path", "_url")
_OPEN = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)


def bind(source: Source, domains: Sequence[str]) -> Callable[[], Connector]:
    """What makes the connector when it is called; every setting is checked now, nothing is connected.

    Raises:
        ConfigError: the kind is unknown; a setting is unknown, missing, of another type, a secret in clear.
        MissingExtraError: a package that the kind needs is not installed.
    """
    try:
        factory = load_connector(source.kind, domains)
    except ConfigError as error:
        raise ConfigError(f"{source.where}: {error}") from None
    return partial(_connect, source, factory, _arguments(source, _parameters(factory)))


def _connect(source: Source, factory: Callable[..., Any], arguments: Mapping[str, Any]) -> Connector:
    try:
        connector = factory(**arguments)
    except RagslmError:
        raise
    except (TypeError, ValueError) as error:
        raise ConfigError(
            f"{source.where}: kind {source.kind!r} refuses its settings ({type(error).__name__})."
        ) from error
    if not isinstance(connector, Connector):
        raise ConfigError(
            f"{source.where}: kind {source.kind!r} is no Connector: it lacks `name`, `load` or its field "
            "`policy`. Nothing is indexed without a field policy; see docs/write-a-connector.md."
        )
    return connector


def _parameters(factory: Callable[..., Any]) -> Mapping[str, inspect.Parameter]:
    try:
        return inspect.signature(factory, eval_str=True).parameters
    except NameError:  # an annotation that only a type checker can see
        return inspect.signature(factory).parameters


def _arguments(source: Source, parameters: Mapping[str, inspect.Parameter]) -> dict[str, Any]:
    named = {name: p for name, p in parameters.items() if p.kind not in _OPEN}
    takes_any = any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters.values())
    arguments: dict[str, Any] = {}
    for key, value in source.settings.items():
        name, how = _fetched(key, named)
        if name not in named and not takes_any:
            raise ConfigError(
                f"{source.where}: kind {source.kind!r} has no setting {key!r}; it has {sorted(named)}."
            )
        if name in arguments:
            raise ConfigError(f"{source.where}: {name!r} is given twice. Keep one.")
        annotation = named[name].annotation if name in named else Any
        if how is None:
            _refuse_secret(source, key, value, annotation)
        else:
            value = how(source, key, value)
        arguments[name] = _checked(source, key, value, annotation)
    if "source_name" in named:
        arguments.setdefault("source_name", source.name)
    for name, parameter in named.items():
        if name not in arguments and parameter.default is inspect.Parameter.empty:
            secret = "SecretStr" in str(parameter.annotation) or _SECRET.search(name)
            how_to = f"{name}_file or {name}_env" if secret else name
            raise ConfigError(f"{source.where}: kind {source.kind!r} needs {how_to}. Add it.")
    return arguments


def _fetched(key: str, named: Mapping[str, Any]) -> tuple[str, Callable[[Source, str, Any], str] | None]:
    """The setting that a key sets, and how its value is fetched; None: it is written there."""
    if key not in named:
        for ending, how in (("_file", _from_file), ("_env", _from_environment)):
            if key.endswith(ending):
                return key.removesuffix(ending), how
    return key, None


def _from_file(source: Source, key: str, value: Any) -> str:
    try:
        return (source.base / str(value)).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ConfigError(f"{source.where}: the file that `{key}` names cannot be read: {reason}.") from None


def _from_environment(source: Source, key: str, value: Any) -> str:
    try:
        return os.environ[str(value)]
    except KeyError:
        raise ConfigError(
            f"{source.where}: the environment variable that `{key}` names is not set. Set it."
        ) from None


def _refuse_secret(source: Source, key: str, value: Any, annotation: Any) -> None:
    """Refuse what should not lie in clear in a file that is copied and checked in."""
    secret = "SecretStr" in str(annotation)
    named = isinstance(value, str) and _SECRET.search(key) and not key.endswith(_NO_SECRET)
    if secret or named or (not key.endswith(_NO_SECRET) and _has_password(value)):
        raise ConfigError(
            f"{source.where}: `{key}` holds a secret in clear. Give `{key}_file: PATH` or `{key}_env: NAME`."
        )


def _has_password(value: Any) -> bool:
    """Whether a URL with a password stands anywhere in a value."""
    if isinstance(value, Mapping):
        return any(
            _has_password(one) or (isinstance(one, str) and one and _SECRET.search(str(name)) is not None)
            for name, one in value.items()
        )
    if isinstance(value, list):
        return any(_has_password(one) for one in value)
    return isinstance(value, str) and _USERINFO.search(value) is not None


def _checked(source: Source, key: str, value: Any, annotation: Any) -> Any:
    if annotation in (Any, inspect.Parameter.empty):
        return value
    try:
        checked = TypeAdapter(annotation).validate_python(value)
    except ValidationError as error:
        raise ConfigError(
            f"{source.where}: `{key}`: {error.errors(include_input=False)[0]['msg']}."
        ) from None
    except (PydanticUserError, NameError):  # an annotation of the plug-in's own that pydantic cannot check
        return value
    return source.base / checked if isinstance(checked, Path) else checked
