import errno
import multiprocessing
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from ragslm.audit.chain import verify
from ragslm.errors import ConfigError, StorageFullError, WorkspaceError, WorkspaceVersionError, WrongKeyError
from ragslm.store import catalogue as catalogue_module
from ragslm.store import journal, lasting_keys, schema, vault
from ragslm.store.catalogue import Catalogue
from ragslm.store.keys import derive
from ragslm.types import Filters, Identity

OWNER = Identity.local_owner()
MARKER = b"Zyxwvut-marker-0451"


def test_folder_and_file_are_the_owners_alone(catalogue):
    assert stat.S_IMODE(catalogue.path.stat().st_mode) == 0o700
    assert [stat.S_IMODE(file.stat().st_mode) for file in catalogue.path.iterdir()] == [0o600] * 3


def test_what_is_stored_survives_closing(catalogue, new_document, key):
    catalogue.put_document(new_document("a"), identity=OWNER)
    catalogue.close()
    catalogue.close()
    with Catalogue.open(catalogue.path, key) as again:
        assert len(again.documents()) == 1
    with pytest.raises(WorkspaceError, match="closed"):
        catalogue.documents()


def test_what_did_not_wait_for_the_disk_is_waited_for_at_the_end(catalogue, monkeypatch):
    """Of a text that is given out without being stored the pseudonyms must stay."""
    synced, fsync = [], os.fsync

    def seen(handle):
        synced.append(Path(f"/proc/self/fd/{handle}").readlink().name)
        fsync(handle)

    monkeypatch.setattr(os, "fsync", seen)
    catalogue.put_token("PERSON_7K3QXA", "PERSON", b"digest", "Ann Roe")
    catalogue.settle()
    assert synced == ["catalogue.db-wal", catalogue.path.name]
    catalogue.checkpoint()
    catalogue.close()  # there is no log now
    catalogue.settle()

    def full(_):
        raise OSError(errno.ENOSPC, "No space")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFullError):
        catalogue.settle()


def test_another_key_is_refused(catalogue, capfd):
    with pytest.raises(WrongKeyError, match="RAGSLM_KEY"):
        Catalogue.open(catalogue.path, b"x" * 32)
    assert capfd.readouterr().err == ""  # SQLCipher's own words would go to the server's log


@pytest.mark.parametrize("size", [0, 16, 31, 33])
def test_a_key_of_another_length_is_refused_before_anything_is_made(tmp_path: Path, size):
    with pytest.raises(ConfigError, match=f"this one {size}"):
        Catalogue.create(tmp_path / "w", b"x" * size)
    assert not (tmp_path / "w").exists()


def test_a_file_that_is_no_catalogue_is_refused(tmp_path: Path, key):
    (tmp_path / "catalogue.db").write_bytes(b"plain text " * 1000)
    with pytest.raises(WrongKeyError, match="damaged"):
        Catalogue.open(tmp_path, key)


def test_an_encrypted_file_with_other_tables_is_refused(catalogue, key):
    with catalogue._db.write() as connection:
        connection.execute("DELETE FROM meta")
    with pytest.raises(WorkspaceError, match="not a ragslm catalogue"):
        Catalogue.open(catalogue.path, key)


def test_no_workspace_names_init(tmp_path: Path, key):
    with pytest.raises(WorkspaceError, match="ragslm init"):
        Catalogue.open(tmp_path / "none", key)
    assert not (tmp_path / "none").exists()


def test_a_workspace_is_never_made_over_another(catalogue, key):
    with pytest.raises(WorkspaceError, match="already"):
        Catalogue.create(catalogue.path, key)


def test_a_file_where_the_folder_should_be(tmp_path: Path, key):
    (tmp_path / "w").write_text("x")
    with pytest.raises(WorkspaceError, match=r"already|Cannot make"):
        Catalogue.create(tmp_path / "w", key)


@pytest.mark.parametrize("version", [schema.VERSION + 1, 17])
def test_another_version_is_refused_with_both_named(catalogue, key, version):
    with catalogue._db.write() as connection:
        connection.execute("UPDATE meta SET value = ? WHERE key = 'schema'", (str(version),))
    with pytest.raises(WorkspaceVersionError, match=f"version {version}, .* version {schema.VERSION}"):
        Catalogue.open(catalogue.path, key)


def test_an_interrupted_creation_is_completed(tmp_path: Path, key, new_document):
    (tmp_path / "catalogue.db").touch()  # killed between making the file and its tables
    with Catalogue.open(tmp_path, key) as catalogue:
        catalogue.put_document(new_document("a"), identity=OWNER)


def test_a_catalogue_cut_to_nothing_does_not_pass_for_a_new_one(tmp_path: Path, key):
    (tmp_path / "catalogue.db").touch()
    (tmp_path / "index").mkdir()
    with pytest.raises(WorkspaceError, match="damaged"):
        Catalogue.open(tmp_path, key)


