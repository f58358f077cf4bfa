"""The bench of parsing: what it finds, and that it says nothing of what it reads."""

import logging
import subprocess
import sys
from datetime import datetime
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest

from ragslm.errors import ConfigError
from ragslm.evaluate import format_bench
from ragslm.evaluate.format_bench import time_formats
from ragslm.evaluate.plain_parsers import PLAIN, PlainParser, _typed_csv


@pytest.fixture(autouse=True)
def _briefly(monkeypatch):
    monkeypatch.setattr(format_bench, "LEAST_SECONDS", 0.0)
    monkeypatch.setattr(format_bench, "ROUNDS", 1)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "below").mkdir()
    (tmp_path / "below/a.json").write_text('{"resourceType":"Observation","id":"1","valueString":"Ann"}')
    (tmp_path / "broken.json").write_text('{"resourceType":"Observation","id":')
    (tmp_path / "note.txt").write_text("Words of a note.")
    return tmp_path


def test_a_line_for_each_format_beside_its_library(data):
    fhir, text = time_formats(data)
    assert (fhir.format, fhir.documents, fhir.library.split()[0]) == ("fhir", 1, "json")
    assert fhir.times == pytest.approx(fhir.library_a_second / fhir.a_second)
    assert (text.format, text.documents, text.library, text.times) == ("text", 1, "", None)


def test_a_library_that_reads_nothing_is_left_out_and_its_words_are_not_shown(data, monkeypatch, capsys):
    def fails(content: bytes) -> object:
        print(content)
        raise ValueError(content)

    monkeypatch.setattr(format_bench, "PLAIN", (PlainParser("fhir", "", fails),))
    assert [(one.format, one.library) for one in time_formats(data)] == [("fhir", ""), ("text", "")]
    assert capsys.readouterr() == ("", "")


class Loud:
    """A parser that says what it reads, and breaks off at some files."""

    name = "loud"

    def parse(self, document):
        print(document.content)
        logging.getLogger("loud").critical("%r", document.content)
        if b"resourceType" in document.content:
            raise RecursionError
        return None


def test_words_of_files_are_never_shown_and_logging_is_as_it_was(data, monkeypatch, capsys, caplog):
    monkeypatch.setattr(format_bench, "find_parser", lambda *_: Loud())
    logging.disable(logging.INFO)
    try:
        (found,) = time_formats(data)
        assert logging.root.manager.disable == logging.INFO
    finally:
        logging.disable(logging.NOTSET)
    assert (found.format, found.documents) == ("loud", 1)
    assert (*capsys.readouterr(), caplog.text) == ("", "", "")


def test_the_time_of_processes_that_were_started_counts():
    busy = "import time\nwhile time.process_time() < 0.2: pass"
    run = partial(subprocess.run, [sys.executable, "-c", busy], check=True)
    assert format_bench._seconds(run, 1) >= 0.2


def test_a_folder_without_samples_is_named(tmp_path):
    with pytest.raises(ConfigError, match="can be parsed"):
        list(time_formats(tmp_path))


def test_a_library_that_is_not_installed_has_no_name():
    assert PlainParser("x", "no-such-distribution", bytes).label is None


@pytest.mark.parametrize("one", PLAIN, ids=lambda one: f"{one.format} {one.distribution}")
def test_every_installed_library_is_named_with_its_version(one):
    assert one.label is None or any(character.isdigit() for character in one.label)


def test_the_plain_reading_of_a_statement_has_dates_and_amounts():
    content = b"""---
statement_csv: 1
columns: {date: Day, amount: 2}
date_format: "%d.%m.%Y"
decimal: ","
thousands: "."
delimiter: ";"
skip_lines: 1
---
Statement of May
Day;Sum;Text
02.05.2024;2.845,10;Wages
"""
    assert _typed_csv(content) == [{"Day": datetime(2024, 5, 2), "Sum": Decimal("2845.10"), "Text": "Wages"}]
