"""Which engine answers, and why."""

from types import SimpleNamespace

import pytest

from ragslm.errors import ConfigError, MissingExtraError, ModelError
from ragslm.generation import choose
from ragslm.generation.choose import build_engine, choose_engine, deserved_mode
from ragslm.models.catalogue import entry
from ragslm.settings import GenerationSettings

CHAT = "smollm2-135m-instruct"


def chosen(folder, chat_model=CHAT, **given):
    return choose_engine(GenerationSettings(**given), prompt="p", chat_model=chat_model, folder=folder)


@pytest.fixture
def whole(monkeypatch):
    """As if the model were pulled."""
    monkeypatch.setattr(choose, "is_present", lambda name, folder: True)
    monkeypatch.setattr(choose, "locate", lambda name, folder: folder / name)


@pytest.mark.parametrize(
    ("given", "name", "reason"),
    [
        ({"engine": "extractive"}, "extractive", "engine is extractive"),
        ({"engine": "vllm", "vllm_url": "http://127.0.0.1:1/v1"}, "vllm", "engine is vllm"),
        ({"engine": "llama_cpp"}, "llama_cpp", "engine is llama_cpp"),
        ({"vllm_url": "http://127.0.0.1:1/v1"}, "vllm", "vllm_url is set"),
        ({}, "llama_cpp", "is here"),
    ],
)
def test_choice(tmp_path, whole, given, name, reason):
    found = chosen(tmp_path, **given)
    assert found.engine.name == name
    assert reason in found.reason
    found.engine.close()


def test_auto_without_a_model_quotes_and_says_what_to_run(tmp_path):
    found = chosen(tmp_path)
    assert found.engine.name == "extractive"
    assert f"ragslm models pull {CHAT}" in found.reason


def test_auto_without_llama_cpp_quotes_and_says_what_to_run(tmp_path, monkeypatch):
    monkeypatch.setattr(choose, "find_spec", lambda name: None)
    assert "pip install" in chosen(tmp_path).reason


@pytest.mark.parametrize("engine", ["auto", "llama_cpp"])
def test_a_damaged_model_is_an_error(tmp_path, engine):
    file = tmp_path / CHAT / entry(CHAT).main
    file.parent.mkdir()
    file.write_bytes(b"GGUF")
    with pytest.raises(ModelError, match="SHA-256"):
        chosen(tmp_path, engine=engine)


def test_llama_cpp_without_its_model(tmp_path):
    with pytest.raises(ModelError, match="ragslm models pull"):
        chosen(tmp_path, engine="llama_cpp")


def test_llama_cpp_that_is_not_installed(tmp_path, monkeypatch):
    def missing(module, extra):
        raise MissingExtraError(f"pip install 'ragslm[{extra}]'")

    monkeypatch.setattr(choose, "require", missing)
    with pytest.raises(MissingExtraError, match="embedded"):
        chosen(tmp_path, engine="llama_cpp")


@pytest.mark.parametrize("url", [None, "127.0.0.1:8000", "ftp://host/v1", "http://"])
def test_a_url_that_is_none(tmp_path, url):
    with pytest.raises(ConfigError, match="vllm_url"):
        chosen(tmp_path, engine="vllm", vllm_url=url)


def test_a_model_of_another_kind(tmp_path, whole):
    with pytest.raises(ConfigError, match="encoder"):
        chosen(tmp_path, chat_model="all-minilm-l6-v2", engine="llama_cpp")


@pytest.mark.parametrize(
    ("parameters", "mode"), [(134_515_008, "quote"), (999_999_999, "quote"), (1_000_000_000, "near")]
)
def test_mode_by_size(parameters, mode):
    assert deserved_mode(SimpleNamespace(parameters=parameters)) == mode


def test_build_engine_is_the_engine_of_the_choice(tmp_path):
    assert (
        build_engine(
            GenerationSettings(engine="extractive"), prompt="p", chat_model=CHAT, folder=tmp_path
        ).name
        == "extractive"
    )
