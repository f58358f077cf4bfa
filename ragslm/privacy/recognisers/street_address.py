r"""Street addresses, with what follows them down to the postal code.

Issuer: postal services. Format: house number and street word in either order (`12 Oak Avenue`, `Rua da
Prata 5`, `Hauptstrasse 7`), post boxes, military post, units (`Apt. 4`), and numbers with capitalised
words after a word such as `lives at`. Reference: USPS Publication 28; UPU S42. Checksum: none.
"""

import re
from collections.abc import Iterator

from ragslm.privacy import lexicon
from ragslm.privacy.recogniser import RagslmRecogniser

_WORD = r"[^\W\d_][\w'’.\-]{0,30}"
_CAP = r"(?:[A-ZÀ-ÖØ-ÞŁŚŻŽŠČĆĐŘÅÆ][\w'’.\-]{0,30})"
_GAP = r"[ \t]{1,4}"
_AMERICAN = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Terrace|Ter"
    r"|Parkway|Pkwy"
    r"|Highway|Hwy|Circle|Cir|Square|Sq|Trail|Trl|Way|Crescent|Cres|Close|Grove|Gardens|Mews|Row"
    r"|Turnpike|Tpke"
    r"|Loop|Plaza|Alley|Walk|Rise|Esplanade|Parade|Freeway|Expressway)"
)
_TAIL = (
    r"(?:stra(?:ss|ß)e|str\.|gasse|weg|platz|allee|gaten|gatan|veien|vegen|vägen|vej|gade|stien"
    r"|katu|kuja|"
    r"polku|straat|laan|plein|gata|braut|vegur|utca|körút|ulice|ulica|väg|stræde|vænget|kiventie)"
)
_HEAD = (
    r"(?:Rua|Rue|Via|Viale|Corso|Piazza|Piazzetta|Calle|Avenida|Av\.|Avda\.|Plaza|Paseo|Camino|Carrera"
    r"|Travessa|Praça|Largo|"
    r"Strada|Vicolo|Chemin|Quai|Impasse|ul\.|al\.|Aleja|Ulica|Boulevard|Avenue|R\.|C/|Cité|Cite"
    r"|Chaussée|Route)"
)
_LATER = r"(?:utca|tér|útja|út|kapu|körút|krt\.|u\.|park|sétány)"
_UNIT = (
    r"(?:Apt\.?|Apartment|Suite|Ste\.?|Unit|Flat|Room|Rm\.?|Floor|Fl\.?|P\.?O\.?[ ]?Box|Post(?:al)?[ ]?box"
    r"|#)[ ]?#?[ ]?\d{1,5}[A-Za-z]?"
)
_NUMBER = r"\d{1,6}[A-Za-z]?(?:[-/]\d{1,4}[A-Za-z]?)?"

