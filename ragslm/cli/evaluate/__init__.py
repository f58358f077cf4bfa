"""`ragslm eval`: one file for each thing that is measured. Reports carry 95 % intervals."""

from ragslm.cli.evaluate import answers, grounding, privacy, retrieval

__all__ = ["answers", "grounding", "privacy", "retrieval"]
