"""Every setting, with its unit, its default and the reason for it.

Order of precedence: arguments, environment (`RAGSLM_RETRIEVAL__K=20`), secret files, `ragslm.yaml`,
the domain's `profile.yaml`, defaults. Settings are frozen and passed along, never global.
"""

from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    YamlConfigSettingsSource,
)

from ragslm.errors import ConfigError

Action = Literal["pseudonym", "mask", "keep", "drop"]
EngineName = Literal["auto", "vllm", "llama_cpp", "extractive"]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class ModelSettings(_Section):
    """Which pinned models are used, and where they lie."""

    folder: Path | None = Field(
        None,
        description="Folder of pulled models; None: the user's data folder (`$XDG_DATA_HOME/ragslm/models`).",
    )
    encoder: str = Field(
        "all-minilm-l6-v2",
        description="Catalogue name of the sentence encoder. A 22-million-parameter encoder embeds 45 "
        "passages a second on two cores.",
    )
    chat: str = Field(
        "smollm2-135m-instruct",
        description="Catalogue name of the embedded chat model, used by the `llama_cpp` engine.",
    )
    ner: str = Field(
        "en-core-web-sm",
        description="Catalogue name of the spaCy model that finds names for the scrubber.",
    )


class IngestSettings(_Section):
    """Limits that contain hostile or broken documents, and the size of a passage."""

    passage_characters: int = Field(
        900,
        ge=200,
        le=4000,
        description="Target passage length in characters (about 200 tokens, inside the encoder's 256).",
    )
    max_bytes: int = Field(
        100_000_000,
        description="Largest document in bytes; larger ones are quarantined. The longest annual reports are 20 MB.",
    )
    max_characters: int = Field(
        20_000_000,
        description="Longest parsed text in characters; a decompression bomb stops here.",
    )
    parse_seconds: float = Field(
        120.0, description="Seconds one document may take to parse before its worker is ended."
    )
    parse_memory: int = Field(
        2_000_000_000, description="Bytes of address space a parsing worker may add before it fails."
    )


class RetrievalSettings(_Section):
    """How passages are found."""

    k: int = Field(8, ge=1, le=100, description="Passages given to the model as evidence.")
    depth: int = Field(100, ge=1, description="Candidates each index contributes to the fusion, in passages.")
    dense_weight: float = Field(
        0.5,
        ge=0,
        le=1,
        description="Share of the dense score in the fusion, 0 to 1; the rest is lexical.",
    )


class PrivacySettings(_Section):
    """What is personal and what happens to it. A profile may tighten this, never loosen it."""

    threshold: float = Field(
        0.35, ge=0, le=1, description="Confidence from which a finding is replaced, 0 to 1."
    )
    actions: dict[str, Action] = Field(
        default_factory=dict,
        description="What happens to each entity type; a type not named gets a pseudonym.",
    )


class GenerationSettings(_Section):
    """Which engine words the answers, and how long it may take."""

    engine: EngineName = Field(
        "auto",
        description="`auto` takes vLLM when `vllm_url` is set, else the embedded model in the mode it "
        "was measured to deserve.",
    )
    mode: Literal["auto", "quote", "near"] = Field(
        "auto",
        description="How far the wording may leave the source; `auto` is what the engine deserves. `free` "
        "needs a large verifier, which this version does not have.",
    )
    vllm_url: str | None = Field(
        None, description="Base URL of an OpenAI-compatible server, such as `http://127.0.0.1:8000/v1`."
    )
    vllm_model: str | None = Field(
        None, description="Served model name; None asks the server and takes its first."
    )
    vllm_api_key: SecretStr | None = Field(None, description="Bearer token of that server, if it wants one.")
    timeout: float = Field(
        60.0, gt=0, description="Seconds an engine may take for one answer before the fallback answers."
    )
    silence: float = Field(
        20.0, gt=0, description="Seconds without a new token before an engine counts as hung."
    )
    max_sentences: int = Field(
        4, ge=1, le=12, description="Sentences of one answer; short answers are checked by people."
    )
    context_tokens: int = Field(4096, description="Context window of the embedded model, in tokens.")
    threads: int = Field(0, ge=0, description="Threads of the embedded model; 0 takes every core.")


class GroundingSettings(_Section):
    """When a sentence counts as supported, and when nothing does."""

    support: float = Field(
        0.5,
        ge=0,
        le=1,
        description="Probability of support from which a generated sentence is shown, 0 to 1.",
    )
    answerable: float = Field(
        0.5,
        ge=0,
        le=1,
        description="Score of the best evidence sentence below which the answer is a refusal, 0 to 1.",
    )


class ServerSettings(_Section):
    """Where the server listens and what it accepts."""

    host: str = Field("127.0.0.1", description="Address to listen on; loopback unless you say otherwise.")
    port: int = Field(8420, ge=0, le=65535, description="TCP port of the server; 0 takes a free one.")
    ui_port: int = Field(8421, ge=1, le=65535, description="TCP port of the web page.")
    max_body: int = Field(50_000_000, description="Largest request body in bytes.")
    workers: int = Field(4, ge=1, description="Requests worked on at the same time; more wait, then get 429.")
    queue: int = Field(16, ge=0, description="Requests that may wait before the server answers 429.")


class Settings(BaseSettings):
    """All settings of one deployment."""

    model_config = SettingsConfigDict(
        env_prefix="RAGSLM_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    domain: str = Field("generic", description="Profile that is used when none is named.")
    domains: tuple[str, ...] = Field(
        ("generic", "medical", "banking"),
        description="Domains whose parsers and recognisers are loaded; nothing else is imported.",
    )
    question_characters: int = Field(
        4000, ge=1, description="Longest question in characters; a longer one is refused with its length."
    )
    intended_use: str = Field(
        "Answers questions from the documents it was given. A person decides.",
        description="Intended-use statement shown with every session.",
    )
    refuse: tuple[str, ...] = Field(
        (), description="Regular expressions of questions that are referred to a person, any case."
    )
    refer: str = Field(
        "Please ask a qualified person.", description="What a referred question is answered with."
    )
    glossary: dict[str, str] = Field(
        default_factory=dict, description="Abbreviations of the domain and what they stand for."
    )
    models: ModelSettings = Field(ModelSettings(), description="Pinned models.")
    ingest: IngestSettings = Field(IngestSettings(), description="Limits and passage size.")
    retrieval: RetrievalSettings = Field(RetrievalSettings(), description="Search.")
    privacy: PrivacySettings = Field(PrivacySettings(), description="Scrubbing.")
    generation: GenerationSettings = Field(GenerationSettings(), description="Chat engine.")
    grounding: GroundingSettings = Field(GroundingSettings(), description="Support and refusal.")
    server: ServerSettings = Field(ServerSettings(), description="Server and web page.")
