"""HL7 v2 messages over a real connection: what is acknowledged is stored, whatever happens."""

import os
import random
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread, Timer

import pytest

from ragslm.assistant import Assistant
from ragslm.errors import ConfigError, StorageFullError
from ragslm.ingest.receiving import Receiver
from ragslm_connectors.medical.mllp import MllpListener
from tests.data.mllp_peer import Peer, oru

KEY = "d2" * 32
ROUNDS = int(os.environ.get("RAGSLM_CRASH_ROUNDS", "2"))


@contextmanager
def listening(store: Callable, **settings) -> Iterator[str]:
    stop, addresses = Event(), SimpleQueue()
    listener = MllpListener("lab", 0, **settings)
    thread = Thread(target=listener.listen, args=(store, stop, addresses.put))
    thread.start()
    try:
        yield addresses.get(timeout=10)
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()


# ---------------------------------------------------------------- the listener alone


def test_every_message_of_a_connection_is_answered_in_order():
    stored = []
    with listening(stored.append) as address, Peer(address) as peer:
        assert peer.ask(oru(1)) == ["MSA", "AA", "C1"]
        peer.send(oru(2), oru(3), oru(2))
        assert [peer.answer() for _ in range(3)] == [["MSA", "AA", f"C{n}"] for n in (2, 3, 2)]
    assert [document.content for document in stored] == [oru(1), oru(2), oru(3), oru(2)]
    assert stored[1].uri == stored[3].uri
    assert stored[0].uri.startswith("mllp://lab/LAB/GHENT/C1/")


def test_a_control_id_used_twice_replaces_nothing():
    stored = []
    with listening(stored.append) as address, Peer(address) as peer:
        peer.ask(oru(1, "9.1"))
        peer.ask(oru(1, "8.2"))
    assert stored[0].uri != stored[1].uri


def test_a_message_in_pieces_is_one():
    with listening(lambda _: None) as address, Peer(address) as peer:
        for octet in b"\x0b" + oru(4) + b"\x1c\r":
            peer.raw(bytes([octet]))
        assert peer.answer() == ["MSA", "AA", "C4"]


def test_what_is_not_stored_is_not_acknowledged():
    def fail(document):
        raise StorageFullError("no space")

    with listening(fail) as address, Peer(address) as peer:
        assert peer.ask(oru(5)) == ["MSA", "AR", "C5", "Not stored. Send it again later."]
    with listening(lambda _: "PID[1]: broken") as address, Peer(address) as peer:
        assert peer.ask(oru(6)) == ["MSA", "AE", "C6", "Kept as a dead letter. PID[1]: broken"]


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (b"PID|1", "The message does not begin with MSH."),
        (oru(1).replace(b"|C1|", b"||"), "MSH-10 is missing or too long."),
        (oru(1).replace(b"|C1|", b"|" + b"C" * 200 + b"|"), "MSH-10 is missing or too long."),
    ],
)
def test_what_cannot_be_known_again_is_rejected(message, said):
    stored = []
    with listening(stored.append) as address, Peer(address) as peer:
        assert peer.ask(message) == ["MSA", "AR", "", said]
        assert peer.ask(oru(2))[1] == "AA"
    assert len(stored) == 1


def test_what_is_no_frame_ends_the_connection_and_no_other():
    with listening(lambda _: None, max_bytes=1000) as address, Peer(address) as good, Peer(address) as bad:
        bad.raw(b"GET / HTTP/1.1\r\n\r\n")
        assert bad.answer() == ["MSA", "AR", "", "A message does not begin with the byte VT (0x0B)."]
        assert bad.answer() == []
        assert good.ask(oru(7))[1] == "AA"
        good.send(b"x" * 1001)
        assert good.answer()[1] == "AR"


def test_more_connections_than_allowed_wait():
    with listening(lambda _: None, connections=1) as address, Peer(address) as first:
        assert first.ask(oru(1))[1] == "AA"
        with Peer(address) as second:
            second.send(oru(2))
            first.__exit__()
            assert second.answer()[1] == "AA"


def test_a_silent_connection_gives_its_place_back():
    with (
        listening(lambda _: None, connections=1, idle_seconds=1) as address,
        Peer(address),
        Peer(address) as next_one,
    ):
        assert next_one.ask(oru(1))[1] == "AA"


def test_a_port_that_is_taken_is_named():
    with listening(lambda _: None) as address:
        port = int(address.rpartition(":")[2])
        with pytest.raises(ConfigError, match=str(port)):
            MllpListener("lab", port).listen(lambda _: None, Event(), print)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    made = folder / "cert.pem", folder / "key.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost".split()
    subprocess.run([*command, "-out", made[0], "-keyout", made[1]], check=True, capture_output=True)
    return made


