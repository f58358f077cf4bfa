"""Numbers as a spreadsheet shows them: thousands, decimals, percent, currency, brackets for losses.

Source: ECMA-376 part 1, 18.8.31 (number formats).
"""

import re
from collections.abc import Sequence
from functools import lru_cache

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_(?P<pad>.)|\*(?P<fill>.)|\[\$(?P<currency>[^\]-]*)[^\]]*\]'
    r"|\[(?P<bracket>[^\]]*)\]|(?P<general>General)|(?P<power>E[+-]0+)|(?P<sign>.)",
    re.IGNORECASE | re.DOTALL,
)
_MOST_DIGITS = 30  # decimals a format may ask for


def shown(value: float, code: str) -> str:
    """`value` under the format `code`; as plain digits where the code asks for what is not known here.

    Fractions, conditions and dates are not known; dates are told by the reader of the workbook.
    """
    sections = _sections(code)
    if len(sections) > 3:
        sections = sections[:3]  # the fourth is for text
    position = 0
    if len(sections) > 1 and value < 0:
        position = 1
    elif len(sections) > 2 and value == 0:
        position = 2
    tokens = sections[position]
    if any(kind == "unknown" for kind, _ in tokens):
        return plain(value)
    bare = len(sections) > 1 and position == 1  # the section for losses brings its own sign
    return " ".join(_filled(abs(value) if bare else value, tokens).split())


def plain(value: float) -> str:
    """A number as the format `General` shows it: at most 11 digits, no power of ten below 10^15."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    text = f"{value:.11g}"
    return f"{value:.20f}".rstrip("0") if "e-0" in text and abs(value) > 1e-9 else text


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[Sequence[tuple[str, str]], ...]:
    """Tokens of each section: (`text`, words), (`digit`, `0`), (`point`, `.`), (`comma`, `,`), …"""
    sections: list[list[tuple[str, str]]] = [[]]
    for match in _TOKEN.finditer(code):
        kind, text = str(match.lastgroup), match.group(match.lastgroup or 0)
        if kind == "sign" and text == ";":
            sections.append([])
        elif kind in ("quoted", "escaped", "currency"):
            sections[-1].append(("text", text))
        elif kind == "pad":
            sections[-1].append(("text", " "))
        elif kind == "bracket" and re.match(r"[<>=]|h+$|m+$|s+$", text, re.IGNORECASE):
            sections[-1].append(("unknown", text))
        elif kind in ("general", "power"):
            sections[-1].append((kind, text))
        elif kind == "sign":
            sections[-1].append((_sign(text), text))
    return tuple(sections)


def _sign(sign: str) -> str:
    if sign in "0#?":
        return "digit"
    known = {".": "point", ",": "comma", "%": "percent", "@": "value", "/": "unknown"}
    return known.get(sign, "text")


def _filled(value: float, tokens: Sequence[tuple[str, str]]) -> str:
    """The digits of `value` put in the places of one section."""
    kinds = [kind for kind, _ in tokens]
    if "general" in kinds or "value" in kinds:
        return "".join(
            plain(value) if kind in ("general", "value") else text if kind == "text" else ""
            for kind, text in tokens
        )
    if "digit" not in kinds:
        return "".join(text for kind, text in tokens if kind in ("text", "percent"))
    point = kinds.index("point") if "point" in kinds else len(kinds)
    decimals = min(sum(kind == "digit" for kind in kinds[point:]), _MOST_DIGITS)
    number = abs(value) * 100 ** kinds.count("percent") / 1000 ** _scale(kinds, point)
    if power := next((text for kind, text in tokens if kind == "power"), ""):
        digits = f"{number:.{decimals}E}"
        return ("-" if value < 0 else "") + (digits if "+" in power else digits.replace("E+", "E"))
    whole, _, rest = f"{number:.{decimals}f}".partition(".")
    sign = "-" if value < 0 and (whole.strip("0") or rest.strip("0")) else ""
    return sign + _places(tokens[:point], whole, _grouped(kinds, point)) + _decimals(tokens[point:], rest)


def _scale(kinds: Sequence[str], point: int) -> int:
    """How many thousands are left out: commas behind the last digit, before or after the point."""
    last = max((place for place in range(point) if kinds[place] == "digit"), default=-1)
    end = len(kinds) - 1 - kinds[::-1].index("digit")
    return kinds[last + 1 : point].count("comma") + kinds[end + 1 :].count("comma") * (point <= end)


def _grouped(kinds: Sequence[str], point: int) -> bool:
    """Whether a comma stands between digits."""
    digits = [place for place in range(point) if kinds[place] == "digit"]
    return bool(digits) and "comma" in kinds[digits[0] : digits[-1]]


def _places(tokens: Sequence[tuple[str, str]], whole: str, grouped: bool) -> str:
    """The part before the point. Digits fill their places from the right; words stay where they are."""
    needed = sum(kind == "digit" and text == "0" for kind, text in tokens)
    digits = whole.lstrip("0").rjust(needed, "0") if needed or whole.strip("0") else ""
    places = sum(kind == "digit" for kind, _ in tokens)
    if grouped:
        digits = f"{int(digits):,}".rjust(len(digits), "0") if digits else ""
        places = 1
    out: list[str] = []
    for kind, text in reversed(tokens):
        if kind == "digit" and places:
            places -= 1
            take = len(digits) if not places else 1
            out.append(digits[len(digits) - take :])
            digits = digits[: len(digits) - take]
        elif kind in ("text", "percent"):
            out.append(text)
    return "".join(reversed(out))


def _decimals(tokens: Sequence[tuple[str, str]], rest: str) -> str:
    """The point and what follows it; places marked `#` show no closing zeros."""
    wanted = [text for kind, text in tokens if kind == "digit"]
    while rest.endswith("0") and len(rest) <= len(wanted) and wanted[len(rest) - 1] == "#":
        rest = rest[:-1]
    words = "".join(text for kind, text in tokens if kind in ("text", "percent"))
    return (f".{rest}" if rest else "") + words
