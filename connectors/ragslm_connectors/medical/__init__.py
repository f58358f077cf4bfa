"""The medical domain: records in FHIR, HL7 v2, C-CDA and DICOM, and recognisers of medical identifiers."""

from ragslm_connectors._domain import PackageDomain

__all__ = ["DOMAIN"]

DOMAIN = PackageDomain(
    "medical",
    (
        "medical.hl7v2:Hl7v2Parser",
        "medical.ccda:CcdaParser",
        "medical.dicom:DicomParser",
        "medical.fhir:FhirParser",
    ),
    has_recognisers=True,
    kinds=(("fhir", "medical.fhir_source:fhir"), ("mllp", "medical.mllp:MllpListener")),
)
