"""A transformers token classifier of the deployment's own, here a tiny one without training."""

from pathlib import Path

import pytest
import torch
import transformers

from ragslm.errors import ModelError
from ragslm.models.pull import locate
from ragslm.privacy.foreign_tagger import ForeignTagger
from ragslm.settings import Settings

pytestmark = pytest.mark.models


def saved(folder: Path, labels: list[str]) -> Path:
    """A model that calls every word by its last label."""
    encoder = locate("all-minilm-l6-v2", Settings.load().models.folder)
    tokenizer = transformers.AutoTokenizer.from_pretrained(str(encoder), local_files_only=True)
    config = transformers.BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        id2label=dict(enumerate(labels)),
        label2id={label: i for i, label in enumerate(labels)},
    )
    model = transformers.BertForTokenClassification(config)
    with torch.no_grad():
        model.classifier.bias[-1] = 50.0
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def test_its_labels_are_known_by_their_usual_names(tmp_path):
    tagger = ForeignTagger(saved(tmp_path, ["O", "B-STREET", "I-PATIENT"]))
    (found,) = tagger.tag(["Anna Keller"])
    assert [(one.entity, one.start, one.end) for one in found] == [("PERSON", 0, 11)]
    assert found[0].score > 0.9
    assert tagger.tag([]) == []
    long = "Anna Keller " * 400
    assert tagger.tag([long])[0][-1].end > len(long) / 2  # five windows; one name across all is no real case
    assert len(tagger.version.split()[-1]) == 64


def test_a_model_without_persons_is_refused(tmp_path):
    with pytest.raises(ModelError, match="means a person"):
        ForeignTagger(saved(tmp_path, ["O", "B-DISEASE"]))
