"""The SQL connector over SQLite: what becomes of a row, what is refused, what is never written."""

import datetime as dt
import json
import sqlite3
import time
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from ragslm.errors import ConfigError, CursorError, SourceError
from ragslm.types import EVERYONE, Cursor, Removed, SourceDocument
from ragslm_connectors.generic import sql
from ragslm_connectors.generic._sql_engine import _verified
from ragslm_connectors.generic._sql_values import place, read_place
from ragslm_connectors.generic.sql import source
from tests.data import lab


@pytest.fixture
def db(tmp_path: Path):
    made = sqlite3.connect(tmp_path / "lab.db", isolation_level=None)
    made.execute(lab.SCHEMA)
    made.executemany(f"INSERT INTO results VALUES ({','.join('?' * 11)})", lab.ROWS)
    yield made
    made.close()


@pytest.fixture
def connect(db, tmp_path: Path):
    def go(**settings):
        given = {**lab.SETTINGS, "source_name": "lab", **settings}
        return source(SecretStr(f"sqlite:///{tmp_path / 'lab.db'}"), **given)

    return go


def fields(document: SourceDocument) -> list[list[str]]:
    return json.loads(document.content)["ragslm_record"]


def test_a_row_is_a_record_with_the_meanings_of_the_settings(connect):
    first, second, third = connect().load()
    assert fields(first) == [
        ["Result", "1", "KEEP"],
        ["Patient", "Ann Weaver", "PERSON"],
        ["MRN", "M-1", "MRN"],
        ["Date", "2024-03-01", "KEEP"],
        ["Analyte", "Hemoglobin", "KEEP"],
        ["Value", "9.1", "KEEP"],
        ["Unit", "g/dL", "KEEP"],
        ["Remark", "Drawn at 12:30; fasting.", "TEXT"],
    ]
    assert (first.uri, first.title, first.scope) == ("sql://lab/1", "Hemoglobin", "M-1")
    assert first.effective_date == dt.date(2024, 3, 1)
    assert [d.readers for d in (first, second, third)] == [{"w3"}, {"w3", "w4"}, frozenset()]


def test_a_star_among_readers_is_everyone(connect):
    query = lab.QUERY.replace("team AS ward", "'*' AS ward")
    assert [document.readers for document in connect(query=query).load()] == [{EVERYONE}] * 3


def test_a_key_that_is_personal_data_stands_in_no_uri_and_no_title(connect):
    settings = {**lab.SETTINGS, "key_column": "MRN", "source_name": "lab"}
    first, second, _ = connect(**{**settings, "title_column": None}).load()
    assert "M-1" not in first.uri + first.title
    assert first.uri != second.uri
    assert first.uri == next(connect(**settings).load()).uri


def test_a_text_of_colons_percents_and_a_comment_is_asked_as_it_is(connect):
    where = "WHERE remark LIKE '%12:30_ %' OR unit = ':mmol' -- :not_a_bind"
    query = lab.QUERY.replace("-- the whole table", where)
    assert [document.uri for document in connect(query=query).load()] == ["sql://lab/1"]


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"query": "SELECT 1; DROP TABLE results"}, "without a semicolon"),
        ({"fields": {"Result": "TEXT"}}, "leaves everything to the recognisers"),
        ({"fields": {**lab.FIELDS, "Patient": "a person"}}, "'Patient' needs an entity type"),
        ({"key_column": "nr"}, "`key_column`: 'nr' has no meaning"),
        ({"title_column": "Patient"}, "titles are shown as they are"),
        ({"cursor_column": "changed"}, "deleted rows would not be noticed"),
    ],
)
def test_settings_that_would_leave_something_unprotected_are_refused(connect, settings, told):
    with pytest.raises(ConfigError, match=told):
        connect(**settings)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (
            {"fields": {k: v for k, v in lab.FIELDS.items() if k != "Unit"}},
            "'Unit' of the query has no meaning",
        ),
        ({"fields": {**lab.FIELDS, "Method": "KEEP"}}, "has no column 'Method'"),
        (
            {"query": lab.QUERY.replace("unit AS", 'analyte AS "Analyte", unit AS')},
            "'Analyte:1' of the query",
        ),
        ({"query": "SELECT secret_word FROM results"}, "OperationalError SQLITE_ERROR"),
        ({"query": lab.QUERY.replace("mrn AS", "NULL AS")}, "nothing in 'MRN', its scope column"),
        ({"query": lab.QUERY.replace("remark AS", "x'00ff' AS")}, "binary data"),
        ({"query": lab.QUERY.replace("taken AS", "analyte AS")}, "is no date"),
    ],
)
def test_a_source_that_is_not_as_the_settings_say_is_refused_without_its_words(connect, settings, told):
    with pytest.raises(SourceError, match=told) as caught:
        list(connect(**settings).load())
    assert "secret_word" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM results RETURNING *",
        "ATTACH 'x.db' AS x",
        "PRAGMA user_version = 7",
        "SELECT 1) AS q -- (",
    ],
)
def test_a_query_that_writes_is_refused_and_nothing_is_written(connect, db, tmp_path: Path, query):
    before = (tmp_path / "lab.db").read_bytes()
    with pytest.raises(SourceError):
        list(connect(query=query).load())
    assert (tmp_path / "lab.db").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["lab.db"]


