"""Kind of source `fhir`: a FHIR R4 server at `url`, read one by one or by `export`, or files at `path`."""

from pathlib import Path

from pydantic import PositiveInt, SecretStr

from ragslm.errors import ConfigError
from ragslm.protocols import Connector
from ragslm_connectors.medical.fhir_bulk import FhirBulk
from ragslm_connectors.medical.fhir_export import FhirExport
from ragslm_connectors.medical.fhir_server import TYPES, FhirServer


def fhir(
    source_name: str,
    url: str | None = None,
    path: Path | None = None,
    types: tuple[str, ...] | None = None,
    search: dict[str, str] | None = None,
    token: SecretStr | None = None,
    count: PositiveInt = 200,
    max_bytes: PositiveInt = 20_000_000,
    whole_days: PositiveInt = 7,
    ca_file: Path | None = None,
    export: str | None = None,
) -> Connector:
    """The connector of one entry; `FhirServer`, `FhirBulk` and `FhirExport` say what the settings mean.

    Raises:
        ConfigError: neither or both of `url` and `path` are given, or one is wrong.
    """
    if (url is None) == (path is None):
        raise ConfigError(
            "A source of kind `fhir` has either `url`, a server, or `path`, an export's folder."
        )
    if path is not None and export is not None:
        raise ConfigError("`export` asks a server at `url` for one; files at `path` are one already.")
    if path is not None:
        return FhirExport(path, types or (), source_name)
    if export is not None:
        if search:
            raise ConfigError("`search` is for a server that is read resource by resource, not for `export`.")
        return FhirBulk(url or "", export, types or (), source_name, token, ca_file)
    return FhirServer(
        url or "",
        types or TYPES,
        search=search,
        token=token,
        count=count,
        max_bytes=max_bytes,
        whole_days=whole_days,
        ca_file=ca_file,
    )
