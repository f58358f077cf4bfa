"""Names of invented people, listed, made of stems and endings or out of a census, written in several ways."""

from random import Random

from ragslm.privacy import gazetteer
from ragslm.specialise.notes.lists import Lists, cultures

_CENSUS = 0.25
"""Share of names out of the census of the United States."""
_MIXED = 0.1
"""Share of people whose given name and surname come from two cultures."""


class People:
    """Draws names.

    Args:
        random: what decides.
        seen: full names out of marked data, drawn now and then.
    """

    def __init__(self, random: Random, seen: tuple[str, ...] = ()) -> None:
        self._random = random
        self._seen = seen

    def first(self) -> str:
        """A given name, sometimes two."""
        return self._given(self._culture())

    def last(self) -> str:
        """A surname."""
        return self._surname(self._culture())

    def name(self) -> str:
        """Given name and surname, with what may stand between them."""
        random = self._random
        if self._seen and random.random() < 0.1:
            return random.choice(self._seen)
        culture = self._culture()
        other = self._culture() if random.random() < _MIXED else culture
        given, surname = self._given(culture), self._surname(other)
        if random.random() < 0.04:
            return f"{surname} {given}"
        if random.random() < 0.03:
            return f"{surname.upper()} {given}"
        return f"{given}{self._between()}{surname}"

    def turned(self) -> str:
        """Surname first, as on a list."""
        given, surname = self.first(), self.last()
        middle = f" {self._letter()}{self._random.choice(['', '.'])}" if self._random.random() < 0.3 else ""
        name = f"{surname}, {given}{middle}"
        return name.upper() if self._random.random() < 0.35 else name

    def initials(self) -> str:
        """`J. Roe`, `J.P. Roe`, `JP Roe` or `J Roe`."""
        one, two = self._letter(), self._letter()
        before = self._random.choice([f"{one}.", f"{one}.{two}.", f"{one}. {two}.", one, f"{one}{two}"])
        return f"{before} {self.last()}"

    def cited(self) -> str:
        """As in a list of references: `Roe JP`."""
        return f"{self.last()} {self._letter()}{self._random.choice(['', self._letter()])}"

    def _between(self) -> str:
        drawn = self._random.random()
        if drawn < 0.14:
            return f" {self._letter()}. "
        return f" {self._letter()} " if drawn < 0.22 else " "

    def _culture(self) -> Lists | None:
        """One of the cultures; None: the census."""
        return None if self._random.random() < _CENSUS else self._random.choice(cultures())

    def _given(self, culture: Lists | None) -> str:
        random = self._random
        if culture is None:
            return random.choice(gazetteer.given_names()).title()
        name = random.choice(culture["given"])
        if random.random() < 0.06:
            name += random.choice(["-", " "]) + random.choice(culture["given"])
        return name

    def _surname(self, culture: Lists | None) -> str:
        random = self._random
        if culture is None:
            name = random.choice(gazetteer.surnames()).title()
        elif "surname" not in culture or ("stems" in culture and random.random() < 0.5):
            name = random.choice(culture["stems"]) + random.choice(culture["endings"])
        else:
            name = random.choice(culture["surname"])
        if random.random() < 0.05:
            name += random.choice(["-", "-", " "]) + self._surname(culture)
        if culture and "particles" in culture and random.random() < 0.2:
            name = f"{random.choice(culture['particles'])} {name}"
        return name

    def _letter(self) -> str:
        return self._random.choice("ABCDEFGHIJKLMNOPRSTVWZ")
