"""What may be shown: evidence units, the checks of a sentence against its source, quotes and refusals."""
