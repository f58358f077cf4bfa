"""The hash-chained log: what a record may say, and how the chain is checked."""
