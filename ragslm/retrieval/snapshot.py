"""The derived indexes on disk: sealed files under an authenticated manifest, switched by renaming.

    <workspace>/index/current              name of the snapshot in use
    <workspace>/index/<name>/manifest.json sums, counts, identity, last change; with its HMAC
    <workspace>/index/<name>/<file>        AES-256-GCM

The catalogue is the truth: whatever is wrong here costs a rebuild, never an answer.
"""

import hashlib
import hmac
import json
import os
import shutil
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ragslm._disk import sync
from ragslm.retrieval.sealing import SealError, mac, seal, unseal

FORMAT = 1
_MANIFEST = "manifest.json"
_CURRENT = "current"


class SnapshotError(Exception):
    """There is no usable snapshot; the message says why, for the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What a snapshot holds.

    Attributes:
        seq: the last change of the catalogue it contains.
        count: passages in each index.
        identity: what the vectors and words were made with; compared as a whole.
        files: content by file name.
    """

    seq: int
    count: int
    identity: Mapping[str, str | int]
    files: Mapping[str, bytes]


def write(folder: Path, key: bytes, snapshot: Snapshot) -> None:
    """Write beside the snapshot in use, then switch to the new one and remove the others.

    Raises:
        OSError: it could not be written; the old snapshot is still in use.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = uuid.uuid4().hex
    temporary = folder / f".{name}"
    try:
        temporary.mkdir()
        _write_files(temporary, key, snapshot)
        temporary.rename(folder / name)
        _switch(folder, name)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        if _named(folder) != name:
            shutil.rmtree(folder / name, ignore_errors=True)
        raise
    _sweep(folder, name)


def read(folder: Path, key: bytes, identity: Mapping[str, str | int]) -> Snapshot:
    """The snapshot in use, every byte of it verified.

    Raises:
        SnapshotError: there is none, it is damaged, or it was made with another identity.
    """
    name = _named(folder)
    if name is None:
        raise SnapshotError("there is none")
    try:
        manifest = _manifest(folder / name, key)
        if manifest["format"] != FORMAT or manifest["identity"] != dict(identity):
            raise SnapshotError("it was made by another encoder, policy or version")
        files = {
            file: _read_file(folder / name / file, key, digest) for file, digest in manifest["files"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, SealError) as error:
        raise SnapshotError(f"{type(error).__name__} while reading it") from error
    return Snapshot(seq=manifest["seq"], count=manifest["count"], identity=manifest["identity"], files=files)


def _write_files(folder: Path, key: bytes, snapshot: Snapshot) -> None:
    sums: dict[str, str] = {}
    for file, content in snapshot.files.items():
        sealed = seal(key, file, content)
        sums[file] = hashlib.sha256(sealed).hexdigest()
        _write_durably(folder / file, sealed)
    body = {
        "format": FORMAT,
        "seq": snapshot.seq,
        "count": snapshot.count,
        "identity": dict(snapshot.identity),
        "files": sums,
    }
    signed = {"manifest": body, "hmac": mac(key, _canonical(body))}
    _write_durably(folder / _MANIFEST, json.dumps(signed, indent=2).encode())
    sync(folder)


def _manifest(folder: Path, key: bytes) -> dict[str, Any]:
    signed = json.loads((folder / _MANIFEST).read_bytes())
    body: dict[str, Any] = signed["manifest"]
    if not hmac.compare_digest(mac(key, _canonical(body)), str(signed["hmac"])):
        raise SealError("the manifest was changed")
    return body


def _read_file(path: Path, key: bytes, digest: str) -> bytes:
    sealed = path.read_bytes()
    if hashlib.sha256(sealed).hexdigest() != digest:
        raise SealError(f"{path.name} has another sum than its manifest says")
    return unseal(key, path.name, sealed)


def _canonical(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, sort_keys=True, separators=(",", ":")).encode()


def _named(folder: Path) -> str | None:
    """The snapshot in use. The name must be one of ours, so that a changed file leads nowhere else."""
    try:
        name = (folder / _CURRENT).read_text("ascii").strip()
        return uuid.UUID(hex=name).hex
    except (OSError, ValueError):
        return None


def _switch(folder: Path, name: str) -> None:
    temporary = folder / f".{_CURRENT}.{name}"
    try:
        _write_durably(temporary, name.encode())
        temporary.replace(folder / _CURRENT)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    sync(folder)


def _sweep(folder: Path, kept: str) -> None:
    """Remove every other snapshot, and what an ended process left behind."""
    for path in folder.iterdir():
        if path.is_dir() and path.name != kept:
            shutil.rmtree(path, ignore_errors=True)


def _write_durably(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
