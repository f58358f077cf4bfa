"""Answers and passages for a terminal."""

from ragslm.cli.common import out
from ragslm.types import Answer, Citation, Hit, Sentence


def show_sentence(sentence: Sentence) -> None:
    """One verified sentence with its labels."""
    labels = "".join(f"[{label}]" for label in sentence.citations)
    out.print(f"{sentence.text} {labels}")
    if sentence.formula:
        out.print(f"  calculated: {sentence.formula}")


def where(title: str, page: int | None, section: str | None) -> str:
    """Title, page and section as a reader would name them."""
    parts = [title, f"page {page}" if page else "", section or ""]
    return ", ".join(part for part in parts if part)


def show_citation(citation: Citation) -> None:
    """What a label stands for, with the quoted span."""
    place = where(citation.title, citation.page, citation.section)
    out.print(f"  [{citation.label}] {place}{_dated(citation)}")
    out.print(f'      "{" ".join(citation.quote.split())}"')


def _dated(citation: Citation) -> str:
    """Effective date of the source, and what replaced it."""
    date = f", of {citation.date}" if citation.date else ""
    later = f" (superseded by the version of {citation.superseded})" if citation.superseded else ""
    return date + later


def show_hit(rank: int, hit: Hit) -> None:
    """One hit on two lines."""
    passage = hit.passage
    out.print(f"{rank:2d}. {hit.score:.3f}  {where(passage.title, passage.page, passage.section)}")
    text = " ".join(passage.text.split())
    out.print(f"      {text[:200]}{'…' if len(text) > 200 else ''}")


def show_answer(answer: Answer) -> None:
    """The answer with its proof: labels, sources, what was dropped and scrubbed, seconds by stage."""
    if answer.refused:
        out.print(answer.text)
        for passage in answer.nearest:
            out.print(f"  nearest: {where(passage.title, passage.page, passage.section)}")
    for sentence in answer.sentences:
        show_sentence(sentence)
    for labels in answer.conflicts:
        sources = " and ".join(f"[{label}]" for label in labels)
        out.print(f"  The sources disagree: {sources}.")
    for citation in answer.citations:
        show_citation(citation)
    show_account(answer)


def show_account(answer: Answer) -> None:
    """How the answer came about."""
    origins = [sentence.origin for sentence in answer.sentences]
    counts = (
        ", ".join(f"{origins.count(origin)} {origin}" for origin in dict.fromkeys(origins)) or "none shown"
    )
    out.print(f"  sentences: {counts}; {answer.dropped.count} not shown")
    for reason in answer.dropped.reasons:
        out.print(f"    not shown: {reason}")
    if answer.scrubbed:
        found = ", ".join(f"{count} {entity}" for entity, count in answer.scrubbed.items())
        out.print(f"  scrubbed from the question: {found}")
    if answer.fallback:
        out.print(f"  fallback: {answer.fallback}")
    seconds = ", ".join(f"{stage} {value:.2f}" for stage, value in answer.usage.seconds.items())
    out.print(f"  {answer.engine}, mode {answer.mode}; seconds: {seconds}; record {answer.audit_id}")
