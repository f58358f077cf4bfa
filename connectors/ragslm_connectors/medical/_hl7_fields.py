"""What each field of each HL7 v2 segment is called, which data type it has, and whether it is personal.

Names, types and tables are hl7apy's (MIT), of version 2.6, with what 2.8.2 adds and 2.5.1 and 2.3.1 still
had before it was withdrawn: positions never change between versions, and messages of one version carry
fields of another. The data type decides how a field is scrubbed; the few below say more.

Source: HL7 v2.6 and v2.8.2, chapters 2A (data types) to 12.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module

BIRTH = "DATE_OF_BIRTH"
# Where one version says that a field names somebody, it is read so whatever the others say.
_PERSONAL = frozenset({"XPN", "XCN", "PPN", "CNN", "NDL", "XAD", "XTN", "CX", "DLN"})
_VERSIONS = ("v2_6", "v2_8_2", "v2_5_1", "v2_3_1")
# Fields whose type says less than their meaning.
_ENTITIES = {
    ("PID", 7): BIRTH,
    ("NK1", 16): BIRTH,
    ("GT1", 8): BIRTH,
    ("IN1", 18): BIRTH,
    ("STF", 6): BIRTH,
    ("PID", 29): "DATE_OF_DEATH",
    ("PID", 19): "US_SSN",
    ("NK1", 37): "US_SSN",
    ("GT1", 12): "US_SSN",
    ("GT1", 19): "ID",
    ("IN2", 2): "US_SSN",
    ("PID", 20): "US_DRIVER_LICENSE",
    ("PID", 23): "LOCATION",
    ("PID", 18): "ACCOUNT",
    ("PID", 12): "LOCATION",
    ("PV1", 50): "ID",
    ("IN1", 8): "ID",
    ("IN1", 36): "ID",
    ("IN1", 49): "ID",
    ("IN2", 6): "ID",
    ("IN2", 8): "ID",
    ("IN2", 10): "ID",
    ("FT1", 2): "ID",
    ("IAM", 7): "ID",
    ("MRG", 3): "ACCOUNT",
    ("RXA", 15): "KEEP",  # lot numbers are asked for in a recall
    ("RXD", 18): "KEEP",
    ("RXG", 19): "KEEP",
    ("RXE", 15): "ID",
    ("ACC", 3): "LOCATION",
    ("ACC", 11): "LOCATION",
    ("PD1", 14): "LOCATION",
    ("OBX", 7): "KEEP",
    ("RXE", 23): "KEEP",
    ("RXE", 22): "KEEP",
    ("OBX", 13): "KEEP",
    ("MSH", 12): "KEEP",
    ("DB1", 3): "ID",
}
# A plain string named like one of these holds such a thing, whatever the segment.
_BY_NAME = (
    (re.compile(r"NUMBER_OF|^NUMBER$|VERSION|RELEASE"), None),
    (re.compile(r"LOT_NUMBER"), "KEEP"),
    (re.compile(r"SOCIAL_SECURITY|SSN"), "US_SSN"),
    (re.compile(r"BIRTH_PLACE|ADDRESS|^CITY|POSTAL|ZIP"), "LOCATION"),
    (re.compile(r"PHONE"), "PHONE_NUMBER"),
    (re.compile(r"(?:PERSON|PATIENT|INSURED|EMPLOYEE|CONTACT|MAIDEN|SUPERVISOR)_?S?_NAME"), "PERSON"),
    (re.compile(r"NUMBER|(?:^|_)ID(?:$|_)|IDENTIFIER"), "ID"),
)
_SHORT = re.compile(r"\b(id|ssn|vip|dnr|hcpcs|ndc|drg|dea|cpt|ub)\b")
_TITLES = {
    "MSH": "Message",
    "EVN": "Event",
    "PID": "Patient",
    "PD1": "Patient, additional",
    "NK1": "Next of kin",
    "PV1": "Visit",
    "PV2": "Visit, additional",
    "IN1": "Insurance",
    "IN2": "Insurance, additional",
    "IN3": "Insurance, certification",
    "GT1": "Guarantor",
    "AL1": "Allergy",
    "IAM": "Allergy",
    "DG1": "Diagnosis",
    "DRG": "Diagnosis related group",
    "PR1": "Procedure",
    "PRB": "Problem",
    "GOL": "Goal",
    "PTH": "Pathway",
    "OBR": "Ordered test or panel",
    "OBX": "Observation",
    "NTE": "Comment",
    "TXA": "Document",
    "SPM": "Specimen",
    "ORC": "Order",
    "RXO": "Prescription, ordered",
    "RXE": "Prescription, as dispensed",
    "RXR": "Route and site of administration",
    "RXC": "Component",
    "RXA": "Administered medicine",
    "RXD": "Dispensed medicine",
    "RXG": "Given medicine",
    "TQ1": "Timing",
    "SCH": "Appointment",
    "RGS": "Resources of the appointment",
    "AIS": "Appointment, service",
    "AIG": "Appointment, general resource",
    "AIL": "Appointment, location",
    "AIP": "Appointment, staff",
    "FT1": "Charge",
    "PRC": "Price",
    "ROL": "Role",
    "PRT": "Participation",
    "PRD": "Provider",
    "CTD": "Contact",
    "REL": "Relationship",
    "RF1": "Referral",
    "AUT": "Authorisation",
    "ACC": "Accident",
    "PDA": "Death",
    "MRG": "Merged patient",
    "CON": "Consent",
    "DB1": "Disability",
    "ARV": "Access restriction",
    "SFT": "Software",
    "BLG": "Billing",
    "CTI": "Clinical trial",
    "MSA": "Acknowledgement",
    "ERR": "Error",
    "PSL": "Product or service line",
    "CDO": "Cumulative dosage",
}


@dataclass(frozen=True, slots=True)
class Field:
    """What a field is.

    Attributes:
        name: in words.
        type: HL7 data type, such as `XPN`; `WD` where the tables do not know it.
        table: HL7 table of its codes, such as `HL70001`, or None.
        entity: privacy type that outweighs the data type's, `KEEP` for knowledge, or None.
    """

    name: str
    type: str
    table: str | None
    entity: str | None


@cache
def field_of(segment: str, number: int) -> Field:
    """What field `number` of a segment is; of an unknown one, free text without a name."""
    places = (_defined(version).get((segment, number)) for version in _VERSIONS)
    told = [found for found in places if found and (found[2] or "WD").upper() != "WD"]
    if not told:
        return Field(f"{segment}-{number}", "WD", None, _ENTITIES.get((segment, number)))
    known = next((found for found in told if found[2] in _PERSONAL), told[0])
    _, _, kind, name, table, _ = known
    entity = _ENTITIES.get((segment, number)) or _entity_by_name(kind, name)
    return Field(_words(name.removesuffix(f"_{segment}")), kind, table, entity)


def title_of(segment: str) -> str:
    """What a segment is, in words."""
    return _TITLES.get(segment, f"Segment {segment}")


@cache
def _defined(version: str) -> dict[tuple[str, int], tuple[str, object, str, str, str | None, int]]:
    """Definitions by segment and field number, of one version."""
    segments = import_module(f"hl7apy.{version}.segments").SEGMENTS
    return {
        (segment, int(name.rpartition("_")[2])): definition
        for segment, (_, fields) in segments.items()
        for name, definition, *_ in fields
        if name.rpartition("_")[2].isdigit() and len(definition) == 6
    }


def _entity_by_name(kind: str, name: str) -> str | None:
    if kind not in ("ST", "TX", "NM", "SI", "WD") or kind == "SI":
        return None
    found = next((entity for pattern, entity in _BY_NAME if pattern.search(name)), None)
    return None if kind == "NM" and found != "US_SSN" else found


def _words(name: str) -> str:
    """`PATIENT_IDENTIFIER_LIST` as `Patient identifier list`."""
    text = _SHORT.sub(lambda match: match[0].upper(), name.replace("_S_", "'s_").replace("_", " ").lower())
    return text[:1].upper() + text[1:]
