"""Archives: what they list, what they yield, and what they may not do."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from pathlib import Path

import pytest

from ragslm.errors import QuarantineError
from ragslm.types import Member, SourceDocument
from ragslm_connectors._formats import _members
from ragslm_connectors._formats.archive import ArchiveParser
from ragslm_connectors._formats.docx import DocxParser

FILES = Path(__file__).parents[2] / "data" / "formats"


def members(content: bytes, name: str = "x.zip") -> list[Member]:
    return list(ArchiveParser().members(SourceDocument(uri=f"file:///{name}", content=content)))


def places(content: bytes, name: str = "x.zip") -> list[str]:
    return [member.place for member in members(content, name)]


def zipped(*entries: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return out.getvalue()


def tarred(*infos: tarfile.TarInfo) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for info in infos:
            archive.addfile(info, io.BytesIO(b"x" * info.size))
    return out.getvalue()


def entry(name: str, kind: bytes = tarfile.REGTYPE, size: int = 3) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size = kind, "/etc/passwd", size if kind == tarfile.REGTYPE else 0
    return info


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("a/b.txt", "member=a/b.txt"),
        ("../../etc/passwd", "member=etc/passwd"),  # upwards
        ("/etc/passwd", "member=etc/passwd"),  # from the root
        ("C:\\windows\\x.txt", "member=windows/x.txt"),  # of a drive
        ("a\x07b\n.txt", "member=ab.txt"),  # signs that are no name
        ("ä b=c#d.txt", "member=%C3%A4%20b%3Dc%23d.txt"),  # signs that mean something in a uri
        ("..", "member=unnamed"),
        ("x" * 5000 + ".txt", "member=" + "x" * 296 + ".txt"),
    ],
)
def test_no_name_of_a_member_is_a_path(name: str, place: str) -> None:
    assert places(zipped((name, b"x"))) == [place]


def test_two_members_of_one_name_are_two() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        content = zipped(("a.txt", b"1"), ("a.txt", b"2"))
    assert places(content) == ["member=a.txt", "member=a.txt;2"]


def test_folders_and_hidden_files_are_left_alone() -> None:
    assert places(
        zipped(("a/", b""), (".git/x", b"x"), ("__MACOSX/._a", b"x"), ("b/.c", b"x"), ("d", b"x"))
    ) == ["member=d"]


def test_links_and_devices_are_not_followed() -> None:
    content = tarred(
        entry("a.txt"), entry("l", tarfile.SYMTYPE), entry("h", tarfile.LNKTYPE), entry("d", tarfile.CHRTYPE)
    )
    assert [bool(member.reason) for member in members(content, "x.tar")] == [False, True, True, True]
    link = zipfile.ZipInfo("l")
    link.external_attr = 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert "link" in (members(out.getvalue())[0].reason or "")


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_single_packed_file(pack: object) -> None:
    packed = pack(b"words")  # type: ignore[operator]
    assert [(m.place, m.content) for m in members(packed, "notes.txt.gz")] == [("member=notes.txt", b"words")]
    assert places(pack(tarred(entry("a.txt"))), "x.tar.gz") == ["member=a.txt"]  # type: ignore[operator]


def test_one_broken_member_does_not_keep_the_rest() -> None:
    raw = bytearray(zipped(("a.txt", b"first words"), ("b.txt", b"second words")))
    raw[raw.find(b"a.txt") + 5] ^= 0xFF
    assert [bool(member.reason) for member in members(bytes(raw))] == [True, False]


def test_bombs_are_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = zipped(("zeros", bytes(50_000_000)), ("a.txt", b"words"))
    assert ["bomb" in (m.reason or "") for m in members(bomb)] == [True, False]
    with pytest.raises(QuarantineError, match="bomb"):
        members(gzip.compress(bytes(50_000_000)), "x.gz")
    monkeypatch.setattr(_members, "MAX_MEMBER_BYTES", 10)
    assert "more than 10 bytes" in (members(zipped(("a", b"x" * 11)))[0].reason or "")
    monkeypatch.setattr(_members, "MAX_MEMBER_BYTES", 100)
    monkeypatch.setattr(_members, "MAX_TOTAL_BYTES", 10)
    together = members(zipped(("a", b"x" * 6), ("b", b"x" * 6), ("c", b"x")))
    assert [bool(m.reason) for m in together] == [False, True, False]


def test_a_declared_size_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_members, "MAX_MEMBER_BYTES", 1000)
    raw = bytearray(zipped(("a", b"x" * 5000)))
    raw[raw.rfind(b"PK\x01\x02") + 24 : raw.rfind(b"PK\x01\x02") + 28] = (10).to_bytes(4, "little")
    (member,) = members(bytes(raw))
    assert member.reason is not None
    assert member.content == b""


def test_number_of_members_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ragslm_connectors._formats.archive.MAX_MEMBERS", 2)
    monkeypatch.setattr(_members, "MAX_MEMBERS", 2)
    found = members(zipped(*((str(n), b"x") for n in range(5))))
    assert [bool(member.reason) for member in found] == [False, False, True]


def test_a_list_of_what_is_inside() -> None:
    content = (FILES / "papers.zip").read_bytes()
    parsed = ArchiveParser().parse(SourceDocument(uri="file:///papers.zip", content=content))
    assert len(parsed.blocks) == len(members(content)) == 5
    assert parsed.text.startswith("Member: papers/note.txt | Size: ")


def test_word_files_and_archives_are_told_apart() -> None:
    papers = zipped(("word/notes.txt", b"x"), ("word/more.txt", b"x"))
    assert not DocxParser().claims(papers[:4096], ".zip")
    assert not DocxParser().claims(zipped(("password/a.txt", b"x"))[:4096], ".bin")
    assert DocxParser().claims((FILES / "simple.docx").read_bytes()[:4096], ".zip")
    assert DocxParser().claims((FILES / "handbook-1p.docx").read_bytes()[:4096], ".bin")
    assert not DocxParser().claims((FILES / "simple.pptx").read_bytes()[:4096], ".docx")


@pytest.mark.parametrize(
    ("content", "suffix", "expected"),
    [
        (zipped(("a.txt", b"x")), ".zip", True),
        (zipped(("a.txt", b"x")), "", True),  # without a suffix
        (zipped(("a.txt", b"x")), ".jar", False),  # a program
        (zipped(("mimetype", b"application/epub+zip")), ".bin", False),  # a document of another kind
        (zipped(("[Content_Types].xml", b"x")), ".vsd", False),
        (zipped(("[Content_Types].xml", b"x")), ".zip", True),  # whoever names it so
        (gzip.compress(b"x"), ".gz", True),
        (tarred(entry("a.txt")), "", True),
    ],
)
def test_claims(content: bytes, suffix: str, expected: bool) -> None:
    assert ArchiveParser().claims(content[:4096], suffix) is expected


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK\x03\x04 cut off", "readable archive"),
        (b"PK\x05\x06" + bytes(18), "no files"),
        (b"\x1f\x8b cut off", "readable archive"),
        (tarred(entry("a.txt", size=4000))[:3000], "readable archive"),
    ],
)
def test_a_broken_archive_is_told(content: bytes, reason: str) -> None:
    document = SourceDocument(uri="file:///x.zip", content=content)
    with pytest.raises(QuarantineError, match=reason):
        ArchiveParser().parse(document)
