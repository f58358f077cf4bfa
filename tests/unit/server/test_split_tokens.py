"""A pseudonym that a model's stream cuts in two, or a number cut over pieces, leaves whole or not at all."""

import json
from collections.abc import Iterator
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ragslm.generation.drafts import DraftParser
from ragslm.privacy.guard import OutputGuard
from ragslm.server.chat import Completion
from ragslm.types import Event, Scrubbed, Sentence, Verdict

TOKEN, ORIGINAL, CARD = "PERSON_7K3QXA", "Eve Everywoman", "4111 1111 1111 1111"
REPLY = f"The note is about {TOKEN}. [1]\nShe paid with {CARD.replace(' ', chr(0x200B))}. [2]\n"
OK = Verdict(True, 1.0)


class CardScrubber:
    """Knows one token and one card number."""

    version = "1"

    def scrub(
        self, text: str, fields: object = (), *, subject: str | None = None, lasting: bool = True
    ) -> Scrubbed:
        return Scrubbed(text.replace(CARD.replace(" ", ""), "[CREDIT_CARD]"))

    def scrub_many(self, texts: list[str]) -> list[Scrubbed]:
        return [self.scrub(text) for text in texts]

    def restore(self, text: str, types: object = None) -> str:
        return text.replace(TOKEN, ORIGINAL)

    def knows(self, original: str) -> bool:
        return False


def deltas(pieces: list[str], types: frozenset[str] | None) -> Iterator[str]:
    """What a client of the OpenAI-compatible route is sent, one delta after the other."""
    guard, completion = OutputGuard(CardScrubber()), Completion(model="ragslm", conversation="c")
    for draft in DraftParser({"1", "2"}).read(pieces):
        sentence = Sentence(
            text=guard.release(draft.text, types), citations=draft.labels, verdict=OK, origin="generated"
        )
        for chunk in completion.chunks(Event(type="sentence", sentence=sentence)):
            yield json.loads(chunk.removeprefix(b"data: "))["choices"][0]["delta"]["content"]


@given(st.lists(st.integers(0, len(REPLY)), max_size=12), st.booleans())
def test_however_the_stream_is_cut_a_delta_is_a_whole_sentence(cuts, cleared):
    edges = [0, *sorted(cuts), len(REPLY)]
    sent = list(deltas([REPLY[a:b] for a, b in pairwise(edges)], None if cleared else frozenset()))
    if cleared:
        assert sent[0] == f"The note is about {ORIGINAL}. [1]"
        assert TOKEN not in "".join(sent)
    else:
        assert sent == [f"The note is about {TOKEN}. [1]", " She paid with [CREDIT_CARD]. [2]"]
        assert ORIGINAL not in "".join(sent)
