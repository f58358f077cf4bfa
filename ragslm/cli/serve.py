"""Commands that keep running: serve, ui, up."""

import os
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from ragslm._network import close_network
from ragslm._optional import require
from ragslm.cli.common import ConfigFile, DomainName, Insecure, Workspace, app, open_assistant, out
from ragslm.cli.demo import DEMO, demo_key
from ragslm.client import Client
from ragslm.errors import ApiError, ConfigError
from ragslm.settings import Settings
from ragslm.types import Identity

READY_SECONDS = 120.0


@app.command()
def serve(
    workspace: Workspace = Path("workspace"),
    domain: DomainName = None,
    config: ConfigFile = None,
    insecure_demo: Insecure = False,
    air_gap: Annotated[
        bool, typer.Option("--air-gap", help="Refuse every connection beyond this machine.")
    ] = False,
) -> None:
    """Serve the HTTP API."""
    require("uvicorn", extra="server")
    from ragslm.server.app import create_app
    from ragslm.server.run import run

    if air_gap:
        close_network()
    with open_assistant(workspace, domain, config, insecure=insecure_demo) as assistant:
        settings = assistant.settings

        def on_ready(port: int) -> None:
            assistant.warm()
            out.print(f"The API is at {_address(settings, port)} (Ctrl-C ends it).")

        server = settings.server
        run(create_app(assistant, settings), host=server.host, port=server.port, on_ready=on_ready)


@app.command()
def ui(config: ConfigFile = None) -> None:
    """Serve the web page; it talks to the server of `ragslm serve`."""
    raise typer.Exit(_page(Settings.load(config=config)).wait())


@app.command()
def up(config: ConfigFile = None) -> None:
    """Serve API and web page over the demo workspace, for this machine only."""
    if not (DEMO / "workspace").is_dir():
        raise ConfigError("There is no demo workspace yet. Run: ragslm demo")
    settings = Settings.load(config=config)
    os.environ["RAGSLM_KEY"] = demo_key()
    with open_assistant(DEMO / "workspace", None, config) as assistant:
        if "demo" in assistant.api_key_names():
            assistant.remove_api_key("demo")
        plain = assistant.add_api_key(Identity(id="demo", cleared=True, owner=True))
    server = subprocess.Popen(
        [sys.executable, "-m", "ragslm", "serve", "-w", str(DEMO / "workspace"), "-d", "medical"]
    )
    os.environ["RAGSLM_API_KEY"] = plain
    page: subprocess.Popen[bytes] | None = None
    try:
        _wait(server, _address(settings, settings.server.port), plain)
        page = _page(settings)
        out.print(f"The page is at {_address(settings, settings.server.ui_port)} (Ctrl-C ends both).")
        page.wait()
    finally:
        for process in (page, server):
            if process is not None:
                process.terminate()
                process.wait(timeout=20)


def _page(settings: Settings) -> subprocess.Popen[bytes]:
    """Start Streamlit on the page's file; it listens where the server does."""
    require("streamlit", extra="ui")
    spec = find_spec("ragslm_ui")
    if spec is None or spec.origin is None:
        raise ConfigError("The web page is not installed. Run: pip install 'ragslm[ui]'")
    environment = {
        **os.environ,
        "RAGSLM_URL": os.environ.get("RAGSLM_URL", _address(settings, settings.server.port)),
    }
    environment.pop("RAGSLM_KEY", None)
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "streamlit", "run", str(Path(spec.origin).with_name("app.py"))),
            *("--server.address", settings.server.host, "--server.port", str(settings.server.ui_port)),
            *("--server.headless", "true", "--browser.gatherUsageStats", "false"),
            *("--server.fileWatcherType", "none", "--client.toolbarMode", "minimal"),
            *("--server.maxUploadSize", str(settings.server.max_body // 1_000_000)),
        ],
        env=environment,
    )


def _address(settings: Settings, port: int) -> str:
    """Where the server or the page is, for this machine."""
    host = settings.server.host
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _wait(server: subprocess.Popen[bytes], url: str, api_key: str) -> None:
    """Wait until the server answers, or say that it ended."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise ConfigError("The server ended at once; its message is above. Try: ragslm doctor")
        try:
            with Client(url, api_key=api_key, timeout=5) as client:
                client.health()
        except ApiError:
            time.sleep(0.3)
        else:
            return
    raise ConfigError(f"The server was not ready after {READY_SECONDS:.0f} s. Try: ragslm doctor")
