"""Kind `sql` of `sources.yaml`: the rows of one query, each a document whose every field has a meaning."""

import hashlib
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from typing import Annotated, Any
from urllib.parse import quote

import sqlalchemy as sa
from pydantic import Field, SecretStr

from ragslm.errors import ConfigError, SourceError
from ragslm.records import KEEP, MEANING, MEDIA_TYPE, TEXT, record
from ragslm.types import Cursor, Removed, SourceDocument
from ragslm_connectors.generic._sql_engine import ReadOnly
from ragslm_connectors.generic._sql_values import before, day, place, read_place, words

BATCH = 1000
"""Rows that are fetched together, and after which a cursor is told."""
OMIT = "OMIT"
"""Meaning of a column that is read and does not become part of the document."""
_CLEAR = frozenset({KEEP, OMIT})


class SqlRows:
    """Every row of a query, each time; a row that is gone is removed.

    Args:
        database: where the query is asked.
        query: one SELECT.
        meanings: what each of its columns means: an entity type, `KEEP`, `TEXT` or `OMIT`.
        columns: columns by use: `key`, `cursor`, `deleted`, `date`, `title`, `scope`, `readers`.
        source_name: first part of every uri.
    """

    name = "sql"

    def __init__(
        self,
        database: ReadOnly,
        query: str,
        meanings: Mapping[str, str],
        columns: Mapping[str, str],
        source_name: str,
    ) -> None:
        self._database = database
        self._table = sa.text(query.replace(":", "\\:") + "\n").columns().subquery("q")
        self._meanings = meanings
        self._columns = columns
        self._source_name = source_name
        self.policy = {label: meaning for label, meaning in meanings.items() if meaning != OMIT}

    def load(self) -> Iterator[SourceDocument]:
        """Every row there is now, in the order of its key.

        Raises:
            SourceError: the database cannot be read, or a column has no meaning.
        """
        statement = self._select().order_by(self._column("key"))
        with closing(self._rows(statement)) as rows:
            for row in rows:
                if isinstance(told := self._told(row), SourceDocument):
                    yield told

    def _select(self) -> sa.Select[Any]:
        return sa.select(sa.text("*")).select_from(self._table)

    def _column(self, use: str) -> sa.ColumnClause[Any]:
        return sa.column(self._columns[use])

    def _rows(self, statement: sa.Select[Any]) -> Generator[Mapping[str, Any], None, None]:
        with self._database.rows(statement, BATCH) as result:
            names = tuple(result.keys())
            self._check(names)
            for row in result:
                yield dict(zip(names, row, strict=True))
                self._database.tick()  # the time that the documents took is not the database's

    def _check(self, names: tuple[str, ...]) -> None:
        if len(set(names)) < len(names):
            raise SourceError("Two columns of the query have one name. Name them apart with AS.")
        if unnamed := sorted(set(names) - self._meanings.keys()):
            raise SourceError(
                f"Column {unnamed[0]!r} of the query has no meaning in `fields`. Add one: an entity type "
                "such as 'PERSON', 'KEEP' for codes, 'TEXT' for free text, or 'OMIT' to leave it out."
            )
        if missing := sorted((self._meanings.keys() | set(self._columns.values())) - set(names)):
            raise SourceError(f"The query has no column {missing[0]!r}. Mend the query or the settings.")

    def _told(self, row: Mapping[str, Any]) -> SourceDocument | Removed:
        key = str(self._required(row, "key"))
        uri = self._uri(key)
        if "deleted" in self._columns and row[self._columns["deleted"]]:
            return Removed(uri)
        given = {use: row[column] for use, column in self._columns.items()}
        return SourceDocument(
            uri=uri,
            content=record({label: words(label, row[label]) for label in self.policy}, self.policy),
            media_type=MEDIA_TYPE,
            title=self._title(given, key),
            effective_date=day(self._columns["date"], given["date"]) if "date" in given else None,
            scope=str(self._required(row, "scope")) if "scope" in given else None,
            readers=_readers(given["readers"]) if "readers" in given else None,
        )

    def _required(self, row: Mapping[str, Any], use: str) -> object:
        value = row[self._columns[use]]
        if value is None or not str(value).strip():
            raise SourceError(
                f"A row has nothing in {self._columns[use]!r}, its {use} column. "
                "Leave such rows out of the query."
            )
        return value

    def _uri(self, key: str) -> str:
        """A key that is personal data, such as an account number, stands in no uri."""
        shown = quote(key, safe="")
        if not self._is_clear("key"):
            shown = hashlib.sha256(f"{self._source_name}\0{key}".encode()).hexdigest()[:32]
        return f"sql://{self._source_name}/{shown}"

    def _title(self, given: Mapping[str, Any], key: str) -> str:
        if given.get("title") is not None:
            return str(given["title"])
        return f"{self._source_name} {key}" if self._is_clear("key") else self._source_name

    def _is_clear(self, use: str) -> bool:
        return self._meanings[self._columns[use]] in _CLEAR


