"""Sealed content opens under its key and name alone."""

import pytest

from ragslm.retrieval.sealing import SealError, mac, seal, unseal

KEY, OTHER = bytes(32), bytes([1]) * 32


def test_round_trip_hides_the_content():
    sealed = seal(KEY, "name", b"secret text")
    assert unseal(KEY, "name", sealed) == b"secret text"
    assert b"secret" not in sealed
    assert seal(KEY, "name", b"secret text") != sealed  # a nonce of its own each time


def test_every_flipped_bit_is_noticed():
    sealed = seal(KEY, "name", b"text")
    for bit in range(8 * len(sealed)):
        broken = bytearray(sealed)
        broken[bit // 8] ^= 1 << bit % 8
        with pytest.raises(SealError):
            unseal(KEY, "name", bytes(broken))


@pytest.mark.parametrize(
    ("key", "name", "cut"),
    [
        (OTHER, "name", None),  # another key
        (KEY, "other", None),  # another file's content
        (KEY, "name", -1),  # truncated
        (KEY, "name", 5),  # less than a nonce
        (KEY, "name", 0),  # empty
    ],
)
def test_what_does_not_open(key, name, cut):
    with pytest.raises(SealError):
        unseal(key, name, seal(KEY, "name", b"text")[:cut])


def test_mac_depends_on_key_and_content():
    assert len({mac(KEY, b"a"), mac(KEY, b"b"), mac(OTHER, b"a")}) == 3
