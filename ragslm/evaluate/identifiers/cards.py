"""Payment card numbers: 17 kinds of network and length, each written in every way people write them.

Source: ISO/IEC 7812-1; the networks' published issuer ranges; `security.md` 1.4 names the kinds and forms.
"""

from collections.abc import Callable, Iterator, Mapping
from random import Random

from ragslm.evaluate.identifiers.cases import Case, Half, half_of, put, seeded
from ragslm.evaluate.identifiers.check_digits import digits, luhn

BRANDS: Mapping[str, tuple[tuple[str, ...], int, tuple[int, ...]]] = {
    "visa13": (("4",), 13, (4, 3, 3, 3)),
    "visa16": (("4",), 16, (4, 4, 4, 4)),
    "visa19": (("4",), 19, (4, 4, 4, 4, 3)),
    "mastercard51": (("51", "52", "53", "54", "55"), 16, (4, 4, 4, 4)),
    "mastercard2221": (("2221", "2222", "2229", "223", "229"), 16, (4, 4, 4, 4)),
    "mastercard2720": (("23", "26", "270", "271", "2720"), 16, (4, 4, 4, 4)),
    "amex": (("34", "37"), 15, (4, 6, 5)),
    "discover": (("6011", "644", "649", "65"), 16, (4, 4, 4, 4)),
    "jcb": (("3528", "3535", "3589"), 16, (4, 4, 4, 4)),
    "diners36": (("36",), 14, (4, 6, 4)),
    "unionpay16": (("62",), 16, (4, 4, 4, 4)),
    "unionpay19": (("62",), 19, (6, 13)),
    "maestro50": (("50",), 16, (4, 4, 4, 4)),
    "maestro56": (("56", "57", "58"), 16, (4, 4, 4, 4)),
    "maestro67-12": (("67",), 12, (4, 4, 4)),
    "maestro67-19": (("67",), 19, (4, 4, 4, 4, 3)),
    "mir22": (("2200", "2201", "2202", "2203", "2204"), 16, (4, 4, 4, 4)),
}
"""Prefixes, length and the issuer's own groups of each kind."""


def _joined(mark: str) -> Callable[[str, tuple[int, ...]], str]:
    return lambda number, _: mark.join(number[at : at + 4] for at in range(0, len(number), 4))


def _issuer(number: str, groups: tuple[int, ...]) -> str:
    parts, at = [], 0
    for length in groups:
        parts.append(number[at : at + length])
        at += length
    return " ".join(parts)


def _wrapped(number: str, _: tuple[int, ...]) -> str:
    fours = [number[at : at + 4] for at in range(0, len(number), 4)]
    return f"{' '.join(fours[:2])}\n{' '.join(fours[2:])}"


def _script(zero: str) -> Callable[[str, tuple[int, ...]], str]:
    return lambda number, _: "".join(chr(ord(zero) + int(c)) for c in number)


FORMS: Mapping[str, Callable[[str, tuple[int, ...]], str]] = {
    "plain": lambda number, _: number,
    "spaces": _joined(" "),
    "dashes": _joined("-"),
    "dots": _joined("."),
    "no-break spaces": _joined("\u00a0"),
    "en dashes": _joined("–"),
    "double spaces": _joined("  "),
    "line wrap": _wrapped,
    "full-width digits": _script("０"),
    "Arabic-Indic digits": _script("٠"),
    "issuer's groups": _issuer,
    "no-break hyphens": _joined("\u2011"),
}
OTHER_FORMS: Mapping[str, Callable[[str, tuple[int, ...]], str]] = {
    "thin spaces": _joined("\u2009"),
    "tabs": _joined("\t"),
    "slashes": _joined("/"),
    "spaced dashes": _joined(" - "),
    "underscores": _joined("_"),
    "zero-width spaces": _joined("\u200b"),
    "soft hyphens": _joined("\u00ad"),
    "pipes": _joined(" | "),
    "Devanagari digits": _script("०"),
    "wrap inside a group": lambda number, _: f"{number[:6]}\n{number[6:]}",
    "every digit apart": lambda number, _: " ".join(number),
    "wrap with indent": lambda number, _: f"{number[:8]}\n    {number[8:]}",
}
"""Ways nobody asked for; they are judged in the check half only."""
LISTS = (3, 10, 50)
"""Cards in a column, each on its line."""
SENTENCES = (
    "Card number: {}.",
    "My card {} was declined twice.",
    "Please charge {} today.",
    "He read out {} over the phone.",
    "PAN {} exp 04/27",
    "{} 09/27 was the card on file",
    "The customer paid with {} and asked for a receipt.",
    "pan={}",
    "Visa {}, name on card withheld",
    "Charged to {}, thank you.",
    "cc: {}; amount 100.00",
    "Refund of $25.00 to ({}) was issued on Monday.",
    "{}",
    "ref 12345, card {} CVV 123",
    "Old card {}\nNew one follows.",
    'The order says "{}" in its payment field',
)


def card(brand: str, random: Random) -> str:
    """A number of this kind with a right check digit."""
    prefixes, length, _ = BRANDS[brand]
    prefix = random.choice(prefixes)
    return luhn(prefix + digits(random, length - len(prefix) - 1))


def cards(half: Half, each: int = 15, *, other: bool = False) -> Iterator[Case]:
    """`each` numbers for every kind and form; `other`: the forms nobody asked for."""
    random, sentences = seeded("cards", half), half_of(SENTENCES, half)
    for form, write in (OTHER_FORMS if other else FORMS).items():
        for brand, (_, _, groups) in BRANDS.items():
            for _ in range(each):
                number = write(card(brand, random), groups)
                yield put(random.choice(sentences), number, brand, form)


def card_lists(half: Half, each: int = 15) -> Iterator[Case]:
    """Columns of cards in groups, `each` of every length and form; a column counts whole."""
    random = seeded("lists of cards", half)
    for count in LISTS:
        for form in ("plain", "spaces", "dashes", "dots", "issuer's groups"):
            for _ in range(each):
                brand = random.choice(list(BRANDS))
                write, groups = FORMS[form], BRANDS[brand][2]
                column = "\n".join(write(card(brand, random), groups) for _ in range(count))
                yield put(
                    random.choice(("{}", "Cards on file:\n{}\n")), column, f"list of {count} cards", form
                )


def random_digits(half: Half, count: int = 2_000) -> Iterator[Case]:
    """Sixteen random digits in a sentence that speaks of no card: one in ten passes Luhn."""
    random = seeded("random cards", half)
    for _ in range(count):
        yield put("Batch {} was closed.", digits(random, 16), "16 random digits")
