"""Walking: sorted, lazy, never out of the folder."""

from pathlib import Path

import pytest

from ragslm.ingest.files import Files, title_of


@pytest.mark.parametrize(
    ("stem", "title"),
    [
        ("3M_2018_10K", "3M 2018 10-K"),  # a filing's form as people write it
        ("AMCOR_2023Q4_EARNINGS", "AMCOR 2023 Q4 EARNINGS"),  # a quarter
        ("FOOTLOCKER_2022_8K_dated-2022-05-20", "FOOTLOCKER 2022 8-K dated-2022-05-20"),  # a date stays whole
        ("reg-dd-truth-in-savings", "reg dd truth in savings"),  # hyphens between words
        ("Pfizer_2023Q2_10Q", "Pfizer 2023 Q2 10-Q"),  # both
        ("report", "report"),  # nothing to do
    ],
)
def test_titles_read_as_people_write_them(stem: str, title: str) -> None:
    assert title_of(stem) == title


def test_a_folder_is_walked_in_order_without_hidden_files_or_ways_out(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("secret")
    root = tmp_path / "root"
    (root / "b").mkdir(parents=True)
    (root / ".git").mkdir()
    for name in ("z.txt", "a.txt", "b/c.txt", ".hidden", ".git/config"):
        (root / name).write_text(name)
    (root / "link.txt").symlink_to(outside)
    found = list(Files(root, 100).load())
    assert [document.uri.rsplit("root/", 1)[1] for document in found] == ["a.txt", "z.txt", "b/c.txt"]
    assert {document.source for document in found} == {root.resolve().as_uri()}


def test_a_single_file_has_no_source_and_a_large_one_is_not_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "big.txt"
    file.write_bytes(b"x" * 1000)
    (document,) = Files(file, 10).load()
    assert document.source is None
    assert len(document.content) == 11
