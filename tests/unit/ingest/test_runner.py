import dataclasses
from contextlib import suppress

import pytest

from ragslm.errors import ConfigError, IndexMismatchError, StorageFullError
from ragslm.ingest.messages import ParseFailure
from ragslm.types import EVERYONE, Identity, SourceDocument

OWNER = Identity.local_owner()
EVERYBODY = frozenset({EVERYONE})


def write(folder, **texts):
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text)


def counts(report):
    return report.added, report.changed, report.unchanged, report.removed, len(report.quarantined)


def texts(catalogue):
    """What a derived index would hold after replaying every change."""
    held = {}
    for change in catalogue.changes(0):
        if change.added is not None:
            held[change.added.id] = change.added.text
        else:
            held.pop(change.removed, None)
    return sorted(held.values())


def test_folder_goes_in(run, folder, catalogue):
    write(folder, note="Smith came.", other="Nobody came.")
    report = run(folder)
    assert counts(report) == (2, 0, 0, 0, 0)
    assert report.passages == 2
    assert set(report.stages) == {"parse", "scrub", "embed", "commit"}
    assert [line.partition("\n")[0] for line in texts(catalogue)] == ["note", "other"]
    assert not any("Smith" in line for line in texts(catalogue))


def test_twice_the_same_folder_embeds_nothing(run, folder, embedder, pool):
    write(folder, a="One.", b="Two.")
    run(folder)
    embedder.texts.clear()
    pool.parsed.clear()
    assert counts(run(folder)) == (0, 0, 2, 0, 0)
    assert embedder.texts == pool.parsed == []


def test_changed_file_replaces_its_passages(run, folder, catalogue):
    write(folder, a="Old words.", b="Stays.")
    run(folder)
    write(folder, a="New words.")
    assert counts(run(folder)) == (0, 1, 1, 0, 0)
    assert texts(catalogue) == ["a\nNew words.", "b\nStays."]


def test_removed_file_disappears(run, folder, catalogue):
    write(folder, a="One.", b="Two.")
    run(folder)
    (folder / "b.txt").unlink()
    assert counts(run(folder)) == (0, 0, 1, 1, 0)
    assert texts(catalogue) == ["a\nOne."]


def test_single_file_removes_nothing(run, folder, catalogue):
    write(folder, a="One.", b="Two.")
    run(folder)
    (folder / "b.txt").unlink()
    assert counts(run(folder / "a.txt")) == (0, 0, 1, 0, 0)
    assert len(texts(catalogue)) == 2


def test_file_brought_in_singly_belongs_to_its_folder(run, folder, catalogue):
    write(folder, a="One.", b="Two.")
    run(folder / "b.txt")
    assert counts(run(folder)) == (1, 0, 1, 0, 0)
    (folder / "b.txt").unlink()
    assert counts(run(folder)) == (0, 0, 1, 1, 0)


def test_folder_does_not_remove_from_a_folder_of_like_name(run, folder, tmp_path, catalogue):
    write(folder, a="One.")
    other = tmp_path / "docs2"
    other.mkdir()
    write(other, b="Two.")
    run(other)
    run(folder)
    assert len(texts(catalogue)) == 2


def test_unreadable_folder_loses_nothing(run, folder, catalogue, monkeypatch):
    import os

    (folder / "sub").mkdir()
    write(folder / "sub", a="One.")
    run(folder)
    real = os.scandir

    def scandir(path):
        if str(path).endswith("sub"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert counts(run(folder)) == (0, 0, 0, 0, 0)
    assert len(texts(catalogue)) == 1


def test_source_of_a_connector_is_followed(run, catalogue):
    def documents(*names):
        for name in names:
            yield SourceDocument(uri=f"x:{name}", content=name.encode(), source="x", title=name)

    assert counts(run(documents("a", "b"))) == (2, 0, 0, 0, 0)
    assert counts(run(documents("a"))) == (0, 0, 1, 1, 0)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.pdf", b"", "empty"),  # nothing in it
        ("broken.pdf", b"%PDF-1.7 nonsense", "damaged"),  # the head of a PDF only
        ("blank.txt", b" \n ", "no readable text"),  # nothing to see
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0", "No parser"),  # a format nobody reads
        ("large.txt", b"x" * 5001, "at most 5,000"),  # over the limit
        ("secret.txt", b"UNSCRUBBABLE words", "cannot be scrubbed"),  # the scrubber refuses
    ],
)
def test_bad_file_is_quarantined_and_the_rest_goes_in(make, folder, catalogue, name, content, reason):
    write(folder, good="Good.")
    (folder / name).write_bytes(content)
    report = make(max_bytes=5000).run(folder, identity=OWNER)
    assert counts(report) == (1, 0, 0, 0, 1)
    assert report.quarantined[0][0] == (folder / name).as_uri()
    assert reason in report.quarantined[0][1]
    assert catalogue.quarantined() == list(report.quarantined)
    assert texts(catalogue) == ["good\nGood."]


