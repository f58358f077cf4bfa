"""Every setting, with its unit, its default and the reason for it.

Order of precedence: arguments, environment (`RAGSLM_RETRIEVAL__K=20`; lists as JSON), secret files,
`ragslm.yaml`, the domain's `profile.yaml`, defaults. Settings are frozen and passed along, never global.
"""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    InitSettingsSource,
    NestedSecretsSettingsSource,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
    SettingsError,
    YamlConfigSettingsSource,
)

from ragslm._environment import check_environment
from ragslm.errors import ConfigError
from ragslm.types import Mode

Action = Literal["keep", "shift", "pseudonym", "generalise", "truncate", "mask", "drop"]
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
        description="Largest document in bytes; larger ones are quarantined. Long annual reports have 20 MB.",
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
        0.6,
        ge=0,
        le=1,
        description="Share of the dense score in the fusion, 0 to 1; the rest is lexical. 0.6 is best where "
        "questions use the passages' words; the banking profile takes 0.75, for customers' words.",
    )
    asides: tuple[str, ...] = Field(
        (),
        description="Words of a section path, such as `appendix`, by which a passage stands behind "
        "the others unless the question asks for it: the models of a rule book repeat its rules.",
    )
    question_adapter: bool = Field(
        False,
        description="Whether questions are embedded under the adapter that was trained on customers' "
        "questions over regulations; passages never are. For the encoder it was trained for.",
    )
    known_questions: tuple[str, ...] = Field(
        (),
        description="Files of questions whose answer is known, each line a paragraph's label as its heading "
        "begins (`4.2`, `1005.6(b)(1)`), a tab and a question: who asks one like it finds that paragraph. "
        "`regulations` names the questions that are shipped, on Regulations B, E and DD.",
    )
    rule_reader: re.Pattern[str] | None = Field(
        None,
        description="Headers of the passages that the cross-encoder trained on banking rules reads: it "
        "orders them among each other, in the place of the other shipped one, and judges beside it, where "
        "there are `known_questions`, if they answer. None: it reads nothing.",
    )
    rule_dense_weight: float = Field(
        0.9,
        ge=0,
        le=1,
        description="`dense_weight` of the passages whose document's title `rule_reader` matches: the "
        "adapter of questions was taught what they mean. Without that adapter they are like the others.",
    )
    late_interaction: int = Field(
        20,
        ge=0,
        le=200,
        description="Passages whose sentences and word pieces are compared with the question's, one by one; "
        "0 leaves the fused order.",
    )
    rerank: int = Field(
        10,
        ge=0,
        le=200,
        description="Passages a cross-encoder reads together with the question after that; 0: none.",
    )
    rerank_seconds: float = Field(
        0.4,
        gt=0,
        description="Seconds after which neither reads further passages; what is left keeps its order.",
    )
    rerank_weight: float = Field(
        0.01,
        ge=0,
        description="Fused score that one point of relevance is worth. 0.01 costs no judged set more than "
        "0.005 nDCG; the medical and the banking profile take 0.03.",
    )
    reranker: Path | None = Field(
        None,
        description="Folder of a larger sentence-transformers cross-encoder; None: the shipped adapter.",
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
    profiles: tuple[str, ...] = Field(
        (),
        description="Ready profiles laid over every domain's own: `hipaa-safe-harbor`, `pci-dss`. The "
        "stricter action wins.",
    )
    forget_authentication: bool = Field(
        False,
        description="Store no original of a document that holds a card's CVV, PIN or track, only its "
        "scrubbed text: PCI DSS forbids to keep them even encrypted. Its pages cannot be shown then. Nor is "
        "anything kept of a document that could not be read.",
    )
    restore: dict[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description="Entity types that a cleared user of each group sees restored; `*` is every type. Empty: "
        "every cleared user sees all. An owner always does.",
    )
    finder: bool | Path = Field(
        True,
        union_mode="left_to_right",
        description="Whether the trained finder reads again where rules and the spaCy model leave doubt; or "
        "the folder of a larger transformers token classifier of your own, which then reads there.",
    )


class GenerationSettings(_Section):
    """Which engine words the answers, and how long it may take."""

    engine: EngineName = Field(
        "auto",
        description="`auto` takes vLLM when `vllm_url` is set, else the embedded model in the mode it "
        "was measured to deserve.",
    )
    mode: Mode | Literal["auto"] = Field(
        "auto",
        description="How far the wording may leave the source; `auto` is what the engine deserves. `free` "
        "needs a large verifier, named in `grounding.verifier`.",
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
    context_tokens: int = Field(
        4096, description="Context window of the chat model, in tokens; evidence is cut to fit."
    )
    threads: int = Field(
        0,
        ge=0,
        description="Threads of the embedded model; 0 reads the prompt on every core and writes on all but "
        "one: two threads on two busy cores write at half the speed of one or less.",
    )


class GroundingSettings(_Section):
    """When a sentence counts as supported, and when nothing does."""

    support: float = Field(
        0.5,
        ge=0,
        le=1,
        description="Probability of support from which a generated sentence is shown, 0 to 1.",
    )
    error_rate: float = Field(
        0.0025,
        ge=0,
        le=0.1,
        description="Share of unsupported sentences that the trained scorer may accept where a literal check "
        "doubts the wording: the promise for which the domain's threshold is taken. 0 accepts none, the "
        "default is the least above it that was fitted; `ragslm eval grounding` shows what each achieved.",
    )
    verifier: Path | None = Field(
        None,
        description="Folder of a larger cross-encoder or NLI model (DeBERTa-NLI, HHEM, MiniCheck); its score "
        "is taken at its word from `support` on. None: the shipped adapter, calibrated.",
    )
    answerable: float = Field(
        0.5,
        ge=0,
        le=1,
        description="Probability that the evidence answers, below which the answer is a refusal, 0 to 1.",
    )


class RedLine(_Section):
    """A kind of request that is referred to a person. How phrases are read: `ragslm.grounding.redlines`."""

    name: str = Field(description="What the rule is called in tests and reports.")
    says: str = Field("", description="What such a request is answered with; empty: `refer` of the profile.")
    when: tuple[str, ...] = Field((), description="Phrases of which one must occur, any case.")
    also: tuple[str, ...] = Field((), description="Phrases of which one must occur besides; none: no matter.")
    unless: tuple[str, ...] = Field((), description="Phrases that make it harmless.")


class ServerSettings(_Section):
    """Where the server listens and what it accepts."""

    host: str = Field("127.0.0.1", description="Address to listen on; loopback unless you say otherwise.")
    port: int = Field(8420, ge=0, le=65535, description="TCP port of the server; 0 takes a free one.")
    ui_port: int = Field(8421, ge=1, le=65535, description="TCP port of the web page.")
    max_body: int = Field(50_000_000, description="Largest request body in bytes.")
    workers: int = Field(4, ge=1, description="Requests worked on at the same time, one fewer of one user.")
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
    words: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="Lists of words that the phrases of `refuse` name in braces."
    )
    refuse: tuple[RedLine, ...] = Field(
        (), description="Requests that are referred to a person, in the order in which they are looked at."
    )
    refer: str = Field(
        "Please ask a qualified person.",
        description="What a referred request is answered with where its rule says nothing.",
    )
    glossary: dict[str, str] = Field(
        default_factory=dict, description="Abbreviations of the domain and what they stand for."
    )
    ratios: dict[str, str] = Field(
        default_factory=dict,
        description="Ratios known by a name: what is divided by what, `gross profit / net sales`, other "
        "wordings of the rows after a semicolon. Calculated where no source states them.",
    )
    statements: dict[str, dict[str, str]] = Field(
        default_factory=dict,
        description="Primary statements of a report by their headings: the names by which lines are asked "
        "for and the captions that stand for them, the most usual first; a minus before what is paid.",
    )
    measures: dict[str, str] = Field(
        default_factory=dict,
        description="Measures known by a name and their formulas over lines of the statements, "
        "`total current assets - total current liabilities`, other ways after a semicolon.",
    )
    models: ModelSettings = Field(ModelSettings(), description="Pinned models.")
    ingest: IngestSettings = Field(IngestSettings(), description="Limits and passage size.")
    retrieval: RetrievalSettings = Field(RetrievalSettings(), description="Search.")
    privacy: PrivacySettings = Field(PrivacySettings(), description="Scrubbing.")
    generation: GenerationSettings = Field(GenerationSettings(), description="Chat engine.")
    grounding: GroundingSettings = Field(GroundingSettings(), description="Support and refusal.")
    server: ServerSettings = Field(ServerSettings(), description="Server and web page.")

    @classmethod
    def load(
        cls,
        *,
        profile: dict[str, Any] | None = None,
        config: Path | None = None,
        **arguments: Any,
    ) -> "Settings":
        """Settings from every source, in the order of precedence.

        Args:
            profile: the domain's profile, lowest before the defaults.
            config: path of `ragslm.yaml`; None reads `RAGSLM_CONFIG` or the working folder's file.
            arguments: sections or values that win over everything.

        Raises:
            ConfigError: a key is unknown, a value is out of range, or a source cannot be read; the message
                names the path.
        """
        check_environment(cls, os.environ)
        try:
            return _loader(profile or {}, config_path(config))(**arguments)
        except ValidationError as error:
            raise ConfigError(_problem(cls, error)) from None
        except SettingsError as error:
            raise ConfigError(f"The settings cannot be read: {error}.") from None

    @classmethod
    def sources(cls, *, profile: dict[str, Any] | None = None, config: Path | None = None) -> dict[str, str]:
        """Where each setting that is not a default comes from: dotted path to source name."""
        found: dict[str, str] = {}
        for name, source in _named_sources(_loader(profile or {}, config_path(config))):
            for path in _paths(source()):
                found.setdefault(path, name)
        return found


def config_path(given: Path | None) -> Path | None:
    """The deployment's YAML file: the given one, `RAGSLM_CONFIG`, or `ragslm.yaml` here.

    Raises:
        ConfigError: a file that was named does not exist, or it is no YAML mapping.
    """
    found = _named_file(given)
    if found is not None:
        _check_yaml(found)
    return found


def _named_file(given: Path | None) -> Path | None:
    named = given or (Path(os.environ["RAGSLM_CONFIG"]) if "RAGSLM_CONFIG" in os.environ else None)
    if named is None:
        return Path("ragslm.yaml") if Path("ragslm.yaml").is_file() else None
    if not named.is_file():
        raise ConfigError(f"There is no configuration file {str(named)!r}.")
    return named


def _check_yaml(file: Path) -> None:
    """Refuse what is no mapping, with the line."""
    try:
        content = yaml.safe_load(file.read_bytes())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "it is not YAML"
        raise ConfigError(f"{file}{line}: {problem}. Mend the YAML.") from None
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigError(f"{file} cannot be read: {type(error).__name__}.") from None
    if content is not None and not isinstance(content, dict):
        raise ConfigError(f"{file}, line 1: it must be a mapping of settings. Mend the YAML.")


def _problem(settings: type[BaseModel], error: ValidationError) -> str:
    """The first thing that is wrong, with what would be right."""
    first = error.errors(include_input=False, include_url=False)[0]
    path = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        section = settings
        for part in first["loc"][:-1]:
            field = section.model_fields.get(str(part))
            inner = field and field.annotation
            if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
                break
            section = inner
        else:
            return f"There is no setting {path!r}; there are {', '.join(section.model_fields)}."
    problem = first["msg"].removeprefix("Value error, ")
    return f"Setting {path!r}: {problem}. See `ragslm config show`."


def _loader(profile: dict[str, Any], config: Path | None) -> type[Settings]:
    """A `Settings` class that also reads secret files, this YAML file and this profile.

    Two sources rather than one with two files: pydantic-settings merges sources deeply, files shallowly.
    """

    class Loaded(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            secrets = os.environ.get("RAGSLM_SECRETS")
            return (
                init_settings,
                env_settings,
                *(
                    [NestedSecretsSettingsSource(file_secret_settings, secrets_dir=secrets)]
                    if secrets
                    else []
                ),
                *([YamlConfigSettingsSource(settings_cls, yaml_file=config)] if config else []),
                InitSettingsSource(settings_cls, init_kwargs=profile),
            )

    return Loaded


def _named_sources(loaded: type[Settings]) -> list[tuple[str, PydanticBaseSettingsSource]]:
    names = {
        "EnvSettingsSource": "environment",
        "NestedSecretsSettingsSource": "secret file",
        "YamlConfigSettingsSource": "ragslm.yaml",
    }
    base = InitSettingsSource(loaded, init_kwargs={})
    env = EnvSettingsSource(loaded)
    secret = SecretsSettingsSource(loaded)
    sources = loaded.settings_customise_sources(loaded, base, env, base, secret)[1:]
    return [(names.get(type(source).__name__, "domain profile"), source) for source in sources]


def _paths(values: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for key, value in values.items():
        if isinstance(value, Mapping) and value:
            yield from _paths(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}"
