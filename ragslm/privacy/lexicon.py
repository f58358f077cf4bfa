"""Words that look like names to a language model and are not: the precision side of the scrubber.

Over-masking ruins retrieval: a passage about Hodgkin lymphoma whose title became a pseudonym is not found.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files


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
_TERM = 40
"""Characters of the longest term in `named_after.txt`."""


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
    word = _WORD.match(text, start)
    terms = _terms().get(word[0].lower(), ()) if word else ()
    return any(
        found.start() <= start and end <= found.end()
        for term in terms
        for found in term.finditer(text, max(0, start - _TERM), end + _TERM)
    )


@cache
def _terms() -> Mapping[str, Sequence[re.Pattern[str]]]:
    """Patterns of `named_after.txt`, by every word in them."""
    terms: dict[str, list[re.Pattern[str]]] = {}
    for line in _lines("named_after.txt"):
        words = _WORD.findall(line)
        pattern = re.compile(r"(?<!\w)" + r"\W{1,3}".join(words) + r"(?!\w)", re.IGNORECASE)
        for word in words:
            terms.setdefault(word, []).append(pattern)
    return terms
