"""Who is asked about: what is said about one person answers no question about another.

Persons are told apart by their pseudonyms: questions and passages are scrubbed when they come here.
"""

from collections.abc import Sequence

from ragslm._pseudonyms import PSEUDONYM, type_of
from ragslm.types import Passage


def persons(text: str) -> list[str]:
    """Pseudonyms of the persons a scrubbed text names, each once, in order."""
    return list(dict.fromkeys(one for one in PSEUDONYM.findall(text) if type_of(one) == "PERSON"))


def named(passage: Passage) -> set[str]:
    """Pseudonyms in its title, section and text."""
    return set(persons(f"{passage.title} {passage.section or ''} {passage.text}"))


def of_the_person_asked(question: str, passages: Sequence[Passage]) -> list[Passage]:
    """The passages without those about somebody else, in their order.

    A passage is about somebody else if it names persons and not one of those asked about, and no other
    passage of its document names one of them either: a statement names its owner in its head alone. What
    names nobody is general knowledge and stays, and so does everything where nobody is asked about.
    """
    asked = set(persons(question))
    if not asked:
        return list(passages)
    own = documents_of(asked, passages)
    return [one for one in passages if one.document_id in own or not named(one)]


def documents_of(asked: set[str], passages: Sequence[Passage]) -> set[str]:
    """Ids of the documents of which a passage names one of them."""
    return {passage.document_id for passage in passages if asked & named(passage)}
