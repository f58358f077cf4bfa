"""The scrubber: fields by their meaning, free text by recognisers, every mention of whoever was found."""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from ragslm._pseudonyms import type_of
from ragslm._spans import Overlapping, Replacement, apply
from ragslm.errors import RagslmError, ScrubError
from ragslm.privacy import calendar, coarsening, gazetteer
from ragslm.privacy.engine import Finder
from ragslm.privacy.known_codes import CODES, known_codes
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
_SHORTEST = 3  # originals shorter than this are words of any text
_ANYWHERE = frozenset({"CREDIT_CARD", "CARD_TRACK", "CVV", "PIN", "IBAN_CODE"})  # found in kept text too
_AT_ONCE = 500  # originals in one pattern
# "Long-term" is a word; "Long-led" is of somebody called Long.
_NOT_JOINED = (
    "(?!-(?!(?:led|run|owned|related|controlled|founded|managed|backed|affiliated|appointed)(?!\\w))[a-z])"
)


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
        self,
        text: str,
        fields: Sequence[LabelledField] = (),
        *,
        subject: str | None = None,
        lasting: bool = True,
    ) -> Scrubbed:
        """Scrub one text; `fields` are scrubbed by their meaning, the rest by recognisers.

        Args:
            text: to be scrubbed.
            fields: what its format says of it.
            subject: patient or account whose text it is.
            lasting: whether what is found counts as known in other texts; what a user types does not.

        Raises:
            ScrubError: scrubbing could not be completed.
        """
        return self._scrub_all([text], [fields], [subject], lasting=lasting)[0]

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
        return self._scrub_all(texts, fields or [()] * n, subjects or [None] * n, lasting=True)

    def seal(self, texts: Sequence[str], originals: Sequence[str]) -> list[str]:
        """Replace what is left of `originals` in every text and assert that none of them remains.

        Raises:
            ScrubError: one of them is still there.
        """
        patterns = list(_patterns(one for one in originals if self._is_sealable(one)))
        return [self._sealed(text, patterns) for text in texts]

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
        *,
        lasting: bool,
    ) -> list[Scrubbed]:
        """Every text read once: reading it again with pseudonyms in it found hardly anything but mistakes."""
        try:
            found = self._recognise(texts)
            rows = zip(texts, fields, subjects, found, strict=True)
            return [self._scrubbed(*row, lasting=lasting) for row in rows]
        except RagslmError:
            raise
        except Exception as error:  # its words may be the text's
            raise ScrubError(
                f"Scrubbing {len(texts)} texts of {sum(map(len, texts))} characters failed: "
                f"{type(error).__name__}."
            ) from None

    def _scrubbed(
        self,
        text: str,
        fields: Sequence[LabelledField],
        subject: str | None,
        found: Iterable[Finding],
        *,
        lasting: bool,
    ) -> Scrubbed:
        work = _Work(text, self._settled(text))
        work.label(fields, self._policy)
        work.add(f for f in found if self._policy.action(f.entity) != "keep")
        return work.replaced(self._replacer, subject, lasting=lasting)

    def _recognise(self, texts: Sequence[str]) -> list[list[Finding]]:
        """Findings per text; the windows of all go through the name reader in one batch, each once."""
        cuts = [(i, window) for i, text in enumerate(texts) for window in windows(text)]
        pieces = [window.of(texts[i]) for i, window in cuts]
        different = list(dict.fromkeys(pieces))
        read = dict(zip(different, self._finder.find(different, self._policy.threshold), strict=True))
        names = known_names(texts, lambda runs: self._vault.types_of(runs, ("PERSON",)))
        codes = known_codes(texts, lambda words: self._vault.types_of(words, CODES))
        found = [[*own, *more] for own, more in zip(names, codes, strict=True)]
        for (i, window), piece in zip(cuts, pieces, strict=True):
            results = (Finding(r.entity_type, r.start, r.end, r.score) for r in read[piece])
            found[i] += window.placed(results)
        return found

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

    def _sealed(self, text: str, patterns: Sequence[re.Pattern[str]]) -> str:
        for pattern in patterns:
            text = pattern.sub(lambda match: self._stand_in(match[0]), text)
        if left := sum(len(pattern.findall(text)) for pattern in patterns):
            raise ScrubError(f"{left} personal details are left in a text of {len(text)} characters.")
        return text

    def _stand_in(self, original: str) -> str:
        return self._vault.known(original, sorted(self._entities)) or WITHHELD


