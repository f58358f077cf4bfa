"""What `ragslm doctor` looks at: each finding with the line that mends it."""

import os
import shutil
import socket
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import httpx2

from ragslm._address import http_address, shown
from ragslm.errors import RagslmError
from ragslm.factory import open_parts
from ragslm.models.catalogue import entries
from ragslm.models.pull import default_folder, verify
from ragslm.registry import domain_names
from ragslm.settings import GenerationSettings, Settings
from ragslm.store.catalogue import Catalogue
from ragslm.store.keys import find_key

PARTS = {
    "store": "sqlcipher3",
    "rag": "sentence_transformers",
    "privacy": "presidio_analyzer",
    "embedded": "xllamacpp",
    "formats": "pypdfium2",
    "server": "fastapi",
    "ui": "streamlit",
    "langchain": "langchain_core",
}
OPTIONAL = {"embedded", "langchain", "ui"}
FREE_BYTES = 1_000_000_000
ENGINE_SECONDS = 3.0
_ENGINE_REMEDY = (
    "Start it (docker/compose.gpu.yaml), mend generation.vllm_url or vllm_api_key, or unset the first."
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `remedy` is a line to type; `optional` parts do not fail the examination."""

    what: str
    ok: bool
    remedy: str = ""
    optional: bool = False


def examine(workspace: Path, config: Path | None) -> list[Finding]:
    """Look at everything ragslm needs on this machine."""
    settings = Settings.load(config=config)
    return [
        Finding(
            f"Python {sys.version.split()[0]}", sys.version_info >= (3, 11), "Install Python 3.11 or newer."
        ),
        *_parts(),
        _scans(),
        *_models(settings),
        *_domains(settings),
        *_workspace(workspace, config, settings.domains),
        *_engine(settings),
        *_machine(settings, workspace),
    ]


def _parts() -> Iterator[Finding]:
    for extra, module in PARTS.items():
        yield Finding(
            f"part {extra!r} ({module})",
            find_spec(module) is not None,
            f"pip install 'ragslm[{extra}]'",
            extra in OPTIONAL,
        )


def _models(settings: Settings) -> Iterator[Finding]:
    folder = settings.models.folder or default_folder()
    for entry in entries():
        yield Finding(
            f"model {entry.name}, SHA-256 as pinned",
            verify(entry.name, folder),
            f"ragslm models pull {entry.name}",
        )


def _domains(settings: Settings) -> Iterator[Finding]:
    installed = domain_names()
    for name in settings.domains:
        yield Finding(
            f"domain {name}", name in installed, f"Take {name!r} out of the setting `domains`, or install it."
        )


def _workspace(workspace: Path, config: Path | None, domains: Sequence[str]) -> Iterator[Finding]:
    try:
        key = find_key(None, os.environ, workspace)
    except RagslmError as error:
        yield Finding("encryption key", False, str(error))
        return
    yield Finding("encryption key", True)
    if not workspace.is_dir():
        yield Finding(f"workspace {workspace}", False, f"ragslm init -w {workspace}")
        return
    try:
        Catalogue.open(workspace, key).close()
    except RagslmError as error:
        yield Finding(f"workspace {workspace}", False, str(error))
    else:
        yield Finding(f"workspace {workspace} opens", True)
        yield from _policy(workspace, key, config, domains)


def _policy(workspace: Path, key: bytes, config: Path | None, domains: Sequence[str]) -> Iterator[Finding]:
    """Whether what is stored was scrubbed as is configured, for all domains together."""
    try:
        parts = open_parts(workspace, key=key, config=config, arguments={}, domain=next(iter(domains), None))
        try:
            otherwise = parts.scrubbed_otherwise()
        finally:
            parts.close()
    except RagslmError as error:
        yield Finding("documents scrubbed as configured", False, str(error))
        return
    yield Finding("documents scrubbed as configured", not otherwise, "ragslm ingest --rebuild PATH")


def _engine(settings: Settings) -> Iterator[Finding]:
    given = settings.generation.vllm_url
    if not given:
        return
    if http_address(given) is None:
        yield Finding("vLLM's address", False, "Write generation.vllm_url like http://127.0.0.1:8000/v1.")
        return
    wrong = _refusal(given, settings.generation)
    yield Finding(f"vLLM at {shown(given)}" + (f": {wrong}" if wrong else ""), not wrong, _ENGINE_REMEDY)


def _refusal(url: str, settings: GenerationSettings) -> str:
    """Why the server's list of models cannot be had, in words; empty if it can."""
    key = settings.vllm_api_key
    try:
        reply = httpx2.get(
            url.rstrip("/") + "/models",
            headers={"Authorization": f"Bearer {key.get_secret_value()}"} if key else {},
            timeout=ENGINE_SECONDS,
            trust_env=False,
        )
    except (httpx2.HTTPError, httpx2.InvalidURL, UnicodeError) as error:  # the last for a name such as `a..b`
        return f"no answer ({type(error).__name__})"
    return "" if reply.status_code == 200 else f"status {reply.status_code} for /models"


def _scans() -> Finding:
    """Tesseract is called as a program; without it, pages that are pictures are not read."""
    found = shutil.which("tesseract") is not None
    return Finding(
        "Tesseract, which reads scanned pages", found, "apt-get install tesseract-ocr", optional=True
    )


def _machine(settings: Settings, workspace: Path) -> Iterator[Finding]:
    folder = workspace if workspace.is_dir() else Path.cwd()
    yield Finding(
        "1 GB of free disk",
        shutil.disk_usage(folder).free > FREE_BYTES,
        "Free some space, or choose another disk.",
    )
    with socket.socket(socket.AF_INET6 if ":" in settings.server.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free = True
        try:
            probe.bind((settings.server.host, settings.server.port))
        except OSError:
            free = False
    yield Finding(
        f"port {settings.server.port} is free",
        free,
        "Something listens there (a running `ragslm serve`?). Choose another: RAGSLM_SERVER__PORT=…",
        optional=True,
    )
