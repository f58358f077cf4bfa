"""Invented streets and addresses, as a dozen countries write them, on one line or several."""

from collections.abc import Callable
from random import Random

from ragslm.specialise.notes.lists import places
from ragslm.specialise.notes.people import People

_SEPARATORS = (", ", ", ", ", ", "\n", "\n", "\n   ", "\n ", ",\n", " ", "\n\n")
_CODES = (
    *("#####",) * 3,
    *("####",) * 2,
    *("#####-####", "@# #@@", "@@## #@@", "#### @@", "@#@ #@#", "##-###", "### ##", "####-###", "###"),
    *("#######", "SW#@ #@@", "D-#####"),
)


class Addresses:
    """Draws streets and addresses.

    Args:
        random: what decides.
        people: streets are called after them.
        seen: addresses out of marked data, drawn now and then.
    """

    def __init__(self, random: Random, people: People, seen: tuple[str, ...] = ()) -> None:
        self._random = random
        self._people = people
        self._seen = seen
        self._streets: tuple[Callable[[], str], ...] = (
            *(self._english,) * 5,
            self._german,
            self._nordic,
            self._finnish,
            self._dutch,
            self._icelandic,
            self._hungarian,
            self._polish,
            self._listed,
            *(self._romance,) * 2,
        )

    def street(self) -> str:
        """Street and number."""
        random = self._random
        if random.random() < 0.04:
            return f"the corner of {self.street()} and {self._english().lstrip('0123456789 -/')}"
        found = random.choice(self._streets)()
        if random.random() < 0.1:
            found = f"{random.randint(1, 99999)} {found}"
        return found

    def address(self) -> str:
        """Street, unit, town, region, postal code and country, as many of them as were drawn."""
        random = self._random
        drawn = random.random()
        if self._seen and drawn < 0.12:
            return random.choice(self._seen)
        if drawn < 0.18:
            return self._military()
        if drawn < 0.22:
            return f"{self._box()}{self._separator()}{self._town_line()}"
        between = self._separator()
        lines = [self.street() if random.random() < 0.6 else self._composed()]
        if random.random() < 0.35:
            lines[0] += random.choice([", ", " ", between, " "]) + self._unit()
        if random.random() < 0.85:
            lines.append(self._town_line())
        if random.random() < 0.15:
            lines.append(random.choice(places()["country"]))
        return between.join(lines)

    def town(self) -> str:
        """A town, listed or made of a stem and an ending."""
        random, words = self._random, places()
        if random.random() < 0.4:
            return random.choice(words["city"])
        if random.random() < 0.15:
            return random.choice(words["romtown"])
        town = random.choice(words["townstem"]) + random.choice(words["townend"])
        if random.random() < 0.08:
            town = random.choice(["St ", "Bad ", "Le ", "La ", "El ", "Ste. ", "Upper ", "New "]) + town
        return town.upper() if random.random() < 0.15 else town

    def code(self) -> str:
        """A postal code of one of the countries."""
        return self.shaped(self._random.choice(_CODES))

    def shaped(self, shape: str) -> str:
        """`#` becomes a digit, `@` a capital letter."""
        drawn = {"#": "0123456789", "@": "ABCDEFGHJKLMNPRSTUVWXY"}
        return "".join(self._random.choice(drawn[c]) if c in drawn else c for c in shape)

    def _town_line(self) -> str:
        random, town, code = self._random, self.town(), self.code()
        state, country = random.choice(places()["state"]), random.choice(places()["country"])
        return random.choice(
            (
                f"{town}, {state} {code}",
                f"{town}, {state} {code}",
                f"{town} {state} {code}",
                f"{town}, {code}",
                f"{town} {code}",
                f"{code} {town}",
                f"{code} {town}",
                f"{town}",
                f"{town}, {country}",
                f"{town}\n{country} {code}",
                f"{town}, {country} {code}",
                f"{town}\n, {state}\n{code}",
                f"{town}\n{state}\n{code}",
            )
        )

    def _composed(self) -> str:
        """Two numbers, or a street with a second one behind it: what form fillers make."""
        random = self._random
        number = random.randint(1, 99999)
        suffix, kind = random.choice(places()["suffix"]), random.choice(places()["ustype"])
        return random.choice(
            (
                f"{number} {self.street()}",
                f"{self.street()} {random.choice([self._people.first, self._people.last])()} {suffix}",
                f"{number} {self._people.last()} {suffix}",
                f"{number} {self._people.first()} {suffix}",
                f"{number} {self.town()} {random.randint(1, 999)}",
                f"{self._people.name()} {random.randint(1, 200)}",
                f"{number} {random.randint(1, 200)} {self._people.last()} {kind}",
            )
        )

    def _unit(self) -> str:
        number = self._random.randint(1, 999)
        kind = self._random.choice(
            (
                "Apt. ",
                "Apt ",
                "Suite ",
                "Unit ",
                "Flat ",
                "#",
                "Ste ",
                "Floor ",
                "Room ",
                "apartment ",
                "No. ",
            )
        )
        return f"{kind}{number:03d}" if self._random.random() < 0.3 else f"{kind}{number}"

    def _box(self) -> str:
        kind = self._random.choice(("P.O. Box", "PO Box", "Box", "Postfach", "Postbox", "Apartado", "Pb."))
        return f"{kind} {self._random.randint(1, 9999)}"

    def _military(self) -> str:
        place = self._random.choice(("APO AA", "APO AE", "APO AP", "FPO AE", "FPO AP", "DPO AE"))
        shape = self._random.choice(
            ("PSC ####, Box ####", "Unit #### Box ####", "USNS $", "USS $", "CMR ### Box ##")
        )
        line = self.shaped(shape).replace("$", self._people.last())
        return self._random.choice(("\n", ", ", " ")).join((line, f"{place} {self.shaped('#####')}"))

    def _english(self) -> str:
        random, words = self._random, places()
        kind = random.choice(words["ustype"] if random.random() < 0.8 else words["suffix"])
        called = random.choice(
            (
                random.choice(words["given_street"]),
                random.choice(words["given_street"]),
                f"{random.choice(words['given_street'])} {random.choice(words['given_street'])}",
                self._people.last(),
                f"{random.choice(('N', 'S', 'E', 'W', 'North', 'South', 'St.', 'Old', 'N.'))} "
                + random.choice(words["given_street"]),
                f"{random.randint(1, 199)}{random.choice(('th', 'st', 'nd', 'rd'))}",
                self.town(),
                self._people.name(),
            )
        )
        return f"{self._number()} {called} {kind}"

    def _german(self) -> str:
        random, words = self._random, places()
        stem = random.choice([*words["destem"], self._people.last()])
        return f"{stem}{random.choice(('', '-', ' '))}{random.choice(words['detype'])} {self._number()}"

    def _nordic(self) -> str:
        return self._stemmed("nostem", "notype")

    def _finnish(self) -> str:
        return self._stemmed("fistem", "fitype")

    def _dutch(self) -> str:
        return self._stemmed("nlstem", "nltype")

    def _icelandic(self) -> str:
        return self._stemmed("isstem", "istype")

    def _stemmed(self, stem: str, kind: str) -> str:
        random, words = self._random, places()
        genitive = random.choice(("", "", "s", "en", "n"))
        return f"{random.choice(words[stem])}{genitive}{random.choice(words[kind])} {self._number()}"

    def _hungarian(self) -> str:
        random, words = self._random, places()
        called = random.choice([*words["huname"], self._people.last(), f"{self.town()}i"])
        return f"{called} {random.choice(words['hutype'])} {self._number()}{random.choice(('', '.'))}"

    def _polish(self) -> str:
        called = self._random.choice(places()["plname"])
        return f"{self._random.choice(('ul. ', 'ul. ', 'al. ', 'os. ', ''))}{called} {self._number()}"

    def _listed(self) -> str:
        names = self._random.choice(("czname", "yuname", "eename", "grname"))
        return f"{self._random.choice(places()[names])} {self._number()}"

    def _romance(self) -> str:
        random, words = self._random, places()
        kind = random.choice(words[random.choice(("frtype", "esType", "ittype", "pttype"))])
        called = random.choice([random.choice(words["romname"]), self._people.name(), self._people.last()])
        if random.random() < 0.3:
            return f"{self._number()}{random.choice((' ', ', ', ' bis '))}{kind} {called}"
        return f"{kind} {called}{random.choice((' ', ', ', ', nº ', ', n. '))}{self._number()}"

    def _number(self) -> str:
        random = self._random
        number = str(random.randint(1, 9) ** random.choice((1, 2, 3, 4)) + random.randint(0, 60))
        return number + random.choice(("", "", "", "", "a", "B", "-12", "/3"))

    def _separator(self) -> str:
        return self._random.choice(_SEPARATORS)
