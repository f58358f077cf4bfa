"""Whom a question is about, where that tells no passage from another.

Everything in a record is about the patient, but its head says so most often: "Why did the patient come?" had
the patient's name and number for an answer, and not the complaint. With a small word instead, which is not
searched for, the question stays a sentence such as the encoders know.
"""

import re

from ragslm.retrieval.tokens import tokens

_PATIENT = re.compile(r"\b(?:the|this|our|my)\s+patient(['’]s)?(?![\w-])", re.IGNORECASE)


def without_patient(question: str) -> str:
    """The question with `they` for `the patient`, unless nothing else is said in it."""
    rest = _PATIENT.sub(lambda match: "their" if match[1] else "they", question)
    return rest if tokens(rest) else question
