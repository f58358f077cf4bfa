"""Routes of documents: list, upload, remove, and their pages."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import StringConstraints

from ragslm import wire
from ragslm.access.visibility import owner
from ragslm.server.desk import desk_of, json_response, user_of
from ragslm.server.uploads import read_upload
from ragslm.types import IngestReport, SourceView

router = APIRouter(prefix="/v1/documents", tags=["documents"])

Domain = Annotated[wire.DomainName | None, Query()]
DocumentId = Annotated[str, Path(max_length=200)]
Mark = Annotated[str, StringConstraints(pattern=r"^\d{1,10}-\d{1,10}$")]

_FORM: dict[str, Any] = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "string", "format": "binary"},
        "scope": {"type": "string"},
        "readers": {"type": "array", "items": {"type": "string"}},
        "domain": {"type": "string"},
    },
}


@router.get("", responses={200: {"model": wire.Documents}})
async def documents(request: Request, domain: Domain = None) -> Response:
    """Every document of the domain that this user may read."""
    user = user_of(request)
    found = await desk_of(request).do(request, domain, lambda a: a.documents(user=user))
    return json_response(wire.Documents(tuple(found)))


@router.post(
    "",
    responses={200: {"model": IngestReport}},
    openapi_extra={"requestBody": {"content": {"multipart/form-data": {"schema": _FORM}}}},
)
async def upload(request: Request) -> Response:
    """Bring one document in; the same name replaces the earlier upload.

    Without `scope` and `readers` it keeps those of the earlier upload; `readers=*` opens it to everyone,
    `scope=*` takes its scope back.
    """
    user, desk = owner(user_of(request)), desk_of(request)  # before the body is read
    given = await read_upload(request, desk.settings.server.max_body)
    report = await desk.do(
        request,
        given.domain,
        lambda a: a.add_document(
            given.name, given.content, scope=given.scope, readers=given.readers, user=user
        ),
    )
    return json_response(report)


@router.delete("/{document_id}", status_code=204)
async def remove(request: Request, document_id: DocumentId, domain: Domain = None) -> Response:
    """Remove a document from the store and from every index."""
    user = user_of(request)
    await desk_of(request).do(request, domain, lambda a: a.remove_document(document_id, user=user))
    return Response(status_code=204)


@router.get(
    "/{document_id}/pages/{number}",
    responses={200: {"model": SourceView, "content": {"image/png": {}}}},
)
async def page(
    request: Request,
    document_id: DocumentId,
    number: Annotated[int, Path(ge=0, le=1_000_000)],
    domain: Domain = None,
    mark: Annotated[list[Mark] | None, Query(max_length=100)] = None,
) -> Response:
    """One page or section with spans of the parsed original lit up, `mark=12-40`; 0 is where the first lies.

    JSON; the picture alone for `Accept: image/png`, where the format has one.
    """
    user = user_of(request)
    marks = [(int(start), int(end)) for start, end in (text.split("-") for text in mark or [])]
    view = await desk_of(request).do(
        request, domain, lambda a: a.page(document_id, number, marks=marks, user=user)
    )
    if "image/png" in request.headers.get("accept", "") and view.image is not None:
        return Response(view.image, media_type="image/png")
    return json_response(view)
