"""ragslm: answers from your documents, every sentence checked against the source it cites."""
