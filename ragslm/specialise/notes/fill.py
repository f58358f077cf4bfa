"""Fills the slots of a frame: who and where is marked, all else is not."""

import re
from collections.abc import Callable, Mapping
from random import Random

from ragslm.privacy import lexicon
from ragslm.specialise.notes.addresses import Addresses
from ragslm.specialise.notes.lists import lines, places
from ragslm.specialise.notes.marked import PERSON, STREET, Marked, Span, merged
from ragslm.specialise.notes.people import People

_MEDICINES = tuple(sorted(lexicon.medicines()))
_SLOT = re.compile(r"\{([a-z]+)\}")
_DATES = (
    "{d}/{m}/{y}",
    "{y}-{m:02d}-{d:02d}",
    "{d}.{m}.{y}",
    "{m:02d}/{d:02d}/{y}",
    "{month} {d}, {y}",
    "{d} {month} {y}",
)


class Frames:
    """Notes out of frames.

    Args:
        random: what decides.
        names: full names out of marked data, drawn now and then.
        addresses: addresses out of marked data, drawn now and then.
    """

    def __init__(self, random: Random, names: tuple[str, ...] = (), addresses: tuple[str, ...] = ()) -> None:
        self._random = random
        self.people = People(random, names)
        self.addresses = Addresses(random, self.people, addresses)
        self._frames = [line.replace("\\n", "\n").replace("\\t", "\t") for line in lines("frames.txt")]
        self._plain = [line.replace("\\n", "\n") for line in lines("plain.txt")]
        people, streets = self.people, self.addresses
        self._who: Mapping[str, Callable[[], str]] = {
            "name": people.name,
            "first": people.first,
            "last": people.last,
            "turned": people.turned,
            "initials": people.initials,
            "cited": people.cited,
        }
        self._where: Mapping[str, Callable[[], str]] = {"addr": streets.address, "street": streets.street}
        self._made: Mapping[str, Callable[[], str]] = {
            "city": streets.town,
            "org": self._firm,
            "made": self._coined,
            "drug": self._medicine,
            "n": lambda: str(
                random.choice((random.randint(1, 9), random.randint(10, 99), random.randint(100, 999)))
            ),
            "year": lambda: str(random.randint(1950, 2026)),
            "age": lambda: (
                f"{random.randint(1, 95)}{random.choice((' year old', '-year-old', ' y/o', 'yo'))}"
            ),
            "id": lambda: self._shaped(("########", "######", "@@######", "#### #### ####", "#-######")),
            "code": lambda: self._shaped(("@##.#", "@@###", "####-#", "@#@#@#")),
            "iban": lambda: self._shaped(
                ("DE####################", "GB##ABCD##############", "FR## #### #### ####")
            ),
            "isin": lambda: self._shaped(("@@##########", "US#########@")),
            "lei": lambda: self._shaped(("####00@@##@#@@@#@@##", "#####@@@@@@##@#@@###")),
            "bic": lambda: self._shaped(("@@@@@@@@", "@@@@@@##", "@@@@@@@@###")),
            "ndc": lambda: self._shaped(("####-####-##", "#####-###-##")),
            "phone": lambda: self._shaped(
                (
                    "(###) ###-####",
                    "###-###-####",
                    "+44 #### ######",
                    "0## ### ## ##",
                    "+## ## ### ####",
                    "##########",
                )
            ),
            "amount": lambda: self._shaped(("$#,###", "$##.##", "### EUR", "€ ##", "£###", "$#.# million")),
            "time": lambda: (
                f"{random.randint(0, 23)}:{random.randint(0, 59):02d}{random.choice(('', ' am', ' pm'))}"
            ),
            "letter": lambda: random.choice("ABCDEFGXZabcd"),
            "token": lambda: (
                f"{random.choice((PERSON, STREET, 'PHONE', 'ID'))}_{self._shaped(('@#@##@', '##@@#@'))}"
            ),
        }

    def note(self) -> Marked:
        """A frame with names or addresses."""
        return self.filled(self._random.choice(self._frames))

    def plain(self) -> Marked:
        """A frame without."""
        return self.filled(self._random.choice(self._plain))

    def filled(self, frame: str) -> Marked:
        """The frame with its slots filled."""
        parts: list[str] = []
        spans: list[Span] = []
        at = position = 0
        for slot in _SLOT.finditer(frame):
            label, value = self._drawn(slot[1])
            parts += [frame[position : slot.start()], value]
            at += slot.start() - position
            if label:
                spans.append((label, at, at + len(value)))
            at += len(value)
            position = slot.end()
        text = "".join([*parts, frame[position:]])
        return Marked(text, merged(text, spans))

    def _drawn(self, slot: str) -> tuple[str, str]:
        """(label or nothing, value)."""
        if slot in self._who:
            return PERSON, self._who[slot]()
        if slot in self._where:
            return STREET, self._where[slot]()
        if slot == "date":
            return "", self._date()
        if slot == "email":
            return "", f"{self._random.choice(('info', 'a.b', 'contact', 'me99'))}@example.org"
        return "", self._made[slot]() if slot in self._made else self._random.choice(places()[slot])

    def _coined(self) -> str:
        """A made word: a brand, a firm."""
        words = places()
        return self._random.choice(words["orgstem"]) + self._random.choice(words["orgtail"])

    def _medicine(self) -> str:
        """A medicine or microbe: a known one, or a word made like one."""
        random, words = self._random, places()
        made = random.choice(words["drugstem"]) + random.choice(words["drugtail"])
        name = random.choice((made, random.choice(words["drug"]), random.choice(_MEDICINES)))
        return name.capitalize() if random.random() < 0.7 else name

    def _firm(self) -> str:
        """A firm: a known one, a made word, called after people, or words of its trade."""
        random, words, people = self._random, places(), self.people
        end = f" {random.choice(words['orgend'])}"
        made = self._coined()
        trade = random.choice(words["orgword"])
        return random.choice(
            (
                random.choice(words["firm"]),
                random.choice(words["firm"]) + end,
                made,
                made + end,
                f"{made} {trade}",
                f"{random.choice(words['given_street'])} {trade}",
                f"{self.addresses.town()} {trade}",
                f"{people.last()} {trade}",
                f"{people.last()}{end}",
                f"{people.last()}-{people.last()}",
                f"{people.last()} & {people.last()}{end}",
                f"{people.last()}, {people.last()} and {people.last()}{end}",
            )
        )

    def _date(self) -> str:
        random = self._random
        shape = random.choice(_DATES)
        month = random.choice(places()["month"])
        return shape.format(
            d=random.randint(1, 28), m=random.randint(1, 12), y=random.randint(1930, 2026), month=month
        )

    def _shaped(self, shapes: tuple[str, ...]) -> str:
        return self.addresses.shaped(self._random.choice(shapes))
