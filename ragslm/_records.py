"""The audit records of a question and its answer: who, which passages and how it was proved; no text."""

from ragslm._run import Run
from ragslm.protocols import AuditLog, ChatEngine


def record_question(audit: AuditLog, run: Run) -> None:
    """Before anything is shown: who asked, and which passages were offered."""
    audit.record(
        "question",
        run.question.identity,
        {
            "run": run.id,
            "domain": run.question.domain,
            "question": audit.commit(run.asked),
            "offered": [passage.id for passage in run.evidence],
            "scrubbed": dict(run.scrubbed),
        },
    )


def record_answer(audit: AuditLog, run: Run, engine: ChatEngine, outcome: str) -> str:
    """What of `engine`'s answer was shown, and how it was proved; the record's id."""
    # As it is now: the thread that gives the answer may still be at work when another one records it.
    shown = tuple(run.shown)
    cited = tuple(run.citations.values())
    return audit.record(
        "answer",
        run.question.identity,
        {
            "run": run.id,
            "outcome": outcome,
            "mode": run.mode,
            "engine": engine.name,
            "model": engine.model.sha256 or engine.model.name,
            "fallback": bool(run.fallback),
            "answer": audit.commit(" ".join(sentence.text for sentence in shown)),
            "cited": [citation.passage_id for citation in cited],
            "origins": [sentence.origin for sentence in shown],
            "formulas": [audit.commit(sentence.formula) for sentence in shown if sentence.formula],
            "scores": [round(sentence.verdict.score, 3) for sentence in shown],
            "dropped": len(run.dropped),
            "repairs": run.repairs,
            "restored": run.restored,
            "restored_types": sorted(run.restored_types),
        },
    )
