"""An identifier is found however its blanks and dashes are written, and whatever nobody can see in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragslm.privacy.appearance import as_seen
from ragslm.privacy.plain_text import visible

HIDDEN = [
    "SSN 460\u00a089\u00a09847",  # no-break spaces
    "SSN 460\u202f89\u202f9847",  # narrow ones
    "SSN: 460\u221289\u22129847",  # minus signs
    "SSN: 460\u201089\u20109847",  # hyphens
    "460\u201189\u20119847",  # no-break hyphens
    "SSN 460\u200b-89-9847",  # a zero-width space
    "SSN 4\u20606\u20600-89-9847",  # word joiners
    "SSN 460\u180f-89\U0001bca0-98\U000e0fff47",  # signs of other scripts
    "Phone 212\u00a0555\u00a00147",
    "(212)\u2009555\u20110147",
    "card 4111\u200b1111\u200b1111\u200b1111",
    "card 4111\u22121111\u22121111\u22121111",
    "DOB 3\u00a0April\u00a01950",
    "DOB 1950\u201104\u201103",
    "jane.roe@\u00adward3.local",
    "jane.roe\u200b@ward3.local",
    "NINO: AB\u00a012\u00a034\u00a056\u00a0C",
]


@pytest.mark.parametrize("text", HIDDEN)
def test_what_cannot_be_seen_hides_nothing(scrubber, text):
    done = scrubber.scrub(text)
    assert not [c for c in done.text.replace(done.entities[0].replacement, "") if c.isdigit()]
    assert "roe" not in done.text
    assert scrubber.restore(done.text) == text


def test_what_looks_alike_has_one_pseudonym(scrubber):
    written = ("jane.roe@ward-3.local", "jane.roe@\u00adward-3.local", "jane.roe@ward\u20113.local")
    assert len({scrubber.scrub(text).text for text in written}) == 1


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("scan_John_Okonkwo_2021.pdf", "scan John Okonkwo_2021.pdf"),  # the name of a file
        ("Szöllősy_Ágnes", "Szöllősy Ágnes"),
        ("Jane_Roe@ward3.local", "Jane_Roe@ward3.local"),  # an address
        ("PERSON_7K3QXA and PATIENT_NAME", "PERSON_7K3QXA and PATIENT_NAME"),  # a pseudonym, a constant
        ("patient_name", "patient_name"),  # a name of code
    ],
)
def test_the_words_of_a_name_are_seen_apart(text, seen):
    assert as_seen(text)[0] == seen


@given(st.text(st.sampled_from("a1\u00a0\u200b\u2011\u00ad\U000e0041"), max_size=40), st.data())
def test_every_place_leads_back_to_its_sign(text, data):
    seen, places = as_seen(text)
    assert seen == visible(text).replace("\u00a0", " ").replace("\u2011", "-")
    if seen:
        at = data.draw(st.integers(0, len(seen) - 1))
        start, end = places.to_original(at, at + 1)
        assert as_seen(text[start:end])[0] == seen[at]
        assert end - start == 1
