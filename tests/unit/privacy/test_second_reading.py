"""The trained finder adds where doubt is left, and rules have the last word."""

import re
from types import SimpleNamespace

import pytest

from ragslm.errors import ModelError
from ragslm.privacy.foreign_tagger import ForeignTagger
from ragslm.privacy.naming import plausible
from ragslm.privacy.recognisers.street_address import is_street
from ragslm.privacy.second_reading import SecondReading
from ragslm.privacy.tagger import Tagged

KNOWN = {
    "PERSON": r"Szabina(?: Kleist)?|Hodgkin|Oregon|Total|Tamiflu|Miete Wohnung",
    "STREET_ADDRESS": r"12 Hersnapvej|Section 12 Foo|Foo",
}


SCORE = 0.98


class ByPattern:
    """Labels what `KNOWN` matches, and counts what it was given."""

    version = "by pattern"

    def __init__(self):
        self.read = []

    def tag(self, texts):
        self.read += texts
        return [
            [
                Tagged(entity, *match.span(), SCORE)
                for entity, pattern in KNOWN.items()
                for match in re.finditer(pattern, text)
            ]
            for text in texts
        ]


def found(text):
    (results,) = SecondReading(ByPattern()).read([text], [[]])
    return [(r.entity_type, text[r.start : r.end], r.score) for r in results]


FILLER = "and so it went on with the sum of the parts as before and as after, " * 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Szabina[1]/Stmt[1] of our friend Szabina", [("PERSON", "Szabina", SCORE)]),  # an element first
        ("How much was the Szabina?", []),  # a thing
        ("We saw the Szabina family.", [("PERSON", "Szabina", SCORE)]),
        (f"{'Hausmeister Nachtrag ' * 30}Szabina Kleist", []),  # German: it was not taught
        ("debit of 890 EUR, Miete Wohnung, balance", []),  # words of a payment
        ("Ask Szabina Kleist now.", [("PERSON", "Szabina Kleist", SCORE)]),
        (f"{FILLER}ask Szabina now. {FILLER}", [("PERSON", "Szabina", SCORE)]),  # offsets of an excerpt
        ("Go to 12 Hersnapvej now.", [("STREET_ADDRESS", "12 Hersnapvej", SCORE)]),
        ("Hodgkin Szabinalike disease.", [("PERSON", "Szabina", SCORE)]),  # an eponym alone is none
        ("Qzx of Oregon.", []),  # a place
        ("Qzx Total.", []),  # a heading
        ("Qzx and Tamiflu were given.", []),  # a medicine
        ("See Section 12 Foo.", []),  # a chapter
        ("Go to Foo now.", []),  # one word is no address
    ],
)
def test_what_cannot_be_a_name_or_an_address_is_left_alone(text, expected):
    assert found(text) == expected


def test_nothing_is_read_twice_or_without_doubt():
    tagger = ByPattern()
    reading = SecondReading(tagger)
    text = "Ask Szabina now."
    for _ in range(2):
        assert len(reading.read([text, text, "The sum of it"], [[], [], []])[1]) == 1
    assert tagger.read == [text]


def test_a_folder_without_a_model_is_refused(tmp_path):
    with pytest.raises(ModelError, match="holds no model"):
        ForeignTagger(tmp_path)


@pytest.mark.parametrize(
    ("text", "score", "kept"),
    [
        ("We asked Graves and Reed.", 0.95, "Graves"),  # an eponym, and a surname
        ("We asked Graves and Reed.", 0.8, ""),  # not sure enough
        ("It is Graves disease.", 0.99, ""),
        ("It is Wilson's.", 0.99, ""),
        ("Gleason 7 was found.", 0.99, ""),
        ("Bell palsy.", 0.99, ""),
        ("The DMARDs help.", 0.99, ""),  # an abbreviation
        ("ask McAllister now", 0.99, "McAllister"),
    ],
)
def test_an_eponym_is_a_surname_only_where_the_reader_is_sure(text, score, kept):
    word = next(w for w in ("Graves", "Wilson", "Gleason", "Bell", "DMARDs", "McAllister") if w in text)
    at = text.index(word)
    start, end = plausible(text, at, at + len(word), score)
    assert text[start:end] == kept


@pytest.mark.parametrize(
    ("name", "score", "in_document", "in_message"),
    [
        ("Qzxyl", 0.98, True, True),
        ("Qzxyl", 0.85, False, False),  # alone, in no list: a drug as well
        ("Qzxyl Vlorp", 0.7, True, True),
        ("Keller", 0.7, True, True),
        ("bertram", 0.95, True, True),
        ("bertram", 0.7, False, True),
        ("qzxyl", 0.98, False, True),  # small letters, in no list
    ],
)
def test_a_document_asks_for_more_than_a_message(name, score, in_document, in_message):
    def tag(texts):
        return [[Tagged("PERSON", *m.span(), score) for m in re.finditer(name, text)] for text in texts]

    document = f"{FILLER}{FILLER}Kellers asked {name} to come. {FILLER}"
    for text, expected in ((document, in_document), (f"Kellers asked {name}.", in_message)):
        (results,) = SecondReading(SimpleNamespace(tag=tag, version="")).read([text], [[]])
        assert (name in [text[r.start : r.end] for r in results]) is expected


@pytest.mark.parametrize(
    ("value", "is_one"),
    [
        ("12 Hersnapvej", True),
        ("the corner of King Forges and Main", True),
        ("Kellogg Eye", False),
        ("BIC DEUTDEFF500", False),
        ("12", False),
        ("RxCUI 818477", False),
        ("CA-125 812", False),
        ("Hersnapvej 75, 4000 Roskilde", True),
        ("Section 12 of Part B", False),
        ("891\nAsia Pacific 10", False),  # a row of a table
    ],
)
def test_an_address_has_a_number_or_a_corner(value, is_one):
    assert is_street(value, 0, len(value)) is is_one


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("ALT 451 U/L on admission", False), ("Alt 451, Koblenz", True), ("GFR 45 mL/min", False)],
)
def test_a_measured_value_is_no_address(text, is_one):
    assert is_street(text, 0, re.search(r"\d+", text).end()) is is_one
