"""The scrubber: fields by their meaning, free text by recognisers, every mention of whoever was found."""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from ragslm._spans import OffsetMap, Replacement, apply, overlaps, type_of
from ragslm.errors import RagslmError, ScrubError
from ragslm.privacy import calendar, coarsening
from ragslm.privacy.engine import Finder
from ragslm.privacy.known_names import known_names
from ragslm.privacy.mentions import given_names, mentions
from ragslm.privacy.policy import BY_FIELD, Policy, family
from ragslm.privacy.recogniser import is_wanted
from ragslm.privacy.replacing import Replacer
from ragslm.privacy.spans import Finding, settle, trimmed, unprotected, windows
from ragslm.privacy.tagger import Tagger
from ragslm.privacy.tokens import TokenReader
from ragslm.privacy.vault import Vault
from ragslm.settings import PrivacySettings
from ragslm.types import Entity, LabelledField, Scrubbed

WITHHELD = "[withheld]"
_MASK = re.compile(r"\[([A-Z][A-Z_]*)\]")
_ROUNDS = 3  # a name reader sees new names once others are tokens; two rounds settle nearly every text
_SHORTEST = 3  # originals shorter than this are words of any text
_ANYWHERE = frozenset({"CREDIT_CARD", "CARD_TRACK", "CVV", "PIN", "IBAN_CODE"})  # found in kept text too
_AT_ONCE = 500  # originals in one pattern


