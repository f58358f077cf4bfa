"""Contract suites for plug-in authors: subclass one, give it your implementation and samples, run pytest."""