@pytest.mark.parametrize("where", ["flip", "cut"])
@pytest.mark.parametrize("page", [1, 5, 20])
def test_a_damaged_file_says_so(catalogue, new_document, key, where, page):
    for number in range(10):
        catalogue.put_document(new_document(f"d{number}", content=bytes(99), count=40), identity=OWNER)
    catalogue.close()
    file = catalogue.path / "catalogue.db"
    content = bytearray(file.read_bytes())
    for start in range(4096 * page, len(content), 4096):
        content[start + 50] ^= 1
    file.write_bytes(content if where == "flip" else content[: 4096 * page])
    with pytest.raises(WorkspaceError, match="damaged"):
        _read_everything(catalogue.path, key)


def _read_everything(folder: Path, key: bytes) -> None:
    with Catalogue.open(folder, key) as catalogue:
        for info in catalogue.documents():
            catalogue.document(info.id)
        list(catalogue.changes(0))


def test_nothing_is_spilled_beside_the_encrypted_file(catalogue):
    with catalogue._db.read() as connection:
        assert connection.execute("PRAGMA temp_store").fetchone() == (2,)  # memory


def test_no_word_of_a_document_is_in_any_file(catalogue, new_document):
    new = new_document("a", content=MARKER * 50, title=MARKER.decode(), scope=MARKER.decode())
    catalogue.put_document(new, identity=OWNER)
    catalogue.put_token("PERSON_AAAAAA", "PERSON", b"d", MARKER.decode())
    catalogue.add_turn("c", "ann", MARKER.decode(), "a")
    assert sum(_holding(catalogue.path, word) for word in (MARKER, b"aspirin", b"CREATE TABLE")) == 0
    catalogue.checkpoint()
    assert _holding(catalogue.path, MARKER) == 0


def _holding(folder: Path, word: bytes) -> int:
    return sum(word in file.read_bytes() for file in folder.rglob("*") if file.is_file())


# ---------------------------------------------------------------- no space


def test_no_space_rolls_back_and_keeps_what_was_acknowledged(catalogue, new_document):
    catalogue.put_document(new_document("a", content=b"first"), identity=OWNER)
    before = list(catalogue.changes(0))
    _limit(catalogue, pages_more=4)
    import os

    large = new_document("a", content=os.urandom(500_000), count=50)
    with pytest.raises(StorageFullError, match="free some space"):
        catalogue.put_document(large, identity=OWNER)
    assert catalogue.document(large.id).content == b"first"
    assert [change.seq for change in catalogue.changes(0)] == [change.seq for change in before]
    assert catalogue.put_document(large, identity=OWNER) is True  # with space again (a fresh connection)


def _limit(catalogue: Catalogue, pages_more: int) -> None:
    """Let the next connection's file grow by a few pages only."""
    with catalogue._db.write() as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + pages_more}")
    assert len(catalogue._db._idle) == 1  # so the next call gets this very connection


FULL_DISK = """
import os, resource, signal, sys
from pathlib import Path
from conftest import KEY, make_document
from ragslm.errors import StorageFullError
from ragslm.store.catalogue import Catalogue
from ragslm.types import Identity

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with Catalogue.create(Path(sys.argv[1]), KEY) as catalogue:
    catalogue.put_document(make_document("a"), identity=Identity.local_owner())
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
    large = make_document("b", content=os.urandom(400_000))
    try:
        catalogue.put_document(large, identity=Identity.local_owner())
    except StorageFullError:
        print("full", len(catalogue.documents()))
"""


def test_a_file_that_may_not_grow_is_a_full_disk(tmp_path: Path, key):
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path / "w")],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=Path(__file__).parent,
    )
    assert done.stdout.split() == ["full", "1"], done.stderr
    with Catalogue.open(tmp_path / "w", key) as catalogue:
        assert [info.title for info in catalogue.documents()] == ["a"]


# ---------------------------------------------------------------- several users of one file


def test_two_processes_one_writes_one_reads(catalogue, new_document, key):
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    reader = context.Process(target=_read_until, args=(str(catalogue.path), key, 5, queue))
    reader.start()
    queue.get(timeout=60)  # it has opened the file
    for number in range(5):
        catalogue.put_document(new_document(f"d{number}"), identity=OWNER)
    assert queue.get(timeout=60) == 15
    reader.join(30)
    assert reader.exitcode == 0


def _read_until(folder: str, key: bytes, documents: int, queue) -> None:
    with Catalogue.open(Path(folder), key) as catalogue:
        queue.put("open")
        while len(catalogue.documents()) < documents:
            assert len(list(catalogue.changes(0))) % 3 == 0  # never a half of a document
        queue.put(len(list(catalogue.changes(0))))


