"""The command that takes personal data out of a text, a file or a folder."""

import errno
import hashlib
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from typing import Annotated, Any
from urllib.parse import unquote, urlsplit

import typer

from ragslm.assistant import Assistant
from ragslm.cli.common import (
    ConfigFile,
    Insecure,
    Json,
    OptionError,
    Workspace,
    app,
    err,
    open_assistant,
    out,
    print_json,
)
from ragslm.cli.scrub_report import SUFFIXES, ScrubReport
from ragslm.errors import ConfigError
from ragslm.types import ScrubbedDocument

_PARTS = ".parts"
"""Behind a container's name: the folder of what lay inside it."""
_LONGEST = 255
"""Bytes of a file's name at most, on every common file system."""
_FILES = frozenset(
    """.txt .md .pdf .html .htm .xml .json .csv .tsv .eml .mbox .zip .docx .xlsx .pptx .odt .dcm .hl7 .ofx
    .qfx .sta .mt940 .jsonl""".split()
)


@app.command()
def scrub(
    given: Annotated[list[str], typer.Argument(metavar="TEXT|PATH...", help="A text, - or files, folders.")],
    workspace: Workspace = Path("workspace"),
    config: ConfigFile = None,
    to: Annotated[
        Path | None, typer.Option("--out", help="Folder for the scrubbed texts: the same names and .txt.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print each finding: type, score, source, token.")
    ] = False,
    show_originals: Annotated[
        bool,
        typer.Option(
            "--show-originals", help="With --explain: what each finding was. Of files it is recorded."
        ),
    ] = False,
    report: Annotated[
        Path | None, typer.Option(help="Write counts by type and file here, as .json or .md.")
    ] = None,
    insecure_demo: Insecure = False,
    as_json: Json = False,
) -> None:
    """Replace personal data by stable pseudonyms, or as the policy says.

    Files are read by ragslm's own parsers, and mails and archives with what is in them; none is stored. Exit
    code 1: some could not be read.
    """
    paths = [Path(one) for one in given if one != "-" and Path(one).exists()]
    _check(given, paths, to, report, explain=explain, show_originals=show_originals)
    with open_assistant(workspace, None, config, insecure=insecure_demo) as assistant:
        if not paths:
            _text(assistant, given, explain=explain, originals=show_originals, as_json=as_json)
            return
        told = ScrubReport(assistant.privacy_policy)
        quiet = as_json or to is not None or report is not None
        shown: list[dict[str, Any]] = []
        for name, found in _documents(assistant, paths, originals=show_originals):
            document = found if to is None else _written(to, name, found)
            told.add(name, document)
            if as_json:
                shown.append(_plain(name, document))
            elif document.scrubbed is None:
                err.print(f"{name}: not read. {document.reason}")
            elif explain:
                _explain(name, document)
            elif not quiet:
                out.print(f"== {name}\n{document.scrubbed.text}")
    if report is not None:
        told.write(report)
    if as_json:
        print_json({"policy": told.policy, "types": told.types, "documents": shown})
    elif quiet:
        _say(told, to)
    if told.quarantined:
        raise typer.Exit(1)


def _check(
    given: list[str],
    paths: list[Path],
    to: Path | None,
    report: Path | None,
    *,
    explain: bool,
    show_originals: bool,
) -> None:
    """Refuse what cannot be meant.

    Raises:
        ConfigError: a file is not there.
        OptionError: options do not fit.
    """
    missing = [one for one in given if one != "-" and not Path(one).exists()]
    if missing and (paths or any(map(_means_a_path, missing))):
        raise ConfigError(
            f"There is no file or folder {missing[0]!r}. To scrub these words: echo WORDS | ragslm scrub -"
        )
    if not paths and (to is not None or report is not None):
        raise OptionError("--out and --report are for files and folders.")
    if show_originals and not explain:
        raise OptionError("--show-originals goes with --explain.")
    if report is not None and report.suffix not in SUFFIXES:
        raise OptionError(f"--report wants a file that ends in {' or '.join(SUFFIXES)}.")
    if to is not None:
        if to.is_file():
            raise OptionError(f"--out {str(to)!r} is a file; name a folder.")
        for path in paths:
            if to.resolve().is_relative_to(path.resolve()):
                raise OptionError(f"--out lies in {str(path)!r}, which is read. Name a folder elsewhere.")


