"""Chat engines: they select and word; what they say is checked elsewhere before anyone sees it."""
