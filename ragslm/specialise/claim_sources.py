"""Claims with passages to learn support from, out of public data whose licence permits shipping weights.

`SOURCES` is what the model card lists. The sets that measure only are not among them, nor the parts of
entailment_dev whose passages are third parties' text (wice, factcheckgpt, scitab).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from ragslm._claims import SETS, Claim, Part, claims, part_of, parts_of, rows, texts
from ragslm._sentences import content_words
from ragslm.specialise.edits import KINDS, Maker, Page, examples, page_of

_LONGEST = 900
_EDITED = "changed sentences"


@dataclass(frozen=True, slots=True)
class Example:
    """A claim and one passage.

    Attributes:
        source: name in `SOURCES`.
        supported: whether the passage says it.
        part: where it lies: training, calibration or validation.
        kind: of change, for a changed sentence.
        counterpart: the claim it was changed from or to, or ""; where they differ is what is wrong.
    """

    source: str
    claim: str = field(repr=False)
    passage: str = field(repr=False)
    supported: bool
    part: Part
    kind: str = ""
    counterpart: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Source:
    """One data set or several of one kind.

    Attributes:
        name: for the model card.
        licence: as its repository states it.
        share: examples taken from it for training, at most.
        read: its examples, in any order.
        even: made so that each claim, or what it differs by, is as often supported as not.
    """

    name: str
    licence: str
    share: int
    read: Callable[[Path, Random], Iterator[Example]] = field(repr=False)
    even: bool = False


def _entailment(name: str, file: str) -> Callable[[Path, Random], Iterator[Example]]:
    """One file of entailment_dev; a neutral claim is not supported."""

    def read(data: Path, random: Random) -> Iterator[Example]:
        found = [
            r for r in rows(data / "entailment_dev" / f"{file}.jsonl.gz") if len(r["passage"]) <= _LONGEST
        ]
        parts = parts_of([(f"p:{r['passage'][:200]}", f"q:{r['claim']}") for r in found])
        for row, part in zip(found, parts, strict=True):
            yield Example(name, row["claim"], row["passage"], row["label"] == "support", part)

    return read


def _labelled(name: str) -> Callable[[Path, Random], Iterator[Example]]:
    """The claims of a set as they are."""

    def read(data: Path, random: Random) -> Iterator[Example]:
        for part, claim in claims(data, name):
            yield Example(name, claim.claim, " ".join(claim.passages), claim.supported, part)

    return read


def _halueval(data: Path, random: Random) -> Iterator[Example]:
    """Answers alone and behind their question; a right answer is wrong for another question's text."""
    found = list(claims(data, "HaluEval"))
    by_part: dict[Part, list[Claim]] = {}
    for part, claim in found:
        by_part.setdefault(part, []).append(claim)
    for part, claim in found:
        passage = claim.passages[0]
        for text in (claim.claim, f"{claim.question} {claim.claim}"):
            yield Example("HaluEval", text, passage, claim.supported, part)
            if claim.supported:
                strange = random.choice(by_part[part])
                yield Example("HaluEval", text, strange.passages[0], strange.question == claim.question, part)


def _conclusions(data: Path, random: Random) -> Iterator[Example]:
    """What an abstract concludes, against its body and against the body most like it."""
    bodies: list[tuple[Part, list[str], str]] = []
    for row in rows(data / "pubmedqa_dev" / "pubmedqa_dev.jsonl.gz"):
        bodies.append((part_of(row["id"]), [row["long_answer"]], " ".join(row["contexts"])))
    tested = {text[:200]: part for part, claim in claims(data, "SciFact") for text in claim.passages}
    for row in rows(data / "scifact_dev" / "corpus.jsonl.gz"):
        sentences = row["sentences"]
        if len(sentences) >= 4:
            part = tested.get(" ".join(sentences)[:200], part_of(row["_id"]))
            bodies.append((part, [row["title"], sentences[-1]], " ".join(sentences[:-1])))
    near = _nearest([body for _, _, body in bodies], [part for part, _, _ in bodies])
    for (part, said, body), other in zip(bodies, near, strict=True):
        for claim in said:
            yield Example("Conclusions of abstracts", claim, body, True, part)
            yield Example("Conclusions of abstracts", claim, bodies[other][2], False, part)


def _nearest(bodies: Sequence[str], parts: Sequence[Part]) -> list[int]:
    """For each text the one of its part that shares most rare words with it."""
    words = [set(content_words(text)) for text in bodies]
    holders: dict[str, list[int]] = {}
    for i, found in enumerate(words):
        for word in found:
            holders.setdefault(word, []).append(i)
    nearest = []
    for i, found in enumerate(words):
        shared: dict[int, float] = {}
        for word in found:
            if len(holders[word]) < 200:
                for j in holders[word]:
                    if j != i and parts[j] == parts[i]:
                        shared[j] = shared.get(j, 0.0) + 1 / len(holders[word])
        nearest.append(max(shared, key=lambda j: shared[j], default=(i + 1) % len(bodies)))
    return nearest


