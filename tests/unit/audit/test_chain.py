import json
from pathlib import Path

import pytest

from ragslm.audit.chain import export, verify
from ragslm.audit.facts import LONGEST
from ragslm.audit.log import HashChainedLog
from ragslm.errors import AuditError
from ragslm.store.catalogue import Catalogue
from ragslm.types import Identity

KEY = bytes(range(32))
ANN = Identity(id="ann.secret@clinic")


@pytest.fixture
def catalogue(tmp_path: Path):
    with Catalogue.create(tmp_path / "w", KEY) as made:
        yield made


@pytest.fixture
def filled(catalogue):
    log = HashChainedLog(catalogue)
    for number in range(1, 7):
        log.record("answer", ANN, {"number": number})
    assert verify(catalogue).ok
    return catalogue


def test_records_are_chained(catalogue):
    log = HashChainedLog(catalogue)
    assert verify(catalogue).entries == 0
    ids = [log.record("answer", ANN, {"cited": [1, 2], "scores": {"a": 0.5}, "none": None}) for _ in range(3)]
    records = list(export(catalogue))
    assert [record["seq"] for record in records] == [1, 2, 3]
    assert [f"{record['seq']}-{record['hash'][:16]}" for record in records] == ids
    assert [record["prev_hash"] for record in records] == ["0" * 64, *[r["hash"] for r in records[:2]]]
    assert records[0]["kind"] == "answer"
    assert records[0]["time"].endswith("+00:00")
    assert records[0]["facts"] == {"cited": [1, 2], "scores": {"a": 0.5}, "none": None}
    report = verify(catalogue)
    assert (report.ok, report.entries, report.first_bad_seq, report.head) == (
        True,
        3,
        None,
        records[2]["hash"],
    )


def test_who_acted_is_told_apart_but_not_named(catalogue):
    log = HashChainedLog(catalogue)
    for identity in (ANN, ANN, Identity(id="bob")):
        log.record("answer", identity, {})
    one, two, three = (record["actor"] for record in export(catalogue))
    assert one == two != three
    assert "ann" not in json.dumps(list(export(catalogue)))


def test_another_workspace_has_other_seals(catalogue, tmp_path: Path):
    with Catalogue.create(tmp_path / "other", b"k" * 32) as other:
        assert HashChainedLog(catalogue).commit("text") != HashChainedLog(other).commit("text")
    assert HashChainedLog(catalogue).commit("text") == HashChainedLog(catalogue).commit("text")
    assert len(HashChainedLog(catalogue).commit("\ud800")) == 64


TAMPERING = {
    # an edited record
    "edit": ("UPDATE audit SET record = replace(record, '\"number\":3', '\"number\":9') WHERE seq = 3", 3),
    # another hash under a record
    "hash": ("UPDATE audit SET hash = (SELECT hash FROM audit WHERE seq = 2) WHERE seq = 3", 3),
    # a record gone from the middle
    "delete": ("DELETE FROM audit WHERE seq = 4", 4),
    # a record gone, the later ones moved up
    "close the gap": ("DELETE FROM audit WHERE seq = 4; UPDATE audit SET seq = seq - 1 WHERE seq > 4", 4),
    # the first record gone
    "behead": ("DELETE FROM audit WHERE seq = 1", 1),
    # a genuine record once more at the end
    "repeat": ("INSERT INTO audit SELECT 7, record, hash FROM audit WHERE seq = 2", 7),
    # a made-up record at the end
    "append": ("INSERT INTO audit SELECT 7, replace(record, ':6', ':7'), hash FROM audit WHERE seq = 6", 7),
    # a made-up record in front
    "insert": ("INSERT INTO audit SELECT 0, record, hash FROM audit WHERE seq = 1", 1),
    # two records in each other's place
    "swap": (
        "UPDATE audit SET seq = -2 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3;"
        " UPDATE audit SET seq = 3 WHERE seq = -2",
        2,
    ),
    # the last records gone
    "cut the tail": ("DELETE FROM audit WHERE seq > 4", 5),
    # everything gone
    "empty": ("DELETE FROM audit", 1),
    # the tail gone and the head made to fit, without its seal
    "cut and mend": (
        "DELETE FROM audit WHERE seq > 4; UPDATE meta SET value = json_array(4,"
        " (SELECT hash FROM audit WHERE seq = 4), json_extract(value, '$[2]')) WHERE key = 'audit_head'",
        5,
    ),
    # the head gone
    "no head": ("DELETE FROM meta WHERE key = 'audit_head'", 1),
    # a seal and a head that are none
    "odd seal": ("UPDATE audit SET hash = 'ü' WHERE seq = 2", 2),
    "blob seal": ("UPDATE audit SET hash = x'00' WHERE seq = 2", 2),
    "blob record": ("UPDATE audit SET record = CAST(record AS BLOB) WHERE seq = 2", 2),
    "odd head": ("UPDATE meta SET value = 'x' WHERE key = 'audit_head'", 1),
    "text for a count": ('UPDATE meta SET value = \'["6", "a", "b"]\' WHERE key = \'audit_head\'', 1),
    # a record that is no JSON
    "garbage": ("UPDATE audit SET record = 'x' WHERE seq = 5", 5),
}