class PresidioScrubber:
    """Finds personal data with Presidio and replaces it by stable pseudonyms.

    Attributes:
        version: hash over policy, recognisers with their versions, and the spaCy model's version.
        ner_folder: folder of the spaCy model.
    """

    def __init__(self, finder: Finder, policy: Policy, vault: Vault) -> None:
        self._finder, self._policy, self._vault = finder, policy, vault
        self._replacer = Replacer(policy, vault)
        self._entities = frozenset(finder.entities) | BY_FIELD
        self._tokens = TokenReader(self._entities, vault.originals)
        self.ner_folder = finder.folder
        self.version = policy.version(finder.versions)

    def scrub(
        self, text: str, fields: Sequence[LabelledField] = (), *, subject: str | None = None
    ) -> Scrubbed:
        """Scrub one text; `fields` are scrubbed by their meaning, the rest by recognisers.

        Raises:
            ScrubError: scrubbing could not be completed.
        """
        return self.scrub_many([text], [fields], [subject])[0]

    def scrub_many(
        self,
        texts: Sequence[str],
        fields: Sequence[Sequence[LabelledField]] | None = None,
        subjects: Sequence[str | None] | None = None,
    ) -> list[Scrubbed]:
        """`scrub` for many texts, batched.

        Raises:
            ScrubError: scrubbing could not be completed, or texts, fields and subjects do not pair.
        """
        for name, given in (("fields", fields), ("subjects", subjects)):
            if given is not None and len(given) != len(texts):
                raise ScrubError(f"{len(texts)} texts came with {name} for {len(given)}.")
        n = len(texts)
        try:
            return self._scrub_all(texts, fields or [()] * n, subjects or [None] * n)
        except RagslmError:
            raise
        except Exception as error:
            raise ScrubError(
                f"Scrubbing {len(texts)} texts of {sum(map(len, texts))} characters failed: "
                f"{type(error).__name__}."
            ) from None

    def seal(self, text: str, originals: Sequence[str]) -> str:
        """Replace what is left of `originals` in `text` and assert that none of them remains.

        Raises:
            ScrubError: one of them is still there.
        """
        patterns = list(_patterns(one for one in originals if self._is_sealable(one)))
        for pattern in patterns:
            text = pattern.sub(lambda match: self._stand_in(match[0]), text)
        if left := sum(len(pattern.findall(text)) for pattern in patterns):
            raise ScrubError(f"{left} personal details are left in a text of {len(text)} characters.")
        return text

    def restore(self, text: str, types: Collection[str] | None = None) -> str:
        """Put originals back. The caller has checked that the reader is cleared for it.

        Args:
            text: holds pseudonyms. What was masked, cut, made coarse or moved stays as it is: nobody has it.
            types: entity types that are put back; None is every type.
        """
        return apply(
            text,
            (
                Replacement(start, end, original)
                for start, end, original in self._tokens.read(text)
                if types is None or type_of(text[start:end]) in types
            ),
        )

    def knows(self, original: str) -> bool:
        """Whether a pseudonym of this workspace stands for it, whatever its type."""
        return self._vault.known(original, sorted(self._entities)) is not None

    # ------------------------------------------------------------ in steps

    def _scrub_all(
        self,
        texts: Sequence[str],
        fields: Sequence[Sequence[LabelledField]],
        subjects: Sequence[str | None],
    ) -> list[Scrubbed]:
        works = [
            _Work(text, self._settled(text), subject) for text, subject in zip(texts, subjects, strict=True)
        ]
        for work, given in zip(works, fields, strict=True):
            work.label(given, self._policy)
        unsettled = works
        read: dict[str, list[Any]] = {}
        for _ in range(_ROUNDS):
            found = self._recognise(unsettled, read)
            unsettled = [w for w, f in zip(unsettled, found, strict=True) if self._take(w, f)]
            if not unsettled:
                break
        return [Scrubbed(work.scrubbed, tuple(work.entities)) for work in works]

    def _recognise(self, works: Sequence["_Work"], read: dict[str, list[Any]]) -> list[list[Finding]]:
        """Findings per text as scrubbed so far; the windows of all go through the name reader in one batch.

        Args:
            works: texts on their way.
            read: windows read in earlier rounds, with what was found; those read now are added. Reading is
                what scrubbing costs, and most windows hold nothing personal and stay as they are.
        """
        cuts = [(i, start, end) for i, work in enumerate(works) for start, end in work.windows()]
        pieces = [works[i].scrubbed[start:end] for i, start, end in cuts]
        new = list(dict.fromkeys(piece for piece in pieces if piece not in read))
        read.update(zip(new, self._finder.find(new, self._policy.threshold), strict=True))
        found: list[list[Finding]] = [[] for _ in works]
        for (i, at, _), piece in zip(cuts, pieces, strict=True):
            found[i] += [Finding(r.entity_type, r.start + at, r.end + at, r.score) for r in read[piece]]
        for work, findings in zip(works, found, strict=True):
            findings += known_names(work.scrubbed, lambda runs: self._vault.known_among(runs, "PERSON"))
        return found

    def _take(self, work: "_Work", found: Sequence[Finding]) -> bool:
        """Add what was found to a text and replace it; False if there was nothing new."""
        if not work.add(f for f in found if self._policy.action(f.entity) != "keep"):
            return False
        work.replace(self._replacer)
        return True

    def _is_sealable(self, original: str) -> bool:
        """Whether nothing that takes its place can hold it.

        The stand-in holds its own word. A moved date may fall on another date of the same record, so no date
        is sealed where dates move.
        """
        if original.strip().strip("[]") == WITHHELD.strip("[]"):
            return False
        is_date = calendar.read(original, dt.date.today()) is not None
        return not (self._replacer.shifts_dates and is_date)

    def _settled(self, text: str) -> list[tuple[int, int]]:
        """Where pseudonyms of this workspace, masks and what was made coarse stand."""
        spans = [(start, end) for start, end, _ in self._tokens.read(text)]
        spans += [m.span() for m in _MASK.finditer(text) if m[1] in self._entities]
        return sorted(spans + [m.span() for m in coarsening.LEFT.finditer(text)])

    def _stand_in(self, original: str) -> str:
        return self._vault.known(original, sorted(self._entities)) or WITHHELD


