"""Bridges to other frameworks. Nothing in the core imports them."""
