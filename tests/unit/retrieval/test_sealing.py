"""Sealed content opens under its key and name alone."""

import pytest

from ragslm.retrieval import sealing
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


def test_long_content_is_sealed_block_by_block(monkeypatch):
    monkeypatch.setattr(sealing, "_BLOCK", 10)
    content = bytes(range(35))
    sealed = seal(KEY, "name", content)
    size = 12 + 10 + 16
    assert unseal(KEY, "name", sealed) == content
    first, second, third, last = (sealed[i * size : (i + 1) * size] for i in range(4))
    for broken in (
        second + first + third + last,  # swapped
        first + second + third,  # the end cut off between blocks
        first + first + third + last,  # repeated
        first + second + third + last[:-1],  # the end cut off
    ):
        with pytest.raises(SealError):
            unseal(KEY, "name", broken)
    assert unseal(KEY, "name", seal(KEY, "name", content[:20])) == content[:20]
    assert unseal(KEY, "name", seal(KEY, "name", b"")) == b""
