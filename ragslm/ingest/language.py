"""The language of a text, by its commonest small words.

Source: the most frequent function words of each language; a text of a few hundred words holds dozens.
"""

import re
from collections import Counter

_WORDS = {
    "en": "the of and to in is that for with are was by this be from or which have has not",
    "de": "der die das und in zu den ist von mit für auf nicht ein eine im dem des sich werden",
    "fr": "le la les de des et en un une du est dans que pour qui sur avec par au pas",
    "es": "el la los las de del y en un una que por con para es se su como más al",
    "it": "il la di che e un una per in del della con non sono le dei si da al nel",
    "nl": "de het een van en in is dat op te voor met zijn aan niet door bij ook worden uit",
    "pt": "o a os as de do da e em um uma que para com não por se dos no na",
}
_PROFILES = {name: frozenset(words.split()) for name, words in _WORDS.items()}
_TOKEN = re.compile(r"[^\W\d_]+")
_SAMPLE = 60_000  # characters looked at, from the start
_FEWEST = 20  # small words of the language
_LEAD = 1.3  # times as many as of the next language


def language_of(text: str) -> str | None:
    """ISO 639-1 code of the language most of the text is in; None for too little text, or another one."""
    counts = Counter(_TOKEN.findall(text[:_SAMPLE].lower()))
    found = sorted(
        ((sum(counts[word] for word in words), name) for name, words in _PROFILES.items()), reverse=True
    )
    (most, name), (next_most, _) = found[0], found[1]
    return name if most >= _FEWEST and most > _LEAD * next_most else None
