"""The coded entries of a C-CDA section as one line each: what was observed, given, done or planned.

Source: HL7 CDA R2, section 4.3.6 (clinical statements); C-CDA R2.1 volume 2.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, count
from typing import Any

from ragslm.errors import QuarantineError
from ragslm.types import PATH_SEPARATOR
from ragslm_connectors._formats._builder import TextBuilder
from ragslm_connectors._formats._xml import children, find, find_all, local
from ragslm_connectors.medical._cda_header import PartyWriter
from ragslm_connectors.medical._cda_links import Quotation
from ragslm_connectors.medical._cda_statements import STATEMENTS, inner_statements, opens_record, statements
from ragslm_connectors.medical._cda_values import (
    all_codes,
    code_label,
    code_text,
    is_term,
    period,
    quantity,
    value_of,
    words,
)
from ragslm_connectors.medical._old_age import is_old_age

# Moods in which nothing has happened yet. Source: HL7 ActMood.
_MOODS = {
    "INT": "planned",
    "RQO": "ordered",
    "PRMS": "promised",
    "PRP": "proposed",
    "GOL": "goal",
    "ARQ": "requested",
}
_DEEPEST = 30
_GENERAL = frozenset({"ASSERTION", "SEV"})  # codes that say nothing beside the value
_DENIED = "Not: "
_DONE = frozenset({"completed", ""})
_MATERIALS = (
    "consumable/manufacturedProduct/manufacturedMaterial",
    "product/manufacturedProduct/manufacturedMaterial",
    "consumable/manufacturedProduct/manufacturedLabeledDrug",
)
_PEOPLE = (("performer", "performed by"), ("author", "by"), ("informant", "told by"), ("subject", "about"))


class EntryWriter:
    """Writes the entries of one section.

    Attributes:
        path: section path.
        texts: narrative texts by their ID.
        quoted: lines of the narrative that belong to a record, by what opens it.
    """

    def __init__(
        self,
        builder: TextBuilder,
        path: str,
        texts: Mapping[str, str],
        quoted: Mapping[Any, Sequence[Quotation]],
    ) -> None:
        self.builder = builder
        self.path = path
        self.texts = texts
        self.quoted = quoted
        self._record: Any = None
        self._names: Iterator[str] = iter(())

    def write(self, entry: Any, number: int) -> None:
        """A record for the entry, and one for each result of a panel in it.

        Raises:
            QuarantineError: its statements are nested too deeply; names the line.
        """
        self._names = chain([f"Entry {number}"], (f"Entry {number}.{part}" for part in count(1)))
        self._begin(entry)
        told = False
        for statement in statements(entry):
            if told:
                self.builder.write("; ")
            self._statement(statement, 0, None)
            told = True
        if not told:
            self.builder.write("Entry without a statement")
        self._end()

    def _begin(self, opener: Any, *, gap: str | None = None) -> None:
        """A record in a section of its own, which names the elements that say it."""
        self._record = opener
        ids = dict.fromkeys(f" #{one.id}" for one in self.quoted.get(opener, ()) if one.id)
        narrative = f", text{''.join(ids)}" if ids else ""
        self.builder.section(PATH_SEPARATOR.join((self.path, next(self._names) + narrative)))
        self.builder.block("record", gap=gap)

    def _end(self) -> None:
        """The end of the open record: what the narrative adds to the codes."""
        self.builder.write(".")
        said = self.builder.said().casefold()
        personal = {words: entity for words, entity in self.builder.labelled().items() if entity != "KEEP"}
        for text in dict.fromkeys(quotation.text for quotation in self.quoted.get(self._record, ())):
            if not _says(said, text.removeprefix("- ").rstrip(".").casefold()):
                self.builder.write("\n")
                self._quote(text, personal)
        self.builder.close()

    def _quote(self, text: str, personal: Mapping[str, str]) -> None:
        """Words of the narrative; what the entry labels as personal is so in them as well."""
        names = "|".join(map(re.escape, sorted(personal, key=len, reverse=True)))
        for piece in re.split(rf"(?<!\w)({names})(?!\w)", text) if names else [text]:
            self.builder.write(piece, personal.get(piece), "text")

    def _statement(self, element: Any, depth: int, relative: Any) -> None:
        """A statement with those in it; `relative`: code of whom its panel is about, if not the patient."""
        if depth > _DEEPEST:
            raise QuarantineError(f"Line {element.sourceline}: the entry's statements are nested too deeply.")
        self._subject(element)
        self._values(element)
        self._circumstances(element)
        self._people(element)
        own = find(element, "subject/relatedSubject/code")
        relative = relative if own is None else own
        if relative is not None and (text := code_text(relative, self.texts)):
            self.builder.write(", about ")
            self._keep(text, relative)
        for inner in inner_statements(element):
            if opens_record(element):
                self._end()
                self._begin(inner, gap="\n")
            else:
                self.builder.write("; ")
            self._statement(inner, depth + 1, relative if opens_record(element) else None)

    def _subject(self, element: Any) -> None:
        """What it is about: a material, else the code; whether it is denied or only planned."""
        kind = local(element)
        if element.get("negationInd") == "true":
            self.builder.write(_DENIED)
        if mood := _MOODS.get(element.get("moodCode") or ""):
            self.builder.write(f"{mood}: ")
        about = [found for path in _MATERIALS for found in find_all(element, path)]
        if about:
            for material in about:
                self._material(material)
            return
        code = find(element, "code")
        said = code.get("code") if code is not None else None
        if said in _GENERAL and find(element, "value") is not None:
            return
        self._keep("Concern" if said == "CONC" else code_text(code, self.texts) or STATEMENTS[kind], code)

    def _material(self, material: Any) -> None:
        code = find(material, "code")
        drug = code_text(code, self.texts) or words(find(material, "name"))
        self._keep(drug or "Medicine without a name", code)
        if (lot := find(material, "lotNumberText")) is not None and words(lot):
            self.builder.write(", lot ")
            self.builder.write(words(lot), "KEEP", "lotNumberText")

    def _keep(self, text: str, code: Any) -> None:
        self.builder.write(text, "KEEP" if is_term(code, text) else None, "code")
        if label := code_label(code):
            self.builder.write(f" ({label})", "KEEP", "code")

    def _values(self, element: Any) -> None:
        code = find(element, "code")
        told = "" if code is not None and code.get("code") in _GENERAL else ": "
        for value in children(element, "value"):
            text, known = value_of(value, self.texts)
            if text := text.rstrip("."):
                self.builder.write(told)
                old = is_old_age(all_codes(code, self.texts), text)
                self.builder.write(text, "AGE" if old else "KEEP" if known else None, "value")
                if label := code_label(value):
                    self.builder.write(f" ({label})", "KEEP", "value")
                told = ", "
        for name, word in (("doseQuantity", "dose"), ("rateQuantity", "rate"), ("quantity", "quantity")):
            if text := quantity(find(element, name)):
                self.builder.write(f", {word} ")
                self.builder.write(text, "KEEP", name)

    def _circumstances(self, element: Any) -> None:
        for name, word in (
            ("routeCode", "route"),
            ("targetSiteCode", "site"),
            ("interpretationCode", "interpretation"),
        ):
            for code in children(element, name):
                if text := code_text(code, self.texts):
                    self.builder.write(f", {word} ")
                    self.builder.write(text, "KEEP" if is_term(code, text) else None, name)
        for limits in find_all(element, "referenceRange/observationRange"):
            value = find(limits, "value")
            text = quantity(value) if value is not None else words(find(limits, "text"))
            if text:
                self.builder.write(f", reference {text}")
        for time in (*children(element, "effectiveTime"), *children(element, "time")):
            if text := period(time):
                self.builder.write(f", {text}")
        if (state := find(element, "statusCode")) is not None and state.get("code", "") not in _DONE:
            self.builder.write(f", status {state.get('code')}")
        if (said := find(element, "text")) is not None and (text := words(said)):
            self.builder.write(f", as written: {text.rstrip('.')}")

    def _people(self, element: Any) -> None:
        for name, word in _PEOPLE:
            for party in children(element, name):
                PartyWriter(self.builder).names(party, name, word)
        for party in children(element, "participant"):
            self._participant(party)

    def _participant(self, party: Any) -> None:
        """What or whom the statement involves: the allergen, the device, the place, a person."""
        for entity in find_all(party, "participantRole/playingEntity"):
            if text := code_text(find(entity, "code"), self.texts):
                self.builder.write(", ")
                self._keep(text, find(entity, "code"))
        for device in find_all(party, "participantRole/playingDevice"):
            if text := code_text(find(device, "code"), self.texts):
                self.builder.write(", device ")
                self._keep(text, find(device, "code"))
        PartyWriter(self.builder).names(party, "participant", "with")


def _says(text: str, words: str) -> bool:
    """Whether a text, in small letters, has these words, whole.

    What it denies it does not say. A number by itself says nothing: it is one of many.
    """
    if _DENIED.casefold() in text or not any(letter.isalpha() for letter in words):
        return False
    at = text.find(words)
    while at >= 0 and (text[at - 1 : at].isalnum() or text[at + len(words) :][:1].isalnum()):
        at = text.find(words, at + 1)
    return at >= 0
