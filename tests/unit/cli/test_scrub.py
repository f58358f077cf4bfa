"""What `ragslm scrub` calls a file, what it refuses, and what it reports."""

import json
from pathlib import Path

import pytest

from ragslm.cli.scrub import _check, _name, _written
from ragslm.cli.scrub_report import ScrubReport
from ragslm.errors import ConfigError
from ragslm.types import Entity, PrivacyPolicy, Scrubbed, ScrubbedDocument

POLICY = PrivacyPolicy("0123", 0.35, ("pci-dss",), {"CREDIT_CARD": "truncate"})
BASE = Path("/data/notes")


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("file:///data/notes/a.txt", "a.txt"),
        ("file:///data/notes/ward%203/a%23b.txt", "ward 3/a#b.txt"),  # quoted
        ("file:///data/notes/m.eml#attachment=1/r.pdf", "m.eml.parts/attachment=1/r.pdf"),  # inside a mail
        ("file:///data/notes/z.zip#member=../../etc/x", "z.zip.parts/member=../etc/x"),  # no way out
        ("file:///data/notes/z.zip#member=a/../../../x", "z.zip.parts/member=a/x"),  # no way out
    ],
)
def test_names(uri, name):
    found = _name(uri, BASE)
    assert found == name
    assert not any(part in ("", ".", "..") for part in found.split("/"))


def given(tmp_path, *words, **options):
    wanted = {"to": None, "report": None, "explain": False, "show_originals": False, **options}
    paths = [Path(word) for word in words if word != "-" and Path(word).exists()]
    _check(list(words), paths, wanted.pop("to"), wanted.pop("report"), **wanted)


def test_what_cannot_be_meant_is_refused(tmp_path):
    (tmp_path / "notes").mkdir()
    notes = str(tmp_path / "notes")
    for words, options, says in [
        (["nots.txt"], {}, "no file or folder 'nots.txt'"),  # a slip of the pen is no text
        ([notes, "other"], {}, "no file or folder 'other'"),
        (["nowhere/"], {}, "no file or folder 'nowhere/'"),
        (["./nowhere"], {}, "no file or folder"),
        (["Ann Roe"], {"to": tmp_path / "out"}, "for files and folders"),
        ([notes], {"show_originals": True}, "goes with --explain"),
        ([notes], {"report": tmp_path / "r.pdf"}, r"\.json or \.md"),
        ([notes], {"to": tmp_path / "notes/out"}, "lies in"),  # the next run would read what this one wrote
    ]:
        with pytest.raises(ConfigError, match=says):
            given(tmp_path, *words, **options)


def scrubbed(uri="x"):
    return ScrubbedDocument(uri=uri, scrubbed=Scrubbed("words", ()))


@pytest.mark.parametrize(
    ("names", "left_out"),
    [
        (["m.zip.parts/x.txt/y", "m.zip.parts/x"], "m.zip.parts/x"),  # a folder is in its place
        (["m.zip.parts/x", "m.zip.parts/x.txt/y"], "m.zip.parts/x.txt/y"),  # and the other way round
        (["m.zip.parts/x", "m.zip.parts/x.txt/y/z"], "m.zip.parts/x.txt/y/z"),
        (["a/" * 2500 + "b", "c"], "a/" * 2500 + "b"),
        (["a\0b", "c"], "a\0b"),
    ],
)
def test_a_name_that_no_file_can_have_stops_nothing(tmp_path, names, left_out):
    written = {name: _written(tmp_path / "out", name, scrubbed()) for name in names}
    assert {name for name, one in written.items() if one.scrubbed is None} == {left_out}
    assert written[left_out].reason
    assert len([one for one in (tmp_path / "out").rglob("*") if one.is_file()]) == 1


def test_long_names_are_shortened_and_stay_apart(tmp_path):
    names = [
        "n" * 251,
        *(f"{letter * 253}/note" for letter in "né"),
        "n" * 253,
        "n" * 254,
        "n" * 300 + ".pdf",
    ]
    assert all(_written(tmp_path, name, scrubbed()).scrubbed for name in names)
    files = [one for one in tmp_path.rglob("*") if one.is_file()]
    assert len(files) == len(names)
    assert (tmp_path / f"{names[0]}.txt").is_file()
    assert all(one.suffix == ".txt" for one in files)


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path):
    (tmp_path / "out").write_text("")
    options = {"explain": False, "show_originals": False}
    with pytest.raises(ConfigError, match="is a file"):
        _check(["/proc/cpuinfo"], [Path("/proc/cpuinfo")], tmp_path / "out", None, **options)
    with pytest.raises(ConfigError, match="Cannot write"):
        _written(Path("/proc/none"), "a", scrubbed())


def test_texts_and_paths_are_told_apart(tmp_path):
    (tmp_path / "a.txt").write_text("x")
    given(tmp_path, "Write to jane@ward3.local.")
    given(tmp_path, "-")
    given(tmp_path, str(tmp_path / "a.txt"), to=tmp_path / "out", report=tmp_path / "r.json")


@pytest.fixture
def report():
    made = ScrubReport(POLICY)
    entities = (
        Entity("PERSON", 0, 3, 0.9, "PERSON_7K3QXA"),
        Entity("CREDIT_CARD", 4, 9, 1.0, ""),
    )
    made.add("a|b.txt", ScrubbedDocument(uri="u", scrubbed=Scrubbed("", entities), originals=("Ann", "4111")))
    made.add("c.pdf", ScrubbedDocument(uri="v", reason="The PDF is damaged."))
    return made


@pytest.mark.parametrize("suffix", [".json", ".md"])
def test_a_report_holds_counts_and_policy_and_no_text(report, tmp_path, suffix):
    path = tmp_path / f"report{suffix}"
    report.write(path)
    text = path.read_text()
    for told in ("0123", "pci-dss", "CREDIT_CARD", "c.pdf", "damaged"):
        assert told in text
    for kept in ("Ann", "4111", "7K3QXA"):
        assert kept not in text


def test_a_json_report_can_be_read(report, tmp_path):
    report.write(tmp_path / "r.json")
    read = json.loads((tmp_path / "r.json").read_text())
    assert read["types"] == {"PERSON": 1, "CREDIT_CARD": 1}
    assert read["files"]["a|b.txt"] == {"PERSON": 1, "CREDIT_CARD": 1}
    assert read["policy"]["actions"] == {"CREDIT_CARD": "truncate"}


def test_a_report_that_cannot_be_written(report, tmp_path):
    with pytest.raises(ConfigError, match="Cannot write"):
        report.write(tmp_path / "none/r.md")
