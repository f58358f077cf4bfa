"""Rows, resources and messages of a source as documents whose every field says what it means for privacy.

A connector to a database or an interface builds each document's content with `record`; the parser of this
format (`ragslm_connectors._formats.record`) makes one readable passage of it and labels every field, so that
names and numbers are scrubbed by field and no recogniser has to guess.
"""

import json
import re
from collections.abc import Mapping

from ragslm.errors import ConfigError

MEDIA_TYPE = "application/vnd.ragslm.record+json"
"""Media type of a record; a document without it is never read as one, whatever its bytes say."""
MAGIC = b'{"ragslm_record":'
"""First bytes of a record."""
KEEP, TEXT = "KEEP", "TEXT"
"""Meanings beside the entity types: what recognisers leave alone, and free text that they search."""
MEANING = re.compile(r"[A-Z][A-Z0-9_]*")
"""How a meaning is written."""


def record(fields: Mapping[str, object], policy: Mapping[str, str]) -> bytes:
    """The content of a `SourceDocument`; give it `media_type=MEDIA_TYPE`.

    Args:
        fields: values by label, in reading order; None and empty values are left out.
        policy: what each label means: an entity type, `KEEP` or `TEXT` (see `Connector.policy`).

    Raises:
        ConfigError: a field has no policy, or one that is not written like an entity type.
    """
    rows = []
    for label, value in fields.items():
        meaning = policy.get(label)
        if meaning is None or not MEANING.fullmatch(meaning):
            raise ConfigError(
                f"Field {label!r} has no meaning in the connector's policy. Add one: an entity type such as "
                "'PERSON', 'KEEP' for codes and units, or 'TEXT' for free text."
            )
        if value is not None and str(value).strip():
            rows.append([label, str(value), meaning])
    return json.dumps({"ragslm_record": rows}, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "replace"
    )


def declared(media_type: str) -> str:
    """A media type as somebody outside declares it (a mail, an archive, an object store): never a record's.

    Whoever could have a file read as a record could name personal data knowledge, which no recogniser sees.
    """
    bare = media_type.partition(";")[0].strip().lower()
    return "application/octet-stream" if bare == MEDIA_TYPE else media_type
