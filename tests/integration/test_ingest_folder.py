"""Folders of real files with the real scrubber, encoder, workers and store."""

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ragslm.errors import StorageFullError
from ragslm.factory import Parts, open_parts
from ragslm.store.database import Database
from ragslm.types import Filters, Identity, IngestReport

pytestmark = pytest.mark.models

OWNER = Identity.local_owner()
NOTE = (
    "# Visit\n\nMr. Aaron Dickens, born 12 March 1950, came with a cough. He takes warfarin 5 mg.\n\n"
    "# Plan\n\nStop ibuprofen, because it raises the risk of bleeding with warfarin.\n"
)


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    made = open_parts(tmp_path_factory.mktemp("w") / "workspace", key="11" * 32, config=None, arguments={})
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "docs"
    made.mkdir()
    (made / "visit_note.md").write_text(NOTE)
    (made / "table.csv").write_text("drug,dose\nwarfarin,5 mg\nmetformin,500 mg\n")
    return made


def ingest(parts: Parts, path: Path) -> IngestReport:
    return parts.ingest("generic").run(path, identity=OWNER)


def found(parts: Parts, question: str, folder: Path) -> list[str]:
    hits = parts.retriever.search(
        question, k=5, identity=OWNER, domain="generic", filters=Filters(uri=folder.as_uri())
    )
    return [hit.passage.text for hit in hits]


def test_folder_goes_in_scrubbed_and_is_found(parts: Parts, folder: Path) -> None:
    report = ingest(parts, folder)
    assert (report.added, report.quarantined) == (2, ())
    texts = found(parts, "bleeding with ibuprofen", folder)
    assert any("Stop ibuprofen" in text for text in texts)
    assert not any("Dickens" in text or "1950" in text for text in texts)


def test_what_changes_on_disk_changes_in_the_index(parts: Parts, folder: Path) -> None:
    ingest(parts, folder)
    again = ingest(parts, folder)
    assert (again.unchanged, again.added, again.stages["embed"]) == (2, 0, 0.0)
    (folder / "table.csv").write_text("drug,dose\napixaban,2 mg\n")
    (folder / "visit_note.md").unlink()
    report = ingest(parts, folder)
    assert (report.changed, report.removed) == (1, 1)
    (text,) = found(parts, "dose of apixaban or warfarin", folder)
    assert "apixaban" in text
    assert "warfarin" not in text


def encrypted_pdf(path: Path) -> None:
    """A PDF that wants a password: an empty page with a standard security handler."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] >>",
        f"<< /Filter /Standard /V 1 /R 2 /P -4 /O <{'00' * 32}> /U <{'00' * 32}> >>",
    ]
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, text in enumerate(objects, 1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n{text}\nendobj\n".encode())
    table = out.tell()
    out.write(b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % p for p in places))
    trailer = f"<< /Size 5 /Root 1 0 R /Encrypt 4 0 R /ID [<{'00' * 16}> <{'00' * 16}>] >>"
    out.write(f"trailer\n{trailer}\nstartxref\n{table}\n%%EOF\n".encode())
    path.write_bytes(out.getvalue())


def test_bad_files_are_named_and_the_rest_goes_in(parts: Parts, folder: Path) -> None:
    encrypted_pdf(folder / "locked.pdf")
    (folder / "corrupt.docx").write_bytes(b"PK\x03\x04" + os.urandom(500))
    (folder / "empty.txt").write_bytes(b"")
    (folder / "wrong.pdf").write_text("This is no PDF.")
    (folder / "deep.json").write_text("[" * 200_000)
    with (folder / "huge.txt").open("wb") as file:
        file.truncate(200_000_000)  # sparse: it takes no room and is never read
    report = ingest(parts, folder)
    reasons = {uri.rsplit("/", 1)[-1]: reason for uri, reason in report.quarantined}
    assert report.added == 2
    assert set(reasons) == {"locked.pdf", "corrupt.docx", "empty.txt", "wrong.pdf", "deep.json", "huge.txt"}
    assert "password" in reasons["locked.pdf"]
    assert "empty" in reasons["empty.txt"]
    assert "200,000,000 bytes" in reasons["huge.txt"]
    assert ingest(parts, folder).unchanged == 2


def test_full_disk_stops_the_run_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    docs = tmp_path / "many"
    docs.mkdir()
    for i in range(12):
        kept = os.urandom(50_000).hex()  # in the stored original, in no text, and nothing compresses it away
        (docs / f"d{i:02}.html").write_text(f"<p>Note {i}: the valve opens.</p><!-- {kept} -->")
    workspace = tmp_path / "workspace"
    configure = Database._configure

    def with_little_room(self: Database, connection: Any) -> None:
        configure(self, connection)
        connection.execute("PRAGMA max_page_count = 120")  # SQLite's own "database or disk is full"

    with monkeypatch.context() as patched:
        patched.setattr(Database, "_configure", with_little_room)
        small = open_parts(workspace, key="22" * 32, config=None, arguments={})
        with pytest.raises(StorageFullError, match="they are safe"):
            ingest(small, docs)
        stored = small.catalogue.hashes("generic")
        small.close()
    assert 0 < len(stored) < 12
    parts = open_parts(workspace, key="22" * 32, config=None, arguments={})
    assert parts.catalogue.hashes("generic") == stored
    report = ingest(parts, docs)
    parts.close()
    assert (report.unchanged, report.added) == (len(stored), 12 - len(stored))