def test_many_threads(catalogue, new_document):
    from concurrent.futures import ThreadPoolExecutor

    def work(number: int) -> int:
        catalogue.put_document(new_document(f"d{number}"), identity=OWNER)
        catalogue.put_token(f"PERSON_{number:06}", "PERSON", bytes([number]), "Ann")
        catalogue.visible(identity=OWNER, domain="x", filters=Filters(), scope=None, as_of=None)
        return sum(1 for _ in catalogue.changes(0))

    with ThreadPoolExecutor(8) as pool:
        assert all(count % 3 == 0 for count in pool.map(work, range(40)))
    assert len(catalogue.documents()) == 40
    assert [change.seq for change in catalogue.changes(0)] == list(range(1, 121))


def test_reading_goes_on_beside_a_writer_and_sees_the_old_state(catalogue, new_document):
    from concurrent.futures import ThreadPoolExecutor

    catalogue.put_document(new_document("a"), identity=OWNER)
    with ThreadPoolExecutor(4) as pool, catalogue._db.write() as connection:
        connection.execute("DELETE FROM documents")
        seen = list(pool.map(lambda _: len(catalogue.documents()), range(20), timeout=30))
        assert seen == [1] * 20
    assert catalogue.documents() == []


def test_threads_that_ended_leave_no_connection(catalogue):
    import threading

    for _ in range(40):
        thread = threading.Thread(target=catalogue.documents)
        thread.start()
        thread.join()
    assert len(catalogue._db._idle) <= 2


@pytest.mark.parametrize("same", ["passage", "document"])
def test_an_id_of_another_document_is_never_overwritten(catalogue, new_document, same):
    import dataclasses

    one, two = new_document("a"), new_document("b")
    catalogue.put_document(one, identity=OWNER)
    clash = {"passage": {"passages": one.passages}, "document": {"id": one.id}}[same]
    with pytest.raises(WorkspaceError, match=rf"{same}s\.id.*Nothing was overwritten"):
        catalogue.put_document(dataclasses.replace(two, **clash), identity=OWNER)
    assert [info.title for info in catalogue.documents()] == ["a"]
    assert catalogue.seq() == 3


def test_a_failed_write_frees_the_lock(catalogue, new_document):
    import dataclasses

    new = new_document("a")
    twice = dataclasses.replace(new, passages=[*new.passages, new.passages[0]])
    with pytest.raises(WorkspaceError, match=r"passages\.id"):
        catalogue.put_document(twice, identity=OWNER)
    assert catalogue.documents() == []
    catalogue.put_document(new, identity=OWNER)


def test_a_writer_that_never_ends_is_named(catalogue, new_document, key, monkeypatch):
    from ragslm.store import database

    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    with Catalogue.open(catalogue.path, key) as other, catalogue._db.write():
        with pytest.raises(WorkspaceError, match="Another process"):
            other.put_document(new_document("a"), identity=OWNER)
        assert other.documents() == []  # reading goes on
    catalogue.put_document(new_document("a"), identity=OWNER)


def test_a_workspace_of_the_first_version_is_brought_up_to_date(
    tmp_path: Path, key, new_document, monkeypatch
):
    """What it held is still there, quarantine and pseudonyms included, and the audit log's chain goes on."""
    monkeypatch.setattr(vault, "mention", lambda *_: None)
    monkeypatch.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:1])
    monkeypatch.setattr(schema, "VERSION", 1)
    derived = {purpose: derive(key, purpose) for purpose in lasting_keys.PURPOSES}
    seals = journal.Seals(derived["audit"], derived["identity"])
    monkeypatch.setattr(catalogue_module, "_upgraded", lambda key, made, version: journal.begin(made, seals))
    monkeypatch.setattr(lasting_keys, "load", lambda connection: derived)
    with Catalogue.create(tmp_path / "w", key) as old:
        old.put_document(new_document("a"), identity=OWNER)
        with old._db.write() as connection:
            connection.execute("INSERT INTO quarantine VALUES ('file:///b', 'mark', NULL, 'It is broken.')")
            connection.execute("INSERT INTO vault VALUES ('PERSON_7K3QXA', 'PERSON', x'00', 'Smith')")
    monkeypatch.undo()
    with Catalogue.open(tmp_path / "w", key) as catalogue:
        (letter,) = catalogue.dead_letters()
        assert (letter.uri, letter.reason, letter.tries, letter.at) == ("file:///b", "It is broken.", 1, "")
        assert len(catalogue.documents()) == 1
        assert catalogue.pseudonym_key == derived["pseudonym"]
        catalogue.put_document(new_document("b"), identity=OWNER)
        assert verify(catalogue).ok
        for name in ("a", "b"):
            assert catalogue.originals(["PERSON_7K3QXA"]) == {"PERSON_7K3QXA": "Smith"}
            catalogue.remove_document(new_document(name).id, identity=OWNER)
        assert catalogue.originals(["PERSON_7K3QXA"]) == {}
    Catalogue.open(tmp_path / "w", key).close()
