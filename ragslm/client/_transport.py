"""What the HTTP library raises, in the SDK's words."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx2

from ragslm.client._requests import Target
from ragslm.errors import ApiError


@contextmanager
def explained(target: Target) -> Iterator[None]:
    """Turn a failed connection into an ApiError that says what to do.

    Raises:
        ApiError: with status 0 and code `Timeout`, `Unreachable` or `Broken`.
    """
    try:
        yield
    except httpx2.TimeoutException:
        message = (
            f"The server did not answer within {target.timeout:g} s. Give a longer `timeout=` or ask later."
        )
        raise ApiError(message, code="Timeout") from None
    except httpx2.ConnectError:
        message = f"No server answers at {target.base_url}. Start it with `ragslm serve`."
        raise ApiError(message, code="Unreachable") from None
    except httpx2.TransportError:
        message = f"The connection to {target.base_url} broke before the answer was complete. Ask again."
        raise ApiError(message, code="Broken") from None
