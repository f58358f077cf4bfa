"""The HTTP server: `create_app` builds it, `ragslm.server.run` serves it."""

from ragslm.server.app import create_app

__all__ = ["create_app"]
