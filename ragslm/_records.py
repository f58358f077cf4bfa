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
            "answer": audit.commit(" ".join(sentence.text for sentence in run.shown)),
            "cited": [citation.passage_id for citation in run.citations.values()],
            "origins": [sentence.origin for sentence in run.shown],
            "formulas": [audit.commit(sentence.formula) for sentence in run.shown if sentence.formula],
            "scores": [round(sentence.verdict.score, 3) for sentence in run.shown],
            "dropped": len(run.dropped),
            "repairs": run.repairs,
            "restored": run.restored,
            "restored_types": sorted(run.restored_types),
        },
    )
