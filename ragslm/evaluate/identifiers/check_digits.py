"""Numbers with right check digits, made from the public rules of each scheme."""

from random import Random

_VALUES = {c: i for i, c in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_D5 = (
    *("0123456789", "1234067895", "2340178956", "3401289567", "4012395678"),
    *("5987604321", "6598710432", "7659821043", "8765932104", "9876543210"),
)
_TURNS = (
    *("0123456789", "1576283094", "5803796142", "8916043527"),
    *("9453126870", "4286573901", "2793806415", "7046913258"),
)
_INVERSE = "0432156789"
_VIN = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True))
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def digits(random: Random, count: int) -> str:
    """So many random digits."""
    return "".join(random.choices("0123456789", k=count))


def luhn(body: str) -> str:
    """`body` with its Luhn digit. Source: ISO/IEC 7812-1, annex B."""
    doubled = (int(c) * (2 - i % 2) for i, c in enumerate(reversed(body)))
    total = sum(d if d < 10 else d - 9 for d in doubled)
    return body + str(-total % 10)


def mod97(code: str) -> str:
    """Two check digits that make `code` followed by them 1 modulo 97. Source: ISO/IEC 7064, mod 97-10."""
    number = int("".join(str(_VALUES[c]) for c in code) + "00")
    return f"{98 - number % 97:02d}"


def verhoeff(body: str) -> str:
    """`body` with its Verhoeff digit, as SNOMED CT ids have it. Source: SNOMED CT TIG, 5.2.2."""
    check = 0
    for i, c in enumerate(reversed(body), start=1):
        check = int(_D5[check][int(_TURNS[i % 8][int(c)])])
    return body + _INVERSE[check]


def nhs(random: Random) -> str:
    """An NHS number. Source: NHS Data Dictionary, NHS NUMBER: modulus 11, weights 10 to 2."""
    while True:
        body = digits(random, 9)
        check = 11 - sum(int(c) * (10 - i) for i, c in enumerate(body)) % 11
        if check != 10 and len(set(body)) > 1:
            return body + str(check % 11)


def dea(random: Random) -> str:
    """A DEA registration: registrant type, initial, seven digits. Source: 21 CFR 1301.13."""
    body = digits(random, 6)
    total = sum(map(int, body[0::2])) + 2 * sum(map(int, body[1::2]))
    return f"{random.choice('ABFGM')}{random.choice('ABCDEFGHIJKLMNOPQRSTUVWXYZ')}{body}{total % 10}"


def aba(random: Random) -> str:
    """A routing number of a Federal Reserve district. Source: ABA, Routing Number Policy."""
    body = f"{random.choice((*range(1, 13), *range(21, 33))):02d}{digits(random, 6)}"
    total = sum(int(c) * w for c, w in zip(body, (3, 7, 1) * 3, strict=False))
    return body + str(-total % 10)


def vin(random: Random) -> str:
    """A vehicle identification number of North America. Source: 49 CFR 565.15."""
    head = random.choice(("1HG", "1FT", "2T1", "3VW", "5YJ", "JHM", "WBA", "KMH"))
    middle = "".join(random.choices("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", k=5))
    tail = random.choice("ABCDEFGHJKLMNPRSTVWXY123456789") + random.choice("ABCDEFGHJKLMNPRSTUVWXYZ")
    code = f"{head}{middle}0{tail}{digits(random, 6)}"
    rest = sum(int(_VIN.get(c, c)) * w for c, w in zip(code, _VIN_WEIGHTS, strict=True)) % 11
    return f"{code[:8]}{'X' if rest == 10 else rest}{code[9:]}"


def isin(random: Random) -> str:
    """A securities number. Source: ISO 6166, annex A: Luhn over letters as numbers."""
    body = random.choice(("US", "GB", "DE", "FR", "CH", "XS", "IE")) + digits(random, 9)
    return body + luhn("".join(str(_VALUES[c]) for c in body))[-1]


def lei(random: Random) -> str:
    """A legal entity identifier. Source: ISO 17442-1."""
    middle = "".join(random.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", k=12))
    body = random.choice(("5493", "2138", "5299", "9695", "9845")) + "00" + middle
    return body + mod97(body)
