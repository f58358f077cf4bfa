"""The SDK: `Client` and `AsyncClient` have the assistant's methods, over HTTP."""

from ragslm.client.async_client import AsyncClient
from ragslm.client.sync_client import Client
from ragslm.wire import ServerInfo

__all__ = ["AsyncClient", "Client", "ServerInfo"]