class _Work:
    """One text on its way through the rounds. Findings refer to the text as it was given."""

    def __init__(self, text: str, tokens: list[tuple[int, int]], subject: str | None) -> None:
        self.text = self.scrubbed = text
        self._subject = subject
        self.entities: list[Entity] = []
        self._findings: list[Finding] = []
        self._tokens = tokens
        self._kept: list[LabelledField] = []
        self._first = True

    def label(self, fields: Iterable[LabelledField], policy: Policy) -> None:
        """Take over what the format says: personal fields, and fields to be left alone."""
        for f in fields:
            if not 0 <= f.start <= f.end <= len(self.text):
                raise ScrubError(f"Field {f.path!r} lies outside its text of {len(self.text)} characters.")
            entity = family(f.entity)
            if entity == "KEEP" or policy.action(entity) == "keep":
                self._kept.append(f)
            else:
                self._findings.append(Finding(entity, f.start, f.end, 1.0, by_field=True))

    def add(self, found: Iterable[Finding]) -> bool:
        """Add findings in the text as scrubbed so far; False if they bring nothing new."""
        before = set(self._findings)
        new = unprotected(self._in_original(found), self._tokens)
        findings = [*self._findings, *self._unshielded(new)]
        people = {self.text[f.start : f.end] for f in findings if f.entity == "PERSON"}
        named = {self.text[f.start : f.end] for f in findings if f.entity == "PERSON" and f.by_field}
        later = (*mentions(self.text, people), *given_names(self.text, named))
        findings += self._unshielded(unprotected(later, self._tokens))
        # A person the format itself names is one wherever the name stands, also where a term was expected.
        findings += unprotected(mentions(self.text, named), self._tokens)
        self._findings = settle(trimmed(self.text, settle(findings)))
        first, self._first = self._first, False
        return (first and bool(self._findings)) or not set(self._findings) <= before

    def replace(self, replacer: Replacer) -> None:
        """Replace every finding; a year alone that may stay as it is was none."""
        self.entities = []
        for f in self._findings:
            original = self.text[f.start : f.end]
            new = replacer.replacement(f.entity, original, self._subject)
            if new != original:
                self.entities.append(Entity(f.entity, f.start, f.end, f.score, new))
        self.scrubbed = apply(self.text, (Replacement(e.start, e.end, e.replacement) for e in self.entities))

    def windows(self) -> Iterator[tuple[int, int]]:
        """Windows of the text as scrubbed so far, cut where the original was: what stays is the same text."""
        places = self._places()
        start = 0
        for _, end in windows(self.text):
            _, after = places.to_scrubbed(0, end)
            yield start, after
            start = after

    def _places(self) -> OffsetMap:
        return OffsetMap(tuple(Replacement(e.start, e.end, e.replacement) for e in self.entities))

    def _in_original(self, found: Iterable[Finding]) -> Iterator[Finding]:
        """Findings in the scrubbed text as spans of the original, without those that touch a replacement."""
        places = self._places()
        for f in found:
            start, end = places.to_original(f.start, f.end)
            if end - start == f.end - f.start and self.text[start:end] == self.scrubbed[f.start : f.end]:
                yield Finding(f.entity, start, end, f.score)

    def _unshielded(self, found: Iterable[Finding]) -> Iterator[Finding]:
        """What of the findings no field calls knowledge. A card number inside a longer kept text is none."""
        for finding in found:
            length = finding.end - finding.start
            kept = [k for k in self._kept if overlaps(k.start, k.end, finding.start, finding.end)]
            if finding.entity in _ANYWHERE and all(length < k.end - k.start for k in kept):
                kept = []
            parts = [finding]
            for field in kept:
                parts = list(unprotected(parts, [(field.start, field.end)]))
            yield from parts


def _patterns(originals: Iterable[str]) -> Iterator[re.Pattern[str]]:
    """Patterns that find the originals as whole words, longest first."""
    whole = {o.strip() for o in originals if len(o.strip()) >= _SHORTEST and any(map(str.isalnum, o))}
    wanted = sorted(whole, key=lambda o: (-len(o), o))
    for at in range(0, len(wanted), _AT_ONCE):
        yield re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, wanted[at : at + _AT_ONCE]))})(?!\w)")


def build_scrubber(
    settings: PrivacySettings,
    *,
    ner_folder: Path,
    recognisers: Sequence[Any],
    vault: Vault,
    tagger: Tagger | None = None,
) -> PresidioScrubber:
    """The scrubber of one workspace.

    Args:
        settings: threshold and actions by entity type.
        ner_folder: folder of the spaCy model.
        recognisers: the domains' Presidio recognisers; the shared ones are added here.
        vault: pseudonyms of the workspace.
        tagger: the trained finder of names and addresses; None: rules and the spaCy model alone.

    Raises:
        ConfigError: the settings name an entity type that no recogniser finds.
        ModelError: there is no spaCy model in the folder.
    """
    from ragslm.privacy.recognisers import build

    known = [*build(), *recognisers]
    policy = Policy.of(settings, {entity for one in known for entity in one.supported_entities})
    finder = Finder(ner_folder, [one for one in known if is_wanted(one, policy.actions)], tagger)
    return PresidioScrubber(finder, policy, vault)
