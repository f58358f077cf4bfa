"""Marked texts to learn names and addresses from, out of public data whose licence permits shipping weights.

`SOURCES` is what the model card lists. Of the synthetic sentences only the tuning templates are read, of the
corpora only the training part: what is left measures.
"""

import gzip
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from ragslm._claims import rows, texts
from ragslm._sentences import split
from ragslm._templates import validation
from ragslm.privacy import gazetteer
from ragslm.specialise.notes.distort import distorted
from ragslm.specialise.notes.fill import Frames
from ragslm.specialise.notes.marked import PERSON, STREET, UNSURE, Marked, Span, joined, merged

_ROLES = frozenset("borrower lender executive employee agent guarantor".split())
_SPANISH = {
    "NOMBRE_SUJETO_ASISTENCIA": PERSON,
    "NOMBRE_PERSONAL_SANITARIO": PERSON,
    "CALLE": STREET,
    "TERRITORIO": UNSURE,
    "HOSPITAL": UNSURE,
    "INSTITUCION": UNSURE,
}
_NAMED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Prof)\.? [A-Z]|(?P<one>\b[A-Z][a-z]+) (?:[A-Z]\. )?(?P<other>[A-Z][a-z]+)\b"
)
_BESIDE = re.compile(r"[\s,>]+")
_LINES = 5
_WORDS = 45


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of marked texts.

    Attributes:
        name: for the model card.
        licence: as its repository states it.
        share: texts taken from it.
        read: endless or not; called with the data folder and what decides.
    """

    name: str
    licence: str
    share: int
    read: Callable[[Path, Random], Iterator[Marked]] = field(repr=False)


def _generated(data: Path, random: Random) -> Iterator[Marked]:
    """Notes of one to three frames, now and then behind a sentence of a corpus."""
    frames = _frames(data, random)
    innocent = list(_innocent(data, random))
    while True:
        notes = [frames.note()]
        while random.random() < 0.2 and len(notes) < 3:
            notes.append(frames.note() if random.random() < 0.6 else frames.plain())
        if random.random() < 0.08:
            notes.append(random.choice(innocent))
        random.shuffle(notes)
        yield distorted(joined(notes, random.choice(("\n", "\n\n", " ", " "))), random)


def _plain(data: Path, random: Random) -> Iterator[Marked]:
    frames = _frames(data, random)
    while True:
        notes = [frames.plain() for _ in range(random.choice((1, 1, 2, 3)))]
        yield distorted(joined(notes, random.choice(("\n", " "))), random)


def _synthetic(data: Path, random: Random) -> Iterator[Marked]:
    """The sentences of the tuning templates, each written in its own way every time."""
    kept = list(_tuning(data))
    while True:
        yield from (distorted(note, random) for note in random.sample(kept, len(kept)))


def _renamed(data: Path, random: Random) -> Iterator[Marked]:
    """The same sentences about other people."""
    kept = [note for note in _tuning(data) if any(label == PERSON for label, _, _ in note.spans)]
    people = Frames(random).people
    while True:
        yield distorted(_with_names(random.choice(kept), people.name, people.last), random)


def _clinical(data: Path, random: Random) -> Iterator[Marked]:
    """Spanish case reports, a few lines at a time; towns and hospitals teach nothing."""
    notes = [
        piece
        for row in rows(data / "meddocan_dev" / "meddocan_dev.jsonl.gz")
        for piece in _by_lines(row["text"], [(s["type"], s["start"], s["end"]) for s in row["spans"]])
    ]
    while True:
        yield from random.sample(notes, len(notes))


def _agreements(data: Path, random: Random) -> Iterator[Marked]:
    """Loan agreements: firms are no people, and neither are a Borrower and a Lender."""
    path = data / "sec_ner_dev" / "FIN5.txt.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        words = [(cells[0], cells[-1]) for line in file if len(cells := line.split()) == 4]
    while True:
        start = random.randrange(len(words) - _WORDS)
        yield _sentence(words[start : start + _WORDS])


def _corpora(data: Path, random: Random) -> Iterator[Marked]:
    kept = list(_innocent(data, random))
    while True:
        yield from random.sample(kept, len(kept))


def _chats(data: Path, random: Random) -> Iterator[Marked]:
    kept = [row["text"] for row in rows(data / "banking77_dev" / "banking77_dev.jsonl.gz")]
    yield from (Marked(text, ()) for text in random.sample(kept, len(kept)))


SOURCES: Sequence[Source] = (
    Source(
        "generated notes",
        "of this project, Apache-2.0; names of the 1990 census, public domain",
        6_800,
        _generated,
    ),
    Source("generated sentences without names", "of this project, Apache-2.0", 2_200, _plain),
    Source("Presidio-research, tuning templates", "MIT", 480, _synthetic),
    Source("Presidio-research, tuning templates, other names", "MIT", 480, _renamed),
    Source("MEDDOCAN, dev part", "CC BY 4.0", 400, _clinical),
    Source("SEC loan agreements, dev part", "CC BY 3.0", 200, _agreements),
    Source(
        "MedQuAD, CFPB regulations, PubMedQA, TAT-QA: sentences without names, training part",
        "CC BY 4.0, public domain, MIT, CC BY 4.0",
        1_800,
        _corpora,
    ),
    Source("Banking77, dev part", "CC BY 4.0", 240, _chats),
)


def _frames(data: Path, random: Random) -> Frames:
    """Frames that also draw names and addresses of the tuning templates."""
    notes = list(_tuning(data))
    found = {
        kind: tuple(sorted({n.text[a:b] for n in notes for label, a, b in n.spans if label == kind}))
        for kind in (PERSON, STREET)
    }
    return Frames(
        random,
        tuple(name for name in found[PERSON] if " " in name),
        tuple(place for place in found[STREET] if len(place) > 12),
    )


def _tuning(data: Path) -> Iterator[Marked]:
    """Sentences of the tuning templates. What stands beside a street in one address belongs to it."""
    for row in rows(data / "presidio_synth_dev" / "presidio_synth_dev.jsonl.gz"):
        if not validation(str(row["template_id"])):
            spans = [(s["type"], s["start"], s["end"]) for s in row["spans"]]
            yield Marked(row["text"], tuple(_addresses(row["text"], sorted(spans, key=lambda s: s[1]))))


def _addresses(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Names and addresses; a town or code that only blanks and commas part from a street is of it."""
    kept: list[Span] = []
    for label, start, end in spans:
        beside = bool(kept) and kept[-1][0] == STREET and _BESIDE.fullmatch(text, kept[-1][2], start)
        if beside and label in (STREET, "GPE", "ZIP_CODE"):
            kept[-1] = (STREET, kept[-1][1], end)
        elif label in (PERSON, STREET):
            kept.append((label, start, end))
    yield from kept


