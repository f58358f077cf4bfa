import json

from ragslm.evaluate import turns
from ragslm.evaluate.corruptions import make_cases, make_sources
from ragslm.evaluate.literal import Accepted, measure_traps
from ragslm.evaluate.table_claims import Table, table_cases
from ragslm.grounding.verifier import EvidenceVerifier

TABLE = Table(
    ("2018", "2017"),
    (
        ("Net sales", ("32,765", "31,657")),
        ("Cost of sales", ("16,682", "16,055")),
        ("Net income", ("5", "7")),
    ),
)
TEXT = (
    "The creditor must notify the applicant of the decision within 30 days. "
    "Adults take 500 mg of metformin twice daily with food for two weeks. "
    "The left kidney was removed before the Boston infusion on March 4, 2019."
)
OTHER = (
    "Savings accounts in Geneva carried interest of 3 percent until September. "
    "Withdrawals above a certain threshold needed written consent from Helvetia. "
    "Statements were posted quarterly and archived digitally for seven years."
)


def test_a_row_is_written_as_connectors_write_it():
    assert TABLE.line(0) == "Net sales | 2018: 32,765 | 2017: 31,657"


def test_every_case_of_a_table_is_judged_as_labelled():
    cases = list(table_cases([TABLE], 5))
    assert {case.supported for case in cases} == {True, False}
    verifier = EvidenceVerifier()
    assert all(verifier.verify(c.claim, (c.source,)).supported is c.supported for c in cases)


def test_changed_sentences_are_none_of_the_source():
    cases = [case for case in make_cases(make_sources([TEXT, OTHER]), 2) if not case.supported]
    kinds = {case.kind for case in cases}
    assert {"party exchanged", "frequency changed", "side, route or direction turned"} <= kinds
    assert all(case.claim not in case.source for case in cases)


def test_pairs_hold_two_different_words():
    tables = (turns.COMPARISONS, turns.FREQUENCIES, turns.DOSES, turns.SIDES, turns.PARTIES, turns.PERIODS)
    assert all(old != new for table in tables for old, new in turns.pairs(table))


def test_a_line_names_share_interval_and_size():
    line = Accepted("digit changed", False, 1, 100).line
    assert "0.010 [0.002, 0.054] n=100" in line


def test_traps_are_counted_by_their_domain(tmp_path):
    file = tmp_path / "traps.jsonl"
    source = "Imports rose by 4 percent while exports fell by 7 percent."
    wrong = ["Imports fell by 7 percent.", "Exports rose by 7 percent."]
    file.write_text(
        json.dumps({"domain": "banking", "source": source, "wrong": wrong, "right": source}) + "\n"
    )
    asked = []

    def verifier(domain):
        asked.append(domain)
        return EvidenceVerifier()

    found = list(measure_traps("literal checks", verifier, file))
    assert [(one.supported, one.count, one.n) for one in found] == [(False, 0, 2), (True, 1, 1)]
    assert set(asked) == {"banking"}
