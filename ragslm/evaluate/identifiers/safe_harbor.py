"""Dates, ages and postal codes of the HIPAA Safe Harbor rule: what must go, and what may stay.

All elements of a date except the year go, and ages over 89 with whatever tells them; so does a postal code,
of which the first three digits may stay unless 20,000 people or fewer live there.
Source: 45 CFR 164.514(b)(2)(i)(B) and (C); HHS, Guidance Regarding Methods for De-identification (2012),
which lists the 17 restricted areas of the 2000 census.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random

from ragslm.evaluate.identifiers.cases import Case, Half, half_of, put, seeded

RESTRICTED = "036 059 063 102 203 556 692 790 821 823 830 831 878 879 884 890 893".split()
"""First three digits of the areas that few people live in."""
OPEN = "021 100 303 606 770 900 941 980 191 331".split()
_PLACES = frozenset({"ZIP_CODE", "STREET_ADDRESS"})
"""With a whole address its postal code is gone, restricted or not."""
DATES = frozenset({"DATE", "DATE_OF_BIRTH", "DATE_OF_DEATH"})

Day = Callable[[dt.date], str]
_DAYS: Mapping[str, Day] = {
    "14 March 2021": lambda d: f"{d.day} {d:%B %Y}",
    "March 14, 2021": lambda d: f"{d:%B} {d.day}, {d.year}",
    "03/14/2021": lambda d: f"{d:%m/%d/%Y}",
    "14/03/2021": lambda d: f"{d:%d/%m/%Y}",
    "3/14/21": lambda d: f"{d.month}/{d.day}/{d:%y}",
    "2021-03-14": lambda d: f"{d:%Y-%m-%d}",
    "2021/03/14": lambda d: f"{d:%Y/%m/%d}",
    "20210314": lambda d: f"{d:%Y%m%d}",
    "14MAR2021": lambda d: f"{d:%d%b%Y}".upper(),
    "14-Mar-2021": lambda d: f"{d:%d-%b-%Y}",
    "HL7 timestamp": lambda d: f"{d:%Y%m%d}093000+0000",
    "HL7 minutes": lambda d: f"{d:%Y%m%d}0930",
    "ISO timestamp": lambda d: f"{d:%Y-%m-%d}T09:30:00Z",
    "14.03.2021": lambda d: f"{d:%d.%m.%Y}",
    "Mar. 14, 2021": lambda d: f"{d:%b}. {d.day}, {d.year}",
    "14th of March 2021": lambda d: f"{d.day}th of {d:%B %Y}",
    "March 14th": lambda d: f"{d:%B} {d.day}th",
    "Sunday, March 14": lambda d: f"{d:%A, %B} {d.day}",
    "March 2021": lambda d: f"{d:%B %Y}",
    "03/2021": lambda d: f"{d:%m/%Y}",
}
_DATED = (
    "Admitted on {} with fever.",
    "Discharged {}.",
    "DOS: {}",
    "Surgery was performed {}, without complication.",
    "Seen in clinic {} by the team.",
    "{}: patient doing well",
)
_IN_CONTEXT: Mapping[str, tuple[Day, tuple[str, ...]]] = {
    "210314": (
        lambda d: f"{d:%y%m%d}",
        ("DOS {} at the clinic", "date of service: {}", "admitted {}", "dated {}"),
    ),
    "3/14": (
        lambda d: f"{d.month}/{d.day}",
        ("seen on {} again", "admitted {} with pain", "MRI on {}", "since {} worse"),
    ),
}
_STAYS_DATE = (
    "POD {3}, doing well.",
    "Diagnosed in {2015}.",
    "BP {120/80} at rest.",
    "Strength {4/5} in both arms.",
    "Pain {7/10} today.",
    "Take {1/2} tablet daily.",
    "The {2019} guideline applies.",
    "In {the past 3 weeks} it grew.",
    "L{4-5} disc herniation.",
    "Vision {20/40} on the left.",
    "Since {2008} she smokes.",
    "Version {2.3.1} of the form.",
    "Hospital day {12}.",
    "EF {55-60}%.",
    "{10-12} beats per minute slower.",
    "Fiscal year {2020} results.",
    "NDC {0002-8215-01} dispensed.",
    "G{2}P1 at term.",
    "{24/7} on call.",
    "Follow up in {6-8} weeks.",
)
_AGES = (
    "{}-year-old woman with dyspnea.",
    "He is {} years old.",
    "Aged {}, lives alone.",
    "Age: {}",
    "A {} y/o man presents.",
    "{}yo female, frail",
    "Patient, age {}, fell at home.",
    "The patient is {} years of age.",
    "{} yr old M",
    "She turned {} last month.",
    "Age {} a",
    "Age {} years",
)
_BORN = (
    "born in {} in Ohio",
    "Year of birth: {}",
    "She was born in {}.",
    "birth year {}",
    "b. {}, retired",
    "YOB {}",
)
_POSTAL = (
    "Lives in Springfield, MA {}.",
    "ZIP: {}",
    "zip code {} on file",
    "12 Elm Street, Reno, NV {}",
    "Postal code {}",
    "Zip code is {}.",
)


@dataclass(frozen=True, slots=True)
class RuleCase:
    """A case with the entity types one of which must cover the value; none: it must stay."""

    case: Case
    entities: frozenset[str]


def rule_cases(half: Half) -> Iterator[RuleCase]:
    """About 500 cases: dates, ages, birth years and postal codes, with what may stay."""
    random = seeded("safe harbor", half)
    yield from _dates(random, half)
    yield from _ages(random, half)
    yield from _postal(random, half)


def _dates(random: Random, half: Half) -> Iterator[RuleCase]:
    for form, write in _DAYS.items():
        for sentence in half_of(_DATED, half):
            for _ in range(5):
                yield RuleCase(put(sentence, write(_day(random)), "date", form), DATES)
    for form, (write, sentences) in _IN_CONTEXT.items():
        for sentence in half_of(sentences, half):
            for _ in range(6):
                yield RuleCase(put(sentence, write(_day(random)), "date", form), DATES)
    for sentence in half_of(_STAYS_DATE, half):
        before, value, after = sentence.replace("{", "\0").replace("}", "\0").split("\0")
        yield RuleCase(put(f"{before}{{}}{after}", value, "no date", value), frozenset())


def _ages(random: Random, half: Half) -> Iterator[RuleCase]:
    for sentence in half_of(_AGES, half):
        for age in (15, 64, 88, 89):
            yield RuleCase(put(sentence, str(age), "age to 89", str(age)), frozenset())
        for age in (90, 91, 95, 99, 101, 104):
            yield RuleCase(put(sentence, str(age), "age over 89", str(age)), frozenset({"AGE"}))
    for sentence in half_of(_BORN, half):
        for year in random.sample(range(1905, 1936), 8):
            entities = frozenset({"AGE", *DATES})
            yield RuleCase(put(sentence, str(year), "birth year, over 89", str(year)), entities)
        for year in random.sample(range(1945, 2020), 4):
            yield RuleCase(put(sentence, str(year), "birth year, to 89", str(year)), frozenset())


def _postal(random: Random, half: Half) -> Iterator[RuleCase]:
    sentences = half_of(_POSTAL, half)
    for area in (*RESTRICTED, *OPEN):
        for i, sentence in enumerate(sentences):
            code = f"{area}{random.randint(0, 99):02d}{'-1234' if i == 1 else ''}"
            yield RuleCase(put(sentence, code, "postal code", area), _PLACES)


def _day(random: Random) -> dt.date:
    """A day on which no two numbers of month and day are alike in two readings."""
    return dt.date(random.randint(1995, 2025), random.randint(1, 12), random.randint(13, 28))