def test_a_statement_without_end_is_stopped(connect):
    endless = (
        'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) AS "Result" FROM n'
    )
    connector = connect(query=endless, timeout_seconds=1)
    with pytest.raises(SourceError, match="OperationalError SQLITE_INTERRUPT"):
        list(connector.load())


def test_a_slow_reader_of_the_rows_is_not_a_slow_statement(connect, db):
    many = "WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 6000)"
    db.execute(
        f"INSERT INTO results {many} SELECT i, i, 0, 'A', 'M', '2024-03-01', 'S', 1, '', '', '' FROM n"
    )
    documents = connect(timeout_seconds=1).load()
    next(documents)
    time.sleep(1.2)
    assert len(list(documents)) == 5_993


def test_a_file_that_is_not_there_is_told_and_not_made(tmp_path: Path):
    connector = source(SecretStr(f"sqlite:///{tmp_path}/none.db"), **lab.SETTINGS)
    with pytest.raises(SourceError, match="SQLITE_CANTOPEN"):
        list(connector.load())
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "mysql://u:p@h/d", "no url", "postgresql+pg8000://h/d"]
)
def test_other_databases_are_refused_without_their_url(url):
    with pytest.raises(ConfigError) as caught:
        source(SecretStr(url), **lab.SETTINGS)
    assert "u:p" not in str(caught.value)


# URL, whether it may be read, the mode it is read with
TLS = [
    ("postgresql://h.example/d", True, "verify-full"),
    ("postgresql://h.example/d?sslmode=verify-ca", True, "verify-ca"),
    ("postgresql://h.example/d?sslmode=require", False, None),
    ("postgresql://h.example/d?sslmode=prefer", False, None),
    ("postgresql:///d?host=h.example&sslmode=disable", False, None),
    ("postgresql://localhost/d?host=/run,h.example&sslmode=disable", False, None),
    ("postgresql://localhost/d?hostaddr=10.0.0.1&sslmode=disable", False, None),
    ("postgresql://localhost/d?service=other", False, None),
    ("postgresql://localhost/d", True, None),
    ("postgresql://127.0.0.1:5433/d", True, None),
    ("postgresql:///d?host=/var/run/postgresql", True, None),
    ("postgresql://[::1]/d", True, None),
]


@pytest.mark.parametrize(("url", "read", "mode"), TLS)
def test_a_certificate_is_checked_unless_the_server_is_this_machine(url, read, mode):
    if read:
        assert _verified(sa.make_url(url)).query.get("sslmode") == mode
    else:
        with pytest.raises(ConfigError):
            _verified(sa.make_url(url))


# ---------------------------------------------------------------- changes


@pytest.fixture
def follow(connect):
    return lambda **given: connect(cursor_column="changed", deleted_column="gone", **given)


def test_a_cursor_comes_after_each_batch_and_at_the_end(follow, monkeypatch):
    monkeypatch.setattr(sql, "BATCH", 2)
    kinds = [type(change) for change in follow().changes(None)]
    assert kinds == [SourceDocument, SourceDocument, Cursor, SourceDocument, Cursor]


def test_a_row_that_appears_behind_the_cursor_within_the_overlap_is_not_lost(follow, db):
    *_, cursor = follow(overlap=5).changes(None)
    db.execute(lab.NEW.replace("20", "8", 1))
    db.execute("UPDATE results SET gone = 1, changed = 7 WHERE id = 1")
    after = list(follow(overlap=5).changes(cursor.value))
    assert Removed("sql://lab/1") in after
    assert "sql://lab/9" in {change.uri for change in after if isinstance(change, SourceDocument)}


def test_a_row_without_a_cursor_is_named_also_when_it_comes_later(follow, db):
    *_, cursor = follow().changes(None)
    db.execute(lab.NEW.replace("20", "NULL", 1))
    with pytest.raises(SourceError, match="nothing in 'changed', its cursor column"):
        list(follow().changes(cursor.value))


def test_an_append_only_table_needs_no_column_of_deletions(connect):
    assert len(list(connect(cursor_column="changed", append_only=True).changes(None))) == 4


VALUES = st.one_of(
    st.integers(),
    st.text(),
    st.floats(allow_nan=False),
    st.decimals(allow_nan=False),
    st.uuids(),
    st.dates(),
    st.datetimes(timezones=st.sampled_from([None, dt.UTC])),
)


@given(VALUES, VALUES)
def test_a_place_is_read_as_it_was_written(cursor, key):
    assert read_place(place(cursor, key)) == (cursor, key)
    assert [type(value) for value in read_place(place(cursor, key))] == [type(cursor), type(key)]


@given(st.text())
def test_another_cursor_is_refused_as_such(text):
    for written in (
        text,
        f"v1:{text}",
        f"v1:{json.dumps([text, text])}",
        f"v1:{json.dumps([['int', text]] * 2)}",
    ):
        try:
            assert all(isinstance(value, (int, Decimal, UUID)) for value in read_place(written))
        except CursorError:
            continue
