"""Which engine words the answers: the configured one, or what `auto` finds."""

from importlib.util import find_spec
from pathlib import Path

from ragslm.errors import ConfigError, ModelError
from ragslm.generation.extractive import ExtractiveEngine
from ragslm.generation.llama_cpp import LlamaCppTransport
from ragslm.generation.openai_compatible import OpenAiTransport
from ragslm.generation.prompted import PromptedEngine
from ragslm.models.catalogue import entry
from ragslm.models.pull import locate, model_ref
from ragslm.protocols import ChatEngine
from ragslm.settings import GenerationSettings
from ragslm.types import Mode, ModelRef

CAPABLE_PARAMETERS = 1_000_000_000
"""Below this many parameters a model was measured to word sentences that its sources deny."""


def build_engine(
    settings: GenerationSettings, *, prompt: str, chat_model: str, folder: Path | None
) -> ChatEngine:
    """The engine that words answers.

    `auto` takes vLLM if its URL is set, else the embedded model if it is here, else none.

    Args:
        settings: which engine, and its limits.
        prompt: the domain's system prompt.
        chat_model: catalogue name of the embedded model.
        folder: where pulled models lie.

    Raises:
        ConfigError: `vllm` is asked for without its URL.
        ModelError: `llama_cpp` is asked for and its model is not here.
    """
    if settings.engine == "extractive":
        return ExtractiveEngine()
    if settings.engine == "vllm" or (settings.engine == "auto" and settings.vllm_url):
        return _vllm(settings, prompt)
    try:
        return _llama_cpp(settings, prompt, chat_model, folder)
    except ModelError:
        if settings.engine == "auto":
            return ExtractiveEngine()
        raise


def _vllm(settings: GenerationSettings, prompt: str) -> ChatEngine:
    if settings.vllm_url is None:
        raise ConfigError(
            "Engine vllm needs generation.vllm_url, such as RAGSLM_GENERATION__VLLM_URL=http://127.0.0.1:8000/v1."
        )
    model = ModelRef(settings.vllm_model or "served")
    transport = OpenAiTransport(settings.vllm_url, settings)
    return PromptedEngine("vllm", model, "near", transport, prompt=prompt, most=settings.max_sentences)


def _llama_cpp(settings: GenerationSettings, prompt: str, name: str, folder: Path | None) -> ChatEngine:
    if find_spec("xllamacpp") is None:
        raise ModelError("The embedded engine is not installed. Run: pip install 'ragslm[embedded]'")
    gguf = locate(name, folder) / entry(name).main
    mode: Mode = "near" if entry(name).parameters >= CAPABLE_PARAMETERS else "quote"
    transport = LlamaCppTransport(gguf, settings)
    return PromptedEngine(
        "llama_cpp", model_ref(name), mode, transport, prompt=prompt, most=settings.max_sentences
    )
