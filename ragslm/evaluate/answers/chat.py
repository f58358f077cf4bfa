"""The model of a run: any GGUF file, or one of the catalogue, behind ragslm's own llama.cpp transport."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from ragslm._optional import require
from ragslm.errors import ModelError
from ragslm.evaluate.answers.run import PATIENCE, Chat, engine_of
from ragslm.generation.choose import deserved_mode
from ragslm.generation.llama_cpp import LlamaCppTransport
from ragslm.models.catalogue import entries, entry
from ragslm.models.pull import locate, model_ref, sha256_of
from ragslm.protocols import ChatEngine
from ragslm.settings import Settings
from ragslm.types import Mode, ModelRef

CAPABLE_BYTES = 600_000_000
"""A GGUF file from this size on is taken to hold a billion parameters or more: four bits and a half each."""

_MAGIC = b"GGUF"


def chat_of(model: str | None, config: Path | None) -> Chat:
    """The model that is named, hashed; its transport loads it at the first question.

    Args:
        model: path of a GGUF file, or a name of the catalogue; None takes the one that is configured.
        config: path of `ragslm.yaml`: folder of models, threads, window.

    Raises:
        ModelError: it is neither, or not the pinned one.
        MissingExtraError: llama.cpp is not installed.
    """
    require("xllamacpp", extra="embedded")
    settings = Settings.load(config=config, generation=PATIENCE)
    path, ref, mode = _found(model or settings.models.chat, settings.models.folder)
    return Chat(ref=ref, mode=mode, make=partial(LlamaCppTransport, path, settings.generation))


@contextmanager
def opened_engine(model: str | None, domain: str, config: Path | None) -> Iterator[ChatEngine | None]:
    """An engine over the model that is named, closed at the end; None where none is named."""
    if model is None:
        yield None
        return
    chat = chat_of(model, config)
    with closing(chat.make()) as transport:
        yield engine_of(chat, transport, domain, config)


def _found(model: str, folder: Path | None) -> tuple[Path, ModelRef, Mode]:
    if any(one.name == model for one in entries()):
        wanted = entry(model)
        return locate(model, folder) / wanted.main, model_ref(model), deserved_mode(wanted)
    path = Path(model)
    if not path.is_file() or path.open("rb").read(4) != _MAGIC:
        raise ModelError(f"{model!r} is neither a GGUF file nor a model of the catalogue.")
    mode: Mode = "near" if path.stat().st_size >= CAPABLE_BYTES else "quote"
    return path, ModelRef(path.stem, sha256_of(path)), mode
