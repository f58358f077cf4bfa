"""The shares that `ragslm eval identifiers` prints, each with n and its 95 % interval."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from ragslm.evaluate.grounding import Share
from ragslm.evaluate.identifiers.by_field import by_field
from ragslm.evaluate.identifiers.cards import card_lists, cards, random_digits
from ragslm.evaluate.identifiers.cases import Case, Find, Half, Span, covered, left_over, touched
from ragslm.evaluate.identifiers.knowledge import codes
from ragslm.evaluate.identifiers.numbers import identifiers, look_alikes
from ragslm.evaluate.identifiers.planted import planted
from ragslm.evaluate.identifiers.safe_harbor import RuleCase, rule_cases
from ragslm.evaluate.identifiers.wording import words
from ragslm.evaluate.intervals import wilson
from ragslm.protocols import Scrubber

Outcome = tuple[str, bool]
"""The row a case counts in, and whether it came out so."""
_BATCH = 2_000


def found_by(scrubber: Scrubber) -> Find:
    """What a scrubber replaces."""
    return lambda texts: [
        [(e.type, e.start, e.end) for e in done.entities] for done in scrubber.scrub_many(texts)
    ]


def measure_numbers(find: Find, half: Half) -> Iterator[Share]:
    """Card numbers, identifiers with check digits, look-alikes, codes and words."""
    for title, cases in (
        ("card numbers masked whole", cards(half)),
        ("card numbers in other forms masked whole", cards(half, each=3, other=True)),
    ):
        judged = list(_judge(find, cases))
        yield from _table(title, ((case.form, covered(case, spans)) for case, spans in judged))
        yield from _rows(title, ((case.kind, covered(case, spans)) for case, spans in judged))
        yield _bytes_left(title, judged)
    yield from _masked("lists of cards masked whole", find, card_lists(half), covered)
    yield from _masked("identifiers masked whole", find, identifiers(half), covered)
    yield from _masked("16 random digits masked", find, random_digits(half), touched)
    yield from _masked("random look-alikes masked", find, look_alikes(half), touched)
    yield from _masked("codes and values masked", find, codes(half), touched)
    yield from _masked("words masked", find, words(half), touched)


def measure_rules(find: Find, half: Half) -> Iterator[Share]:
    """Cases of the Safe Harbor rule that come out wrong.

    Args:
        find: under a policy that acts on dates too.
        half: of the sentences.
    """
    cases = list(rule_cases(half))
    judged = _judge(find, (rule.case for rule in cases))
    outcomes = [(r.case.kind, not _right(r, spans)) for r, (_, spans) in zip(cases, judged, strict=True)]
    yield from _table("Safe Harbor cases wrong", outcomes)


def measure_fields(folder: Path, scrubber: Scrubber) -> Iterator[Share]:
    """Names, birth dates and ids of samples, gone by field."""
    told = list(by_field(folder, scrubber))
    yield from _table("by field, gone", ((f"{one.format} {one.kind}", not one.left) for one in told))


def measure_planted(notes: Sequence[str], find: Find) -> Iterator[Share]:
    """Identifiers put into the user's own notes, twenty each, of which no letter or digit is left."""
    every = list(planted(notes))
    found = find([note.text for note in every])
    outcomes = [
        (case.kind, covered(case, spans))
        for note, spans in zip(every, found, strict=True)
        for case in note.cases
    ]
    yield from _table("planted in notes, masked whole", outcomes)


def _right(rule: RuleCase, spans: Iterable[Span]) -> bool:
    if not rule.entities:
        return not touched(rule.case, spans)
    return covered(rule.case, [span for span in spans if span[0] in rule.entities])


def _judge(find: Find, cases: Iterable[Case]) -> Iterator[tuple[Case, list[Span]]]:
    every = list(cases)
    for at in range(0, len(every), _BATCH):
        batch = every[at : at + _BATCH]
        yield from zip(batch, find([case.text for case in batch]), strict=True)


def _masked(
    title: str, find: Find, cases: Iterable[Case], judge: Callable[[Case, Iterable[Span]], bool]
) -> Iterator[Share]:
    return _table(title, ((case.kind, judge(case, spans)) for case, spans in _judge(find, cases)))


def _table(title: str, outcomes: Iterable[Outcome]) -> Iterator[Share]:
    """One share over all, then one for each row."""
    kept = list(outcomes)
    yield _share(title, [ok for _, ok in kept])
    yield from _rows(title, kept)


def _rows(title: str, outcomes: Iterable[Outcome]) -> Iterator[Share]:
    for row, group in groupby(sorted(outcomes, key=lambda one: one[0]), key=lambda one: one[0]):
        yield _share(f"{title}: {row}", [ok for _, ok in group])


def _bytes_left(title: str, judged: Sequence[tuple[Case, list[Span]]]) -> Share:
    digits = "".join(left_over(case, spans) for case, spans in judged)
    every = sum(len(left_over(case, ())) for case, _ in judged)
    return _counted(f"{title}: digits left standing", len(digits), every)


def _share(name: str, outcomes: Sequence[bool]) -> Share:
    return _counted(name, sum(outcomes), len(outcomes))


def _counted(name: str, hits: int, n: int) -> Share:
    return Share(name, hits / n if n else 0.0, *wilson(hits, n), n)
