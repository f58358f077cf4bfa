import os
from pathlib import Path

import pytest

from ragslm.ingest.files import UNREAD, Files, suffix_of, title_of


def names(folder, **given):
    return [d.uri.rsplit("/", 1)[-1] for d in Files(folder, given.get("limit", 1000)).load()]


def test_folder_is_read_sorted_with_its_source(folder):
    (folder / "b").mkdir()
    for name in ("b/z.txt", "a.md", "c d.html"):
        (folder / name).write_text("x")
    found = list(Files(folder, 1000).load())
    assert [d.uri for d in found] == [(folder / n).as_uri() for n in ("a.md", "b/z.txt", "c d.html")]
    assert {d.source for d in found} == {folder.as_uri()}
    assert [d.media_type for d in found] == ["text/markdown", "text/plain", "text/html"]


def test_single_file_has_no_source(folder):
    (folder / "3M_2018_10K.txt").write_text("x")
    (document,) = Files(folder / "3M_2018_10K.txt", 1000).load()
    assert document.source is None
    assert document.title == "3M 2018 10K"


def test_hidden_and_outside_are_left_alone(folder, tmp_path):
    (tmp_path / "secret.txt").write_text("x")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "e.txt").write_text("x")
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("x")
    (folder / ".hidden").write_text("x")
    (folder / "seen.txt").write_text("x")
    (folder / "inside.txt").symlink_to(folder / "seen.txt")  # stays: it leads nowhere else
    (folder / "outside.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "dangling.txt").symlink_to(folder / "nothing")
    (folder / "itself").symlink_to(folder / "itself")
    (folder / "up").symlink_to(tmp_path / "elsewhere")
    (folder / "loop").symlink_to(folder)
    assert names(folder) == ["inside.txt", "seen.txt"]


def test_large_file_is_not_read(folder):
    (folder / "big.txt").write_bytes(b"x" * 1001)
    (document,) = Files(folder, 1000).load()
    assert document.content == b""
    assert "1,001 bytes; at most 1,000" in document.metadata[UNREAD]


def test_named_pipe_does_not_block(folder):
    os.mkfifo(folder / "pipe.txt")
    (document,) = Files(folder, 1000).load()
    assert document.metadata[UNREAD] == "This is not a regular file."


def test_file_that_vanished_is_told(folder):
    (folder / "a.txt").write_text("x")
    files = Files(folder, 1000)
    files.paths()
    (folder / "a.txt").unlink()
    (document,) = files.load()
    assert document.content == b""
    assert "cannot be read" in document.metadata[UNREAD]


@pytest.mark.parametrize("swapped", ["b.txt", "c"])
def test_a_link_made_after_the_listing_is_left_alone(folder, tmp_path, swapped):
    outside = tmp_path / "outside"
    outside.mkdir()
    (folder / "c").mkdir()
    for made in (outside / "d.txt", folder / "a.txt", folder / "b.txt", folder / "c" / "d.txt"):
        made.write_text("secret" if made.is_relative_to(outside) else "x")
    files = Files(folder, 1000)
    files.paths()
    (folder / swapped).rename(tmp_path / "away")
    (folder / swapped).symlink_to(outside if swapped == "c" else outside / "d.txt")
    assert [d.content for d in files.load()] == [b"x", b"x"]


def test_a_link_made_while_a_file_is_opened_is_not_followed(folder, tmp_path, monkeypatch):
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "c").mkdir()
    (folder / "c" / "secret.txt").write_text("x")
    resolve = Path.resolve

    def late(path, strict=False):
        found = resolve(path, strict=strict)
        if path.name == "secret.txt" and not (folder / "c").is_symlink() and listed:
            (folder / "c").rename(tmp_path / "away")
            (folder / "c").symlink_to(tmp_path)
        return found

    listed = []
    monkeypatch.setattr(Path, "resolve", late)
    files = Files(folder, 1000)
    listed += files.paths()
    (document,) = files.load()
    assert document.content == b""
    assert "cannot be read" in document.metadata[UNREAD]


def test_a_single_file_may_be_a_link(folder, tmp_path):
    (tmp_path / "elsewhere.txt").write_text("x")
    (folder / "link.txt").symlink_to(tmp_path / "elsewhere.txt")
    (document,) = Files(folder / "link.txt", 1000).load()
    assert document.content == b"x"


def test_name_that_is_no_utf8(folder):
    (folder / os.fsdecode(b"caf\xe9.txt")).write_text("x")
    (document,) = Files(folder, 1000).load()
    document.title.encode()
    assert document.uri.endswith("caf%E9.txt")


@pytest.mark.parametrize(
    ("stem", "title"),
    [
        ("3M_2018_10K", "3M 2018 10K"),  # underscores
        ("AMCOR_2022_8K_dated-2022-07-01", "AMCOR 2022 8K dated 2022-07-01"),  # a date keeps its hyphens
        ("discharge-summary", "discharge summary"),  # hyphens between words
        ("a__b--c", "a b c"),  # runs
        ("_", ""),  # nothing left
    ],
)
def test_title(stem, title):
    assert title_of(stem) == title


@pytest.mark.parametrize(
    ("uri", "suffix"),
    [
        ("file:///a/b.PDF", ".pdf"),  # lower case
        ("upload://warfarin.md", ".md"),  # the name stands where a host would
        ("https://x.org/a.html?x=1.pdf#y.z", ".html"),  # query and fragment are no name
        ("file:///a.d/b", ""),  # a dot in a folder
        ("file:///a/b%2Etxt", ".txt"),  # quoted
        ("langchain:7", ""),  # none
    ],
)
def test_suffix(uri, suffix):
    assert suffix_of(uri) == suffix
