"""The mapping of a statement CSV: which column means what, and how its dates and numbers are written.

A YAML mapping that begins with `statement_csv: 1`; `statement_csv` shows one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import yaml

from ragslm.errors import QuarantineError

LONGEST = 4000
"""Characters of a mapping."""
MEANINGS = (
    "date",
    "value_date",
    "amount",
    "debit",
    "credit",
    "side",
    "currency",
    "counterparty",
    "counterparty_account",
    "counterparty_address",
    "account",
    "text",
    "reference",
    "bank_reference",
    "type",
    "balance",
)
_KEYS = frozenset(
    """
    statement_csv title columns date_format decimal thousands delimiter skip_lines currency debit_words
    """.split()
)
_SIDES = ("d", "debit", "dbit", "s", "soll", "af", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvMapping:
    """How one bank writes its statements.

    Attributes:
        columns: for each meaning of `MEANINGS` that the file has, the heading of its column or its 1-based
            number.
        title: title of the documents.
        date_format: as for `datetime.strptime`.
        decimal: sign before the cents; `thousands`: sign between groups of digits, may be empty.
        delimiter: sign between cells.
        skip_lines: lines above the headings.
        currency: of every row, where no column says it.
        debit_words: what the column `side` says for a debit, lower-case.
    """

    columns: Mapping[str, str | int] = field(repr=False)
    title: str = "Account statement"
    date_format: str = "%Y-%m-%d"
    decimal: str = "."
    thousands: str = ""
    delimiter: str = ","
    skip_lines: int = 0
    currency: str = ""
    debit_words: tuple[str, ...] = _SIDES

    @classmethod
    @lru_cache(maxsize=100)
    def of(cls, text: str) -> "CsvMapping":
        """Read a mapping; one that a folder's files share is read once.

        Raises:
            QuarantineError: it is no mapping, or a key or value is none that is known; names the key.
        """
        plain = _loaded(text)
        columns = plain.get("columns")
        if not isinstance(columns, dict) or not set(columns) <= set(MEANINGS):
            raise _refused("columns", f"a mapping of {', '.join(MEANINGS)}")
        if "date" not in columns or not {"amount", "debit", "credit"} & set(columns):
            raise _refused("columns", "at least date, and amount or debit and credit")
        if not all(
            isinstance(column, int) or (isinstance(column, str) and column) for column in columns.values()
        ):
            raise _refused("columns", "headings or 1-based numbers")
        given: dict[str, Any] = {"columns": columns}
        for key in ("title", "date_format", "decimal", "thousands", "delimiter", "currency"):
            if key in plain:
                given[key] = _text(plain, key)
        if not _reads_itself(given.get("date_format", "%Y-%m-%d")):
            raise _refused("date_format", "a format that datetime.strptime reads, each part once")
        if len(given.get("delimiter", ",")) != 1 or len(given.get("decimal", ".")) != 1:
            raise _refused("delimiter and decimal", "one character each")
        if (skipped := plain.get("skip_lines", 0)) not in range(100):
            raise _refused("skip_lines", "0 to 99")
        words = plain.get("debit_words", _SIDES)
        if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
            raise _refused("debit_words", "a list of words")
        return cls(**given, skip_lines=int(skipped), debit_words=tuple(word.lower() for word in words))

    def day(self, text: str) -> str:
        """ISO date of a cell; empty if it is none."""
        return _iso(text.strip(), self.date_format)


@lru_cache(maxsize=4096)  # statements share their days, and reading one is a fifth of reading its row
def _iso(text: str, date_format: str) -> str:
    try:
        return datetime.strptime(text, date_format).date().isoformat()
    except ValueError:
        return ""


def _reads_itself(date_format: str) -> bool:
    """Whether a date written in this format can be read by it."""
    try:
        datetime.strptime(datetime(2000, 12, 31, tzinfo=UTC).strftime(date_format), date_format)
    except (ValueError, re.error):  # `strptime` makes a pattern of it, which may be none
        return False
    return True


def _loaded(text: str) -> dict[str, Any]:
    if len(text) > LONGEST:
        raise QuarantineError(f"The mapping has more than {LONGEST:,} characters.")
    try:
        plain = yaml.safe_load(text)
    except yaml.YAMLError:
        raise QuarantineError("The mapping in front of the rows is no valid YAML.") from None
    if not isinstance(plain, dict) or plain.get("statement_csv") != 1:
        raise _refused("statement_csv", "1, the version")
    if unknown := set(plain) - _KEYS:
        raise QuarantineError(
            f"The mapping has {len(unknown)} unknown keys; known are {', '.join(sorted(_KEYS))}."
        )
    return plain


def _text(plain: Mapping[str, Any], key: str) -> str:
    value = plain[key]
    if not isinstance(value, str):
        raise _refused(key, "a text")
    return value


def _refused(key: str, wanted: str) -> QuarantineError:
    return QuarantineError(f"The mapping's {key!r} must be {wanted}.")
