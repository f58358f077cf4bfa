"""Which documents someone may search: scope, readers, domain and filters as one query.

`ragslm.access.visibility.may_read` states the same rule for one document; a test holds both together.
"""

import datetime as dt
import json

import numpy as np
from numpy.typing import NDArray

from ragslm.store.database import Connection
from ragslm.store.layout import iso
from ragslm.types import Filters, Identity

_QUERY = """
SELECT row FROM documents AS d
WHERE domain = :domain
  AND (scope IS NULL OR :scopes IS NULL OR scope IN (SELECT value FROM json_each(:scopes)))
  AND (scope IS NULL OR :scope IS NULL OR scope = :scope)
  AND (NOT restricted OR :owner OR EXISTS (
        SELECT 1 FROM readers AS r
        WHERE r.document = d.row AND r.reader IN (SELECT value FROM json_each(:names))))
  AND (:as_of IS NULL OR date IS NULL OR date <= :as_of)
  AND (:title IS NULL OR instr(fold(title), :title))
  AND (:uri IS NULL OR instr(fold(uri), :uri))
  AND (:media_type IS NULL OR media_type = :media_type)
  AND (:document_id IS NULL OR id = :document_id)
  AND (:date_from IS NULL OR date >= :date_from)
  AND (:date_to IS NULL OR date <= :date_to)
ORDER BY row
"""


def rows(
    connection: Connection,
    *,
    identity: Identity,
    domain: str,
    filters: Filters,
    scope: str | None,
    as_of: dt.date | None,
    without: frozenset[int] = frozenset(),
) -> NDArray[np.int64] | None:
    """Row ids of the documents that may be searched, ascending; None means every document there is.

    Issuer, period and type are in the titles, which the retriever reads: they are not looked at here, but
    with any of them the answer is never None.

    None is given only where the rule itself restricts nothing, never because everything happens to
    match: a document that arrives between this answer and the search must not slip through.
    Rows in `without` are left out.
    """
    if not without and _unrestricted(identity, filters, scope, as_of) and _only(connection, domain):
        return None
    values = {
        "domain": domain,
        "scopes": None if identity.scopes is None else json.dumps(sorted(identity.scopes)),
        "scope": scope,
        "owner": identity.owner,
        "names": json.dumps([identity.id, *sorted(identity.groups)]),
        "as_of": iso(as_of),
        "title": None if filters.title is None else filters.title.casefold(),
        "uri": None if filters.uri is None else filters.uri.casefold(),
        "media_type": filters.media_type,
        "document_id": filters.document_id,
        "date_from": iso(filters.date_from),
        "date_to": iso(filters.date_to),
    }
    found = (row for (row,) in connection.execute(_QUERY, values) if row not in without)
    return np.fromiter(found, dtype=np.int64)


def _unrestricted(identity: Identity, filters: Filters, scope: str | None, as_of: dt.date | None) -> bool:
    everything = identity.owner and identity.scopes is None
    return everything and filters == Filters() and scope is None and as_of is None


def _only(connection: Connection, domain: str) -> bool:
    """Whether no document belongs to another domain."""
    found = connection.execute("SELECT 1 FROM documents WHERE domain <> ? LIMIT 1", (domain,)).fetchone()
    return found is None
