"""The journey of a document: read, parse in a confined process, scrub, cut, embed, commit."""
