"""Systems over a tiny engine that says what it is told to, their citations and the questions put to them."""

import pytest

from ragslm.errors import ConfigError
from ragslm.evaluate.answers.asking import Asking, Gathered
from ragslm.evaluate.answers.cache import AnswerCache
from ragslm.evaluate.answers.citations import score, unproven
from ragslm.evaluate.answers.judging import judge_all
from ragslm.evaluate.answers.matcher import Gold
from ragslm.evaluate.answers.places import Places
from ragslm.evaluate.answers.report import AnswersReport, Row, differences, summed, table
from ragslm.evaluate.answers.sets import DECIDE, Asked
from ragslm.evaluate.answers.systems import (
    Bare,
    Plain,
    Prompt,
    Reply,
    Source,
    Statement,
    Writer,
    read_prompts,
)
from ragslm.types import ModelRef, Verdict

ASKED = Asked(
    id="q1", text="Is it seen?", task=DECIDE, gold=Gold(label="yes"), places=frozenset({("7", None)})
)
SOURCES = {"1": Source("It was seen.", "7"), "2": Source("It was blue.", "8", 3)}


class Says:
    """A transport with one reply for every call; it remembers what it was asked."""

    served = None

    def __init__(self, *replies):
        self.replies = list(replies)
        self.calls = []

    def stream(self, call, count):
        self.calls.append(call)
        count.prompt += 10
        yield from self.replies[min(len(self.calls), len(self.replies)) - 1].partition(" ")

    def close(self):
        pass


class Verbatim:
    """Supports what stands in the texts, taken together."""

    def verify(self, claim, passages):
        return Verdict(claim in " ".join(passages), 1.0)


def writer(*replies):
    return Writer(Says(*replies), ModelRef("tiny", "ab" * 32))


def test_the_bare_model_sees_the_question_and_the_task_only():
    system = Bare(made := writer("Yes, it was [1]. It is new."))
    reply = system.ask(ASKED)
    assert made._transport.calls[0].user.endswith(f"Question: Is it seen? {DECIDE}\nAnswer:")
    assert [one.text for one in reply.statements] == ["Yes, it was.", "It is new."]
    assert reply.sources == {}
    assert reply.prompt_tokens == 10
    assert Reply.of(reply.as_dict()) == reply
    assert system.key(ASKED).model == "ab" * 32


def test_plain_rag_cites_the_passages_of_its_prompt():
    prompts = {"q1": Prompt("Context: …", SOURCES)}
    reply = Plain(writer("It was seen. [1] It was blue [2]. It was [9]."), prompts).ask(ASKED)
    assert reply.statements == (
        Statement("It was seen.", ("1",)),
        Statement("It was blue.", ("2",)),
        Statement("It was.", ("9",)),
    )
    assert set(reply.sources) == {"1", "2"}
    with pytest.raises(ConfigError, match="none for question q2"):
        Plain(writer("?"), prompts).key(Asked(id="q2", text="?"))


def test_prompts_of_another_kind_are_refused(tmp_path):
    (tmp_path / "p.jsonl").write_text('{"id": "q1"}\n')
    with pytest.raises(ConfigError, match=r"plain_rag\.py"):
        read_prompts(tmp_path / "p.jsonl")
    (tmp_path / "p.jsonl").write_text(
        '{"id": "q1", "user": "U", "passages": [{"text": "T", "document": "7", "page": null}]}\n'
    )
    assert read_prompts(tmp_path / "p.jsonl")["q1"].sources == {"1": Source("T", "7")}


@pytest.mark.parametrize(
    ("statements", "recall", "precision"),
    [
        ([("It was seen.", "1")], 1.0, 1.0),
        ([("It was seen.", "1"), ("It was green.", "2")], 0.5, 0.5),
        ([("It was seen.", "12")], 1.0, 0.5),  # the second is not needed and says nothing of it
        ([("It was seen. It was blue.", "12")], 1.0, 1.0),  # both are needed
        ([("It was seen.", "")], 0.0, None),  # nothing cited
        ([("It was seen.", "9")], 0.0, 0.0),  # a label that is no passage's
    ],
)
def test_citation_recall_and_precision(statements, recall, precision):
    reply = Reply(
        text="…", statements=tuple(Statement(t, tuple(ls)) for t, ls in statements), sources=SOURCES
    )
    found = score(Verbatim(), reply)
    assert (found.recall, found.precision) == (recall, precision)


