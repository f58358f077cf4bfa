"""A real server, a real page and a real Chromium over the bundled samples."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from ragslm import Assistant, Client, Identity
from ragslm.registry import samples

KEY = "5e" * 32
SCREENSHOTS = Path(__file__).parent / "screenshots"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[bytes], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the process behind {url} ended with {process.returncode}"
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.3)
        else:
            return
    raise AssertionError(f"{url} did not answer within {seconds} s")


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An empty workspace and two users: one cleared, one not. Returns its folder and their API keys."""
    folder = tmp_path_factory.mktemp("e2e") / "workspace"
    with Assistant.open(folder, "medical", key=KEY) as assistant:
        owner = assistant.add_api_key(Identity(id="owner", owner=True, cleared=True))
        agent = assistant.add_api_key(Identity(id="agent"))
    return {"folder": str(folder), "owner": owner, "agent": agent}


@pytest.fixture(scope="session")
def server_url(workspace: dict[str, str]) -> Iterator[str]:
    """A server over the workspace; its samples come with `filled`."""
    port = free_port()
    environment = {**os.environ, "RAGSLM_KEY": KEY, "RAGSLM_SERVER__PORT": str(port)}
    arguments = ["serve", "-w", workspace["folder"], "-d", "medical", "--air-gap"]
    process = subprocess.Popen([sys.executable, "-m", "ragslm", *arguments], env=environment)
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture(scope="session")
def filled(server_url: str, workspace: dict[str, str]) -> None:
    """Both domains' samples, brought in over HTTP as the owner would."""
    for domain in ("medical", "banking"):
        with Client(server_url, api_key=workspace["owner"], domain=domain, timeout=120) as client:
            report = client.ingest(samples(domain))
        assert not report.quarantined, report.quarantined


@contextmanager
def serving_page(server_url: str) -> Iterator[str]:
    """The web page in a process of its own, talking to that server. Yields its address."""
    port = free_port()
    environment = {**os.environ, "RAGSLM_URL": server_url, "RAGSLM_SERVER__UI_PORT": str(port)}
    process = subprocess.Popen(
        [sys.executable, "-m", "ragslm", "ui"], env=environment, start_new_session=True
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, 15)
        process.wait(timeout=30)


@pytest.fixture(scope="session")
def page_url(server_url: str) -> Iterator[str]:
    with serving_page(server_url) as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    assert chromium, "Chromium is not installed. On Debian: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    SCREENSHOTS.mkdir(exist_ok=True)
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


def sign_in(page: Page, url: str, api_key: str) -> None:
    page.goto(url)
    page.get_by_role("textbox", name="API key").fill(api_key)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_test_id("stChatInput").wait_for()
