"""What docs show is what is tested."""

import re
from pathlib import Path

from ragslm import AsyncClient, Client
from ragslm.cli.common import EXIT_CODES

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_shows_the_example_connector_as_it_is():
    page = (DOCS / "write-a-connector.md").read_text()
    assert (DOCS / "example-connector/ragslm_tickets.py").read_text() in page
    entry = '[project.entry-points."ragslm.connectors"]\ntickets = "ragslm_tickets:Tickets"\n'
    assert entry in page
    assert entry in (DOCS / "example-connector/pyproject.toml").read_text()


def test_every_exit_code_stands_in_the_table():
    told = re.findall(r"^\| (\d+) \|", (DOCS / "cli.md").read_text(), re.MULTILINE)
    assert {int(code) for code in told} == {0, 1, 130, *EXIT_CODES.values()}


def test_the_clients_have_the_methods_that_the_readme_names():
    readme = (DOCS.parent / "README.md").read_text()
    named = re.search(r"need no extra and have (.*?);", readme, re.DOTALL)
    assert named is not None
    methods = re.findall(r"`(\w+)`", named[1])
    assert "ask" in methods
    assert all(hasattr(client, name) for client in (Client, AsyncClient) for name in methods)
