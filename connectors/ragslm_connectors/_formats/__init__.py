"""Formats without domain knowledge: bytes to text with pages, sections, blocks and fields."""
