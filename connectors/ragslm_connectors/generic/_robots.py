"""What a site's robots.txt lets a reader fetch.

Source: RFC 9309, Robots Exclusion Protocol; `Crawl-delay` is an extension that many sites use.
"""

import re
import string
from dataclasses import dataclass, field
from urllib.parse import quote

AGENT = "ragslm"
"""Our name in robots.txt."""
MOST_BYTES = 512_000
"""Of a robots.txt that are read, from its beginning: the 500 KiB that RFC 9309 asks for at least."""
LONGEST_DELAY = 30.0
_MOST_RULES = 5_000
_TOKEN = re.compile(r"[a-z_-]+|\*")
_OCTET = re.compile(r"%([0-9a-f]{2})", re.IGNORECASE)
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


@dataclass(slots=True)
class _Group:
    agents: list[str] = field(default_factory=list)
    rules: list[tuple[str, bool]] = field(default_factory=list)
    delay: float = 0.0


class Robots:
    """The rules of one site for us: the longest pattern that matches decides, and allows where two are equal.

    Args:
        text: of the robots.txt; empty if there is none, which allows everything.

    Attributes:
        delay: seconds between requests that the site asks for, at most `LONGEST_DELAY`.
    """

    def __init__(self, text: str) -> None:
        groups = _groups(text)
        ours = [group for group in groups if AGENT in group.agents]
        ours = ours or [group for group in groups if "*" in group.agents]
        rules = [rule for group in ours for rule in group.rules][:_MOST_RULES]
        self._rules = [(_as_pattern(path), allows) for path, allows in rules if path]
        self.delay = min(max((group.delay for group in ours), default=0.0), LONGEST_DELAY)

    def allows(self, target: str) -> bool:
        """Whether path and query may be fetched."""
        target = _one_spelling(target).replace("*", "%2A").replace("$", "%24")
        matching = [(len(path), allows) for path, allows in self._rules if _matches(path, target)]
        return max(matching, default=(0, True))[1]


def _groups(text: str) -> list[_Group]:
    groups: list[_Group] = []
    naming = False
    for line in text.lstrip("\ufeff").splitlines():
        key, _, value = line.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if key == "user-agent":
            if not naming:
                groups.append(_Group())
            naming = True
            if token := _TOKEN.match(value.lower()):  # without a version
                groups[-1].agents.append(token[0])
        elif key in ("allow", "disallow", "crawl-delay"):
            naming = False
            if groups:
                _add(groups[-1], key, value)
    return groups


def _add(group: _Group, key: str, value: str) -> None:
    if key != "crawl-delay":
        group.rules.append((value, key == "allow"))
    elif re.fullmatch(r"\d{1,6}(?:\.\d{1,6})?", value):
        group.delay = float(value)


def _one_spelling(path: str) -> str:
    """A path or query with one spelling for each octet. Source: RFC 9309, 2.2.2."""

    def spelled(octet: re.Match[str]) -> str:
        sign = chr(int(octet[1], 16))
        return sign if sign in _PLAIN else octet[0].upper()

    return _OCTET.sub(spelled, quote(path, safe=string.punctuation))


def _as_pattern(path: str) -> str:
    """A rule's path in one spelling; a dollar that is not its end stands for itself."""
    end = "$" if path.endswith("$") else ""
    return _one_spelling(path.removesuffix("$")).replace("$", "%24") + end


def _matches(pattern: str, target: str) -> bool:
    """`*` is anything, `$` at the end is the end; everything else stands for itself. Linear in both."""
    first, *others = pattern.removesuffix("$").split("*")
    if not target.startswith(first):
        return False
    position = len(first)
    for number, part in enumerate(others, 1):
        if pattern.endswith("$") and number == len(others):
            return target.endswith(part) and len(target) - len(part) >= position
        found = target.find(part, position)
        if found < 0:
            return False
        position = found + len(part)
    return position == len(target) or not pattern.endswith("$")