_STREETS = [
    # 12 Oak Avenue; 20789 138 Consul Place; 350 Fifth Ave.
    rf"(?<![\w.,$%-]){_NUMBER}(?:{_GAP}{_NUMBER})?{_GAP}(?:[NSEW]\.?{_GAP})?(?:(?:{_CAP}|\d{{1,3}}(?:st"
    rf"|nd|rd|th)){_GAP}){{1,4}}{_AMERICAN}\b\.?(?:{_GAP}{_NUMBER}\b)?",
    # Hauptstrasse 7; 28245 Puruntie 82; Villacher Strasse 89
    rf"(?<![\w.,-])(?:\d{{1,6}}{_GAP})?(?:{_CAP}{_GAP}){{0,3}}{_CAP}{_TAIL}{_GAP}\d{{1,5}}[A-Za-z]?\b\.?",
    rf"(?<![\w.,-])(?:\d{{1,6}}{_GAP})?(?:{_CAP}{_GAP}){{1,3}}(?:Strasse|Straße|Str\.|Gasse|Weg|Platz"
    rf"|Allee){_GAP}\d{{1,5}}[A-Za-z]?\b",
    # 3654 Kongsgate 5: endings that English words have too, so only between two numbers
    rf"(?<![\w.,$-])\d{{1,6}}{_GAP}(?:{_CAP}{_GAP}){{0,2}}{_CAP}(?:ring|gate|tie|kade){_GAP}\d{{1,5}}[A-Za-z]?\b",
    # Rua do Arenque 1634; ul. Miła 53; 29 Rue de Tanger
    rf"(?<![\w.,-])(?:\d{{1,6}}{_GAP}){{0,2}}{_HEAD}{_GAP}(?:(?:de|do|da|dos|das|del|della|di|la|le|les"
    rf"|du|des|el|y|e){_GAP}|l'){{0,3}}{_CAP}(?:{_GAP}(?:(?:de|do|da|del|di"
    rf"|la){_GAP})?{_CAP}){{0,3}},?{_GAP}\d{{1,5}}[A-Za-z]?\b",
    rf"(?<![\w.,-])(?:\d{{1,6}}{_GAP}){{1,2}}(?:[Rr]ue|[Cc]hemin|[Qq]uai|[Ii]mpasse){_GAP}(?:(?:de|du"
    rf"|des|la|les){_GAP}){{0,2}}{_CAP}(?:{_GAP}{_CAP}){{0,2}}",
    # 233 Erzsébet tér 19.
    rf"(?<![\w.,-])(?:\d{{1,6}}{_GAP})?(?:{_CAP}{_GAP}){{1,3}}{_LATER}{_GAP}\d{{1,5}}\b\.?",
    # PSC 1437, Box 3833 / APO AA 66791; Unit 4719 Box 7394; USNV Botolen / FPO AE 12382
    r"\b(?:PSC|Unit|CMR)[ ]\d{2,5},?[ ]Box[ ]\d{2,5}(?:[,\s]{1,3}[AFD]PO[ ]A[AEP][ ]\d{5})?",
    r"\bUS(?:NS|NV|S|CGC)[ ]\w{2,20}\s{1,3}[AFD]PO[ ]A[AEP][ ]\d{5}",
    # P.O. Box 255; Postbox 53
    r"(?<!\w)(?:\d{1,6}[ ])?(?:P\.?[ ]?O\.?[ ]?Box|Post(?:al)?[ ]?box|Post Office Box|Postfach"
    r"|Boks)[ ]\d{1,6}\b",
    # the corner of Alšova 408 and Vedzizhev Greens
    rf"\bthe corner of {_WORD}(?:{_GAP}[\w'’.\-]{{1,30}}){{0,4}}{_GAP}and{_GAP}{_WORD}"
    rf"(?:{_GAP}[\w'’.\-]{{1,30}}){{0,2}}",
    # 28245 Puruntie 82 (two numbers with words between, and a unit or a line end after it)
    rf"(?<![\w.,$-])\d{{1,6}}{_GAP}{_CAP}(?:{_GAP}{_CAP}){{0,3}}{_GAP}\d{{1,5}}\b(?=[,]?\s{{0,4}}"
    rf"(?:[\W]{{0,5}}\n\W{{0,8}})?(?:Apt|Suite|Unit|Flat))",
    # Any street before a unit: 903 83 Dora Creek Apt. 176
    rf"(?<![\w.,$-])\d{{1,6}}{_GAP}(?:{_NUMBER}{_GAP})?(?:[\w'’.\-]{{1,30}}{_GAP}){{1,7}}(?:Apt\.|Suite"
    rf"|Apartment|P\.O\. Box)[ ]\d{{1,5}}\b",
    rf"(?<![\w.,$-])\d{{1,6}}{_GAP}(?:[\w'’.\-]{{1,30}}{_GAP}?){{1,6}}\n\W{{0,8}}(?:Apt\.|Suite"
    rf"|P\.O\. Box)[ ]\d{{1,5}}\b",
    r"(?<!\w)(?:Apt\.|Apartment|Suite|Ste\.)[ ]\d{1,5}[A-Za-z]?\b",
]  # fmt: skip
_STREET = re.compile("|".join(f"(?:{street})" for street in _STREETS))
_IN_CONTEXT = re.compile(
    r"\b(?:[Ll]ives? (?:at|in|on)|[Ll]ived (?:at|in|on)|[Ll]iving (?:at|in|on)|[Rr]esid(?:es?|ing) "
    r"(?:at|in)|[Aa]ddress(?:es)?(?: is| are|:| to)?|[Ll]ocated (?:at|on|in)|[Mm]oved to|"
    r"[Ss]en[dt] (?:it )?to|[Ss]hip(?:ped)? to|[Dd]eliver(?:ed)? to|[Mm]eet (?:you|me) at"
    r"|house (?:at|on|in)|is on|is at)"
    rf"[ :\s]{{1,6}}(?P<value>(?:\d{{1,6}}{_GAP}){{0,2}}{_CAP}"
    rf"(?:{_GAP}[\w'’.\-]{{1,30}}){{0,4}}?{_GAP}\d{{1,5}}\b|(?:\d{{1,6}}{_GAP}){{1,2}}{_CAP}"
    rf"(?:{_GAP}{_CAP}){{0,4}})"
)
_REST = re.compile(
    rf"(?:[,;]?[ \t]{{0,6}}(?:\n[\W_]{{0,10}})?{_UNIT}){{0,2}}"
    rf"(?:[,;]?[ \t]{{0,6}}(?:\n[\W_]{{0,10}}|,[ ]?|[ ])(?:{_CAP}|de|la|del|et|sur|do)"
    rf"(?:[ '’\-]{{1,2}}(?:{_CAP}|de|la|del|sur|le|l'\w+|\([^)\n]{{1,30}}\))){{0,4}}){{0,2}}"
    rf"(?:[,\s]{{1,8}}(?:[A-Z]{{2,3}})\b)?(?:[,\s]{{1,8}}{_CAP}(?:{_GAP}{_CAP}){{0,2}}"
    rf"(?:[ ]\([A-Z]\w+\))?)?[,\s\W]{{0,10}}(?<![\d])\d{{5}}(?:-\d{{4}})?(?!\w)"
)
_UNITS = re.compile(rf"(?:[,;]?[ \t]{{0,6}}(?:\n[\W_]{{0,10}})?{_UNIT}){{1,2}}")
# A town and a region or country behind a unit: nothing but an address goes on like that.
_UP = r"[^\W\d_a-zà-öø-ÿ][\w'’.\-()]{0,30}"
_TOWN = re.compile(
    rf"(?:,[ ]|[ ]|[,]?[ \t]{{0,4}}\n[\W_]{{0,10}})(?:{_UP})(?:[ ](?:{_UP}|de|la|del|di|da|do|am|an|im"
    rf"|sur|u|és)){{0,4}}"
    rf"(?:[ \t]{{0,4}}(?:,|\n)[\W_]{{0,12}}(?:{_UP}(?:[ ]{_UP}){{0,3}}))?"
    rf"(?:[\s,]{{1,8}}\d{{5}}\b)?(?=\s{{0,4}}(?:[.,?!;\n]|$|in\b|for\b|after\b|and\b))"
)
# A town right behind a street and its comma, the last thing of its sentence or line.
_NEAR_TOWN = re.compile(rf",[ ]{_UP}(?:[ ]{_UP}){{0,2}}(?=\s{{0,4}}(?:[.,?!;\n]|$))")
_ENDS_IN_UNIT = re.compile(r"(?:Apt\.|Suite|Apartment|Box)[ ]\d{1,5}$")
_SMALL = re.compile(
    r"(?<![\w'’])[a-zà-öø-þāăąćčďđēęěğīķłńňőřśšťūůűźżž]|(?<=\b)(?:apo|fpo|dpo|psc|ae|aa|ap)(?=\s\w)"
)
_TWO_WORDS = re.compile(r"\w\W+\w")
_NUMBERED = re.compile(r"(?<!\w)\d|\bcorner\b")
_CODED = re.compile(r"[^\W\d_]+[ :#-]{1,2}(?:\d{5,}|\d+ \d+)")
"""A word and a long number, or a number with a value behind it: `RxCUI 818477`, `CA-125 812`."""
_MEASURED = re.compile(r"[ ]?(?:[a-zµ]{1,3}[A-Z]?|[A-Z]{1,3})/[a-zA-Zµ]{1,5}\b|[ ]?%")
"""A unit behind a number: `ALT 451 U/L`."""
_NOT_STREET = re.compile(
    r"\b(?:Section|Part|Table|Item|Note|Chapter|Figure|Form|Act|Rule|CFR|U\.S\.C|Appendix|Page|Schedule"
    r"|Exhibit|Years?|Months?|"
    r"Days|Percent|Million|Billion|January|February|March|April|May|June|July|August|September|October"
    r"|November|December)\b"
)


