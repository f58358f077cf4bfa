"""Recall by field: what the files of a folder tell of people, still to be read after scrubbing or not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ragslm.errors import ConfigError, QuarantineError
from ragslm.evaluate.facts import parsed
from ragslm.evaluate.identifiers.plain import readers
from ragslm.protocols import Scrubber

_SHORTEST = {"name": 3, "id": 4, "birth date": 8}
"""Characters: shorter parts of names and shorter numbers are parts of other words and counts."""
_OTHERWISE = frozenset(
    {
        ("hl7v2", "5001"),  # a visit's number, and the code of a colonoscope
        ("hl7v2", "RAD"),  # a clinician's name, and radiology
        ("camt", "Example"),  # "Example Creditor 6", and "Example Remittance"
        ("ccda", "Nurse"),  # "Nurse Nightingale", and "Registered Nurse"
        ("ccda", "Primary"),  # "Patricia Primary", and "Primary Care Provider"
        ("dicom", "Name"),  # "First Name Last Name", and "Recording Observer's Name"
        ("dicom", "Test"),  # "S R Test", and a title
        ("mt940", "ONLINE"),  # "MMS ONLINE NEDERLAND", and another shop
        ("eml", "xxxxx"),  # names that whoever published the mail crossed out, each the same
    }
)
"""What the public samples tell of a person and their texts use otherwise as well; looked at one by one."""
_LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Fielded:
    """One value a file tells of a person, which its parsed text holds.

    Attributes:
        left: whether it is still in the scrubbed text, as a whole word.
    """

    format: str
    file: str
    kind: str
    value: str = field(repr=False)
    left: bool


def by_field(folder: Path, scrubber: Scrubber) -> Iterator[Fielded]:
    """Every value of every file that its parser reads; the folder has a subfolder for each format.

    A file that its parser refuses, broken as some samples are on purpose, tells nothing.

    Raises:
        ConfigError: there is no file of any format.
    """
    files = [
        (name, domain, read, file)
        for name, (domain, pattern, read) in readers().items()
        for file in sorted((folder.resolve() / name).glob(pattern))
        if file.suffix != ".md"
    ]
    if not files:
        raise ConfigError(f"{str(folder)!r} holds no sample in folders {', '.join(readers())}.")
    for name, domain, read, file in files:
        try:
            document = parsed(file, domain)
        except (QuarantineError, ConfigError):
            continue
        scrubbed = scrubber.scrub(document.text, document.fields).text
        for kind, value in sorted(set(read(file))):
            if (name, value) not in _OTHERWISE and _counts(kind, value) and _stands(value, document.text):
                yield Fielded(name, file.name, kind, value, _stands(value, scrubbed))


def _counts(kind: str, value: str) -> bool:
    long = len(value.strip(". ")) >= _SHORTEST[kind]
    return long and (kind != "name" or len(_LETTERS.findall(value)) >= _SHORTEST["name"])


def _stands(value: str, text: str) -> bool:
    """Whether the value is a whole word of the text, however its letters are cased where it has digits."""
    return re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text) is not None