def test_quarantined_file_is_not_parsed_again_until_something_changes(make, folder, catalogue, pool):
    (folder / "a.pdf").write_bytes(b"%PDF-1.7 nonsense")
    first = make().run(folder, identity=OWNER)
    pool.parsed.clear()
    again = make().run(folder, identity=OWNER)
    assert again.quarantined == first.quarantined
    assert pool.parsed == []
    make(parse_seconds=500).run(folder, identity=OWNER)  # another limit: another try
    assert len(pool.parsed) == 1
    (folder / "a.pdf").unlink()
    make().run(folder, identity=OWNER)
    assert catalogue.quarantined() == []


def test_passing_failure_is_tried_again(run, folder, catalogue, pool):
    write(folder, a="One.")
    pool.failing[(folder / "a.txt").as_uri()] = ParseFailure("Took too long.", again=True)
    assert counts(run(folder)) == (0, 0, 0, 0, 1)
    pool.failing.clear()
    assert counts(run(folder)) == (1, 0, 0, 0, 0)
    assert catalogue.quarantined() == []


def test_file_that_broke_is_not_answered_from_any_more(run, folder, catalogue):
    (folder / "a.txt").write_bytes(b"One.")
    run(folder)
    (folder / "a.txt").write_bytes(b"")
    report = run(folder)
    assert counts(report) == (0, 0, 0, 1, 1)
    assert texts(catalogue) == []


def test_file_that_cannot_be_opened_stays(run, folder, catalogue, monkeypatch):
    import os

    write(folder, a="One.")
    run(folder)

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", refuse)
        report = run(folder)
    assert "Permission denied" in report.quarantined[0][1]
    assert len(texts(catalogue)) == 1
    assert counts(run(folder)) == (0, 0, 1, 0, 0)


def test_full_disk_says_what_was_done(make, folder, catalogue, monkeypatch):
    write(folder, a="One.", b="Two.", c="Three.")
    put = catalogue.put_document

    def full(document, *, identity, durable):
        if document.source.uri.endswith("b.txt"):
            raise StorageFullError("The disk is full.")
        return put(document, identity=identity, durable=durable)

    monkeypatch.setattr(catalogue, "put_document", full)
    with pytest.raises(StorageFullError, match="1 documents were added"):
        make().run(folder, identity=OWNER)
    monkeypatch.undo()
    assert texts(catalogue) == ["a\nOne."]
    assert counts(make().run(folder, identity=OWNER)) == (2, 0, 1, 0, 0)


@pytest.mark.parametrize("broken", [False, True])
def test_nothing_is_counted_before_it_is_on_the_disk(make, folder, catalogue, monkeypatch, broken):
    write(folder, a="One.", b="Two.", c="Three.")
    put, settle, events = catalogue.put_document, catalogue.settle, []

    def logged(document, *, identity, durable):
        if broken and document.source.uri.endswith("c.txt"):
            raise StorageFullError("The disk is full.")
        events.append("durable" if durable else "loose")
        return put(document, identity=identity, durable=durable)

    def settled():
        events.append("durable")
        settle()

    monkeypatch.setattr(catalogue, "put_document", logged)
    monkeypatch.setattr(catalogue, "settle", settled)
    with suppress(StorageFullError):
        make().run(
            folder,
            identity=OWNER,
            progress=lambda done, total, stage: events.append(stage) if stage == "added" else None,
        )
    assert events == ["loose", "loose", "durable", "added", "added", *([] if broken else ["added"])]


def test_scope_and_readers(run, folder, catalogue):
    write(folder, a="One.")
    uri = (folder / "a.txt").as_uri()
    run(folder, scope="p1", readers=frozenset({"ward"}))
    access = catalogue.access_of(catalogue.find("generic", uri))
    assert (access.scope, access.readers) == ("p1", {"ward"})
    assert run(folder, scope="p1", readers=frozenset({"ward"})).unchanged == 1
    assert run(folder, scope="p2", readers=frozenset({"ward"})).changed == 1
    assert run(folder, scope="p2", readers=EVERYBODY).changed == 1
    access = catalogue.access_of(catalogue.find("generic", uri))
    assert (access.scope, access.readers) == ("p2", None)
    assert run(folder, scope=EVERYONE).changed == 1  # general knowledge again
    assert run(folder, scope=EVERYONE, readers=EVERYBODY).unchanged == 1


