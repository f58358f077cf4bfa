"""A table of pseudonyms in memory, and a scrubber without a language model."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from ragslm.privacy.appearance import find_as_seen
from ragslm.privacy.policy import Policy
from ragslm.privacy.recogniser import is_wanted
from ragslm.privacy.recognisers import build
from ragslm.privacy.scrubber import PresidioScrubber
from ragslm.privacy.vault import Vault
from ragslm.settings import PrivacySettings


class Table:
    def __init__(self):
        self.tokens, self.kept, self.typed = {}, {}, set()

    def tokens_for(self, digests, *, lasting=False):
        known = self.tokens.keys() - (self.typed if lasting else set())
        return {d: self.tokens[d] for d in digests if d in known}

    def put_token(self, token, entity, digest, original, *, lasting=True):
        if token in self.kept:
            return False
        self.tokens[digest], self.kept[token] = token, original
        self.typed |= set() if lasting else {digest}
        return True

    def originals(self, tokens):
        return {t: self.kept[t] for t in tokens if t in self.kept}


class RuleFinder:
    """Every recogniser, without the name reader."""

    def __init__(self):
        self.recognisers = [one for one in build() if is_wanted(one, {})]
        self.entities = frozenset(e for r in self.recognisers for e in r.supported_entities)
        self.versions = ["rules only"]
        self.folder = Path("none")

    def find(self, texts, threshold):
        return find_as_seen(lambda seen: self._find(seen, threshold), texts)

    def _find(self, texts, threshold):
        nothing = SimpleNamespace(entities=[])
        return [
            [
                found
                for r in self.recognisers
                for found in r.analyze(text, r.supported_entities, nothing)
                if found.score >= threshold
            ]
            for text in texts
        ]


@pytest.fixture
def table():
    return Table()


@pytest.fixture
def vault(table):
    return Vault(table, b"k" * 32)


@pytest.fixture(scope="session")
def finder():
    return RuleFinder()


@pytest.fixture
def make_scrubber(finder, vault):
    def make(**actions):
        policy = Policy.of(PrivacySettings(threshold=0.35, actions=actions), finder.entities)
        return PresidioScrubber(finder, policy, vault)

    return make


@pytest.fixture
def scrubber(make_scrubber):
    return make_scrubber()
