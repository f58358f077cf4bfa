"""Pseudonyms are stable, unlinkable between workspaces, and the way back is exact."""

import pytest

from ragslm._pseudonyms import PSEUDONYM
from ragslm.errors import ScrubError
from ragslm.privacy.vault import Vault, normalise


def test_token_has_the_agreed_shape(vault):
    assert PSEUDONYM.fullmatch(vault.pseudonym("US_SSN", "460-89-9847"))


@pytest.mark.parametrize(
    ("entity", "one", "other", "same"),
    [
        ("PERSON", "Mr. John Smith", "john  smith", True),  # honorific, case, white space
        ("PERSON", "SMITH, JOHN", "John Smith", True),  # turned
        ("PERSON", "John Smith Jr.", "John Smith", True),  # suffix
        ("PERSON", "John Smith", "Joan Smith", False),  # another person
        ("CREDIT_CARD", "4111-1111 1111.1111", "4111111111111111", True),  # separators
        ("IBAN_CODE", "gb82 west 1234", "GB82WEST1234", True),  # case and groups
        ("EMAIL_ADDRESS", "A@B.org", "a@b.org", True),  # case
        ("MRN", "A-12", "B-12", False),  # letters count in codes
    ],
)
def test_spellings_of_one_thing(vault, entity, one, other, same):
    assert (vault.pseudonym(entity, one) == vault.pseudonym(entity, other)) is same


def test_other_type_other_token(vault):
    assert vault.pseudonym("MRN", "12345678")[4:] != vault.pseudonym("ACCOUNT", "12345678")[8:]


def test_other_key_other_token(table):
    assert Vault(table, b"a" * 32).pseudonym("PERSON", "Ann") != Vault(table, b"b" * 32).pseudonym(
        "PERSON", "Ann"
    )


def test_survives_a_new_vault_over_the_same_table(table, vault):
    token = vault.pseudonym("PERSON", "Ann Roe")
    again = Vault(table, b"k" * 32)
    assert again.pseudonym("PERSON", "ann roe") == token
    assert again.originals([token]) == {token: "Ann Roe"}


def test_collision_makes_the_token_longer(table, vault, monkeypatch):
    monkeypatch.setattr("ragslm.privacy.vault.secrets.choice", lambda letters: "7")
    assert vault.pseudonym("PERSON", "Ann Roe") == "PERSON_777777"
    assert vault.pseudonym("PERSON", "Tom Fry") == "PERSON_7777777"


def test_a_token_tells_nothing_even_to_who_has_the_key(table):
    one, other = (Vault(type(table)(), b"k" * 32).pseudonym("PERSON", "Ann Roe") for _ in range(2))
    assert one != other


def test_no_free_token_is_an_error(table):
    table.put_token = lambda *_, **__: False
    with pytest.raises(ScrubError) as raised:
        Vault(table, b"k" * 32).pseudonym("PERSON", "Ann Roe")
    assert "Roe" not in str(raised.value)


def test_a_name_of_honorifics_only_keeps_something():
    assert normalise("PERSON", "Dr. MD") != ""
