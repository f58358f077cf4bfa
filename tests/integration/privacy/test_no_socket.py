"""The scrubber opens no socket: stock Presidio looked up two hosts for an e-mail address.

The hook sees every socket of the process, whatever library makes it. `tldextract`, which looks up, is given
no chance: neither of Presidio's recognisers that call it is loaded.
"""

import subprocess
import sys

import pytest

SCRIPT = """
import sys
from pathlib import Path

opened = []
sys.addaudithook(lambda event, args: opened.append(event) if event.startswith("socket.") else None)

from ragslm.privacy.guard import OutputGuard
from ragslm.privacy.scrubber import build_scrubber
from ragslm.privacy.vault import Vault
from ragslm.settings import PrivacySettings
from ragslm_connectors.banking.recognisers import build as banking
from ragslm_connectors.medical.recognisers import build as medical


class Table(dict):
    def tokens_for(self, digests, **_): return {}
    def put_token(self, token, entity, digest, original, **_): return True
    def originals(self, tokens): return {}


scrubber = build_scrubber(
    PrivacySettings(profiles=("hipaa-safe-harbor", "pci-dss")),
    ner_folder=Path(sys.argv[1]),
    recognisers=[*medical(), *banking()],
    vault=Vault(Table(), b"k" * 32),
)
# Importing urllib3, as Presidio does, asks the system whether it has IPv6: a socket bound to this machine.
assert set(opened) <= {"socket.__new__", "socket.bind"}, opened
opened.clear()
text = "Ann Roe, jane@ward3.local, https://example.co.uk/x, 10.0.0.1, +41 96 471 07 95, 4111 1111 1111 1111"
done = scrubber.scrub(text).text
assert "jane" not in done
assert "http" not in OutputGuard(scrubber).release(done)
scrubber.restore(done)
scrubber.seal([text], ["jane@ward3.local"])
assert not opened, opened
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
