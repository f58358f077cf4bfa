"""What `ragslm eval answers` reports: every system's numbers on the same questions, and their differences."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ragslm.evaluate.intervals import bootstrap_mean
from ragslm.evaluate.report import Metric, mean, share

OUTCOMES = ("right", "wrong", "refused")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One system's reply to one question, judged; never its text.

    Attributes:
        reason: why it is wrong, in a word or two.
        place: whether a citation is where the answer stands.
        recall: citation recall, None for a reply that states nothing; `precision` None if it cites nothing.
        unproven: statements that the labelled answer does not support; None where a set labels none.
        read: the yes or no was read from the reply by the model, since it opens with none.
        seconds: it took, when it was asked.
    """

    question: str
    system: str
    outcome: str
    reason: str = ""
    place: bool = False
    recall: float | None = None
    precision: float | None = None
    statements: int = 0
    unsupported: int = 0
    unproven: int | None = None
    read: bool = False
    seconds: float = 0.0
    prompt_tokens: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemReport:
    """One system's numbers; `reasons` counts its wrong replies by what is wrong with them."""

    name: str
    metrics: tuple[Metric, ...]
    reasons: Mapping[str, int]
    seconds: float
    prompt_tokens: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersReport:
    """Several systems over one sample.

    Attributes:
        available: questions of the set; `sample` of them drawn with `seed`; `answered`: by every system.
        model: name and SHA-256 of the weights that all of them use.
        differences: of shares, question by question, with bootstrap intervals.
        missing: systems that were left out, and why.
    """

    data: str
    suite: str
    documents: int
    available: int
    sample: int
    answered: int
    seed: int
    model: str
    sha256: str | None
    systems: tuple[SystemReport, ...]
    differences: tuple[Metric, ...]
    missing: tuple[str, ...] = ()
    rows: tuple[Row, ...] = field(default=(), repr=False)


def summed(name: str, rows: Sequence[Row]) -> SystemReport:
    """The numbers of one system."""
    recalls = [row.recall for row in rows if row.recall is not None]
    precisions = [row.precision for row in rows if row.precision is not None]
    metrics = [share(outcome, [row.outcome == outcome for row in rows]) for outcome in OUTCOMES]
    metrics.append(share("right place cited", [row.place for row in rows]))
    metrics += [mean("citation recall", recalls)] if recalls else []
    metrics += [mean("citation precision", precisions)] if precisions else []
    metrics += _proven(rows)
    return SystemReport(
        name=name,
        metrics=tuple(metrics),
        reasons=dict(Counter(row.reason for row in rows if row.reason).most_common()),
        seconds=sum(row.seconds for row in rows) / max(1, len(rows)),
        prompt_tokens=sum(row.prompt_tokens for row in rows) / max(1, len(rows)),
    )


def differences(by_system: Mapping[str, Sequence[Row]], of: Sequence[tuple[str, str]]) -> list[Metric]:
    """Paired differences of the shares right and wrong, first system less second, over the same questions."""
    found = []
    for first, second in of:
        if first not in by_system or second not in by_system:
            continue
        for outcome in ("right", "wrong"):
            pairs = zip(by_system[first], by_system[second], strict=True)
            value, low, high = bootstrap_mean(
                [float((a.outcome == outcome) - (b.outcome == outcome)) for a, b in pairs]
            )
            name = f"{outcome}: {first} less {second}"
            found.append(Metric(name=name, value=value, low=low, high=high, n=len(by_system[first])))
    return found


def table(report: AnswersReport) -> str:
    """For reading."""
    lines = [
        f"{report.data}: {report.suite}, {report.documents} documents, {report.available} questions",
        f"sample of {report.sample} with seed {report.seed}, {report.answered} answered by every system",
        f"model {report.model}" + (f", SHA-256 {report.sha256[:16]}…" if report.sha256 else ""),
        *(f"left out: {one}" for one in report.missing),
    ]
    for system in report.systems:
        lines.append(
            f"\n{system.name}: {system.seconds:.1f} s and {system.prompt_tokens:.0f} prompt tokens a question"
        )
        lines += [_line(metric) for metric in system.metrics]
        if system.reasons:
            lines.append("  wrong: " + ", ".join(f"{reason} {n}" for reason, n in system.reasons.items()))
    if report.differences:
        lines.append("\npaired differences")
        lines += [_line(metric) for metric in report.differences]
    return "\n".join(lines)


def _proven(rows: Sequence[Row]) -> list[Metric]:
    """The share of statements shown that the labelled answer does not support."""
    labelled = [row for row in rows if row.unproven is not None]
    flags = [i < (row.unproven or 0) for row in labelled for i in range(row.statements)]
    return [share("sentences beside the labelled answer", flags)] if flags else []


def _line(metric: Metric) -> str:
    return f"  {metric.name:44} {metric.value:6.3f}  [{metric.low:6.3f}, {metric.high:6.3f}]  n={metric.n}"
