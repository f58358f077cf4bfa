"""A scrubber for tests without models: it knows one person."""

from collections.abc import Sequence

from ragslm.types import Entity, Scrubbed

TOKEN = "PERSON_7K3QXA"


class Restorer:
    """Takes `Eve` for a person, and puts her back."""

    version = "restorer"

    def scrub(self, text: str, *, lasting: bool = True) -> Scrubbed:
        found = (Entity("PERSON", 0, 3, 1.0, TOKEN),) if "Eve" in text else ()
        return Scrubbed(text.replace("Eve", TOKEN), found)

    def scrub_many(self, texts: Sequence[str]) -> list[Scrubbed]:
        return [self.scrub(text) for text in texts]

    def knows(self, original: str) -> bool:
        return False

    def restore(self, text: str, types: frozenset[str] | None = None) -> str:
        return text.replace(TOKEN, "Eve") if types is None or "PERSON" in types else text