def _reports(data: Path, random: Random) -> Iterator[Example]:
    """Questions on annual reports with their answer, and with the answer to another question of the table."""
    for row in rows(data / "tatqa_dev" / "tatqa_dev.jsonl.gz"):
        part = part_of(row["table"]["uid"])
        table = "\n".join(" | ".join(filter(None, cells)) for cells in row["table"]["table"])
        short = [q for q in row["questions"] if q["answer_type"] == "span" and len(q["answer"][0]) < 60]
        if len(table) > 1200 or len(short) < 2:
            continue
        order = random.sample(short, len(short))
        for asked, other in zip(order, [*order[1:], order[0]], strict=True):
            right, wrong = asked["answer"][0], other["answer"][0]
            texts_ = [p["text"] for p in row["paragraphs"] if str(p["order"]) in asked["rel_paragraphs"]]
            passage = table if "table" in asked["answer_from"] else " ".join(texts_)
            if right != wrong and right in passage:
                yield from _answered(asked["question"], right, wrong, passage, part)


def _answered(question: str, right: str, wrong: str, passage: str, part: Part) -> Iterator[Example]:
    true, false = f"{question} {right}", f"{question} {wrong}"
    yield Example("TAT-QA", true, passage, True, part, "answer", false)
    yield Example("TAT-QA", false, passage, False, part, "answer", true)


SHARES: Mapping[str, int] = {
    "number": 8, "number of the passage": 15, "numbers exchanged": 5, "unit": 6, "date": 5, "comparator": 11,
    "certainty": 5, "negation": 14, "name": 12, "names exchanged": 3, "word": 5, "words exchanged": 3,
    "added": 3, "off-topic": 8,
}  # fmt: skip
"""How often each change is tried, in a hundred."""
_TRIES = 5


def _edited(data: Path, random: Random) -> Iterator[Example]:
    """Changed sentences of every corpus, each corpus as often as the others."""
    pages: dict[tuple[Part, str], list[Page]] = {}
    for part, text in texts(data):
        if page := page_of(text.source, text.text):
            pages.setdefault((part, text.source), []).append(page)
    for part, source, knowledge in _knowledge(data):
        if page := page_of(source, knowledge):
            pages.setdefault((part, source), []).append(page)
    for (part, _), found in pages.items():
        maker = Maker(found, random)
        for page in random.sample(found * _TRIES, min(len(found) * _TRIES, 4500)):
            (kind,) = random.choices(list(SHARES), weights=list(SHARES.values()))
            changed = maker.changed(kind, page) if kind in KINDS else maker.neighbours(page)
            if changed:
                for claim, counterpart, passage, supported in examples(changed, random):
                    if len(passage) <= _LONGEST * 2:
                        other = counterpart if kind in KINDS else ""
                        yield Example(_EDITED, claim, passage, supported, part, kind, other)


def _knowledge(data: Path) -> Iterator[tuple[Part, str, str]]:
    """Passages of the labelled sets, in the part where their claims lie."""
    for name in SETS:
        seen: set[str] = set()
        for part, claim in claims(data, name):
            for text in claim.passages:
                if text not in seen:
                    seen.add(text)
                    yield part, name, text


_FEVER = "CC BY-SA 3.0"
SOURCES = (
    Source("FEVER", _FEVER, 1400, _entailment("FEVER", "fever")),
    Source("FEVER Symmetric", _FEVER, 450, _entailment("FEVER Symmetric", "fever_symmetric")),
    Source("FEVEROUS", _FEVER, 700, _entailment("FEVEROUS", "feverous")),
    Source("FoolMeTwice", "Apache-2.0 over CC BY-SA 3.0", 700, _entailment("FoolMeTwice", "foolmetwice")),
    Source("InfoTabS", "MIT over CC BY-SA 3.0", 500, _entailment("InfoTabS", "infotabs")),
    Source("TabFact", "MIT over CC BY-SA", 200, _entailment("TabFact", "tabfact_pairs")),
    Source("MultiNLI", "OANC, CC BY 3.0, CC BY-SA 3.0", 700, _entailment("MultiNLI", "multinli_sample")),
    Source("SNLI", "CC BY-SA 4.0", 300, _entailment("SNLI", "snli")),
    Source(
        "Counterfactual NLI",
        "Apache-2.0 over CC BY-SA 4.0",
        500,
        _entailment("Counterfactual NLI", "cad_nli"),
    ),
    Source("Breaking NLI", "CC BY-SA 4.0", 50, _entailment("Breaking NLI", "breaking_nli")),
    Source(
        "Negation NLI", "MIT over CC BY-SA 4.0 and OANC", 250, _entailment("Negation NLI", "negation_nli")
    ),
    Source("ConjNLI", "MIT over CC BY-SA 3.0", 100, _entailment("ConjNLI", "conjnli")),
    Source("MED", "CC BY-SA 4.0", 150, _entailment("MED", "med")),
    Source("HELP", "CC BY-SA 4.0", 50, _entailment("HELP", "help")),
    Source("HaluEval", "MIT", 900, _halueval),
    Source("SciFact", "CC BY 4.0, abstracts ODC-By 1.0", 400, _labelled("SciFact")),
    Source("BEGIN", "CC BY 4.0, Topical-Chat part CDLA-Sharing 1.0", 400, _labelled("BEGIN")),
    Source("ExpertQA", "MIT, evidence quoted from the web", 400, _labelled("ExpertQA")),
    Source("Conclusions of abstracts", "PubMedQA MIT, SciFact ODC-By 1.0", 1000, _conclusions, even=True),
    Source("TAT-QA", "CC BY 4.0", 300, _reports, even=True),
    Source(
        _EDITED,
        "MedQuAD CC BY 4.0, CFPB regulations public domain, and texts of PubMedQA, TAT-QA, HaluEval, "
        "SciFact, BEGIN and ExpertQA under theirs",
        4600,
        _edited,
        even=True,
    ),
)
