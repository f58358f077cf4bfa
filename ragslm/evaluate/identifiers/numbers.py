"""Identifiers with check digits or fixed rules, in sentences; and random look-alikes without any context.

Sources: NHS Data Dictionary; 45 CFR 162.406 (NPI); 21 CFR 1301.13 (DEA); ISO 13616-1 and the SWIFT IBAN
registry; ABA Routing Number Policy; 49 CFR 565 (VIN); SSA and IRS assignment rules; CMS, MBI format.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random

from ragslm.evaluate.identifiers import check_digits as make
from ragslm.evaluate.identifiers.cases import Case, Half, half_of, put, seeded

Form = Callable[[str], str]
_GLUE = {"glued before": "IBAN{}", "glued after": "{}EUR"}
# Country and national account number: n digits, a capitals, c both. Source: SWIFT IBAN registry.
_BBAN = {
    "DE": "18n",
    "GB": "4a14n",
    "FR": "10n11c2n",
    "NL": "4a10n",
    "ES": "20n",
    "IT": "1a10n12c",
    "CH": "5n12c",
    "BE": "12n",
    "AT": "16n",
    "PL": "24n",
    "NO": "11n",
    "SE": "20n",
    "PT": "21n",
    "IE": "4a14n",
    "MT": "4a5n18c",
}
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MBI = "ACDEFGHJKMNPQRTUVWXY"


def _cut(*lengths: int, mark: str) -> Form:
    def write(value: str) -> str:
        parts, at = [], 0
        for length in lengths:
            parts.append(value[at : at + length])
            at += length
        return mark.join([*parts, *([value[at:]] if value[at:] else [])])

    return write


def _fours(mark: str) -> Form:
    return lambda value: mark.join(value[at : at + 4] for at in range(0, len(value), 4))


def _plain(value: str) -> str:
    return value


@dataclass(frozen=True, slots=True)
class Identifier:
    """How one identifier is made and written. Sentences hold `{}`; every other one is for checking."""

    name: str
    make: Callable[[Random], str]
    forms: Mapping[str, Form]
    sentences: tuple[str, ...]


def _iban(random: Random) -> str:
    country = random.choice(list(_BBAN))
    kinds, count, bban = {"n": "0123456789", "a": _LETTERS, "c": "0123456789" + _LETTERS}, "", ""
    for c in _BBAN[country]:
        if c.isdecimal():
            count += c
        else:
            bban += "".join(random.choices(kinds[c], k=int(count)))
            count = ""
    return f"{country}{make.mod97(bban + country)}{bban}"


def _ssn(random: Random) -> str:
    area = random.choice([n for n in range(1, 900) if n != 666])
    return f"{area:03d}{random.randint(1, 99):02d}{random.randint(1, 9999):04d}"


def _itin(random: Random) -> str:
    group = random.choice([*range(50, 66), *range(70, 89), *range(90, 93), *range(94, 100)])
    return f"9{make.digits(random, 2)}{group}{make.digits(random, 4)}"


def _ein(random: Random) -> str:
    """Source: IRS, How EINs are assigned and valid EIN prefixes."""
    return f"{random.choice((10, 20, 27, 35, 46, 52, 59, 68, 75, 82, 94, 98))}{make.digits(random, 7)}"


def _mbi(random: Random) -> str:
    def letter() -> str:
        return random.choice(_MBI)

    def either() -> str:
        return random.choice(_MBI + "0123456789")

    def digit() -> str:
        return random.choice("0123456789")

    head = f"{random.choice('123456789')}{letter()}{either()}{digit()}"
    return f"{head}{letter()}{either()}{digit()}{letter()}{letter()}{digit()}{digit()}"


IDENTIFIERS = (
    Identifier(
        "NHS number",
        make.nhs,
        {
            "plain": _plain,
            "3-3-4": _cut(3, 3, mark=" "),
            "dashes": _cut(3, 3, mark="-"),
            "no-break": _cut(3, 3, mark="\u00a0"),
        },
        (
            "NHS number: {}.",
            "NHS No. {} (verified)",
            "The patient's NHS number is {}.",
            "Her NHS number, {}, was on the letter.",
            "NHS {} was matched.",
            "NHS ID {}",
        ),
    ),
    Identifier(
        "NPI",
        lambda random: make.luhn("80840" + random.choice("12") + make.digits(random, 8))[5:],
        {"plain": _plain},
        (
            "NPI: {}",
            "Attending provider, NPI {}, signed the note.",
            "National Provider Identifier {}",
            "(NPI# {})",
            "Referring provider NPI number {}.",
            "npi={}",
        ),
    ),
    Identifier(
        "DEA",
        make.dea,
        {"plain": _plain, "space": _cut(2, mark=" "), "dash": _cut(2, mark="-")},
        (
            "DEA number {}",
            "DEA# {} on the prescription",
            "Prescriber DEA: {}.",
            "His DEA registration is {}.",
            "Drug Enforcement Administration number {}",
            "Controlled substance prescription, DEA No. {}, refills 0",
        ),
    ),
    Identifier(
        "IBAN",
        _iban,
        {
            "plain": _plain,
            "fours": _fours(" "),
            "lower case": str.lower,
            "dots": _fours("."),
            "dashes": _fours("-"),
            "no-break": _fours("\u00a0"),
            **dict.fromkeys(_GLUE, _plain),
        },
        (
            "IBAN {}",
            "Please transfer to {} by Friday.",
            "Her account is {} at that bank.",
            "Beneficiary account: {}, amount 250.00",
            "{}",
            "iban: {}; reference INV-2021-7",
        ),
    ),
    Identifier(
        "ABA routing",
        make.aba,
        {"plain": _plain, "4-4-1": _cut(4, 4, mark="-")},
        (
            "Routing number {}",
            "ABA {} for wires.",
            "The bank's routing number is {}, it said.",
            "routing transit number: {}",
            "RTN {} and account below",
            "ACH routing {} was rejected",
        ),
    ),
    Identifier(
        "VIN",
        make.vin,
        {"plain": _plain, "lower case": str.lower},
        (
            "VIN {}",
            "Collateral: vehicle, VIN: {}.",
            "Vehicle identification number {}",
            "The car (VIN {}) secures the loan.",
            "chassis no. {}",
            "vin={}",
        ),
    ),
    Identifier(
        "VIN alone",
        make.vin,
        {"plain": _plain},
        ("The lien on {} was released.", "The loan is secured by {}, a sedan."),
    ),
    Identifier(
        "SSN",
        _ssn,
        {"dashes": _cut(3, 2, mark="-"), "spaces": _cut(3, 2, mark=" "), "plain": _plain},
        (
            "SSN {}",
            "Social Security number: {}.",
            "Her social security no. is {}",
            "SSN# {} on file",
            "ssn={}",
            "Applicant's SSN was {}, since verified.",
        ),
    ),
    Identifier(
        "SSN alone",
        _ssn,
        {"dashes": _cut(3, 2, mark="-")},
        ("The form says {} in box a.", "Verified with {} and a licence."),
    ),
    Identifier(
        "ITIN",
        _itin,
        {"dashes": _cut(3, 2, mark="-"), "spaces": _cut(3, 2, mark=" "), "plain": _plain},
        (
            "ITIN {}",
            "ITIN: {} (form W-7)",
            "Individual taxpayer identification number {}",
            "Her ITIN is {}.",
            "taxpayer id {}",
            "His taxpayer identification number, {}, expired.",
        ),
    ),
    Identifier(
        "EIN",
        _ein,
        {"dash": _cut(2, mark="-"), "plain": _plain},
        (
            "EIN {}",
            "EIN: {} of the practice",
            "Employer identification number {}",
            "Federal tax ID {}, form 1099",
            "FEIN {}",
            "The employer's EIN is {}.",
        ),
    ),
    Identifier(
        "MBI",
        _mbi,
        {"plain": _plain, "dashes": _cut(4, 3, mark="-"), "spaces": _cut(4, 3, mark=" "), "lower": str.lower},
        (
            "Medicare number {}",
            "MBI: {}",
            "Medicare beneficiary identifier {}.",
            "His Medicare ID is {}.",
            "MBI {} verified",
            "Medicare card {} presented",
        ),
    ),
)
_ALIKE: Mapping[str, Callable[[Random], str]] = {
    "7 digits": lambda random: make.digits(random, 7),
    "8 digits": lambda random: make.digits(random, 8),
    "9 digits": lambda random: make.digits(random, 9),
    "10 digits": lambda random: make.digits(random, 10),
    "11 digits": lambda random: make.digits(random, 11),
    "shaped like a DEA": lambda random: "".join(random.choices(_LETTERS, k=2)) + make.digits(random, 7),
    "shaped like a VIN": lambda random: "".join(random.choices("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", k=17)),
    "shaped like an IBAN": lambda random: f"{random.choice(list(_BBAN))}{make.digits(random, 20)}",
    "20 hex digits": lambda random: "".join(random.choices("0123456789abcdef", k=20)),
}
_NEUTRAL = ("Row {} of the log.", "Item {} was counted.", "See {} below.", "{}", "x {} y", "value {};")


def identifiers(half: Half, each: int = 60) -> Iterator[Case]:
    """`each` of every identifier in every form."""
    random = seeded("identifiers", half)
    for one in IDENTIFIERS:
        sentences = half_of(one.sentences, half)
        for form, write in one.forms.items():
            for _ in range(each):
                sentence = random.choice(sentences).replace("{}", _GLUE.get(form, "{}"))
                yield put(sentence, write(one.make(random)), one.name, form)


def look_alikes(half: Half, each: int = 500) -> Iterator[Case]:
    """`each` random strings of every shape, in sentences that say nothing about them."""
    random, sentences = seeded("look-alikes", half), half_of(_NEUTRAL, half)
    for kind, draw in _ALIKE.items():
        for _ in range(each):
            yield put(random.choice(sentences), draw(random), kind)