@pytest.mark.parametrize(("text", "rebuild"), [("One.", False), ("One.", True), ("Two.", False)])
def test_what_is_not_stated_stays_as_it_was_stated(run, folder, catalogue, text, rebuild):
    write(folder, a="One.")
    run(folder, scope="p1", readers=frozenset({"ward"}))
    write(folder, a=text, b="New.")
    report = run(folder, rebuild=rebuild)
    assert (report.added, report.changed) == (1, int(rebuild or text != "One."))
    by_name = {info.uri[-5:]: catalogue.access_of(info.id) for info in catalogue.documents()}
    assert (by_name["a.txt"].scope, by_name["a.txt"].readers) == ("p1", {"ward"})
    assert (by_name["b.txt"].scope, by_name["b.txt"].readers) == (None, None)


@pytest.mark.parametrize(
    "texts", [("UNSCRUBBABLE", "One."), ("One.", "UNSCRUBBABLE", "UNSCRUBBABLE 2", "Two.")]
)
def test_quarantine_opens_nothing(run, folder, catalogue, texts):
    stated = {"scope": "p1", "readers": frozenset({"ward"})}
    for text in texts:
        write(folder, a=text)
        run(folder, **stated)
        stated = {}
    access = catalogue.access_of(catalogue.documents()[0].id)
    assert (access.scope, access.readers) == ("p1", {"ward"})


def test_what_is_gone_and_comes_again_is_new(run, folder, catalogue):
    write(folder, a="UNSCRUBBABLE")
    run(folder, readers=frozenset({"ward"}))
    (folder / "a.txt").unlink()
    run(folder)
    write(folder, a="One.")
    run(folder)
    assert catalogue.access_of(catalogue.documents()[0].id).readers is None


def test_one_is_stated_and_the_other_stays(run, folder, catalogue):
    write(folder, a="One.")
    run(folder, scope="p1", readers=frozenset())
    for given, access in (
        ({"scope": "p2"}, ("p2", frozenset())),
        ({"readers": frozenset({"ward"})}, ("p2", {"ward"})),
        ({"readers": EVERYBODY}, ("p2", None)),
        ({}, ("p2", None)),
        ({"readers": frozenset({"ward"}), "scope": EVERYONE}, (None, {"ward"})),
    ):
        run(folder, **given)
        found = catalogue.access_of(catalogue.documents()[0].id)
        assert (found.scope, found.readers) == access


def test_a_connector_opens_what_it_says_is_open(run, catalogue):
    for stated, readers in ((frozenset({"ward"}), {"ward"}), (None, {"ward"}), (EVERYBODY, None)):
        run([SourceDocument(uri="x:/a.txt", content=b"One.", readers=stated)])
        assert catalogue.access_of(catalogue.documents()[0].id).readers == readers


def test_readers_stated_meanwhile_are_kept(run, catalogue):
    """The second document is on its way before the first is stored."""
    first = SourceDocument(uri="x:/a.txt", content=b"One.", readers=frozenset({"ward"}))
    run([first, dataclasses.replace(first, content=b"Two.", readers=None)])
    info = catalogue.documents()[0]
    assert (catalogue.document(info.id).content, catalogue.access_of(info.id).readers) == (b"Two.", {"ward"})


def test_scope_of_the_format_is_kept(run, pool, monkeypatch, folder, catalogue):
    parse = pool.parse

    def with_scope(document):
        parsed = parse(document)
        return dataclasses.replace(parsed, document=dataclasses.replace(parsed.document, scope="p9"))

    monkeypatch.setattr(pool, "parse", with_scope)
    write(folder, a="One.")
    run(folder)
    assert catalogue.access_of(catalogue.find("generic", (folder / "a.txt").as_uri())).scope == "p9"
    assert run(folder).unchanged == 1


def test_a_scope_that_the_format_told_is_told_anew(run, pool, monkeypatch, folder, catalogue):
    """It was about another patient: keeping the first would show this one's data to the wrong people."""
    parse = pool.parse

    def with_scope(document):
        parsed = parse(document)
        scope = document.content.decode()
        return dataclasses.replace(parsed, document=dataclasses.replace(parsed.document, scope=scope))

    monkeypatch.setattr(pool, "parse", with_scope)
    for text, scope, wanted in (
        ("p9", None, "p9"),
        ("p8", None, "p8"),
        ("p7", "p1", "p1"),
        ("p6", None, "p1"),
    ):
        write(folder, a=text)
        run(folder, scope=scope)
        assert catalogue.access_of(catalogue.documents()[0].id).scope == wanted
    run(folder, scope=EVERYONE)
    assert catalogue.access_of(catalogue.documents()[0].id).scope == "p6"


