"""Which conversation a chat completion continues.

OpenAI's protocol has no conversation id: a client sends all earlier messages again. The exchange so
far, as an HMAC, finds the conversation it belongs to; a client may also name it in `ragslm.conversation`.
Texts are not kept. After a restart a chat goes on as a new conversation.
"""

import hashlib
import hmac
import secrets
import threading
from collections import OrderedDict
from collections.abc import Sequence

MOST = 10_000


class Conversations:
    """Remembers the last `MOST` exchanges of all users, by HMAC under a key of this process."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._known: OrderedDict[bytes, str] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, user: str, turns: Sequence[tuple[str, str]]) -> str:
        """Id of the conversation with these earlier `(role, text)` turns; a new one if there is none."""
        with self._lock:
            return self._known.get(self._digest(user, turns)) or secrets.token_hex(16)

    def remember(self, user: str, turns: Sequence[tuple[str, str]], conversation: str) -> None:
        """These turns, the answer included, belong to this conversation."""
        with self._lock:
            self._known[self._digest(user, turns)] = conversation
            while len(self._known) > MOST:
                self._known.popitem(last=False)

    def _digest(self, user: str, turns: Sequence[tuple[str, str]]) -> bytes:
        digest = hmac.new(self._key, digestmod=hashlib.sha256)
        for part in (user, *(part.strip() for turn in turns for part in turn)):
            data = part.encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8, "big") + data)
        return digest.digest()