def _means_a_path(word: str) -> bool:
    """Whether something without a file of this name was meant as one: `notes/`, `./notes`, `note.txt`."""
    if Path(word).suffix.lower() in _FILES:
        return True
    whole = not any(map(str.isspace, word))
    return whole and (word.endswith(("/", os.sep)) or word.startswith(("/", "./", "../", "~/")))


def _text(assistant: Assistant, given: list[str], *, explain: bool, originals: bool, as_json: bool) -> None:
    text = sys.stdin.read() if given == ["-"] else " ".join(given)
    scrubbed = assistant.scrub(text)
    if as_json:
        print_json(scrubbed)
        return
    out.print(scrubbed.text)
    if explain:  # the text is the user's own: whoever typed it may see it again, and nothing is recorded
        _explain(
            "text",
            ScrubbedDocument(
                uri="text",
                scrubbed=scrubbed,
                found_by=tuple(f"recogniser {entity.type}" for entity in scrubbed.entities),
                originals=tuple(text[e.start : e.end] for e in scrubbed.entities) if originals else (),
            ),
        )


def _documents(
    assistant: Assistant, paths: list[Path], *, originals: bool
) -> Iterator[tuple[str, ScrubbedDocument]]:
    """Every document with its name below the one folder that was given, or beside each of the paths."""
    for path in paths:
        whole = Path(os.path.abspath(path))  # noqa: PTH100 - as the files' uris are made
        base = whole if path.is_dir() and len(paths) == 1 else whole.parent
        for document in assistant.scrub_documents(path, originals=originals):
            yield _name(document.uri, base), document


def _name(uri: str, base: Path) -> str:
    """The name of a file below `base`; what lies inside it is in a folder behind its name."""
    file, _, place = uri.partition("#")
    name = Path(unquote(urlsplit(file).path)).relative_to(base).as_posix()
    inside = [part for part in place.split("/") if part not in ("", ".", "..")]
    return "/".join([f"{name}{_PARTS}", *inside]) if inside else name


def _plain(name: str, document: ScrubbedDocument) -> dict[str, Any]:
    """A document as JSON."""
    if document.scrubbed is None:
        return {"name": name, "reason": document.reason}
    entities = [
        asdict(entity) | {"found_by": found_by}
        for entity, found_by in zip(document.scrubbed.entities, document.found_by, strict=True)
    ]
    return {"name": name, "text": document.scrubbed.text, "entities": entities}


def _explain(name: str, document: ScrubbedDocument) -> None:
    if document.scrubbed is None:
        return
    originals = document.originals or [None] * len(document.found_by)
    rows = zip(document.scrubbed.entities, document.found_by, originals, strict=True)
    for entity, found_by, original in rows:
        line = f"{name}:{entity.start}-{entity.end} {entity.type} {entity.score:.2f} {found_by}"
        line += f" -> {entity.replacement or '(dropped)'}"
        out.print(line if original is None else f"{line}  was: {original!r}")


def _written(to: Path, name: str, document: ScrubbedDocument) -> ScrubbedDocument:
    """The document, its text written below the folder; a reason in place of it if no file can have its name.

    Raises:
        ConfigError: nothing can be written there.
    """
    if document.scrubbed is None:
        return document
    file = to.joinpath(*map(_short, f"{name}.txt".split("/")))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(document.scrubbed.text, encoding="utf-8", errors="replace", newline="")
    except (FileExistsError, NotADirectoryError, IsADirectoryError):
        return ScrubbedDocument(uri=document.uri, reason="Another text is written where its own would be.")
    except ValueError:
        return ScrubbedDocument(uri=document.uri, reason="Its name is none for a file.")
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return ScrubbedDocument(uri=document.uri, reason="Its path is too long for a file.")
        raise ConfigError(f"Cannot write {str(file)!r}: {error.strerror}.") from None
    return document


def _short(part: str) -> str:
    """A part of a path as it is, or with a digest in place of its middle where it is too long for a file."""
    told = part.encode("utf-8", "replace")
    if len(told) <= _LONGEST:
        return part
    digest = hashlib.sha256(told).hexdigest()[:16]
    return f"{told[:200].decode('utf-8', 'ignore')}-{digest}{PurePosixPath(part).suffix[:20]}"


def _say(told: ScrubReport, to: Path | None) -> None:
    """What was done, in a line or two."""
    where = f"; texts are in {to}" if to is not None else ""
    findings = sum(told.types.values())
    out.print(f"{len(told.files)} scrubbed ({findings} findings), {len(told.quarantined)} not read{where}.")
    if to is not None and told.files:
        out.print("Names of files are kept as they are: look whether one tells a person's name.")
