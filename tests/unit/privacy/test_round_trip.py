"""A thousand documents are pseudonymised and restored byte by byte, and no tenant knows another's tokens."""

import random

import pytest

from ragslm._pseudonyms import PSEUDONYM
from ragslm.privacy.vault import Vault
from ragslm.types import LabelledField

GIVEN = (
    "Ana Björn Chloé Dmitri Eve Fatima Gábor Hana Iñaki Jürgen Krisztián Li Mirela Noor Ola Przemek".split()
)
FAMILY = (
    "Ångström Brown-Keller Costa Dvořák Everywoman Fischer O’Neil Gelencsér Ortiz Szöllősy Tanaka".split()
)
FRAMES = (
    "{name} (MRN: {mrn}) was seen on 12 May; phone {phone}, mail {mail}.\r\nPaid with {card}.\n",
    "|{name}|{mail}|{phone}|\n\tHb 9.1 g/dL, E11.9, “stable”.\u00a0\u2003SSN {ssn}\n",
    "Dear {name},\n\nyour IBAN {iban} and card {card} \U0001f4b3 are noted.\n\u200b— Ward 3\n",
)
IBANS = ("GB82 WEST 1234 5698 7654 32", "DE89370400440532013000", "FR14 2004 1010 0505 0001 3M02 606")
CARDS = ("4111 1111 1111 1111", "5555555555554444", "3782-822463-10005")


def documents(n, seed=3):
    """(text, fields) of documents whose people, numbers and frames differ."""
    chance = random.Random(seed)
    for number in range(n):
        name = f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}"
        text = chance.choice(FRAMES).format(
            name="\1",
            mrn=f"{number:08}",
            phone=f"905-674-{number % 10_000:04}",
            mail=f"person{number}@ward3.local",
            ssn=f"460-{10 + number % 80}-{1000 + number}",
            card=CARDS[number % 3],
            iban=IBANS[number % 3],
        )
        at = text.index("\1")
        yield text.replace("\1", name), [LabelledField(at, at + len(name), "PERSON", "name")]


def test_a_thousand_documents_come_back_byte_by_byte(scrubber):
    texts, fields = zip(*documents(1000), strict=True)
    done = scrubber.scrub_many(texts, fields)
    assert all(one.entities for one in done)
    for text, one in zip(texts, done, strict=True):
        assert scrubber.restore(one.text).encode() == text.encode()
        assert not [e for e in one.entities if text[e.start : e.end] in one.text]


def test_another_tenant_has_no_way_back(scrubber, table):
    text, fields = next(documents(1))
    done = scrubber.scrub(text, fields).text
    assert Vault(type(table)(), b"o" * 32).originals(PSEUDONYM.findall(done)) == {}


def test_a_person_has_another_token_at_every_tenant(table):
    one, other = (Vault(type(table)(), bytes([k]) * 32) for k in (1, 2))
    names = [f"Person {n}" for n in range(5_000)]
    assert all(one.pseudonym("PERSON", n) != other.pseudonym("PERSON", n) for n in names)


@pytest.mark.parametrize("other", ["ann roe", "ROE, ANN"])
def test_another_spelling_comes_back_as_the_first_that_was_met(vault, other):
    assert vault.pseudonym("PERSON", "Ann Roe") == vault.pseudonym("PERSON", other)
    assert set(vault.originals([vault.pseudonym("PERSON", other)]).values()) == {"Ann Roe"}