def test_a_refusal_has_no_citations_to_judge():
    assert score(Verbatim(), Reply(text="I don't know.", refused=True)) is None
    reply = Reply(text="…", statements=(Statement("It was seen."), Statement("It was green.")))
    assert unproven(Verbatim(), reply, ["It was seen."]) == 1


def test_every_answer_is_asked_for_once(tmp_path):
    made, gathered = writer("It was seen [1].", "yes"), Gathered()
    systems = [Plain(made, {"q1": Prompt("Context: …", SOURCES)})]
    with AnswerCache(tmp_path / "a.jsonl") as cache:
        Asking(gathered, None, None).each(systems, [ASKED], cache, made)
        Asking(Gathered(), None, None).each(systems, [ASKED], cache, made)
    assert len(made._transport.calls) == 2  # the answer, and the reading of it
    (row,) = judge_all(gathered, [ASKED], Verbatim(), Places())["plain RAG"]
    assert (row.outcome, row.read, row.place, row.recall) == ("right", True, True, 1.0)


def test_a_reply_that_decides_is_not_read(tmp_path):
    made, gathered = writer("No, it was not."), Gathered()
    with AnswerCache(tmp_path / "a.jsonl") as cache:
        Asking(gathered, None, None).each([Bare(made)], [ASKED], cache, made)
    assert len(made._transport.calls) == 1
    (row,) = judge_all(gathered, [ASKED], Verbatim(), Places())["bare"]
    assert (row.outcome, row.reason, row.place) == ("wrong", "opposite", False)


def test_when_the_time_is_up_only_whole_questions_count(tmp_path):
    made, gathered = writer("Yes."), Gathered()
    with AnswerCache(tmp_path / "a.jsonl") as cache:
        Asking(gathered, -1.0, None).each([Bare(made)], [ASKED], cache, made)
        assert made._transport.calls == []
        assert judge_all(gathered, [ASKED], Verbatim(), Places()) == {"bare": []}
        Asking(Gathered(), None, None).each([Bare(made)], [ASKED], cache, made)
        Asking(gathered, -1.0, None).each([Bare(made)], [ASKED], cache, made)
    assert len(made._transport.calls) == 1
    assert len(judge_all(gathered, [ASKED], Verbatim(), Places())["bare"]) == 1


def test_numbers_of_a_system_and_paired_differences():
    def row(name, outcome, unproven=None, **more):
        return Row(question="q", system=name, outcome=outcome, unproven=unproven, **more)

    ours = [row("a", "right", 0, statements=2), row("a", "refused", 0), row("a", "wrong", 1, statements=2)]
    theirs = [row("b", "right"), row("b", "wrong"), row("b", "wrong")]
    found = {metric.name: metric for metric in summed("a", ours).metrics}
    assert found["right"].value == found["wrong"].value == found["refused"].value == pytest.approx(1 / 3)
    assert (found["sentences beside the labelled answer"].value, found["right"].n) == (0.25, 3)
    right, wrong = differences({"a": ours, "b": theirs}, [("a", "b"), ("a", "absent")])
    assert (right.value, right.low, right.high) == (0, 0, 0)
    assert wrong.value == pytest.approx(-1 / 3)
    assert wrong.low < wrong.value < wrong.high


def test_a_report_says_what_it_rests_on():
    rows = {"bare": [Row(question="q", system="bare", outcome="wrong", reason="opposite")]}
    report = AnswersReport(
        data="set",
        suite="abstracts",
        documents=7,
        available=500,
        sample=40,
        answered=1,
        seed=3,
        model="tiny",
        sha256="ab" * 32,
        systems=(summed("bare", rows["bare"]),),
        differences=(),
        missing=("plain RAG: no --plain prompts",),
        rows=tuple(rows["bare"]),
    )
    shown = table(report)
    for wanted in (
        "500 questions",
        "sample of 40 with seed 3, 1 answered",
        "abababab",
        "opposite 1",
        "left out",
    ):
        assert wanted in shown
