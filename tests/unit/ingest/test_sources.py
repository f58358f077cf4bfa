"""`sources.yaml` and what is made of its entries: mistakes name place and remedy, no secret shows."""

import contextlib
import datetime as dt
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from ragslm import registry
from ragslm.errors import ConfigError, MissingExtraError, SourceError
from ragslm.ingest import connecting
from ragslm.ingest.connecting import bind
from ragslm.ingest.files import Files
from ragslm.ingest.sources import Source, read_sources
from ragslm_connectors._domain import PackageDomain
from ragslm_connectors._formats.pdf import PdfParser
from tests.unit.ingest.sources import Listing

GOOD = """
- name: guidelines
  kind: folder
  domain: medical
  every: 15m
  scope: null
  readers: [ward-3, pharmacy]
  path: docs
- {name: b, kind: folder, path: /elsewhere}
"""


@pytest.fixture
def read(tmp_path: Path):
    def go(text):
        (tmp_path / "sources.yaml").write_text(text)
        return read_sources(tmp_path / "sources.yaml")

    return go


def test_entries_are_read_in_order(read, tmp_path):
    first, second = read(GOOD)
    assert (first.name, first.kind, first.domain) == ("guidelines", "folder", "medical")
    assert (first.every, first.readers, first.scope) == (
        dt.timedelta(minutes=15),
        ("ward-3", "pharmacy"),
        None,
    )
    assert first.settings == {"path": "docs"}
    assert (second.every, second.readers) == (dt.timedelta(hours=1), None)
    assert "line 2" in first.where
    assert "line 9" in second.where


@pytest.mark.parametrize("text", ["", "# nothing\n", "[]"])
def test_no_source_is_no_error(read, text):
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- name: a\n  kind: [", "line 2"),  # broken YAML
        ("name: a\nkind: folder", "list of sources"),  # a mapping
        ("- folder", "line 1"),  # a word
        ("- name: a\n  kind: x\n  kind: y", "line 3.*doubled"),
        ("- {name: a, kind: x}\n- {name: b, kind: x}\n- {name: a, kind: x}", "line 3.*'a'.*line 1"),
        ("- {kind: folder}", r"line 1, source '\?'.*name"),
        ("- {name: a}", "source 'a'.*kind"),
        ("- {name: a b, kind: x}", "name"),
        ("- {name: ../a, kind: x}", "name"),
        ("- {name: a, kind: x, every: 15}", "every.*15m"),
        ("- {name: a, kind: x, every: 0m}", "every"),
        ("- {name: a, kind: x, every: soon}", "every"),
        ("- {name: a, kind: x, every: 15 minutes}", "`every`: write a number"),
        ("- {name: a, kind: x, readers: ward}", "readers"),
        ("- {name: a, kind: x, scope: ''}", "scope"),
        ("- {name: a, kind: x, [1]: 2}", "no word"),
        ("- !!python/object/apply:os.system ['true']", "line 1"),
        ("- {name: a, kind: x, when: 2024-99-99}", "out of its range"),
        ("[" * 5000, "deeply|YAML"),
    ],
)
def test_mistakes_name_their_place(read, text, told):
    with pytest.raises(ConfigError, match=told):
        read(text)


def test_a_missing_file_and_one_that_is_no_text(tmp_path):
    with pytest.raises(ConfigError, match="--sources"):
        read_sources(tmp_path / "none.yaml")
    (tmp_path / "s.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="UTF-8"):
        read_sources(tmp_path / "s.yaml")


@given(st.text(alphabet=st.sampled_from("-{}[]:,'\"&*!|> \nnamekid0~%@"), max_size=60))
def test_any_text_is_sources_or_a_mistake(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("s") / "sources.yaml"
    path.write_text(text)
    with contextlib.suppress(ConfigError):
        assert all(isinstance(source, Source) for source in read_sources(path))


def test_every_key_is_described():
    for name, field in Source.model_fields.items():
        assert field.description, name


def test_only_what_is_read_and_by_whom_is_in_the_fingerprint():
    source = Source(name="a", kind="x", settings={"path": "p"})
    same = [Source(name="b", kind="x", settings={"path": "p"}, every="5m")]
    other = [
        Source(name="a", kind="y", settings={"path": "p"}),
        Source(name="a", kind="x", settings={"path": "q"}),
        Source(name="a", kind="x", settings={"path": "p"}, scope="1"),
        Source(name="a", kind="x", settings={"path": "p"}, readers=["r"]),
        Source(name="a", kind="x", settings={"path": "p"}, readers=[]),
    ]
    print_ = source.fingerprint("generic")
    assert all(one.fingerprint("generic") == print_ for one in same)
    assert print_ not in [one.fingerprint("generic") for one in other] + [source.fingerprint("medical")]


# ---------------------------------------------------------------- from an entry to its connector


class Database(Listing):
    def __init__(
        self, host: str, password: SecretStr, *, port: int = 1, ca: Path | None = None, options=None
    ):
        super().__init__()
        self.told = host, password, port, ca, options


@pytest.fixture
def made(monkeypatch, tmp_path):
    """The connector of an entry with these settings, of kind `Database`."""
    monkeypatch.setattr(connecting, "load_connector", lambda kind, domains: Database)

    def go(**settings):
        return bind(Source(name="a", kind="db", settings=settings, base=tmp_path), ())()

    return go


def test_secrets_come_from_files_and_the_environment(made, tmp_path, monkeypatch):
    (tmp_path / "pw").write_text("s3cret\n")
    monkeypatch.setenv("PW", "s3cret")
    for secret in ({"password_file": "pw"}, {"password_env": "PW"}):
        connector = made(host="h", port="5432", ca="x/ca.pem", **secret)
        host, password, port, ca, _ = connector.told
        assert (host, port, ca) == ("h", 5432, tmp_path / "x/ca.pem")
        assert password.get_secret_value() == "s3cret"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"host": "h", "password": "s3cret"}, "password_file: PATH"),
        ({"host": "postgresql://u:s3cret@h/db", "password_env": "PW"}, "host_env"),
        ({"host": "h", "password_env": "PW", "options": {"api_key": "s3cret"}}, "in clear"),
        ({"host": "h", "password_env": "PW", "options": [{"url": "https://u:s3cret@h"}]}, "in clear"),
        ({"host": "h", "password_env": "NONE"}, "NONE|not set"),
        ({"host": "h", "password_file": "none"}, "No such file"),
        ({"host": "h", "password_env": "PW", "password_file": "pw"}, "twice|No such file"),
        ({"host": "h"}, "password_file or password_env"),
        ({"password_env": "PW"}, "needs host"),
        ({"host": "h", "password_env": "PW", "hots": 1}, r"no setting 'hots'; it has \['ca', 'host'"),
        ({"host": "h", "password_env": "PW", "port": "many"}, "`port`.*integer"),
    ],
)
def test_wrong_settings_name_the_remedy_and_no_secret(made, monkeypatch, settings, told):
    monkeypatch.setenv("PW", "s3cret")
    with pytest.raises(ConfigError, match=told) as caught:
        made(**settings)
    assert "s3cret" not in str(caught.value)
    assert caught.value.__cause__ is None or "s3cret" not in str(caught.value.__cause__)