def _with_names(note: Marked, name: Callable[[], str], last: Callable[[], str]) -> Marked:
    """Other names in the places of the old: full ones for full ones."""
    parts: list[str] = []
    spans: list[Span] = []
    at = position = 0
    for label, start, end in note.spans:
        old = note.text[start:end]
        new = (name() if " " in old else last()) if label == PERSON else old
        parts += [note.text[position:start], new]
        at += start - position
        spans.append((label, at, at + len(new)))
        at += len(new)
        position = end
    return Marked("".join([*parts, note.text[position:]]), tuple(spans))


def _by_lines(text: str, spans: Sequence[Span]) -> Iterator[Marked]:
    """Some lines at a time, with the spans that lie in them."""
    ends = [match.end() for match in re.finditer(r"\n|$", text)]
    start = 0
    for end in [*ends[_LINES - 1 :: _LINES], len(text)]:
        inside = [
            (_SPANISH[label], a - start, b - start)
            for label, a, b in spans
            if label in _SPANISH and start <= a and b <= end
        ]
        if text[start:end].strip():
            yield Marked(text[start:end], merged(text[start:end], inside))
        start = end


def _sentence(words: Sequence[tuple[str, str]]) -> Marked:
    """Words of a tagged agreement as running text."""
    text = ""
    spans: list[Span] = []
    for word, label in words:
        text += "" if word in {",", ".", ";", ")", ":", "'s"} or text.endswith("(") else " "
        kind = {"I-PER": PERSON, "I-LOC": UNSURE}.get(label)
        if kind and word.lower() not in _ROLES:
            spans.append((kind, len(text), len(text) + len(word)))
        text += word
    return Marked(text, merged(text, spans))


def _innocent(data: Path, random: Random) -> Iterator[Marked]:
    """One to four sentences each of the corpora's training part, without those that seem to name somebody."""
    for part, text in texts(data):
        if part != "training":
            continue
        spans, at = split(text.text), 0
        while at < len(spans):
            more = random.choice((1, 1, 2))
            passage = text.text[spans[at][0] : spans[min(at + more, len(spans)) - 1][1]]
            at += more
            if len(passage) > 25 and not _names_somebody(passage):
                yield Marked(passage, ())


def _names_somebody(text: str) -> bool:
    """Whether a title stands in it, or a given name of the census before a surname."""
    return any(
        match["one"] is None or (gazetteer.is_given(match["one"]) and gazetteer.is_surname(match["other"]))
        for match in _NAMED.finditer(text)
    )