class StreetAddressRecogniser(RagslmRecogniser):
    """Finds a street by its shape or the words before it, and takes the rest of the address with it."""

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Addresses from the house number to the postal code, as far as they go."""
        if text.islower():  # a hasty writer's address: the shapes below go by capitals
            text = _SMALL.sub(lambda match: match[0].upper(), text)
        for pattern, score in ((_STREET, 0.7), (_IN_CONTEXT, 0.6)):
            for match in pattern.finditer(text):
                start, end = match.span("value" if "value" in pattern.groupindex else 0)
                if not _NOT_STREET.search(text[start:end]):
                    yield start, _rest(text, start, end), score


def is_street(text: str, start: int, end: int) -> bool:
    """Whether what a reader took for an address can be one: no chapter or region, no code or value."""
    value = text[start:end]
    if not (_TWO_WORDS.search(value) and _NUMBERED.search(value)) or _NOT_STREET.search(value):
        return False
    if _CODED.fullmatch(value) or _MEASURED.match(text, end):
        return False
    return any(word not in lexicon.PLACES and word not in lexicon.NOT_NAMES for word in _letters(value))


def _letters(value: str) -> list[str]:
    """Words of letters, in small ones."""
    return re.findall(r"[^\W\d_]+", value.lower())


def _rest(text: str, start: int, end: int) -> int:
    """Where the address that reaches `end` stops: units, town, region, country and postal code."""
    if match := _REST.match(text, end, end + 160):
        return match.end()
    unit = _UNITS.match(text, end, end + 60)
    end = unit.end() if unit else end
    after_unit = unit or _ENDS_IN_UNIT.search(text[start:end])
    town = (_TOWN if after_unit else _NEAR_TOWN).match(text, end, end + 120)
    return town.end() if town else end


def recogniser() -> StreetAddressRecogniser:
    """The recogniser of street addresses."""
    return StreetAddressRecogniser("STREET_ADDRESS")
