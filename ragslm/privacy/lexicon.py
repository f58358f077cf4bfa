"""Words that look like names to a language model and are not: the precision side of the scrubber.

Over-masking ruins retrieval: a passage about Hodgkin lymphoma whose title became a pseudonym is not found.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import pairwise


def _lines(file: str) -> Iterator[str]:
    lines = (files("ragslm.privacy") / "data" / file).read_text(encoding="utf-8").splitlines()
    return (line for line in lines if not line.startswith("#"))


def _words(file: str) -> frozenset[str]:
    return frozenset(word for line in _lines(file) for word in line.split())


PARTICLES = frozenset("van von der de den di da la le bin al del dos y ten ter af zu el und".split())
EPONYMS = _words("eponyms.txt")
AFTER_FIRM = _words("after_firm.txt")
AFTER_EPONYM = AFTER_FIRM | _words("after_eponym.txt")
NOT_NAMES = _words("not_names.txt")
PLACES = frozenset(_lines("places.txt"))

_ENDINGS = tuple(
    """itis osis emia aemia opathy ectomy otomy oscopy ology ologist plasty algia uria cillin mycin azole
    statin sartan prazole olol dipine mab tinib ciclib vir parin caine pril oxetine azepam triptan
    gliptin formin floxacin cycline setron trophy plasia penia sclerosis carcinoma sarcoma blastoma ase
    globulin sterone amide idine amine azine oxide phate chloride ological ation ations ments ness ships
    syndrome virus genesis plegia paresis cyte cytes""".split()
)

_WORDLIKE = re.compile(
    r".*(?:ing|ed|ly|tion|sion|ment|ness|ity|ive|ous|al|ful|able|ible|ic|ism|ist|ship|ance|ence|ure|ory"
    r"|ary|ish|ware|land"
    r"|ford|line|back|light|site|gard|brite|tech|pharm|gen|ids|ers|ors|ess|ogy|ark|ers|ings|ates|ants|ents)$"
)


_WORD = re.compile(r"\w+")
_LONG = 7
"""Letters above which a word may be a compound: surnames such as Neuhaus are shorter."""
_REACH = 60
"""Characters to each side within which the rest of a term stands."""
_GAP = re.compile(r"(?:['’][sS])?\W{1,3}")


def wordlike(word: str) -> bool:
    """Whether a word, any case, ends the way English words do, or is two capitalised words joined."""
    return bool(_WORDLIKE.match(word.lower())) or "-" in word


def technical(word: str) -> bool:
    """Whether a lower-case word ends like a disease, procedure, drug, enzyme or abstract noun."""
    return len(word) > 5 and word.endswith(_ENDINGS)


@cache
def medicines() -> frozenset[str]:
    """Medicines and microbes, in small letters: they look like names of persons and are knowledge."""
    return _words("medicines.txt")


def is_payment(word: str) -> bool:
    """Whether a word is one of payments in another language, any case, or a German compound that ends so."""
    small = word.lower()
    return small in _payment_words() or (len(small) > _LONG and small.endswith(_compound_ends()))


@cache
def _payment_words() -> frozenset[str]:
    return _words("payment_words.txt")


@cache
def _compound_ends() -> tuple[str, ...]:
    return tuple(word for word in _payment_words() if len(word) > 3)


def is_named_after(text: str, start: int, end: int) -> bool:
    """Whether the part of a text from `start` to `end` stands within a term or firm called after people."""
    around = _WORD.finditer(text, max(0, start - _REACH), end + _REACH)
    words = [match for match in around if not _is_possessive(text, match)]
    inside = [at for at, word in enumerate(words) if word.start() < end and start < word.end()]
    if not inside:
        return False
    terms, beginnings, longest = _terms()
    stems = [_stem(word[0]) for word in words]
    return any(
        " ".join(stems[first : last + 1]) in terms
        and all(_stand_together(text, *pair) for pair in pairwise(words[first : last + 1]))
        for first in range(max(0, inside[-1] - longest + 1), inside[0] + 1)
        if stems[first] in beginnings
        for last in range(inside[-1], min(len(words), first + longest))
    )


def _is_possessive(text: str, word: re.Match[str]) -> bool:
    """Whether it is the `s` of `Paget's`."""
    return word[0] in "sS" and text[word.start() - 1 : word.start()] in ("'", "’")


def _stand_together(text: str, before: re.Match[str], behind: re.Match[str]) -> bool:
    """Whether nothing but a possessive and up to three signs stand between two words."""
    return _GAP.fullmatch(text, before.end(), behind.start()) is not None


def _stem(word: str) -> str:
    """A word of a term in small letters, without the s of a plural or of a possessive that lost its sign."""
    small = word.lower()
    return small[:-1] if len(small) > 3 and small.endswith("s") else small


@cache
def _terms() -> tuple[frozenset[str], frozenset[str], int]:
    """The terms of `named_after.txt`, each as its words' stems, their first stems, words of the longest."""
    terms = [
        [_stem(word[0]) for word in _WORD.finditer(line) if not _is_possessive(line, word)]
        for line in _lines("named_after.txt")
    ]
    return frozenset(map(" ".join, terms)), frozenset(term[0] for term in terms), max(map(len, terms))
