"""Which engine words the answers: the configured one, or what `auto` finds."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from ragslm._address import http_address
from ragslm._optional import require
from ragslm.errors import ConfigError
from ragslm.generation.extractive import ExtractiveEngine
from ragslm.generation.llama_cpp import LlamaCppTransport
from ragslm.generation.openai_compatible import OpenAiTransport
from ragslm.generation.prompted import PromptedEngine
from ragslm.models.catalogue import Entry, entry
from ragslm.models.pull import is_present, locate, model_ref
from ragslm.protocols import ChatEngine
from ragslm.settings import GenerationSettings
from ragslm.types import Mode, ModelRef

CAPABLE_PARAMETERS = 1_000_000_000
"""Below this many parameters a model was measured to word sentences that its sources deny."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """An engine, and in words why it is this one."""

    engine: ChatEngine
    reason: str


def build_engine(
    settings: GenerationSettings,
    *,
    prompt: str,
    chat_model: str,
    folder: Path | None,
    salt: str | None = None,
) -> ChatEngine:
    """The engine that words answers; see `choose_engine`."""
    return choose_engine(settings, prompt=prompt, chat_model=chat_model, folder=folder, salt=salt).engine


def choose_engine(
    settings: GenerationSettings,
    *,
    prompt: str,
    chat_model: str,
    folder: Path | None,
    salt: str | None = None,
) -> Chosen:
    """The engine that words answers, and why.

    `auto` takes vLLM if its URL is set, else the embedded model if it is here, else none.

    Args:
        settings: which engine, and its limits.
        prompt: the domain's system prompt.
        chat_model: catalogue name of the embedded model.
        folder: where pulled models lie.
        salt: keeps a shared server's prefix cache apart from other workspaces'.

    Raises:
        ConfigError: `vllm` is asked for without its URL, or the embedded model is no chat model.
        MissingExtraError: `llama_cpp` is asked for and not installed.
        ModelError: the embedded model is not the pinned one; or it is asked for and not here.
    """
    if settings.engine == "extractive":
        return Chosen(ExtractiveEngine(), "generation.engine is extractive.")
    if settings.engine == "vllm":
        return Chosen(_vllm(settings, prompt, salt), "generation.engine is vllm.")
    if settings.engine == "llama_cpp":
        return Chosen(_llama_cpp(settings, prompt, chat_model, folder), "generation.engine is llama_cpp.")
    return _auto(settings, prompt, chat_model, folder, salt)


def _auto(
    settings: GenerationSettings, prompt: str, name: str, folder: Path | None, salt: str | None
) -> Chosen:
    """A damaged model is an error even here: it must not pass for one that was never pulled."""
    if settings.vllm_url:
        return Chosen(_vllm(settings, prompt, salt), "generation.vllm_url is set.")
    if find_spec("xllamacpp") is None:
        return Chosen(ExtractiveEngine(), "No model engine is installed. Run: pip install 'ragslm[embedded]'")
    if not is_present(name, folder):
        return Chosen(
            ExtractiveEngine(), f"Model {name!r} has not been pulled. Run: ragslm models pull {name}"
        )
    engine = _llama_cpp(settings, prompt, name, folder)
    return Chosen(engine, f"generation.vllm_url is not set, and model {name!r} is here.")


def _vllm(settings: GenerationSettings, prompt: str, salt: str | None) -> ChatEngine:
    """How large a served model is, it does not say: it is taken to deserve `near`.

    Whoever serves one below a billion parameters sets `generation.mode` to `quote`.
    """
    url = settings.vllm_url
    if url is None:
        raise ConfigError(
            "Engine vllm needs generation.vllm_url, such as RAGSLM_GENERATION__VLLM_URL=http://127.0.0.1:8000/v1."
        )
    if http_address(url) is None:
        raise ConfigError("generation.vllm_url must look like http://127.0.0.1:8000/v1.")
    return PromptedEngine(
        "vllm",
        ModelRef(settings.vllm_model or "served"),
        "near",
        OpenAiTransport(url, settings, salt),
        prompt=prompt,
        most=settings.max_sentences,
        window=settings.context_tokens,
    )


def _llama_cpp(settings: GenerationSettings, prompt: str, name: str, folder: Path | None) -> ChatEngine:
    require("xllamacpp", extra="embedded")
    wanted = entry(name)
    if wanted.kind != "chat":
        raise ConfigError(f"models.chat: {name!r} is a model of kind {wanted.kind!r}, not a chat model.")
    return PromptedEngine(
        "llama_cpp",
        model_ref(name),
        deserved_mode(wanted),
        LlamaCppTransport(locate(name, folder) / wanted.main, settings),
        prompt=prompt,
        most=settings.max_sentences,
        window=settings.context_tokens,
    )


def deserved_mode(model: Entry) -> Mode:
    """How far a model of this size may leave the wording of its sources."""
    return "near" if model.parameters >= CAPABLE_PARAMETERS else "quote"
