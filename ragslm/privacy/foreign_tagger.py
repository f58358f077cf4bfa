"""A larger finder of names and addresses: a transformers token classifier of the deployment's own."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ragslm._optional import require
from ragslm.errors import ModelError
from ragslm.privacy.tagger import Tagged

_PERSON = frozenset(
    "PER PERSON NAME PATIENT DOCTOR STAFF HCP GIVENNAME SURNAME FIRSTNAME LASTNAME MIDDLENAME".split()
)
_STREET = frozenset("ADDRESS STREET STREETADDRESS LOCATIONSTREET BUILDINGNUM SECONDARYADDRESS".split())
_BATCH = 16
_LONGEST = 256
_STRIDE = 32
"""Pieces read at once, and how many of them two windows of a longer text share."""


class ForeignTagger:
    """Labels with a model that was trained elsewhere; no network, no foreign code.

    Args:
        folder: of the model; its labels of persons and addresses are known by their usual names, any case.

    Raises:
        ModelError: there is no model in the folder, or none of its labels means a person.
    """

    def __init__(self, folder: Path) -> None:
        if not (folder / "config.json").is_file():
            raise ModelError(f"privacy.finder: {str(folder)!r} holds no model (no config.json).")
        transformers = require("transformers", extra="rag")
        local = {"local_files_only": True, "trust_remote_code": False}
        model = transformers.AutoModelForTokenClassification.from_pretrained(
            str(folder), use_safetensors=True, **local
        )
        self._entities = _entities(model.config.id2label.values())
        if "PERSON" not in self._entities.values():
            raise ModelError(
                f"privacy.finder: none of the labels of {str(folder)!r} means a person; `id2label` in its "
                "config.json must name one `PERSON`."
            )
        tokenizer = transformers.AutoTokenizer.from_pretrained(str(folder), **local)
        tokenizer.model_max_length = min(tokenizer.model_max_length, _LONGEST)
        self._read = transformers.pipeline(
            "token-classification",
            model=model,
            tokenizer=tokenizer,
            aggregation_strategy="simple",
            stride=_STRIDE,
        )
        self._version = f"{folder.name} {_hash(folder)}"

    @property
    def version(self) -> str:
        """Name of the folder and SHA-256 of the weights."""
        return self._version

    def tag(self, texts: Sequence[str]) -> list[list[Tagged]]:
        """What was found in each text, sorted and apart."""
        found: list[list[dict[str, Any]]] = self._read(list(texts), batch_size=_BATCH) if texts else []
        return [
            [
                Tagged(entity, int(one["start"]), int(one["end"]), float(one["score"]))
                for one in own
                if (entity := self._entities.get(one["entity_group"]))
            ]
            for own in found
        ]


def _entities(labels: Any) -> dict[str, str]:
    """The entity that each label without its mark of beginning or inside means."""
    found: dict[str, str] = {}
    for label in labels:
        name = label[2:] if label[:2] in ("B-", "I-") else label
        plain = name.upper().replace("_", "").replace("-", "").replace(" ", "")
        if plain in _PERSON:
            found[name] = "PERSON"
        elif plain in _STREET:
            found[name] = "STREET_ADDRESS"
    return found


def _hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(folder.glob("*.safetensors")):
        with file.open("rb") as opened:
            for block in iter(lambda: opened.read(1 << 20), b""):
                digest.update(block)
    return digest.hexdigest()