class SqlChanges(SqlRows):
    """Rows in the order of a column that grows with every change.

    Args:
        overlap: how far before the last value rows are read again: seconds of a date-time, numbers of a
            number. A transaction that began earlier may end later, and its rows appear behind the cursor.
        given: as of `SqlRows`.
    """

    def __init__(self, *given: Any, overlap: int) -> None:
        super().__init__(*given)
        self._overlap = overlap

    def changes(self, cursor: str | None) -> Iterator[SourceDocument | Removed | Cursor]:
        """Rows from the cursor on, with a cursor after each batch.

        Raises:
            CursorError: the cursor is not one of this version.
            SourceError: the database cannot be read, or a column has no meaning.
        """
        statement = self._select() if cursor is None else self._select().where(self._after(cursor))
        last = None
        with closing(self._rows(statement.order_by(*self._order()))) as rows:
            for number, row in enumerate(rows, 1):
                yield self._told(row)
                last = place(self._required(row, "cursor"), row[self._columns["key"]])
                if number % BATCH == 0:
                    yield Cursor(last)
        if last or cursor:
            yield Cursor(last or cursor or "")

    def _order(self) -> tuple[sa.ColumnClause[Any], sa.ColumnClause[Any]]:
        return self._column("cursor"), self._column("key")

    def _after(self, cursor: str) -> sa.ColumnElement[bool]:
        value, key = read_place(cursor)
        by_cursor, by_key = self._order()
        # A row without a value would be left out in silence; so it comes, and is refused by name.
        none = by_cursor.is_(None)
        if self._overlap and (floor := before(value, self._overlap)) is not None:
            since: sa.ColumnElement[bool] = none | (by_cursor >= floor)
            return since
        after: sa.ColumnElement[bool] = none | (
            (by_cursor >= value) & ((by_cursor > value) | (by_key >= key))
        )
        return after


def source(
    url: SecretStr,
    query: str,
    fields: dict[str, str],
    key_column: str,
    cursor_column: str | None = None,
    deleted_column: str | None = None,
    append_only: bool = False,
    date_column: str | None = None,
    title_column: str | None = None,
    scope_column: str | None = None,
    readers_column: str | None = None,
    overlap: Annotated[int, Field(ge=0, le=10_000_000)] = 300,
    timeout_seconds: Annotated[int, Field(ge=1, le=86_400)] = 60,
    source_name: str = "sql",
) -> SqlRows:
    """The rows of a query; see docs/connectors.md for the settings.

    Raises:
        ConfigError: the settings contradict each other, or a column has no meaning.
    """
    columns = {
        "key": key_column,
        "cursor": cursor_column,
        "deleted": deleted_column,
        "date": date_column,
        "title": title_column,
        "scope": scope_column,
        "readers": readers_column,
    }
    used = {use: column for use, column in columns.items() if column is not None}
    _check(query, fields, used, append_only)
    given = (ReadOnly(url.get_secret_value(), timeout_seconds), query, fields, used, source_name)
    return SqlChanges(*given, overlap=overlap) if cursor_column else SqlRows(*given)


def _check(query: str, fields: Mapping[str, str], used: Mapping[str, str], append_only: bool) -> None:
    """Refuse what could leave a column unprotected or a deletion unnoticed.

    Raises:
        ConfigError: it could.
    """
    if ";" in query:
        raise ConfigError("`query` is one SELECT without a semicolon.")
    for column, meaning in fields.items():
        if not MEANING.fullmatch(meaning):
            raise ConfigError(
                f"`fields`: {column!r} needs an entity type such as 'PERSON', or KEEP, TEXT, OMIT."
            )
    if not set(fields.values()) - {TEXT, OMIT}:
        raise ConfigError(
            "`fields` leaves everything to the recognisers. Say which columns are people and numbers."
        )
    for use, column in used.items():
        if column not in fields:
            raise ConfigError(f"`{use}_column`: {column!r} has no meaning in `fields`. Add one, or OMIT.")
    if "title" in used and fields[used["title"]] not in {*_CLEAR, TEXT}:
        raise ConfigError("`title_column` holds personal data: titles are shown as they are. Choose another.")
    if "cursor" in used and "deleted" not in used and not append_only:
        raise ConfigError(
            "With `cursor_column` deleted rows would not be noticed. Name a `deleted_column`, say "
            "`append_only: true`, or leave `cursor_column` out: then every run reads all rows."
        )


def _readers(value: object) -> frozenset[str]:
    """Names between commas; none is the owner alone, `*` everyone."""
    return frozenset(name.strip() for name in str(value or "").split(",") if name.strip())
