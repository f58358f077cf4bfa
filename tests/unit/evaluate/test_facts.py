"""Tables of facts: what is refused, and that no file takes another's place."""

import json

import pytest

from ragslm.errors import ConfigError
from ragslm.evaluate.facts import measure_facts, opened, tables

ROW = {"id": "1", "file": "a/x.txt", "question": "What?", "answer": "This", "element": "x"}


@pytest.fixture
def data(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / "generic" / folder).mkdir(parents=True)
        (tmp_path / "generic" / folder / "x.txt").write_text(f"Words of {folder}.")
    return tmp_path


def write(data, *lines):
    (data / "generic/table.jsonl").write_text("\n".join(lines), "latin-1")


def test_blank_lines_are_no_facts(data):
    write(data, "", json.dumps(ROW), " ", "")
    ((domain, name, facts),) = tables(data)
    assert (domain, name, [fact.id for fact in facts]) == ("generic", "table", ["1"])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "has no facts"),
        ("{", "line 1 is no JSON object"),
        (json.dumps(ROW | {"id": "\u00e9"}, ensure_ascii=False), "line 1 is no JSON object"),  # no UTF-8
        ("[]", "line 1 is no JSON object"),
        (json.dumps(ROW | {"file": 3}), "line 1 is no JSON object"),
        (json.dumps({"id": "1"}), "line 1 has no 'file'"),
        (json.dumps(ROW | {"file": "none.txt"}), "line 1: there is no file"),
    ],
)
def test_a_table_that_is_none_is_named(data, line, said):
    write(data, line)
    with pytest.raises(ConfigError, match=f"table.jsonl.* ?{said}"):
        list(tables(data))


@pytest.mark.models
def test_two_files_of_one_name_are_both_there(data, tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    files = [data / "generic" / folder / "x.txt" for folder in ("a", "b")]
    with opened(scratch, "generic", files) as (assistant, uri_of):
        held = {info.uri for info in assistant.documents()}
        assert held == {uri_of(file) for file in files}
        assert len(held) == 2


@pytest.mark.models
def test_each_question_is_searched_and_asked(data):
    (data / "generic/a/x.txt").write_text("The library opens at nine. Dogs stay outside.")
    row = {"id": "1", "file": "a/x.txt", "element": "library"}
    write(
        data,
        json.dumps(row | {"question": "When does the library open?", "answer": "at nine"}),
        json.dumps(row | {"question": "Which bishop crowned Charlemagne?", "answer": "Leo"}),
    )
    shares = {share.name: (share.value, share.n) for share in measure_facts(data)}
    assert shares["table: answered by the first 1"] == (0.5, 2)
    assert shares["table: its element quoted"] == (0.5, 2)
    assert shares["all of generic: refused"] == shares["all tables: refused"] == (0.5, 2)
