"""The catalogue pins everything it names."""

import re

import pytest

from ragslm.errors import ModelError
from ragslm.models.catalogue import entries, entry
from ragslm.models.pull import model_ref
from ragslm.settings import ModelSettings


def test_every_file_is_pinned():
    for model in entries():
        assert model.files
        for file in model.files:
            assert re.fullmatch(r"[0-9a-f]{64}", file.sha256), (model.name, file.path)
            assert file.size > 0
            assert not file.path.startswith("/")
            assert ".." not in file.path.split("/")
            assert file.source.endswith(file.path)


def test_no_file_can_run_code():
    unsafe = {".py", ".bin", ".pt", ".pkl", ".pickle", ".so", ".ckpt"}
    kept = {"lookups.bin"}  # spaCy's lookup tables: MessagePack
    for model in entries():
        for file in model.files:
            name = file.path.rsplit("/", 1)[-1]
            assert name in kept or f".{name.rsplit('.', 1)[-1]}" not in unsafe, (model.name, name)


def test_every_model_says_what_it_is():
    for model in entries():
        assert model.source == "package"
        assert model.licence in {"Apache-2.0", "MIT"}
        assert model.languages == ("en",)
        assert re.fullmatch(r"\d+\.\d+\.\d+", model.version)
        assert model.parameters > 1_000_000
        assert model.sha256 in {file.sha256 for file in model.files}
        assert model.size == sum(file.size for file in model.files)


def test_the_default_settings_name_models_of_their_kind():
    defaults = ModelSettings()
    assert entry(defaults.chat).kind == "chat"
    assert entry(defaults.encoder).kind == "encoder"
    assert entry(defaults.ner).kind == "ner"


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(ModelError, match="smollm2-135m-instruct"):
        entry("gpt")


def test_model_ref_is_name_and_hash_of_the_weights():
    ref = model_ref("smollm2-135m-instruct")
    assert ref.sha256 == "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
