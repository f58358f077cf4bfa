"""What every scrubber must do. Subclass it in a test and give the fixture `scrubber`.

class TestMine(ScrubberContract):
    @pytest.fixture
    def scrubber(self): return MyScrubber()
"""

from itertools import pairwise

import pytest

from ragslm._spans import Replacement, apply
from ragslm.protocols import Scrubber
from ragslm.types import LabelledField

PERSONAL = "Write to jane.roe@ward3.local or pay with 4111 1111 1111 1111."
KNOWLEDGE = "ICD-10 E11.9 is coded with LOINC 4548-4; 12 CFR 1005.11(c) allows 10 business days and $50.00."


class ScrubberContract:
    """Tests any `Scrubber` passes."""

    @pytest.fixture
    def scrubber(self) -> Scrubber:
        """The scrubber under test."""
        raise NotImplementedError

    def test_is_a_scrubber_with_a_version(self, scrubber: Scrubber) -> None:
        """The protocol holds and the version is not empty."""
        assert isinstance(scrubber, Scrubber)
        assert scrubber.version

    def test_personal_data_is_gone(self, scrubber: Scrubber) -> None:
        """Neither the address nor the card is left."""
        text = scrubber.scrub(PERSONAL).text
        assert "jane" not in text
        assert "4111" not in text

    def test_knowledge_stays(self, scrubber: Scrubber) -> None:
        """Codes, sections and amounts are not personal."""
        assert scrubber.scrub(KNOWLEDGE).text == KNOWLEDGE

    def test_entities_tell_what_was_replaced(self, scrubber: Scrubber) -> None:
        """Applying the entities to the original gives the scrubbed text; they are sorted and apart."""
        done = scrubber.scrub(PERSONAL)
        replacements = [Replacement(e.start, e.end, e.replacement) for e in done.entities]
        assert apply(PERSONAL, replacements) == done.text
        assert all(a.end <= b.start for a, b in pairwise(replacements))

    def test_same_original_same_replacement(self, scrubber: Scrubber) -> None:
        """A pseudonym is stable."""
        assert scrubber.scrub(PERSONAL).text == scrubber.scrub(PERSONAL).text

    def test_scrubbing_twice_changes_nothing(self, scrubber: Scrubber) -> None:
        """Scrubbed text is left alone."""
        once = scrubber.scrub(PERSONAL).text
        assert scrubber.scrub(once).text == once

    def test_many_is_one_after_another(self, scrubber: Scrubber) -> None:
        """Batching changes nothing."""
        texts = [PERSONAL, "", KNOWLEDGE]
        assert scrubber.scrub_many(texts) == [scrubber.scrub(text) for text in texts]

    def test_fields_are_scrubbed_by_their_meaning(self, scrubber: Scrubber) -> None:
        """What a format calls a name is one, whatever it looks like."""
        text = "PID|1||qzx vlorp|F"
        done = scrubber.scrub(text, [LabelledField(7, 16, "PERSON", "PID-5")])
        assert "qzx" not in done.text
        assert done.entities[0].type == "PERSON"

    def test_kept_fields_are_left_alone(self, scrubber: Scrubber) -> None:
        """What a format calls knowledge stays."""
        text = "code 4111111111111111 used"
        assert scrubber.scrub(text, [LabelledField(5, 21, "KEEP", "Coding.code")]).text == text

    def test_restore_is_the_way_back(self, scrubber: Scrubber) -> None:
        """Restoring gives the original."""
        assert scrubber.restore(scrubber.scrub(PERSONAL).text) == PERSONAL

    def test_seal_leaves_no_original(self, scrubber: Scrubber) -> None:
        """A detail a model repeated is replaced."""
        scrubber.scrub(PERSONAL)
        texts = ["It is jane.roe@ward3.local, she said.", "", "Who?"]
        sealed = scrubber.seal(texts, ["jane.roe@ward3.local"])
        assert "jane" not in sealed[0]
        assert sealed[1:] == texts[1:]

    @pytest.mark.parametrize(
        "text",
        [
            "",
            " \t\r\n ",
            "\0\0",
            "😀 " * 50,
            "x" * 100_000,
            "word " * 4_000,
            "\ud800 lone",
            "a\u200bb\u00a0c",
        ],
        ids=["empty", "blank", "nul", "emoji", "one long word", "long", "surrogate", "zero width"],
    )
    def test_odd_texts_pass(self, scrubber: Scrubber, text: str) -> None:
        """Odd texts come back as they are."""
        assert scrubber.scrub(text).text == text

    def test_originals_of_pseudonyms_are_known(self, scrubber: Scrubber) -> None:
        """What a pseudonym stands for is known by itself; a word that none stands for is not."""
        scrubber.scrub(PERSONAL)
        assert scrubber.knows("jane.roe@ward3.local")
        assert not scrubber.knows("ward")