def test_over_tls_only_who_holds_a_certificate_is_heard(certificate):
    ours = {"certificate": certificate[0], "private_key_file": certificate[1], "client_ca": certificate[0]}
    context = ssl.create_default_context(cafile=certificate[0])
    context.check_hostname = False
    with listening(lambda _: None, **ours) as address:
        with Peer(address, context) as stranger, pytest.raises((ssl.SSLError, ConnectionError)):
            stranger.ask(oru(1))
        context.load_cert_chain(*certificate)
        with Peer(address, context) as peer:
            assert peer.ask(oru(1)) == ["MSA", "AA", "C1"]


def test_what_comes_at_once_is_stored_together():
    taken, first = [], Event()

    def take(documents):
        first.wait(10)
        taken.append(len(documents))
        return {}

    def send(address: str, number: int) -> list[str]:
        with Peer(address) as peer:
            return peer.ask(oru(number))

    with Receiver(take) as receiver, listening(receiver.store) as address, ThreadPoolExecutor(10) as pool:
        answers = [pool.submit(send, address, number) for number in range(10)]
        time.sleep(0.5)
        first.set()
        assert {answer.result()[1] for answer in answers} == {"AA"}
    assert taken[0] < 10
    assert sum(taken) == 10
    assert len(taken) < 5


def test_a_failure_that_nobody_foresaw_is_no_acknowledgment():
    def take(documents):
        raise ZeroDivisionError

    with Receiver(take) as receiver, listening(receiver.store) as address, Peer(address) as peer:
        assert peer.ask(oru(8))[1] == "AR"
        assert peer.ask(oru(8))[1] == "AR"


# ---------------------------------------------------------------- the command


@pytest.fixture
def start(tmp_path: Path):
    children: list[subprocess.Popen[str]] = []
    (tmp_path / "sources.yaml").write_text("- {name: lab, kind: mllp, domain: medical, port: 0}\n")

    def go() -> tuple[subprocess.Popen[str], str]:
        command = [sys.executable, "-m", "ragslm", "listen"]
        child = subprocess.Popen(
            command,
            cwd=tmp_path,
            env={**os.environ, "RAGSLM_KEY": KEY, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            stdout=subprocess.PIPE,
            text=True,
        )
        children.append(child)
        assert child.stdout is not None
        said = child.stdout.readline()
        assert said.startswith("lab: listening on "), said
        return child, said.rpartition(" ")[2].strip()

    with Assistant.open(tmp_path / "workspace", "medical", key=KEY):
        pass
    yield go
    for child in children:
        child.kill()
        child.communicate()


def held(folder: Path) -> dict[str, int]:
    """Documents by control id."""
    with Assistant.open(folder / "workspace", "medical", key=KEY) as assistant:
        ids = [info.uri.split("/")[5] for info in assistant.documents()]
    return {one: ids.count(one) for one in ids}


@pytest.mark.models
def test_a_message_is_in_search_when_it_is_acknowledged(start, tmp_path: Path):
    child, address = start()
    with Peer(address) as peer, Assistant.open(tmp_path / "workspace", "medical", key=KEY) as assistant:
        assert peer.ask(oru(1)) == ["MSA", "AA", "C1"]
        (hit,) = assistant.search("hemoglobin", scope="Patient/1001", k=1)
        assert "9.1 g/dL" in hit.passage.text
        assert "Weaver" not in hit.passage.text
        assert peer.ask(oru(1)) == ["MSA", "AA", "C1"]
        broken = oru(2).replace(b"PID|", b"not a segment|")
        assert peer.ask(broken)[1] == "AE"
        assert [letter.kept for letter in assistant.sources.dead_letters()] == [True]
        assert assistant.sources.sync(tmp_path / "sources.yaml")[0].error is None
        assert len(assistant.documents()) == 1
    child.send_signal(signal.SIGTERM)
    assert child.wait(60) == 0
    assert held(tmp_path) == {"C1": 1}


@pytest.mark.models
@pytest.mark.timeout(3600)
def test_a_kill_loses_nothing_acknowledged_and_doubles_nothing(start, tmp_path: Path):
    chance, acknowledged, number = random.Random(3), set(), 0
    for _ in range(ROUNDS):
        child, address = start()
        last = number + chance.randint(1, 5)
        try:
            with Peer(address) as peer:
                while True:
                    if number == last:  # some time between sending this one and its answer, or the next one's
                        Timer(chance.uniform(0.0, 0.3), child.kill).start()
                    if peer.ask(oru(number)) != ["MSA", "AA", f"C{number}"]:
                        break
                    acknowledged.add(f"C{number}")
                    number += 1  # else the same one is sent again in the next round
        except OSError:
            pass
        assert child.wait(30) == -signal.SIGKILL
    child, address = start()
    with Peer(address) as peer:
        assert peer.ask(oru(number))[1] == "AA"
    child.terminate()
    assert child.wait(60) == 0
    assert held(tmp_path) == dict.fromkeys(acknowledged | {f"C{number}"}, 1)
    assert len(acknowledged) >= ROUNDS
