"""What `RAGSLM_…` of the environment may be called, and how lists are written there."""

import json
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from ragslm.errors import ConfigError

PREFIX = "RAGSLM_"
OTHER_NAMES = frozenset(
    """RAGSLM_KEY RAGSLM_KEY_FILE RAGSLM_API_KEY RAGSLM_API_KEY_FILE RAGSLM_URL RAGSLM_CONFIG RAGSLM_SECRETS
    RAGSLM_WORKSPACE""".split()
)
"""What is read elsewhere: keys, addresses, folders."""
_EXAMPLES = {"DOMAINS": '["medical", "banking"]', "PRIVACY__PROFILES": '["hipaa-safe-harbor", "pci-dss"]'}


def check_environment(settings: type[BaseModel], environment: Mapping[str, str]) -> None:
    """Refuse a misspelt section, and a list or mapping that is no JSON: neither may be dropped in silence.

    Raises:
        ConfigError: there is one. The message names it, never its value.
    """
    for given, value in environment.items():
        name = given.upper()
        if not name.startswith(PREFIX) or name in OTHER_NAMES:
            continue
        path = name.removeprefix(PREFIX).split("__")
        if path[0].lower() in settings.model_fields:
            _check_value(given, path, _annotation(settings, path), value)
        elif len(path) > 1:
            raise ConfigError(f"There is no setting for {given}. {_nearest(settings, name)}")


def unknown_names(settings: type[BaseModel], environment: Iterable[str]) -> list[str]:
    """A line for each name that nothing reads and that `check_environment` lets pass.

    It may belong to somebody else: Kubernetes gives a service called ragslm a `RAGSLM_PORT`.
    """
    known = {name.upper() for name in settings.model_fields}
    return [
        f"{name} is not read by ragslm. {_nearest(settings, name.upper())}"
        for name in environment
        if (upper := name.upper()).startswith(PREFIX)
        and upper not in OTHER_NAMES
        and upper.removeprefix(PREFIX).split("__")[0] not in known
    ]


def _nearest(settings: type[BaseModel], name: str) -> str:
    found = get_close_matches(name, [*_names(settings), *OTHER_NAMES], n=1, cutoff=0)
    return f"The nearest name is {found[0]}."


def _names(model: type[BaseModel], prefix: str = PREFIX) -> Iterator[str]:
    for name, field in model.model_fields.items():
        section: Any = field.annotation
        if _is_section(section):
            yield from _names(section, f"{prefix}{name.upper()}__")
        else:
            yield prefix + name.upper()


def _is_section(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _annotation(model: type[BaseModel], path: list[str]) -> Any:
    """The type at a path; None where the settings themselves say that there is none, or below a mapping."""
    annotation: Any = model
    for part in path:
        field = annotation.model_fields.get(part.lower()) if _is_section(annotation) else None
        if field is None:
            return get_args(annotation)[1] if get_origin(annotation) is dict else None
        annotation = field.annotation
    return annotation


def _check_value(given: str, path: list[str], annotation: Any, value: str) -> None:
    listed = get_origin(annotation) is tuple
    if not (listed or get_origin(annotation) is dict or _is_section(annotation)):
        return
    try:
        fits = isinstance(json.loads(value), list if listed else dict)
    except ValueError:
        fits = False
    if not fits:
        example = _EXAMPLES.get("__".join(path), '["one", "two"]') if listed else '{"name": "value"}'
        raise ConfigError(f"{given} wants a JSON {'list' if listed else 'object'}: {given}='{example}'.")
