"""Who is meant: a claim may not turn your life into his."""

from ragslm.grounding.reading.tokens import Token

_PERSONS = (
    "i me my mine myself",
    "we us our ours",
    "you your yours",
    "he him his himself",
    "she her hers herself",
)
_PERSON = {word: i for i, words in enumerate(_PERSONS) for word in words.split()}


def another_person(claim: list[Token], span: list[Token]) -> bool:
    """Whether the claim speaks of a person by a pronoun that the span does not use."""
    return bool(_persons(claim) - _persons(span))


def _persons(words: list[Token]) -> set[int]:
    return {_PERSON[word.lower] for word in words if word.lower in _PERSON and word.text != "US"}
