"""Connectors and formats of ragslm, by domain."""
