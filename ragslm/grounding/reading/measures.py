"""Units of measure and currencies: the same amount in another unit is the same amount.

Source: SI brochure (BIPM, 9th edition) for the prefixes; ISO 4217 for currency codes.
"""

from decimal import Decimal

_MASS = {
    "ng": "0.000001",
    "mcg": "0.001",
    "µg": "0.001",
    "μg": "0.001",
    "ug": "0.001",
    "mg": "1",
    "g": "1000",
}
_MASS |= {"kg": "1000000", "microgram": "0.001", "milligram": "1", "gram": "1000", "kilogram": "1000000"}
_VOLUME = {
    "µl": "0.001",
    "ml": "1",
    "cl": "10",
    "dl": "100",
    "l": "1000",
    "milliliter": "1",
    "millilitre": "1",
}
_VOLUME |= {"liter": "1000", "litre": "1000", "cc": "1"}
_LENGTH = {"nm": "0.000001", "µm": "0.001", "mm": "1", "cm": "10", "m": "1000", "km": "1000000"}
_LENGTH |= {"millimeter": "1", "centimeter": "10", "meter": "1000", "metre": "1000", "kilometer": "1000000"}
_TIME = {"ms": "0.001", "second": "1", "sec": "1", "minute": "60", "min": "60", "hour": "3600", "hr": "3600"}
_TIME |= {"h": "3600", "day": "86400", "week": "604800"}
_CALENDAR = {"month": "1", "year": "12", "yr": "12"}  # a month has no fixed number of days
_POINT = {"percentage point": "1", "pp": "1", "basis point": "0.01", "bp": "0.01"}
_OTHER = {"%": "percent", "percent": "percent", "per cent": "percent", "pct": "percent"}
_OTHER |= {"°c": "celsius", "℃": "celsius", "°f": "fahrenheit", "mmhg": "mmhg", "bpm": "bpm", "iu": "iu"}
_OTHER |= {"mmol": "mmol", "µmol": "µmol", "meq": "meq", "kcal": "kcal", "kg/m2": "kg/m2", "u": "unit"}
_OTHER |= {"mile": "mile", "inch": "inch", "foot": "foot", "feet": "foot", "ft": "foot", "pound": "pound"}
_OTHER |= {"lb": "pound", "ounce": "ounce", "oz": "ounce", "tablet": "tablet", "capsule": "capsule"}
_CURRENCY = {"$": "usd", "us$": "usd", "usd": "usd", "dollar": "usd", "€": "eur", "eur": "eur", "euro": "eur"}
_CURRENCY |= {"£": "gbp", "gbp": "gbp", "chf": "chf", "¥": "jpy", "jpy": "jpy", "yen": "jpy", "cent": "cent"}
_CURRENCY |= {
    "cad": "cad",
    "aud": "aud",
    "sek": "sek",
    "nok": "nok",
    "dkk": "dkk",
    "pln": "pln",
    "inr": "inr",
}

Measure = tuple[str, Decimal]
"""Canonical name and the factor to its base unit."""


def _table() -> dict[str, Measure]:
    table: dict[str, Measure] = {}
    kinds = (
        ("mass", _MASS),
        ("volume", _VOLUME),
        ("length", _LENGTH),
        ("time", _TIME),
        ("calendar", _CALENDAR),
        ("point", _POINT),
    )
    for name, units in kinds:
        table |= {unit: (name, Decimal(factor)) for unit, factor in units.items()}
    table |= {unit: (name, Decimal(1)) for unit, name in (_OTHER | _CURRENCY).items()}
    return table


_TABLE = _table()


def measure(word: str) -> Measure | None:
    """What `word` measures, such as `mg`, `mg/dL`, `hours` or `USD`; None if it is no unit."""
    word = word.lower().strip()
    if "/" in word and word not in _TABLE:
        above, below = word.split("/", 1)
        top, bottom = measure(above), measure(below)
        if top is None or bottom is None:
            return None
        return f"{top[0]}/{bottom[0]}", top[1] / bottom[1]
    found = _TABLE.get(word)
    if found is None and len(word) > 2 and word.endswith("s"):
        found = _TABLE.get(word[:-1])
    return found


def is_currency(name: str | None) -> bool:
    """Whether a canonical name is a currency."""
    return name in _CURRENCY.values()
