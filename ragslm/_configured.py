"""The settings of a workspace, and those under each of its domains' profiles."""

import logging
import os
import threading
from pathlib import Path
from typing import Any

from ragslm._address import http_address
from ragslm._environment import unknown_names
from ragslm.errors import ConfigError, ModelError
from ragslm.privacy.policy import loosened, strictest
from ragslm.registry import installed, load_profile
from ragslm.settings import PrivacySettings, Settings

_log = logging.getLogger(__name__)


class Configured:
    """What a workspace is set up with.

    Args:
        config: the settings file; None looks where `Settings.load` does.
        arguments: settings that come before it.

    Attributes:
        settings: those of no domain in particular.

    Raises:
        ConfigError: a setting is wrong.
    """

    def __init__(self, config: Path | None, arguments: dict[str, Any]) -> None:
        self.settings = Settings.load(config=config, **arguments)
        self._config = config
        self._arguments = arguments
        self._of: dict[str, Settings] = {}
        self._strictest: PrivacySettings | None = None
        self._lock = threading.RLock()

    def check(self, domain: str) -> None:
        """Refuse at opening what the first question, or the first ingest, would fail on; warn of names in the
        environment that are no settings.

        Raises:
            ConfigError: a setting or the domain is wrong.
            ModelError: a folder that a setting names holds no model.
        """
        settings = self.settings
        installed(settings.domains)
        self._refuse_unless_configured(domain)
        url = settings.generation.vllm_url
        if url and http_address(url) is None:
            raise ConfigError("generation.vllm_url must look like http://127.0.0.1:8000/v1.")
        named = {
            "privacy.finder": settings.privacy.finder,
            "grounding.verifier": settings.grounding.verifier,
            "retrieval.reranker": settings.retrieval.reranker,
        }
        for setting, folder in named.items():
            if isinstance(folder, Path) and not (folder / "config.json").is_file():
                raise ModelError(f"{setting}: {str(folder)!r} holds no model (no config.json).")
        for line in unknown_names(Settings, os.environ):
            _log.warning(line)

    def of(self, domain: str) -> Settings:
        """Settings under one domain's profile.

        Raises:
            ConfigError: the domain is not among the configured ones.
        """
        self._refuse_unless_configured(domain)
        with self._lock:
            if domain not in self._of:
                profile = load_profile(domain)
                self._of[domain] = Settings.load(profile=profile, config=self._config, **self._arguments)
            return self._of[domain]

    def strictest(self) -> PrivacySettings:
        """The privacy settings of every domain at once, the strictest action and threshold of each; logs,
        once, what they loosen of what a domain asks for.
        """
        with self._lock:
            if self._strictest is None:
                self._strictest = self._of_all_domains()
            return self._strictest

    def _of_all_domains(self) -> PrivacySettings:
        domains = {name: self.of(name).privacy for name in self.settings.domains}
        told: dict[str, list[str]] = {}
        for name, present in domains.items():
            for part in loosened(PrivacySettings(**load_profile(name).get("privacy", {})), present):
                told.setdefault(part, []).append(name)
        if told:
            parts = "; ".join(f"privacy.{part} of {', '.join(names)}" for part, names in told.items())
            _log.warning("The settings loosen what a domain asks for: %s.", parts)
        return strictest(list(domains.values()))

    def _refuse_unless_configured(self, domain: str) -> None:
        if domain not in self.settings.domains:
            raise ConfigError(f"Domain {domain!r} is not configured; configured are {self.settings.domains}.")
