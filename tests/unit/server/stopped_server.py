"""A server of the fake assistant in a process of its own; says its port, and how the answer was left."""

import sys
import threading
from typing import Any

from ragslm.server import create_app
from ragslm.server.run import run
from ragslm.settings import Settings
from ragslm.types import Event
from tests.unit.server.conftest import PASSAGE, FakeAssistant


class Held(FakeAssistant):
    """Its second event never comes."""

    def _events(self, conversation: str | None) -> Any:
        yield Event(type="evidence", evidence=(PASSAGE,))
        threading.Event().wait()


def main(kind: str) -> None:
    """Serve until a signal comes."""
    assistant = Held() if kind == "held" else FakeAssistant()
    assistant.endless = kind == "endless"
    app: Any = create_app(assistant, Settings())  # type: ignore[arg-type]
    run(app, "127.0.0.1", 0, on_ready=lambda port: print(port, flush=True))
    print("closed" if assistant.closed.is_set() else "open", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