def test_settings_whose_names_only_sound_secret_are_plain(monkeypatch):
    def factory(token_url: str, max_tokens: int):
        return Listing()

    monkeypatch.setattr(connecting, "load_connector", lambda kind, domains: factory)
    bind(Source(name="a", kind="x", settings={"token_url": "https://h/t", "max_tokens": 5}), ())()


def test_a_connector_without_a_field_policy_does_not_land(monkeypatch):
    class Bare:
        name = "bare"

        def load(self):
            return iter(())

    monkeypatch.setattr(connecting, "load_connector", lambda kind, domains: Bare)
    with pytest.raises(ConfigError, match="field policy"):
        bind(Source(name="a", kind="x"), ())()


def test_unknown_kinds_name_those_there_are():
    with pytest.raises(ConfigError, match=r"source 'a'.*|'nope'.*'folder', 'langchain'"):
        bind(Source(name="a", kind="nope", where="sources.yaml, line 1, source 'a'"), ("generic",))


def test_a_domain_brings_its_kinds(monkeypatch):
    brought = PackageDomain("generic", (), kinds=(("pdf", "_formats.pdf:PdfParser"),))
    monkeypatch.setattr(registry, "load_domain", lambda name: brought)
    assert registry.connector_kinds(["generic"]) == ["folder", "langchain", "pdf"]
    assert registry.load_connector("pdf", ["generic"]) is PdfParser
    with pytest.raises(ConfigError, match="Unknown kind"):
        registry.load_connector("pdf", [])


def test_a_kind_whose_package_is_missing_names_the_pip_line(monkeypatch):
    monkeypatch.setitem(registry.BUILT_IN, "x", "no_such_module:factory")
    with pytest.raises(MissingExtraError, match=r"'no_such_module'.*pip install"):
        registry.load_connector("x")


def test_a_plug_in_that_cannot_be_loaded(monkeypatch):
    broken = EntryPoint("x", "no.such.module:factory", registry.CONNECTORS)
    monkeypatch.setattr(registry, "entry_points", lambda **wanted: [broken, broken])
    with pytest.raises(ConfigError, match="ModuleNotFoundError"):
        registry.load_connector("x")
    assert "x" in registry.connector_kinds()


def test_two_plug_ins_of_one_kind(monkeypatch):
    both = [EntryPoint("x", f"{m}:f", registry.CONNECTORS) for m in ("one", "two")]
    monkeypatch.setattr(registry, "entry_points", lambda **wanted: both)
    with pytest.raises(ConfigError, match="2 plug-ins"):
        registry.load_connector("x")


def test_a_folder_is_relative_to_the_file_and_must_be_there(tmp_path):
    source = Source(name="a", kind="folder", settings={"path": "docs"}, base=tmp_path)
    with pytest.raises(SourceError, match="no folder"):
        bind(source, ())()
    (tmp_path / "docs").mkdir()
    assert isinstance(bind(source, ())(), Files)
    marked = Source(name="a", kind="folder", settings={"path": "docs", "marker": ".mounted"}, base=tmp_path)
    with pytest.raises(SourceError, match="mounted"):
        bind(marked, ())()


def test_a_langchain_loader_by_its_import_path(monkeypatch):
    settings = {"loader": "tests.unit.ingest.sources:loader", "arguments": {"texts": ["a", "b"]}}
    connector = bind(Source(name="lc", kind="langchain", settings=settings), ())()
    monkeypatch.setenv("TEXTS", "s")
    secret = {"loader": settings["loader"], "arguments_env": {"texts": "TEXTS"}}
    assert [d.uri for d in connector.load()] == ["langchain://lc:p.pdf", "langchain://lc:p.pdf#2"]
    (one,) = bind(Source(name="lc", kind="langchain", settings=secret), ())().load()
    assert one.content == b"s"
    for loader, told in [("no.such:X", "no loader"), ("os:getcwd", "refuses|makes a"), ("os", "no loader")]:
        with pytest.raises(ConfigError, match=told):
            bind(Source(name="lc", kind="langchain", settings={**settings, "loader": loader}), ())()
