"""Names that are frequent, from a census, and words that are: what tells Grant the man from a grant.

Source: U.S. Census Bureau,
Frequently Occurring Surnames and First Names from the 1990 Census (public domain).
"""

import re
from functools import cache
from importlib.resources import files

# Census names that are mostly words, months, places or firms in running text.
_WORDS = frozenset(
    """abbey able alpha amber america angel april art asia august austin autumn banks baby bay bell best
    bill birch black blanch blue bond booth bowel boy branch brandy brazil bright brook brown buck
    bud burden burns bush butler button camp can candy cannon carbon care carol case cash chance
    charity charlotte chase cherry chest chin china christian church clay cliff close coffee coke
    cole cook cooper cord cotton counts courts coven cox crane cross crystal dale dallas daily dawn
    day days dean dear dell dick divine do dollar dolphin drew dusty early earl east ebony eden
    england english ever every eye fair faith fall farmer fate fern few field fish fisher fix flood
    flora florence flowers forbes ford forest fortune foster fountain fox france frank free freed
    friend frost fuller gains gale garland gay gem gene genesis georgia germany ginger glad glass
    gold golden good grace grant gray green ground grove guest hall hand handy hardy harmony harvest
    hazel head heath heather held hill hills holiday holland holly home honey hood hope hopes house
    hunt hunter hurt in india iris island israel ivory ivy jade jan january jasmine jersey jewel
    jordan journey joy june justice king kitchen lake lamb lance land lane large last laurel law
    laws leaf lease lee lemon level light lilac lily limb link lion little living loan long lord
    love low luck madison major mar march marina mark market marks mars marsh mason matter may mercy
    merit merry mexico mile miller mills mission mister molar money moon more morning moss mount
    muscle my nail near newton noble north oak ocean olive opal oral orchard order page pain paris
    park parks parlor parts patience patient peace peak pearl penny pepper perry person petty piece
    pike pine pink pitch place plant plenty pool poor pope power powers precious press price pride
    prince prior providence rain ray read ready reason reed rice rich river robin rock rod roman
    rome root rose royal ruby rules rush sage sales salmon sand sandy savannah season see self
    senior september shade shall sharp shield shook short sick sides silver single singleton skin
    sky slow small snow so sound south spear spring stack star stark stars starling state steel
    sterling still stone storm story street strong subject such summer sun sunset sunshine swan
    swift tab table taylor temple tiffany time tiny toe trace tracy treasure true trust unity urban
    usual vance velvet victory violet virginia virtue wage walk walker wall ward washington water
    way weed weeks wells west wheat wheeler white whole will willow wills winter wise wish wolf
    wonder wood woods words work worth yard year york young zion""".split()
)


# Endings that make a family name in Nordic, Slavic, Finnish, Armenian and Georgian languages.
_FAMILY = re.compile(
    r"\w{2,}(?:sson|sdóttir|dóttir|[aeo]vić|[aeo]vic|ić|ová|[oe]v|[oe]va|ska|ski|sky|czyk|wicz|enko"
    r"|ssen|nsen|rsen|lsen|tsen"
    r"|ström|strom|kvist|nen|yan|vili|oğlu|escu|opoulos)"
)


def is_given(word: str) -> bool:
    """Whether a word, any case, is a frequent given name and no common word."""
    return word.lower() in _names("given_names.txt") and word.lower() not in _WORDS


def is_surname(word: str) -> bool:
    """Whether a word, any case, is a frequent surname; it may be a common word too."""
    lower = word.lower()
    return lower in _names("surnames.txt") or is_family(word)


def is_family(word: str) -> bool:
    """Whether a capitalised word ends as family names do in languages the census hardly holds."""
    return len(word) > 5 and word[0].isupper() and bool(_FAMILY.fullmatch(word.lower()))


def is_name(word: str) -> bool:
    """Whether a single word is a name rather than anything else."""
    return is_given(word) or (is_surname(word) and word.lower() not in _WORDS and not is_common(word))


def is_common(word: str) -> bool:
    """Whether a word, any case, is one of running text; it may be a name too."""
    return word.lower() in _names("common_words.txt")


@cache
def _names(file: str) -> frozenset[str]:
    text = (files("ragslm.privacy") / "data" / file).read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


@cache
def given_names() -> tuple[str, ...]:
    """Every given name of the census, lower case, sorted."""
    return tuple(sorted(_names("given_names.txt")))


@cache
def surnames() -> tuple[str, ...]:
    """Every surname of the list, lower case, sorted."""
    return tuple(sorted(_names("surnames.txt")))
