"""What docs show is what is tested."""

from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_shows_the_example_connector_as_it_is():
    page = (DOCS / "write-a-connector.md").read_text()
    assert (DOCS / "example-connector/ragslm_tickets.py").read_text() in page
    entry = '[project.entry-points."ragslm.connectors"]\ntickets = "ragslm_tickets:Tickets"\n'
    assert entry in page
    assert entry in (DOCS / "example-connector/pyproject.toml").read_text()
