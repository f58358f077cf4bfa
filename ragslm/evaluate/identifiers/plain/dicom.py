"""DICOM: every person name and the patient's numbers, also inside sequences. Source: DICOM PS3.6."""

from collections.abc import Iterator
from pathlib import Path

from ragslm.evaluate.identifiers.plain import Told, birth, names, number

_IDS = "PatientID OtherPatientIDs AccessionNumber IssuerOfPatientID AdmissionID".split()


def told(file: Path) -> Iterator[Told]:
    """Names by their value representation (PN), birth date and numbers by their tag."""
    import pydicom

    dataset = pydicom.dcmread(file, stop_before_pixels=True, force=True)
    for element in dataset.iterall():
        if element.VR == "PN":
            values = (
                element.value if isinstance(element.value, pydicom.multival.MultiValue) else [element.value]
            )
            for value in values:
                yield from names(str(value or ""))
        elif element.keyword == "PatientBirthDate":
            yield from birth(str(element.value or ""))
        elif element.keyword in _IDS:
            yield from number(str(element.value or ""))
