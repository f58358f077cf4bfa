"""Text as text: without what a page would fetch or run, and without characters nobody can see.

An answer is shown by pages and clients we do not know. An image in it is fetched without a click and can
carry what the answer says to whoever wrote it into a document; a link does so with one click.

Source: GitHub Flavored Markdown 0.29, 4.7, 6.3, 6.6, 6.8, 6.9 and 6.10; Unicode Technical Standard 39 and
Unicode Standard Annex 9 for invisible and bidirectional characters; OWASP LLM05:2025.
"""

import re

from ragslm._pseudonyms import PSEUDONYM
from ragslm.privacy.appearance import INVISIBLE

_INVISIBLE = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufff9-\ufffb{INVISIBLE}]")
"""No line break and no tab; some signs can smuggle a whole text."""

_AWAY = (
    r"[\s<]*(?:[a-z][a-z0-9+.\t-]*:(?=\S)|/\t*(?=[\w/])|www\.|[\w-]+(?:\.[\w-]+)+/"
    r"|[^\s()<>\[\]\\&]*(?:\\|&#?\w{1,31};))"
)
"""How a target begins that leads somewhere else than to a place beside the page, or hides where it leads: a
page reads `https\\://` and `&#47;&#47;` as the signs they stand for (GFM 6.1, 6.2) and passes over tabs
(WHATWG URL, 4.4)."""
_TEXT = r"(?:[^\[\]]|\[[^\[\]]*\])*"
_IMAGE = re.compile(
    rf"!\[(?P<text>{_TEXT})\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\[\]]*\])?", re.IGNORECASE
)
_LINK = re.compile(rf"\[(?P<text>{_TEXT})\]\({_AWAY}[^()]*(?:\([^()]*\)[^()]*)*\)?", re.IGNORECASE)
_REFERENCE = re.compile(rf"\[(?P<text>{_TEXT})\] ?\[(?!\d*\])[^\[\]]*\]")
_DEFINITION = re.compile(rf"^[ \t>]*\[[^\[\]]+\]:{_AWAY}[^\n]*", re.IGNORECASE | re.MULTILINE)
_URL = re.compile(
    r"(?P<open><)?(?<![A-Za-z0-9+.-])"
    r"(?:(?:[a-z][a-z0-9+.-]*://|www\.)(?:[^\s/@<>]*@)?(?P<host>[\w.-]*\w)?(?:[^\s<>)\]]*[^\s<>)\].,;:!?])?"
    r"|(?:mailto|tel|sms):(?P<person>[^\s<>)\]?]+)(?:\?[^\s<>)\]]*)?"
    r"|(?:javascript|data|vbscript|blob|file):[^\s<>)\]]+)(?(open)>?)",
    re.IGNORECASE,
)
_NAMES = "|".join(
    """abbr address applet area article aside audio base bdi bdo big blockquote body br button canvas caption
    center code col data dd del details dfn dialog div dl dt em embed fieldset figure font footer form frame
    frameset h1 h2 h3 h4 h5 h6 head header hr html iframe img input ins kbd label legend li link main map
    mark marquee math menu meta nav noscript object ol option output param picture plaintext pre progress
    samp script section select slot small source span strike strong style sub summary sup svg table tbody td
    template textarea tfoot th thead time title tr track tt ul var video wbr xmp""".split()
)
_TAG = re.compile(
    rf"<!--.*?(?:-->|\Z)|<!\[?[A-Za-z][^<>]*>?|<\?[^<>]*>?|</[A-Za-z][^<>]*>?|<(?:{_NAMES})(?:[\s/][^<>]*)?(?:>|\Z|(?=<))"
    rf"|<(?!(?-i:{PSEUDONYM.pattern})>)[A-Za-z][\w:-]*(?:[\s/][^<>]*=[^<>]*(?:>|\Z|(?=<))|/?>)",
    re.IGNORECASE | re.DOTALL,
)
"""A pseudonym in brackets is none: a mail's `<jane@ward3.local>` stands there under its own."""
_OPEN = re.compile(rf"!+(?=\[)|(?<=\])[(:](?={_AWAY})", re.IGNORECASE)
_ROUNDS = 4
"""What is left of one may be another, such as `<scr<b>ipt>`; a text that goes on like that is no source's."""


def visible(text: str) -> str:
    """`text` without control, zero-width and direction-turning characters."""
    return _INVISIBLE.sub("", text)


def plain(text: str) -> str:
    """`text` with no image, HTML, link or invisible character; of an address its host is left.

    What reads as a citation stays: `[1][2]`, `[1005.11](c)`. So does `p < 0.05`.
    """
    text = visible(text)
    for _ in range(_ROUNDS):
        before = text
        if "<" in text:
            text = _TAG.sub("", _URL.sub(_host, text))
        if "[" in text:
            text = _IMAGE.sub(r"\g<text>", text)
            text = _REFERENCE.sub(r"\g<text>", _DEFINITION.sub("", _LINK.sub(r"\g<text>", text)))
        if ":" in text or "www." in text.lower():
            text = _URL.sub(_host, text)
        if text == before:
            return _broken(text)
    return _broken(text.replace("<", ""))


def _broken(text: str) -> str:
    """What is left of links that were cut in two by others: signs that make no link any more."""
    return _OPEN.sub("", text)


def _host(match: re.Match[str]) -> str:
    return match["host"] or match["person"] or ""
