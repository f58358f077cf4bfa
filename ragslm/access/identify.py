"""From an API key to the identity it stands for."""

from collections.abc import Callable

from ragslm.access.api_keys import hash_api_key
from ragslm.errors import AccessError
from ragslm.types import Identity


class Authenticator:
    """Knows who holds a key.

    Only hashes are compared, in the store's index: how long that takes may tell something about a hash of
    what was sent, which the sender knows already, and nothing about a key. Malformed keys take the same way.
    """

    def __init__(self, lookup: Callable[[str], Identity | None]) -> None:
        """`lookup`: from a key's hash to its identity, such as `Catalogue.identity_for`."""
        self._lookup = lookup

    def identify(self, plain: str) -> Identity:
        """Who holds this key.

        Raises:
            AccessError: nobody does; the message is the same whatever is wrong with it.
        """
        identity = self._lookup(hash_api_key(plain))
        if identity is None:
            raise AccessError("This API key is not known. Make one: ragslm keys add NAME")
        return identity
