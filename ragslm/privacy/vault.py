"""Stable pseudonyms, and the way back for those who are cleared for it."""

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from ragslm._pseudonyms import ALPHABET, LEAST, MOST
from ragslm.errors import ScrubError
from ragslm.privacy.appearance import as_seen
from ragslm.privacy.checksums import letters_and_digits

_HONORIFIC = re.compile(
    r"^(?:(?:mr|mrs|ms|miss|mx|dr|prof|sir|madam)\.?\s+)+|(?:,?\s+(?:jr|sr|md|m\.d|phd|ph\.d|dds|rn|esq"
    r"|ii|iii)\.?)+$"
)
_MOST_DAYS = 364
_BY_CODE = frozenset(
    """CREDIT_CARD IBAN_CODE US_SSN US_ITIN ABA_ROUTING ACCOUNT MRN NHS_NUMBER NPI DEA MBI
    MEMBER_ID ACCESSION PHONE_NUMBER US_DRIVER_LICENSE PASSPORT VIN SORT_CODE CHEQUE_NUMBER
    ZIP_CODE""".split()
)


class TokenTable(Protocol):
    """Where pseudonyms are kept: the catalogue, or a dictionary in tests."""

    def tokens_for(self, digests: Sequence[bytes], *, lasting: bool = False) -> Mapping[bytes, str]:
        """The tokens given to those of the digests that have one; `lasting`: of those found in documents."""
        ...

    def put_token(
        self, token: str, entity: str, digest: bytes, original: str, *, lasting: bool = True
    ) -> bool:
        """Keep it; False if the token belongs to another digest."""
        ...

    def originals(self, tokens: Collection[str]) -> dict[str, str]:
        """Originals of those tokens that are known."""
        ...


class Vault:
    """Gives the same pseudonym to the same original everywhere in a workspace.

    A pseudonym is the entity type and random characters in base32, so it tells nothing, with or without the
    key, and another workspace gives another one. The vault finds it again by a keyed hash of the original.

    Source: 45 CFR 164.514(c)(1): a code for re-identification is not derived from the person.
    """

    def __init__(self, table: TokenTable, key: bytes) -> None:
        self._table = table
        self._key = hmac.digest(key, b"ragslm pseudonym", "sha256")

    def pseudonym(self, entity: str, original: str, *, lasting: bool = True) -> str:
        """The token that stands for `original`, made and kept if it is new.

        Args:
            entity: type of the original.
            original: as it was written.
            lasting: whether it counts as known in other texts; what a user types is not, until a document
                has it.

        Raises:
            ScrubError: no free token was found.
        """
        digest = self._digest(entity, original)
        return self._given(digest) or self._make(entity, digest, original, lasting=lasting)

    def known(self, original: str, entities: Collection[str]) -> str | None:
        """The token already given to `original` under one of the entity types, or None."""
        for entity in entities:
            if token := self._given(self._digest(entity, original)):
                return token
        return None

    def types_of(self, originals: Iterable[str], entities: Collection[str]) -> dict[str, str]:
        """Those of the originals that were found in documents, with the type of their token."""
        digests = {(one, entity): self._digest(entity, one) for one in originals for entity in entities}
        given = self._table.tokens_for(list(dict.fromkeys(digests.values())), lasting=True)
        return {original: entity for (original, entity), digest in digests.items() if digest in given}

    def days(self, subject: str) -> int:
        """By how many days a subject's dates are moved back, 1 to 364: always the same, told by no date.

        Source: MIMIC and i2b2 move each patient's dates together, so that intervals stay; never by 0.
        """
        digest = hmac.digest(self._key, b"days\0" + subject.encode("utf-8", "surrogatepass"), hashlib.sha256)
        return 1 + int.from_bytes(digest[:8]) % _MOST_DAYS

    def originals(self, tokens: Collection[str]) -> Mapping[str, str]:
        """Originals of those tokens this workspace gave."""
        return self._table.originals(tokens)

    def _given(self, digest: bytes) -> str | None:
        return self._table.tokens_for([digest]).get(digest)

    def _digest(self, entity: str, original: str) -> bytes:
        stated = f"{entity}\0{normalise(entity, original)}".encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, stated, hashlib.sha256)

    def _make(self, entity: str, digest: bytes, original: str, *, lasting: bool) -> str:
        name = "".join(secrets.choice(ALPHABET) for _ in range(MOST))
        for length in range(LEAST, MOST + 1):
            token = f"{entity}_{name[:length]}"
            if self._table.put_token(token, entity, digest, original, lasting=lasting):
                return token
            if other := self._given(digest):  # another thread was first
                return other
        raise ScrubError(f"No free pseudonym of type {entity!r} was found.")


def normalise(entity: str, original: str) -> str:
    """What two spellings of the same thing have in common."""
    seen, _ = as_seen(original)
    composed = seen if seen.isascii() else unicodedata.normalize("NFKC", seen)
    folded = " ".join(composed.casefold().split())
    if entity in _BY_CODE:
        return letters_and_digits(folded) or folded
    if entity != "PERSON":
        return folded
    plain = _HONORIFIC.sub("", folded).strip(" .,") or folded
    last, comma, first = plain.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() else plain
