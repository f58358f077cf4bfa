"""Replies judged: right, wrong or refused, where they cite, and what their citations are worth."""

from collections.abc import Sequence

from ragslm.evaluate.answers.asking import Gathered
from ragslm.evaluate.answers.citations import score, unproven
from ragslm.evaluate.answers.matcher import REFUSED, RIGHT, Judged, judge
from ragslm.evaluate.answers.places import Places
from ragslm.evaluate.answers.report import Row
from ragslm.evaluate.answers.sets import Asked
from ragslm.evaluate.answers.systems import Reply
from ragslm.evaluate.answers.wording import Decision
from ragslm.protocols import Verifier


def judge_all(
    gathered: Gathered, sample: Sequence[Asked], verifier: Verifier, places: Places
) -> dict[str, list[Row]]:
    """Rows by system, over the questions that every system has answered."""
    return {
        name: [
            _row(name, one, replies[one.id], gathered.read.get((name, one.id)), verifier, places)
            for one in gathered.whole(sample)
        ]
        for name, replies in gathered.replies.items()
    }


def _row(
    name: str, asked: Asked, reply: Reply, read: Decision | None, verifier: Verifier, places: Places
) -> Row:
    place = places.cited(asked, reply)
    judged = _outcome(asked, reply, read, place=place)
    cited = score(verifier, reply) if judged.outcome != "refused" else None
    shown = len(reply.statements) if judged.outcome != "refused" else 0
    return Row(
        question=asked.id,
        system=name,
        outcome=judged.outcome,
        reason=judged.reason,
        place=place,
        recall=cited.recall if cited else None,
        precision=cited.precision if cited else None,
        statements=shown,
        unsupported=cited.unsupported if cited else 0,
        unproven=(unproven(verifier, reply, asked.proof) if shown else 0) if asked.proof else None,
        read=read is not None,
        seconds=reply.seconds,
        prompt_tokens=reply.prompt_tokens,
        note=reply.note,
    )


def _outcome(asked: Asked, reply: Reply, read: Decision | None, *, place: bool) -> Judged:
    """By the written answer; where the set has none, by the paragraph that is cited."""
    if reply.refused:
        return REFUSED
    if asked.gold.answers or asked.gold.label:
        return judge(asked.text, asked.gold, reply.text, said=read)
    return RIGHT if place else Judged("wrong", "other paragraph" if reply.sources else "nothing cited")
