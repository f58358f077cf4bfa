"""From a source to the catalogue: read, parse in a worker, scrub, cut, embed, commit."""
