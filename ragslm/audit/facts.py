"""What a record may say: nothing that could be a text."""

from collections.abc import Mapping
from typing import Any

from ragslm.errors import AuditError

LONGEST = 200
"""Characters of a string fact: room for ids, hashes and model names."""
WORDS = 4
"""Words of a string fact: a served model may be named by a path with spaces; a sentence has more."""


def check(facts: Any, path: str = "") -> None:
    """Refuse facts that are not ids, numbers, hashes or short enumerations.

    Raises:
        AuditError: names the path of the fact and its length or type, never its value.
    """
    if isinstance(facts, Mapping):
        for key, value in facts.items():
            if not isinstance(key, str):
                raise AuditError(
                    f"An audit fact in {path or 'the record'!r} has a {type(key).__name__} as its name."
                )
            _check_string(key, f"a name in {path!r}")
            check(value, f"{path}.{key}" if path else key)
    elif isinstance(facts, list | tuple):
        for value in facts:
            check(value, f"{path}[]")
    elif isinstance(facts, str):
        _check_string(facts, repr(path))
    elif not isinstance(facts, bool | int | float | None):
        raise AuditError(
            f"Audit fact {path!r} is a {type(facts).__name__}; only plain values may be recorded."
        )


def _check_string(value: str, path: str) -> None:
    words, lines = len(value.split()), len(value.splitlines())
    if len(value) > LONGEST or words > WORDS or lines > 1:
        raise AuditError(
            f"Audit fact {path} has {len(value)} characters, {words} words in {lines} lines; at most "
            f"{LONGEST} and {WORDS} in one line may be recorded. Record an id or a hash of it."
        )
