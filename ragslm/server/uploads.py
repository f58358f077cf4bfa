"""One uploaded document, read from a multipart body without touching the disk."""

import re
from dataclasses import dataclass, field

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from ragslm.errors import QuestionError

MAX_NAME = 255
MAX_READERS = 200


class UploadError(QuestionError):
    """The upload is not a multipart body with one named file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A document's name and bytes with who may read it."""

    name: str = field(repr=False)
    content: bytes = field(repr=False)
    scope: str | None = field(repr=False)
    readers: tuple[str, ...] | None
    domain: str | None


async def read_upload(request: Request, most: int) -> Upload:
    """The one file of the body with its form fields `scope`, `readers` (repeated) and `domain`.

    `most`: bytes kept in memory; nothing is spooled to a temporary file, because it is not encrypted.

    Raises:
        UploadError: the body is not such a form.
    """
    form = await _parse(request, most)
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile) or not _base_name(file.filename or ""):
            raise UploadError("An upload wants multipart/form-data with one named part `file`.")
        content, name = await file.read(), _base_name(file.filename or "")
    finally:
        await form.close()
    readers = tuple(str(reader) for reader in form.getlist("readers"))
    return Upload(
        name=name,
        content=content,
        scope=_text(form, "scope"),
        readers=readers or None,
        domain=_text(form, "domain"),
    )


async def _parse(request: Request, most: int) -> FormData:
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise UploadError("An upload wants multipart/form-data with one named part `file`.")
    parser = MultiPartParser(
        request.headers, request.stream(), max_files=1, max_fields=MAX_READERS, max_part_size=10_000
    )
    parser.spool_max_size = most + 1
    try:
        return await parser.parse()
    except MultiPartException:
        raise UploadError("The multipart body is broken, or has more than one file.") from None


def _text(form: FormData, name: str) -> str | None:
    value = form.get(name)
    return value if isinstance(value, str) and value else None


def _base_name(name: str) -> str:
    """The last part of a client's file name, without control characters; it is never used as a path."""
    last = re.split(r"[/\\]", name)[-1]
    return "".join(c for c in last if c.isprintable()).strip(" .")[-MAX_NAME:]