@pytest.mark.parametrize("kind", TAMPERING)
def test_tampering_is_found(filled, kind):
    script, bad = TAMPERING[kind]
    with filled._db.write() as connection:
        connection.execute("DROP TRIGGER audit_no_update")
        connection.execute("DROP TRIGGER audit_no_delete")
        for statement in script.split(";"):
            connection.execute(statement)
    report = verify(filled)
    assert not report.ok
    assert report.first_bad_seq == bad


def test_a_chain_rewritten_without_the_key_is_found(filled):
    from ragslm.store import journal

    forger = journal.Seals(b"f" * 32, b"g" * 32)
    with filled._db.write() as connection:
        connection.execute("DROP TRIGGER audit_no_delete")
        connection.execute("DELETE FROM audit")
        journal.begin(connection, forger)
        for number in range(6):
            journal.append(connection, forger, "answer", "ann", {"number": number})
    report = verify(filled)
    assert (report.ok, report.first_bad_seq, report.entries) == (False, 1, 6)


def test_a_record_that_finds_no_space_is_an_audit_error(filled):
    log = HashChainedLog(filled)
    with filled._db.write() as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(AuditError, match="No space"):
        log.record("answer", ANN, {"numbers": list(range(5000))})  # more than the last page has room for
    assert verify(filled).ok


@pytest.mark.parametrize("statement", ["UPDATE audit SET record = ''", "DELETE FROM audit"])
def test_records_are_not_changed_by_accident(filled, statement):
    from ragslm.errors import WorkspaceError

    with pytest.raises(WorkspaceError, match="append only"), filled._db.write() as connection:
        connection.execute(statement)
    assert verify(filled).ok


def test_nothing_is_appended_to_a_head_that_does_not_verify(filled):
    with filled._db.write() as connection:
        connection.execute("DELETE FROM meta WHERE key = 'audit_head'")
    with pytest.raises(AuditError, match="audit verify"):
        HashChainedLog(filled).record("answer", ANN, {})


@pytest.mark.parametrize(
    "facts",
    [
        {"text": "x" * (LONGEST + 1)},  # too long for an id
        {"text": "Does Mrs Smith take aspirin?"},  # a sentence
        {"text": "line\nline"},  # a line break
        {"text": "line\u2028line"},  # the other line breaks too
        {"deep": [{"text": "x" * 500}]},  # wherever it is
        {"x" * 300: 1},  # as a name
        {1: "a"},  # a name that is none
        {"object": object()},  # no plain value
        {"bytes": b"abc"},
        {"number": float("nan")},  # JSON has none
    ],
)
def test_text_does_not_slip_in(catalogue, facts):
    with pytest.raises(AuditError) as caught:
        HashChainedLog(catalogue).record("answer", ANN, facts)
    assert "xxxx" not in str(caught.value)
    assert "line\n" not in str(caught.value)
    assert verify(catalogue).entries == 0


def test_the_longest_fact(catalogue):
    HashChainedLog(catalogue).record("answer", ANN, {"id": "x" * LONGEST})
    assert verify(catalogue).entries == 1


def test_what_cannot_be_written_is_an_audit_error(catalogue):
    log = HashChainedLog(catalogue)
    catalogue.close()
    with pytest.raises(AuditError, match="closed"):
        log.record("answer", ANN, {})


def test_threads_make_one_chain(catalogue):
    from concurrent.futures import ThreadPoolExecutor

    log = HashChainedLog(catalogue)
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda number: log.record("answer", ANN, {"number": number}), range(60)))
    assert len(set(ids)) == 60
    assert verify(catalogue).ok
