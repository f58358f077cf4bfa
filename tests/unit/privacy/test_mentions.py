"""Later mentions of a person; words that a surname shares with the language stay."""

from string import ascii_lowercase as LETTERS

import pytest

from ragslm.privacy.mentions import given_names, mentions


@pytest.mark.parametrize(
    ("people", "text", "expected"),
    [
        (["Albert Bourla"], "Dr. Bourla, and BOURLA", ["Bourla", "BOURLA"]),  # surname, in capitals
        (["Doe, John"], "John Doe came", ["John Doe"]),  # turned back
        (["Larry Price"], "met with Price. Price said so.", ["Price", "Price"]),  # a word used as a name
        (["Larry Price"], "the Price range, PRICE and Price per share", []),  # a word used as a word
        (["Scott Property"], "Property, plant and equipment", []),  # a heading
        (["Carolina"], "North Carolina", []),  # a place
        (["Larry CVS"], "CVS Health", []),  # a firm in capitals
        (["Eve Everywoman"], "EVERYWOMAN^EVE^E was seen", ["EVERYWOMAN^EVE^E"]),  # as HL7 writes it
        (["Eve Everywoman"], "EVERYWOMAN EVE left", ["EVERYWOMAN EVE"]),  # surname first, no comma
        (["EVE E EVERYWOMAN"], "Ms Everywoman; E. Everywoman", ["Everywoman", "E. Everywoman"]),  # capitals
        (["Eve Everywoman"], "Everywoman, E.; EVERYWOMAN E.", ["Everywoman, E.", "EVERYWOMAN E."]),  # behind
        (["Eve Everywoman"], "Adam Everywoman", ["Everywoman"]),  # somebody else's given name
        (["Larry Price"], "Ms Price; L. Price; PRICE LARRY", ["Price", "L. Price", "PRICE LARRY"]),  # a word
        (["Larry Price"], "at Price level, Price List", []),  # an initial in small, another word
    ],
)  # fmt: skip
def test_mentions(people, text, expected):
    assert whole(mentions(text, people), text) == expected


@pytest.mark.parametrize(
    ("people", "text", "expected"),
    [
        (["Jamis Buck"], "Regards\n- Jamis", ["Jamis"]),  # signed
        (["DUCK, DONALD"], "Donald felt well; DONALD slept.", ["Donald"]),  # known in capitals
        (["Will Smith"], "Will it rain? May", []),  # a word
        (["Jamis"], "Jamis", []),  # no given name of a full name
    ],
)
def test_given_names(people, text, expected):
    assert whole(given_names(text, people), text) == expected


def test_every_one_of_a_thousand_people_is_found_again():
    surnames = [f"Zor{a}{b}{c}k" for a in LETTERS for b in LETTERS for c in "ab"][:1_000]
    text = " and ".join(f"{name} was ill" for name in surnames)
    assert whole(mentions(text, [f"Aleksandrina {name}" for name in surnames]), text) == surnames


def whole(findings, text):
    """Text of the findings that lie in no other, in order."""
    spans = sorted({(found.start, found.end) for found in findings})
    outer = [s for s in spans if not any(o != s and o[0] <= s[0] and s[1] <= o[1] for o in spans)]
    return [text[start:end] for start, end in outer]