def test_same_file_in_two_domains(make, folder, catalogue):
    write(folder, a="One.")
    for domain in ("medical", "banking"):
        assert make(domain=domain).run(folder, identity=OWNER).added == 1
    assert len(catalogue.documents()) == 2


def test_other_scrubber_is_refused_with_the_command(make, run, folder, scrubber):
    write(folder, a="One.")
    run(folder)
    scrubber.version = "names-2"
    with pytest.raises(IndexMismatchError, match=r"another scrubber .*ragslm ingest --rebuild"):
        make(scrubber=scrubber).run(folder, identity=OWNER)


def test_rebuild_reads_everything_again(make, run, folder, catalogue, scrubber, tmp_path):
    write(folder, a="One.", b="Two.")
    run(folder)
    upload = SourceDocument(uri="upload://10%20K.txt", content=b"Three.", title="10 K", scope="p1")
    run(iter([upload]))
    make(domain="banking").run(folder / "a.txt", identity=OWNER)
    scrubber.version = "names-2"
    report = make(scrubber=scrubber).run(folder, identity=OWNER, rebuild=True)
    assert counts(report) == (0, 4, 0, 0, 0)
    assert catalogue.identity().scrubber == "names-2"
    assert catalogue.access_of(catalogue.find("generic", upload.uri)).scope == "p1"
    assert "10-K\nThree." in texts(catalogue)
    assert make(scrubber=scrubber).run(folder, identity=OWNER).unchanged == 2


def test_rebuild_that_cannot_read_a_stored_document_keeps_it_and_says_so(
    make, run, folder, catalogue, scrubber, pool
):
    run(iter([SourceDocument(uri="upload://a.txt", content=b"One.", title="a")]))
    write(folder, b="Two.")
    pool.failing["upload://a.txt"] = ParseFailure("Crashed.")
    scrubber.version = "names-2"
    with pytest.raises(IndexMismatchError, match="1 stored documents could not be rebuilt"):
        make(scrubber=scrubber).run(folder, identity=OWNER, rebuild=True)
    assert catalogue.find("generic", "upload://a.txt") is not None
    assert catalogue.identity().scrubber == "names-1"


def test_progress_tells_counts_and_stages_only(run, folder):
    write(folder, Smith="One.", b="Two.")
    told = []
    run(folder, progress=lambda *step: told.append(step))
    assert [step for step in told if step[2] == "added"] == [(1, 2, "added"), (2, 2, "added")]
    assert {stage for _, _, stage in told} <= {"parse", "scrub", "embed", "commit", "added"}


def test_read_stores_nothing(make, folder, catalogue, caplog):
    write(folder, a="Smith came.")
    (folder / "b.txt").write_bytes(b"")
    (found,) = make().read(folder)
    assert found[0].title == "a"
    assert "Smith" not in found[1].text
    assert catalogue.documents() == []
    assert "left out" in caplog.text


@pytest.mark.parametrize("way", ["read", "scrub"])
def test_what_is_read_and_not_stored_can_be_restored_after_a_power_cut(
    make, folder, catalogue, scrubber, monkeypatch, way
):
    write(folder, a="Smith came.")
    steps = []
    scrub = scrubber.scrub
    monkeypatch.setattr(scrubber, "scrub", lambda *a, **k: steps.append("scrubbed") or scrub(*a, **k))
    monkeypatch.setattr(catalogue, "settle", lambda: steps.append("settled"))
    next(getattr(make(scrubber=scrubber), way)(folder))
    assert steps == ["scrubbed", "settled"]


def test_one_bad_text_does_not_spoil_its_batch(run, folder, embedder):
    write(folder, a="One.", b="UNSCRUBBABLE", c="Three.")
    assert counts(run(folder)) == (2, 0, 0, 0, 1)
    assert len(embedder.texts) == 2


def test_document_is_its_passages_only_once_visible(run, folder, catalogue):
    write(folder, a="One. " * 1000)
    report = run(folder)
    (info,) = catalogue.documents()
    assert info.passages == report.passages == len(texts(catalogue)) > 1


def test_a_connector_without_a_policy_is_refused_by_name(run):
    class Loader:
        name = "loader"

        def load(self):
            yield from ()

    with pytest.raises(ConfigError, match=r"Loader is no Connector.*policy"):
        run(Loader())
