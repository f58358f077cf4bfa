"""What the evaluation of grounding counts."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from ragslm.evaluate.grounding import Judged, ablate, auc, measure, pairs_a_second
from ragslm.grounding.entailment import Remembered
from ragslm.grounding.trained import OWN_SCALE, Trained


class Words:
    """Scores a pair by the share of words that it has in common; counts what it reads."""

    def __init__(self) -> None:
        self.read = 0

    def scores(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        self.read += len(pairs)
        return [8 * len(set(a.split()) & set(b.split())) / len(a.split()) - 4 for a, b in pairs]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    (folder / "begin_dev").mkdir()
    with gzip.open(folder / "begin_dev" / "begin_dev.jsonl.gz", "wt", encoding="utf-8") as file:
        for i in range(60):
            row = {"knowledge": f"Town {i} has a river and {i} old bridges.", "data_source": "wow"}
            said = {"response": f"Town {i} has a river.", "begin_label": "Fully attributable"}
            wrong = {"response": f"Town {i} has a harbour.", "begin_label": "Not fully attributable"}
            file.writelines(json.dumps(row | one) + "\n" for one in (said, wrong))
    (folder / "medquad_dev").mkdir()
    with gzip.open(folder / "medquad_dev" / "corpus.jsonl.gz", "wt", encoding="utf-8") as file:
        for i in range(40):
            text = (
                f"Disease {i} is seen in at least {i + 3} of {i + 90} adults who live near the coast. "
                "Most doctors may not know that it is treated with Penicillin for many weeks. "
                f"It should be reported to the Ministry within {i + 2} days after it was found."
            )
            file.write(json.dumps({"text": text, "title": f"Disease {i}"}) + "\n")
    return folder


def test_every_judge_reads_the_same_claims_in_one_run(data: Path) -> None:
    scorer = Words()
    shares = {share.name: share for share in measure(data, Trained(scorer, OWN_SCALE, 0.95), each=10)}
    sizes = {shares[f"BEGIN, {judge}: AUC"].n for judge in ("literal", "trained alone", "both")}
    assert len(sizes) == 1
    assert shares["BEGIN, literal: AUC"].value > 0.9
    assert shares["BEGIN, both: unsupported, accepted"].value == 0
    assert shares["sentences as they stand, both: rejected"].value == 0
    caught = shares["changed sentences, literal: digit changed, caught at 10% false alarms"]
    assert 0 <= caught.low <= caught.value <= caught.high <= 1
    assert caught.n > 0


def test_without_a_scorer_the_literal_checks_are_measured(data: Path) -> None:
    names = [share.name for share in measure(data, None, each=10)]
    assert names
    assert not any("trained" in name or "both" in name for name in names)
    assert list(measure(data / "nothing", None)) == []


def test_each_check_is_taken_away_in_turn(data: Path) -> None:
    shares = list(ablate(data, Trained(Words(), OWN_SCALE, 0.9), each=5))
    everything = next(s for s in shares if s.name == "everything: unsupported, accepted")
    assert "without the trained scorer: supported, accepted" in {share.name for share in shares}
    without = [s for s in shares if s.name.startswith("without '") and "unsupported" in s.name]
    assert without
    assert all(share.value >= everything.value for share in without)


def test_no_pair_is_read_twice() -> None:
    scorer = Words()
    remembered = Remembered(scorer)
    first = remembered.scores([("a b", "a"), ("a", "a"), ("a b", "a")])
    assert remembered.scores([("a b", "a")]) == first[:1]
    assert scorer.read == 2


def test_speed_and_auc() -> None:
    assert pairs_a_second(Words(), pairs=4) > 0
    judged = [Judged(True, 0.9, True), Judged(False, 0.9, True), Judged(False, 0.1, False)]
    assert auc(judged) == 0.75
    assert auc(judged[:1]) == 0.5
