"""The real encoder: shape, length, meaning, threads, and that a changed weight file is refused."""

import json
import shutil
import threading

import numpy as np
import pytest

from ragslm.errors import ModelError
from ragslm.retrieval.embedder import AnyEncoder, MiniLmEmbedder
from ragslm.retrieval.mean_encoder import MeanEncoder, is_mean_encoder

SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
pytestmark = [pytest.mark.models, pytest.mark.filterwarnings("default")]


@pytest.fixture(scope="module")
def embedder(encoder_folder):
    return MiniLmEmbedder(encoder_folder, SHA256)


def test_vectors(embedder):
    vectors = embedder.embed(["A short one.", "word " * 2000, "", "Ein Satz."])
    assert vectors.shape == (4, 384) == (4, embedder.dim)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
    assert embedder.embed([]).shape == (0, 384)


def test_meaning_and_order(embedder):
    texts = ["The heart pumps blood.", "Interest rates rose.", "Blood is moved by the heart muscle. " * 20]
    a, b, c = embedder.embed(texts)
    assert a @ c > a @ b + 0.15
    assert np.allclose(embedder.embed(texts[::-1]), [c, b, a], atol=0.02)


def test_it_reads_as_sentence_transformers_does(encoder_folder):
    texts = ["", "Hemoglobin 9.1 g/dL.", *(f"Payment {n} was " + "late and long. " * n for n in range(60))]
    own, other = MeanEncoder(encoder_folder).encode(texts), AnyEncoder(encoder_folder).encode(texts)
    assert np.sum(own * other, axis=1).min() > 0.9995


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("1_Pooling/config.json", {"pooling_mode_mean_tokens": False, "pooling_mode_cls_token": True}),
        ("config.json", {"model_type": "roberta"}),
        ("sentence_bert_config.json", None),
    ],
)
def test_another_kind_of_encoder_is_left_to_sentence_transformers(encoder_folder, tmp_path, file, change):
    copy = tmp_path / "other"
    shutil.copytree(encoder_folder, copy, copy_function=shutil.copyfile)
    assert is_mean_encoder(copy)
    told = json.loads((copy / file).read_text("utf-8")) | change if change else {}
    (copy / file).write_text(json.dumps(told), encoding="utf-8")
    assert not is_mean_encoder(copy)
    (copy / file).unlink()
    assert not is_mean_encoder(copy)


def test_a_question_is_kept(embedder):
    first = embedder.embed(["What is the heart?"])
    first[0, 0] = 7
    assert embedder.embed(["What is the heart?"])[0, 0] != 7


def test_threads(embedder):
    expected = embedder.embed([f"text {i}" for i in range(8)])
    results = {}

    def work(number):
        results[number] = embedder.embed([f"text {number}"])[0]

    threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert all(results[i] @ expected[i] > 0.99 for i in range(8))


def test_other_weights_are_refused(encoder_folder, tmp_path):
    copy = tmp_path / "all-minilm-l6-v2"
    shutil.copytree(encoder_folder, copy, copy_function=shutil.copyfile)
    with (copy / "model.safetensors").open("r+b") as file:
        file.seek(1_000_000)
        file.write(b"\x01\x02")
    with pytest.raises(ModelError, match="SHA-256"):
        MiniLmEmbedder(copy, SHA256)
    (copy / "model.safetensors").unlink()
    with pytest.raises(ModelError, match="models pull"):
        MiniLmEmbedder(copy, SHA256)
