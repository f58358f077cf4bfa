"""Check digits of public numbering schemes. Every function takes the value as it was written."""

import re
import unicodedata
from collections.abc import Iterable

_SEPARATORS = re.compile(r"[\W_]+")


def digits(value: str) -> str:
    """Its decimal digits as ASCII, whatever script and separators they were written in."""
    return "".join(str(unicodedata.decimal(c)) for c in value if c.isdecimal())


def letters_and_digits(value: str) -> str:
    """Its letters and digits, upper case, without separators."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", value)).upper()


def luhn(value: str) -> bool:
    """Whether the digits pass the Luhn check (mod 10). Source: ISO/IEC 7812-1, annex B."""
    total = 0
    for i, digit in enumerate(reversed(digits(value))):
        doubled = int(digit) * (1 + i % 2)
        total += doubled - 9 * (doubled > 9)
    return total > 0 and total % 10 == 0


def mod97(value: str) -> bool:
    """Whether an IBAN or LEI passes mod 97-10. Source: ISO/IEC 7064; ISO 13616 moves four in front."""
    number = "".join(str(int(c, 36)) for c in letters_and_digits(value) if c.isascii())
    return bool(number) and int(number) % 97 == 1


def weighted(value: str, weights: Iterable[int], modulus: int) -> int:
    """Sum of digit times weight over the digits, modulo `modulus`."""
    return sum(int(d) * w for d, w in zip(digits(value), weights, strict=False)) % modulus


def aba(value: str) -> bool:
    """Whether nine digits are an ABA routing number: prefix and 3-7-1 checksum.

    Source: ABA Routing Number Policy; prefixes 00-12, 21-32, 61-72, 80.
    """
    number = digits(value)
    prefix = int(number[:2] or 99)
    known = prefix <= 12 or 21 <= prefix <= 32 or 61 <= prefix <= 72 or prefix == 80
    return len(number) == 9 and known and int(number) > 0 and weighted(number, (3, 7, 1) * 3, 10) == 0


def nhs(value: str) -> bool:
    """Whether ten digits are an NHS number: mod 11. Source: NHS Data Dictionary, NHS NUMBER."""
    number = digits(value)
    if len(number) != 10 or len(set(number)) == 1:
        return False
    check = 11 - weighted(number[:9], (10, 9, 8, 7, 6, 5, 4, 3, 2), 11)
    return check % 11 == int(number[9]) and check != 10


def npi(value: str) -> bool:
    """Whether ten digits are a National Provider Identifier: Luhn with prefix 80840.

    Source: CMS, NPI check digit calculation (45 CFR 162.406).
    """
    number = digits(value)
    return len(number) == 10 and number[0] in "12" and luhn("80840" + number)


def dea(value: str) -> bool:
    """Whether seven digits are those of a DEA registration. Source: 21 CFR 1301.13, DEA Form 224."""
    number = digits(value)
    return len(number) == 7 and weighted(number[:6], (1, 2) * 3, 10) == int(number[6])


_VIN = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True))


def vin(value: str) -> bool:
    """Whether 17 characters are a vehicle identification number. Source: 49 CFR 565.15(c)."""
    code = letters_and_digits(value)
    if len(code) != 17 or set("IOQ") & set(code) or code.isalpha() or code.isdecimal():
        return False
    values = [int(_VIN.get(c, c)) for c in code if c.isascii()]
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    rest = sum(v * w for v, w in zip(values, weights, strict=False)) % 11
    return code[8] == ("X" if rest == 10 else str(rest))


def ssn(value: str) -> bool:
    """Whether nine digits can be a Social Security number (area, group, serial rules).

    Source: SSA, Social Security Number Randomization: areas 000, 666 and 900-999 are never issued.
    """
    number = digits(value)
    area = number[:3]
    issued = area not in ("000", "666") and area < "900" and number[3:5] != "00" and number[5:] != "0000"
    return len(number) == 9 and issued


def itin(value: str) -> bool:
    """Whether nine digits can be an ITIN: 9xx, fourth and fifth 50-65, 70-88, 90-92, 94-99.

    Source: IRS Internal Revenue Manual 3.21.263.
    """
    number = digits(value)
    group = int(number[3:5] or 0)
    allowed = 50 <= group <= 65 or 70 <= group <= 88 or 90 <= group <= 92 or 94 <= group <= 99
    return len(number) == 9 and number[0] == "9" and allowed


def ein(value: str) -> bool:
    """Whether nine digits can be an EIN: their prefix belongs to an IRS campus or the internet.

    Source: IRS, How EINs are assigned and valid EIN prefixes.
    """
    number = digits(value)
    prefix = int(number[:2] or 0)
    ranges = ((1, 6), (10, 16), (20, 27), (30, 48), (50, 68), (71, 77), (80, 88), (90, 95), (98, 99))
    return len(number) == 9 and any(first <= prefix <= last for first, last in ranges)


def mrz(value: str) -> bool:
    """Whether the last character is the check digit of those before it: weights 7, 3, 1, mod 10.

    Source: ICAO Doc 9303, part 3, 4.9; `<` counts 0, letters from A = 10.
    """
    values = (0 if c == "<" else int(c, 36) for c in value[:-1])
    return value[-1:] == str(sum(v * (7, 3, 1)[i % 3] for i, v in enumerate(values)) % 10)
