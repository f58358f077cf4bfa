"""The literal checks: whether a claim says what one sentence or row of its source says."""
