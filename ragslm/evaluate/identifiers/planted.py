"""Notes of the user with twenty identifiers of invented people put between their sentences.

The kinds are those of 45 CFR 164.514(b)(2)(i) that stand in notes; names, streets and sentences were written
for measuring. Notes hold findings of their own as well, which are not judged here.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from random import Random

import yaml

from ragslm.evaluate.identifiers import check_digits as make
from ragslm.evaluate.identifiers.cases import Case, put, seeded

PLANTED = 20
"""Identifiers in a note."""
_SENTENCE_END = re.compile(r"(?<=[.:!?]) {1,4}(?=[A-Z])|\n+|(?<=\.),(?=[A-Z])")
_PEOPLE = (
    *("Patient: {}.", "Patient Name: {}", "The patient, {}, is known to this service.", "{} was seen today."),
    *(
        "Dictated by: {}, MD.",
        "Attending physician: Dr. {}.",
        "cc: {}, M.D.",
        "She lives with her husband {}.",
    ),
    *("The case was discussed with Dr. {} by telephone.", "His daughter {} was present.", "RE: {}"),
    *("Emergency contact: {} (mother).", "Reviewed with {}, RN, at the bedside.", "I explained this to {}."),
)


@dataclass(frozen=True, slots=True)
class PlantedNote:
    """A note with what was put into it.

    Attributes:
        cases: one for each value, all of the same text.
    """

    text: str = field(repr=False)
    cases: tuple[Case, ...]


def planted(notes: Sequence[str]) -> Iterator[PlantedNote]:
    """Every note with twenty identifiers, in the places a seeded draw chose."""
    for number, note in enumerate(notes):
        yield _plant(note, seeded(f"planted {number}", "check"))


def _plant(note: str, random: Random) -> PlantedNote:
    sentences = [part.strip() for part in _SENTENCE_END.split(note) if part.strip()]
    drawn = [_drawn(kind, random) for kind in _kinds(random)]
    places = sorted(random.randint(0, len(sentences)) for _ in drawn)
    text, cases = "", []
    for at, sentence in enumerate([*sentences, ""]):
        while places and places[0] == at:
            case = drawn.pop()
            cases.append((case, len(text)))
            text += case.text + random.choice((" ", " ", "\n"))
            places.pop(0)
        text += sentence + " "
    return PlantedNote(text, tuple(Case(c.kind, c.form, text, c.start + at, c.end + at) for c, at in cases))


def _kinds(random: Random) -> list[str]:
    """Eight names, then one of every other kind, in any order."""
    kinds = ["name"] * (PLANTED - len(_KINDS)) + list(_KINDS)
    random.shuffle(kinds)
    return kinds


def _drawn(kind: str, random: Random) -> Case:
    if kind == "name":
        return put(random.choice(_PEOPLE), _name(random), kind)
    draw, sentences = _KINDS[kind]
    return put(random.choice(sentences), draw(random), kind)


def _name(random: Random) -> str:
    parts = _parts()
    given, surname = random.choice(parts["given"]), random.choice(parts["surname"])
    middle = f" {random.choice('ABCDEFGHJKLMNPRSTW')}." if random.random() < 0.2 else ""
    return surname if random.random() < 0.15 else f"{given}{middle} {surname}"


def _street(random: Random) -> str:
    parts = _parts()
    kind = random.choice(("Street", "Road", "Avenue", "Lane", "St.", "Drive", "Court"))
    return (
        f"{random.randint(2, 9899)} {random.choice(parts['street'])} {kind}, {random.choice(parts['town'])}"
    )


def _phone(random: Random) -> str:
    area, local, line = random.randint(201, 989), random.randint(200, 999), make.digits(random, 4)
    return random.choice(("({}) {}-{}", "{}-{}-{}", "{}.{}.{}", "+1 {} {} {}")).format(area, local, line)


def _email(random: Random) -> str:
    parts = _parts()
    names = (random.choice(parts["given"]), random.choice(parts["surname"]).replace("'", ""))
    return f"{names[0]}.{names[1]}@{random.choice(('mailbox.org', 'ward3.example', 'post.co.uk'))}".lower()


def _birth(random: Random) -> str:
    day, month, year = random.randint(1, 28), random.randint(1, 12), random.randint(1932, 2015)
    return random.choice(
        (f"{month:02d}/{day:02d}/{year}", f"{year}-{month:02d}-{day:02d}", f"{month}-{day}-{year}")
    )


def _coded(prefixes: str, digits: int) -> Callable[[Random], str]:
    return lambda random: random.choice(prefixes.split("|")) + make.digits(random, digits)


_KINDS: Mapping[str, tuple[Callable[[Random], str], tuple[str, ...]]] = {
    "street": (_street, ("She lives at {}.", "Address: {}", "Please send records to {}.")),
    "phone": (_phone, ("Phone: {}", "Call the family at {}.", "Her cell is {}.")),
    "fax": (_phone, ("Fax: {}", "Results were faxed to {}.")),
    "e-mail": (_email, ("Email: {}", "He asks for results at {}.")),
    "birth date": (_birth, ("DOB: {}", "Date of birth: {}.", "The patient was born on {}.")),
    "SSN": (
        lambda random: f"{random.randint(100, 665)}-{random.randint(10, 99)}-{random.randint(1000, 9999)}",
        ("SSN: {}", "Social security number {}.", "SS# {} on file"),
    ),
    "MRN": (_coded("|0|00|M|", 7), ("MRN: {}", "Medical record number {}.", "MR# {}", "Med Rec No: {}")),
    "account": (_coded("|4|70", 8), ("Account number: {}", "Acct #: {}", "Account No. {} was billed.")),
    "member": (
        _coded("XJQ|W|BCB|H", 9),
        ("Member ID: {}", "Insurance policy number {}.", "Subscriber ID {} verified."),
    ),
    "licence": (_coded("D|S|K", 8), ("Driver's license: {}", "Driver's license number {}.", "DL# {}")),
    "vehicle": (make.vin, ("VIN {}", "He was struck by the vehicle with VIN {}.")),
    "IP address": (
        lambda random: ".".join(str(random.randint(11, 223)) for _ in range(4)),
        ("Portal login from {}.", "IP address: {}"),
    ),
}


@cache
def _parts() -> Mapping[str, list[str]]:
    text = (files("ragslm.evaluate.identifiers") / "words" / "people.yaml").read_text(encoding="utf-8")
    return {kind: listed.split(" | ") for kind, listed in yaml.safe_load(text).items()}
