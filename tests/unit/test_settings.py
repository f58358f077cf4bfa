"""Settings: described, frozen, strict, and merged in the stated order."""

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from ragslm import ConfigError, Settings
from ragslm._environment import OTHER_NAMES


def every_field(model: type[BaseModel], prefix: str = "") -> list[tuple[str, Any]]:
    found = []
    for name, field in model.model_fields.items():
        found.append((prefix + name, field))
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            found += every_field(field.annotation, f"{prefix}{name}.")
    return found


@pytest.mark.parametrize(("path", "field"), every_field(Settings))
def test_every_setting_is_described(path: str, field: Any) -> None:
    assert field.description, path


def test_order_of_precedence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = tmp_path / "ragslm.yaml"
    config.write_text("retrieval: {k: 3, depth: 30}\nserver: {port: 1}\n")
    profile = {"retrieval": {"k": 2, "depth": 20, "dense_weight": 0.2}}
    monkeypatch.setenv("RAGSLM_RETRIEVAL__K", "4")
    settings = Settings.load(profile=profile, config=config, server={"port": 2})
    assert settings.server.port == 2  # argument over file
    assert settings.retrieval.k == 4  # environment over file
    assert settings.retrieval.depth == 30  # file over profile
    assert settings.retrieval.dense_weight == 0.2  # profile over default
    assert Settings.sources(profile=profile, config=config)["retrieval.k"] == "environment"
    assert Settings.sources(profile=profile, config=config)["retrieval.depth"] == "ragslm.yaml"


def test_secret_files_lie_between_environment_and_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "ragslm_generation__vllm_api_key").write_text("hidden")
    monkeypatch.setenv("RAGSLM_SECRETS", str(tmp_path))
    settings = Settings.load()
    assert settings.generation.vllm_api_key is not None
    assert settings.generation.vllm_api_key.get_secret_value() == "hidden"
    assert "hidden" not in repr(settings)


def test_an_unknown_key_names_its_path_and_not_its_value(tmp_path: Path) -> None:
    config = tmp_path / "ragslm.yaml"
    config.write_text("retrieval: {kk: 123-45-6789}\n")
    with pytest.raises(ConfigError, match=r"retrieval\.kk") as raised:
        Settings.load(config=config)
    assert "123-45" not in str(raised.value)


def test_a_named_file_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no configuration file"):
        Settings.load(config=tmp_path / "absent.yaml")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("retrieval: {k: [1", r"ragslm\.yaml, line 1: .*Mend the YAML"),
        ("a: 1\n b: 2\n", r"ragslm\.yaml, line 2: .*Mend the YAML"),
        ("- retrieval\n", "line 1: it must be a mapping of settings"),
        ("just words", "line 1: it must be a mapping of settings"),
        ("[" * 5000, "cannot be read|Mend the YAML"),
        ("retreival: {k: 1}", "There is no setting 'retreival'; there are domain, .*retrieval"),
        ("retrieval: {kk: 1}", r"There is no setting 'retrieval\.kk'; there are k, depth, "),
        ("refuse: [{name: a, what: b}]", r"Setting 'refuse\.0\.what'"),
    ],
)
def test_a_file_that_cannot_be_used_names_the_place(tmp_path: Path, text: str, told: str) -> None:
    config = tmp_path / "ragslm.yaml"
    config.write_text(text)
    with pytest.raises(ConfigError, match=told):
        Settings.load(config=config)


def test_an_empty_file_sets_nothing(tmp_path: Path) -> None:
    config = tmp_path / "ragslm.yaml"
    config.write_text("# nothing yet\n")
    assert Settings.load(config=config).model_dump() == Settings.load().model_dump()


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("RAGSLM_PRIVACY__PROFILES", "pci-dss", """JSON list: RAGSLM_PRIVACY__PROFILES='["hipaa-"""),
        ("RAGSLM_DOMAINS", "medical", """JSON list: RAGSLM_DOMAINS='["medical", "banking"]'"""),
        ("RAGSLM_DOMAINS", "", "JSON list"),
        ("RAGSLM_DOMAINS", '"medical"', "JSON list"),
        ("RAGSLM_PRIVACY__RESTORE__NURSES", "PERSON", "JSON list"),
        ("RAGSLM_PRIVACY__ACTIONS", "mask", "JSON object"),
        ("RAGSLM_PRIVACY", "strict", "JSON object"),
        ("RAGSLM_PRIVCY__PROFILES", '["pci-dss"]', "nearest name is RAGSLM_PRIVACY__PROFILES"),
        ("RAGSLM_RETRIEVAL__KK", "1", "no setting 'retrieval.kk'"),
    ],
)
def test_the_environment_drops_nothing_in_silence(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError) as raised:
        Settings.load()
    assert told in str(raised.value)


def test_lists_mappings_and_names_of_others_are_read_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RAGSLM_PRIVACY__PROFILES", '["pci-dss"]')
    monkeypatch.setenv("RAGSLM_PRIVACY__RESTORE", '{"nurses": ["PERSON"]}')
    monkeypatch.setenv("RAGSLM_API_KEY", "rsk_x")
    monkeypatch.setenv("RAGSLM_PORT", "tcp://10.0.0.1:8420")  # Kubernetes sets it for a service called ragslm
    privacy = Settings.load().privacy
    assert (privacy.profiles, privacy.restore) == (("pci-dss",), {"nurses": ("PERSON",)})


def test_every_name_that_is_read_elsewhere_is_known() -> None:
    root = Path(__file__).parents[2]
    files = [file for part in ("ragslm", "ui") for file in (root / part).rglob("*.py")]
    reading = re.compile(r"""environ(?:\.get\(|\[|\.setdefault\()["'](RAGSLM_[A-Z_]+)""")
    read = {name for file in files for name in reading.findall(file.read_text()) if "__" not in name}
    assert {"RAGSLM_KEY", "RAGSLM_API_KEY"} & read
    assert read <= OTHER_NAMES
