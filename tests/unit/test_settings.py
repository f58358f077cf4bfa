"""Settings: described, frozen, strict, and merged in the stated order."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from ragslm import ConfigError, Settings


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
