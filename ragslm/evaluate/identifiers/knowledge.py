"""Codes and measured values in sentences: knowledge, which must stay as it is.

Sources: ICD-10-CM, LOINC (mod-10 check digit), SNOMED CT (Verhoeff, partition id), CPT and HCPCS level II,
NDC (21 CFR 207.33), RxNorm RXCUI, ISO 6166 (ISIN), ISO 17442 (LEI), ISO 10383 (MIC), DICOM UIDs, git.
"""

from collections.abc import Callable, Iterator, Mapping
from random import Random

from ragslm.evaluate.identifiers import check_digits as make
from ragslm.evaluate.identifiers.cases import Case, Half, half_of, put, seeded

_HEX = "0123456789abcdef"
_LABS = (
    *(
        ("Na", 120, 155, "mmol/L"),
        ("K", 3, 6, "mmol/L"),
        ("Glucose", 60, 400, "mg/dL"),
        ("WBC", 2, 20, "K/uL"),
    ),
    *(("Platelets", 40, 600, "x10^9/L"), ("Creatinine", 50, 400, "umol/L"), ("TSH", 1, 9, "mIU/L")),
    *(("Ferritin", 9, 1200, "ng/mL"), ("CA-125", 5, 900, "U/mL"), ("ALT", 8, 900, "U/L")),
    *(("Troponin I", 1, 99, "ng/L"), ("BNP", 10, 9000, "pg/mL"), ("Vitamin B12", 100, 1500, "pg/mL")),
    *(("LDL", 40, 250, "mg/dL"), ("Lactate", 1, 15, "mmol/L"), ("SpO2", 70, 100, "%")),
)
_MICS = "XNYS XNAS XLON XETR XPAR XHKG XTKS XSWX BATS ARCX XAMS XMIL XASX XTSE XSES".split()


def _icd(random: Random) -> str:
    code = f"{random.choice('ABCDEFGHIJKLMNOPQRSTVZ')}{make.digits(random, 2)}"
    tail = random.choice(("", ".9", f".{make.digits(random, 1)}", f".{make.digits(random, 2)}"))
    return code + (random.choice((f".{make.digits(random, 3)}A", tail)) if code[0] == "S" else tail)


def _loinc(random: Random) -> str:
    body = str(random.randint(1000, 99999))
    return f"{body}-{make.luhn(body)[-1]}"


def _snomed(random: Random) -> str:
    """A core concept of 6 to 9 digits, or now and then one of an extension (16)."""
    if random.random() < 0.15:
        return make.verhoeff(f"{random.randint(10**4, 10**5 - 1)}{random.randint(1000000, 1009999)}10")
    return make.verhoeff(f"{random.randint(10, 999999) * 10}"[: random.randint(3, 6)] + "00")


def _ndc(random: Random) -> str:
    lengths = random.choice(((4, 4, 2), (5, 3, 2), (5, 4, 1), (5, 4, 2)))
    return "-".join(make.digits(random, n) for n in lengths)


def _lab(random: Random) -> str:
    name, low, high, unit = random.choice(_LABS)
    value = random.randint(low, high)
    shown = random.choice((f"{value}", f"{value}.{random.randint(0, 9)}"))
    return f"{name} {shown} {unit}"


def _uid(random: Random) -> str:
    """Source: DICOM PS3.5, 9: at most 64 characters."""
    root = random.choice(("1.2.840.10008.5.1.4.1.1", "1.2.840.113619.2.55", "1.3.6.1.4.1.14519.5.2.1"))
    return f"{root}.{'.'.join(str(random.randint(1, 10**5)) for _ in range(random.randint(1, 3)))}"


CODES: Mapping[str, tuple[Callable[[Random], str], tuple[str, ...]]] = {
    "ICD-10": (
        _icd,
        (
            "Diagnosis: {}, chronic.",
            "ICD-10 {} applies.",
            "Discharge diagnoses {} and hypertension.",
            "The claim was coded {}.",
            "{} Unspecified condition",
            "Billed under {} by the clinic.",
        ),
    ),
    "LOINC": (
        _loinc,
        ("LOINC {}", "Test {} (blood) was ordered.", "result for {} pending", "Observation code {}: normal"),
    ),
    "SNOMED CT": (
        _snomed,
        (
            "SNOMED CT {}",
            "Concept {} |Disorder|",
            "The problem list has {} (SNOMED).",
            "Finding: SCTID {}, active",
        ),
    ),
    "CPT": (
        lambda random: str(random.randint(10004, 99499)),
        ("CPT {}", "Procedure {} was billed.", "Codes: {}, modifier 25", "CPT code {} for the visit"),
    ),
    "HCPCS": (
        lambda random: random.choice("ABCEGHJKLMPQRSTV") + make.digits(random, 4),
        ("HCPCS {}", "Supply {} was billed.", "Injection code {}, 1 unit", "item {} per day"),
    ),
    "NDC": (
        _ndc,
        ("NDC {}", "Dispensed {} today.", "The label reads NDC {} and lot.", "Drug code {}, 30 tablets"),
    ),
    "RxNorm": (
        lambda random: str(random.randint(161, 2600000)),
        (
            "RxNorm {}",
            "RXCUI: {}",
            "Medication (RxNorm {}) was continued.",
            "mapped to RxCUI {} by the pharmacy",
        ),
    ),
    "lab value": (
        _lab,
        (
            "{} on admission.",
            "Labs: {}, otherwise normal.",
            "{}",
            "Repeat {} was stable.",
            "- {}",
            "today {}",
        ),
    ),
    "ISIN": (
        make.isin,
        ("ISIN {}", "The fund holds {} since May.", "Security {} matured.", "Bought 100 of {} at 99.5"),
    ),
    "LEI": (
        make.lei,
        ("LEI {}", "The counterparty ({}) is rated.", "Issuer LEI: {}.", "Reporting entity {} filed."),
    ),
    "MIC": (
        lambda random: random.choice(_MICS),
        ("Traded on {} at noon.", "MIC {}", "Venue {}: closed", "executed at {} with delay"),
    ),
    "UID": (
        _uid,
        ("SOP class {}", "Root OID {}.", "Transfer syntax {} is used.", "The OID {} names the code system."),
    ),
    "git SHA": (
        lambda random: "".join(random.choices(_HEX, k=random.choice((8, 40)))),
        ("Built from {}.", "commit {}", "See revision {} of the rules.", "sha {} was released"),
    ),
    "amount": (
        lambda random: f"{random.randint(1, 999)},{make.digits(random, 3)},{make.digits(random, 3)}.00",
        ("Net income was ${}.", "Total {} USD", "EUR {} were paid.", "assets of {} in 2021"),
    ),
    "section of law": (
        lambda random: f"{random.randint(1, 50)} CFR {random.randint(100, 1999)}.{random.randint(1, 99)}",
        ("See {}.", "Under {} the bank must reply.", "as {} requires", "({})"),
    ),
}


def codes(half: Half, count: int = 5_000) -> Iterator[Case]:
    """`count` codes and values, as many of each kind."""
    random = seeded("codes", half)
    kinds = list(CODES)
    for i in range(count):
        kind = kinds[i % len(kinds)]
        draw, sentences = CODES[kind]
        yield put(random.choice(half_of(sentences, half)), draw(random), kind)