class _Work:
    """One text and what is personal in it."""

    def __init__(self, text: str, tokens: list[tuple[int, int]]) -> None:
        self._text, self._tokens = text, tokens
        self._findings: list[Finding] = []
        self._kept = Overlapping[LabelledField]((), _span)

    def label(self, fields: Iterable[LabelledField], policy: Policy) -> None:
        """Take over what the format says: personal fields, and fields to be left alone."""
        kept = []
        for f in fields:
            if not 0 <= f.start <= f.end <= len(self._text):
                raise ScrubError(f"Field {f.path!r} lies outside its text of {len(self._text)} characters.")
            entity = family(f.entity)
            if entity == "KEEP" or policy.action(entity) == "keep":
                kept.append(f)
            else:
                self._findings.append(Finding(entity, f.start, f.end, 1.0, by_field=True))
        self._kept = Overlapping(kept, _span)

    def add(self, found: Iterable[Finding]) -> None:
        """Add findings, and every mention of the people among them."""
        text, findings = self._text, [*self._findings, *self._unshielded(self._free(found))]
        people = {text[f.start : f.end] for f in findings if f.entity == "PERSON"}
        named = {text[f.start : f.end] for f in findings if f.entity == "PERSON" and f.by_field}
        findings += self._unshielded(self._free((*mentions(text, people), *given_names(text, named))))
        # A person the format itself names is one wherever the name stands, also where a term was expected.
        findings += self._free(mentions(text, named))
        self._findings = settle(trimmed(text, settle(findings)))

    def replaced(self, replacer: Replacer, subject: str | None, *, lasting: bool) -> Scrubbed:
        """The text with every finding replaced; a year alone that may stay as it is was none."""
        entities = []
        for f in self._findings:
            original = self._text[f.start : f.end]
            new = replacer.replacement(f.entity, original, subject, lasting=lasting)
            if new != original:
                entities.append(Entity(f.entity, f.start, f.end, f.score, new))
        scrubbed = apply(self._text, (Replacement(e.start, e.end, e.replacement) for e in entities))
        return Scrubbed(scrubbed, tuple(entities))

    def _free(self, found: Iterable[Finding]) -> Iterator[Finding]:
        """What of the findings lies outside pseudonyms."""
        return unprotected(found, self._tokens)

    def _unshielded(self, found: Iterable[Finding]) -> Iterator[Finding]:
        """What of the findings no field calls knowledge. A card number inside a longer kept text is none."""
        for finding in found:
            length = finding.end - finding.start
            kept = self._kept.found(finding.start, finding.end)
            if finding.entity in _ANYWHERE and all(length < k.end - k.start for k in kept):
                kept = []
            parts = [finding]
            for field in kept:
                parts = list(unprotected(parts, [(field.start, field.end)]))
            yield from parts


def _span(field: LabelledField) -> tuple[int, int]:
    return field.start, field.end


def _patterns(originals: Iterable[str]) -> Iterator[re.Pattern[str]]:
    """Patterns that find the originals as whole words, longest first; Mr Long not in "Long-term"."""
    whole = {o.strip() for o in originals if len(o.strip()) >= _SHORTEST and any(map(str.isalnum, o))}
    wanted = sorted(whole, key=lambda o: (-len(o), o))
    for at in range(0, len(wanted), _AT_ONCE):
        yield re.compile(rf"(?<!\w)(?:{'|'.join(map(_pattern, wanted[at : at + _AT_ONCE]))})(?!\w)")


def _pattern(original: str) -> str:
    """One original; a word of the language is no name where a hyphen joins it to another such word."""
    joined = original.isalpha() and gazetteer.is_common(original)
    return f"{re.escape(original)}{_NOT_JOINED if joined else ''}"


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
