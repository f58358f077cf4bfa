"""Kind `s3` of `sources.yaml`: the objects of a bucket, of Amazon S3 or of another store of its interface."""

import mimetypes
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from pydantic import Field, SecretStr

from ragslm import records
from ragslm.errors import ConfigError, SourceError
from ragslm.ingest.files import UNREAD, title_of
from ragslm.protocols import DOCUMENTS_ONLY
from ragslm.types import SourceDocument

TRIES = 3
PAGE = 1000
"""Objects that are listed together."""
_CHUNK = 1_048_576
_PAUSE = 1.0  # seconds before an object is fetched a second time; twice as many before the third
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_GONE = frozenset({"NoSuchKey", "404"})
_CLOSED = {
    "AccessDenied": "The store does not let this object be read. Grant s3:GetObject on it.",
    "InvalidObjectState": "The object is archived. Restore it in the store.",
}
"""Why one object cannot be read while others can, by the store's code."""


class Bucket:
    """Every object below a prefix, in the order of keys; one that is gone from the listing is removed.

    Args:
        client: of boto3.
        max_bytes: largest object that is fetched; larger ones are quarantined.
        source_name: first part of every uri.
    """

    name = "s3"
    policy = DOCUMENTS_ONLY

    def __init__(self, client: Any, bucket: str, prefix: str, max_bytes: int, source_name: str) -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = prefix
        self._max_bytes = max_bytes
        self._source_name = source_name

    def load(self) -> Iterator[SourceDocument]:
        """Every object there is now, fetched when its turn comes.

        Raises:
            SourceError: the bucket cannot be listed, or the store does not answer.
        """
        for told in self._listed():
            key, size = str(told["Key"]), int(told["Size"])
            if key.endswith("/") and not size:  # how consoles write a folder
                continue
            if size > self._max_bytes:
                reason = f"The object has {size:,} bytes; at most {self._max_bytes:,} are read (max_bytes)."
                yield self._document(key, str(told["ETag"]), b"", reason)
            elif (found := self._fetched(key, str(told["ETag"]))) is not None:
                yield found

    def _listed(self) -> Iterator[Mapping[str, Any]]:
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=self._prefix, PaginationConfig={"PageSize": PAGE}
        )
        try:
            for page in pages:
                yield from page.get("Contents", ())
        except (BotoCoreError, ClientError) as error:
            raise SourceError(_told("be listed", error)) from None

    def _fetched(self, key: str, etag: str) -> SourceDocument | None:
        """The object; None if it went since it was listed."""
        for number in range(TRIES):
            if number:
                time.sleep(_PAUSE * 2 ** (number - 1))
            try:
                answer = self._client.get_object(Bucket=self._bucket, Key=key)
                with closing(answer["Body"]) as body:
                    content = _read(body, self._max_bytes)
            except ClientError as error:
                code = str(error.response.get("Error", {}).get("Code"))
                if code in _GONE:
                    return None
                if code in _CLOSED:
                    return self._document(key, etag, b"", _CLOSED[code])
                raise SourceError(_told("be read", error)) from None
            except BotoCoreError as error:  # the connection broke off in the middle
                lost = error
                continue
            if len(content) > self._max_bytes:
                reason = f"The object grew while it was read; at most {self._max_bytes:,} bytes are."
                return self._document(key, str(answer["ETag"]), b"", reason)
            return self._document(key, str(answer["ETag"]), content, None, answer.get("ContentType"))
        raise SourceError(_told("be read", lost)) from None

    def _document(
        self, key: str, etag: str, content: bytes, reason: str | None, declared: str | None = None
    ) -> SourceDocument:
        guessed, _ = mimetypes.guess_type(PurePosixPath(key).name, strict=False)
        return SourceDocument(
            uri=f"s3://{self._source_name}/{quote(key)}",
            content=content,
            media_type=guessed or records.declared(declared or "application/octet-stream"),
            title=title_of(PurePosixPath(key).stem),
            version=etag.strip('"') or None,
            metadata={UNREAD: reason} if reason else {},
        )


def source(
    bucket: str,
    prefix: str = "",
    endpoint: str | None = None,
    region: str = "us-east-1",
    access_key: SecretStr | None = None,
    secret_key: SecretStr | None = None,
    ca_file: Path | None = None,
    max_bytes: Annotated[int, Field(ge=1, le=1_000_000_000)] = 100_000_000,
    timeout_seconds: Annotated[int, Field(ge=1, le=3_600)] = 60,
    source_name: str = "s3",
) -> Bucket:
    """The objects of a bucket; see docs/connectors.md for the settings.

    Raises:
        ConfigError: the endpoint is not reached over TLS, or one of the two keys is missing.
    """
    if endpoint is not None:
        _check(endpoint)
    if (access_key is None) != (secret_key is None):
        raise ConfigError("Give both access_key and secret_key, or neither for this machine's own role.")
    try:
        client = boto3.session.Session().client(
            "s3",
            endpoint_url=endpoint,
            region_name=region,
            aws_access_key_id=access_key and access_key.get_secret_value(),
            aws_secret_access_key=secret_key and secret_key.get_secret_value(),
            verify=str(ca_file) if ca_file else True,
            config=Config(
                connect_timeout=timeout_seconds,
                read_timeout=timeout_seconds,
                retries={"mode": "standard", "total_max_attempts": TRIES},
                s3={"addressing_style": "path"} if endpoint else {},
            ),
        )
    except (BotoCoreError, ValueError) as error:
        raise ConfigError(
            f"The store cannot be set up ({type(error).__name__}). Check endpoint and region."
        ) from None
    return Bucket(client, bucket, prefix, max_bytes, source_name)


def _read(body: Any, most: int) -> bytes:
    """The object, or a little over `most` bytes of it. Length and checksum are checked at its end only."""
    content = bytearray()
    while len(content) <= most and (chunk := body.read(_CHUNK)):
        content += chunk
    return bytes(content)


def _check(endpoint: str) -> None:
    parts = urlsplit(endpoint)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL):
        raise ConfigError("`endpoint` must begin with https:// unless it is this machine.")
    if not parts.hostname or parts.username is not None:
        raise ConfigError("`endpoint` must be https://host or https://host:port, without a user.")


def _told(what: str, error: Exception) -> str:
    """By type and code: a store's own words may name an object."""
    response = getattr(error, "response", {})
    code = response.get("Error", {}).get("Code") if isinstance(response, dict) else None
    return (
        f"The bucket cannot {what}: {type(error).__name__}{f' {code}' if code else ''}. Check endpoint, "
        "bucket, keys and the rights s3:ListBucket and s3:GetObject. Nothing was removed."
    )
