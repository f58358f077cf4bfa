"""Whom a question is about, where that tells no passage from another.

Everything in a record is about the patient, but its head says so most often: "Why did the patient come?" had
the patient's name and number for an answer, and not the complaint.
"""

import re

from ragslm.retrieval.tokens import tokens

_PATIENT = re.compile(r"\b(?:the|this|our|my)\s+patient(?:['’]s)?(?![\w-])\s*", re.IGNORECASE)


def without_patient(question: str) -> str:
    """The question without `the patient`, unless nothing else is said in it."""
    rest = _PATIENT.sub("", question)
    return rest if tokens(rest) else question
