"""HL7 v2 messages as an interface sends them, over MLLP. What is acknowledged is stored and in search.

One message is one document. Its uri names sender, control id and content, so that a message sent again after
a lost acknowledgment is the same document, and no message ever takes the place of another.
"""

import hashlib
import logging
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import BoundedSemaphore, Event, Thread
from urllib.parse import quote

from pydantic import NonNegativeInt, PositiveInt

from ragslm.errors import ConfigError, RagslmError, SourceError
from ragslm.protocols import DOCUMENTS_ONLY
from ragslm.types import SourceDocument
from ragslm_connectors.medical._hl7_ack import Header, Verdict, acknowledgment
from ragslm_connectors.medical._mllp_frames import FrameError, Frames, framed

_log = logging.getLogger(__name__)
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_POLL_SECONDS = 0.5
_HANDSHAKE_SECONDS = 10.0
_ANSWER_SECONDS = 30.0
_ENDING_SECONDS = 30.0

Store = Callable[[SourceDocument], str | None]


class MllpListener:
    """Listens for HL7 v2 messages.

    AA: stored durably. AE: it cannot be read, and is kept as a dead letter; sending it again does not help.
    AR: not stored.

    Args:
        source_name: the source's name, which its uris begin with.
        port: to listen on; 0 takes a free one.
        host: address to listen on; beyond this machine over TLS only.
        certificate: the server's, PEM; turns TLS on.
        private_key_file: of the certificate, PEM.
        client_ca: certificates that senders must be signed with, PEM.
        connections: at the same time at most; more wait.
        max_bytes: largest message.
        idle_seconds: a connection that is silent for so long is closed.

    Raises:
        ConfigError: records would come in clear from another machine, or half of the TLS settings is missing.
    """

    name = "mllp"
    policy = DOCUMENTS_ONLY

    def __init__(
        self,
        source_name: str,
        port: NonNegativeInt,
        host: str = "127.0.0.1",
        certificate: Path | None = None,
        private_key_file: Path | None = None,
        client_ca: Path | None = None,
        connections: PositiveInt = 20,
        max_bytes: PositiveInt = 10_000_000,
        idle_seconds: PositiveInt = 3600,
    ) -> None:
        self._source_name = source_name
        self._address = host, port
        self._tls = certificate, private_key_file, client_ca
        self._most = connections
        self._max_bytes = max_bytes
        self._idle = float(idle_seconds)
        if (certificate is None) != (private_key_file is None) or (client_ca and not certificate):
            raise ConfigError("TLS needs `certificate` and `private_key_file`; `client_ca` needs both.")
        if certificate is None and host not in _LOOPBACK:
            raise ConfigError(
                "Messages from other machines hold records and come over TLS only. Give `certificate` and "
                "`private_key_file`, or listen on 127.0.0.1 behind a TLS tunnel."
            )

    def load(self) -> Iterator[SourceDocument]:
        """Nothing can be asked for here.

        Raises:
            SourceError: always.
        """
        raise SourceError("This source sends by itself. Run: ragslm listen")

    def listen(self, store: Store, stop: Event, ready: Callable[[str], None]) -> None:
        """Answer every message, until `stop` is set.

        Raises:
            ConfigError: the address or the TLS files cannot be used.
        """
        context = self._context()
        places = BoundedSemaphore(self._most)
        threads: list[Thread] = []
        with self._bound() as server:
            host, port = server.getsockname()[:2]
            ready(f"{host}:{port}")
            while not stop.is_set():
                threads = [thread for thread in threads if thread.is_alive()]
                if not places.acquire(timeout=_POLL_SECONDS):
                    continue
                connection = _accepted(server)
                if connection is None:
                    places.release()
                    continue
                arguments = connection, context, store, stop, places
                threads.append(Thread(target=self._serve, args=arguments, daemon=True))
                threads[-1].start()
        for thread in threads:
            thread.join(_ENDING_SECONDS)

    def _context(self) -> ssl.SSLContext | None:
        certificate, private_key, client_ca = self._tls
        if certificate is None:
            return None
        try:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=client_ca)
            context.load_cert_chain(certificate, private_key)
        except OSError as error:  # an SSLError is one
            raise ConfigError(f"The TLS files cannot be used ({type(error).__name__}). Check them.") from None
        if client_ca is not None:
            context.verify_mode = ssl.CERT_REQUIRED
        return context

    def _bound(self) -> socket.socket:
        host, port = self._address
        try:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            server = socket.create_server((host, port), family=family)
        except OSError as error:
            raise ConfigError(f"Cannot listen on port {port}: {error.strerror}. Choose another.") from None
        server.settimeout(_POLL_SECONDS)
        return server

    # ---------------------------------------------------------------- one connection

    def _serve(
        self,
        connection: socket.socket,
        context: ssl.SSLContext | None,
        store: Store,
        stop: Event,
        places: BoundedSemaphore,
    ) -> None:
        try:
            connection.settimeout(_HANDSHAKE_SECONDS)
            with connection if context is None else context.wrap_socket(connection, server_side=True) as peer:
                self._answer_all(peer, store, stop)
        except OSError as error:  # the sender is gone; what it was not told about it sends again
            _log.info("A connection to %s broke (%s).", self._source_name, type(error).__name__)
        finally:
            connection.close()
            places.release()

    def _answer_all(self, peer: socket.socket, store: Store, stop: Event) -> None:
        frames = Frames(peer, most=self._max_bytes, idle=self._idle, stop=stop)
        try:
            while (message := frames.next()) is not None:
                _send(peer, self._answer(message, store))
        except FrameError as error:  # where the next message begins cannot be known
            _log.warning("A connection to %s was closed: %s", self._source_name, error)
            with suppress(OSError):
                _send(peer, acknowledgment(None, "R", str(error)))

    def _answer(self, message: bytes, store: Store) -> bytes | None:
        header = Header.of(message)
        if header is None:
            return acknowledgment(None, "R", "The message does not begin with MSH.")
        if not header.control_id:
            return acknowledgment(header, "R", "MSH-10 is missing or too long.")
        verdict: Verdict = "A"
        told = ""
        try:
            if reason := store(self._document(message, header)):
                verdict, told = "E", f"Kept as a dead letter. {reason}"
        except RagslmError as error:
            _log.error("A message was not stored (%s); its sender was told.", type(error).__name__)
            verdict, told = "R", "Not stored. Send it again later."
        return acknowledgment(header, verdict, told)

    def _document(self, message: bytes, header: Header) -> SourceDocument:
        sha256 = hashlib.sha256(message).hexdigest()
        names = self._source_name, header.field(3), header.field(4), header.control_id, sha256[:16]
        uri = "mllp://" + "/".join(quote(name, safe="") or "-" for name in names)
        return SourceDocument(uri=uri, content=message, media_type="x-application/hl7-v2+er7")


def _accepted(server: socket.socket) -> socket.socket | None:
    """The next connection; None if none came now."""
    try:
        return server.accept()[0]
    except TimeoutError:
        return None
    except OSError as error:  # such as one that was gone again, or no descriptor free
        _log.warning("A connection could not be accepted (%s).", type(error).__name__)
        return None


def _send(peer: socket.socket, answer: bytes | None) -> None:
    if answer is not None:
        peer.settimeout(_ANSWER_SECONDS)
        peer.sendall(framed(answer))
        peer.settimeout(_POLL_SECONDS)
