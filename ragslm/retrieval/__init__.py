"""Finding passages: encoder, derived indexes and their snapshot, fusion."""
