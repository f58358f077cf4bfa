"""The scrubber opens no socket: stock Presidio looked up two hosts for an e-mail address."""

import subprocess
import sys

import pytest

SCRIPT = """
import sys
from pathlib import Path

opened = []
sys.addaudithook(lambda event, args: opened.append(event) if event.startswith("socket.") else None)

from ragslm.privacy.scrubber import build_scrubber
from ragslm.privacy.vault import Vault
from ragslm.settings import PrivacySettings
from ragslm_connectors.banking.recognisers import build as banking
from ragslm_connectors.medical.recognisers import build as medical


class Table(dict):
    def token_for(self, entity, digest): return None
    def put_token(self, token, entity, digest, original): return True
    def originals(self, tokens): return {}


scrubber = build_scrubber(
    PrivacySettings(),
    ner_folder=Path(sys.argv[1]),
    recognisers=[*medical(), *banking()],
    vault=Vault(Table(), b"k" * 32),
)
text = "Ann Roe, jane@ward3.local, https://example.co.uk/x, 10.0.0.1, +41 96 471 07 95, 4111 1111 1111 1111"
assert "jane" not in scrubber.scrub(text).text
reaching = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}
outside = [event for event in opened if event in reaching]
assert not outside, outside
"""


@pytest.mark.models
def test_scrubbing_opens_no_socket(models):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(models / "en-core-web-sm")],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
