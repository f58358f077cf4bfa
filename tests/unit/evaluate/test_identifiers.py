"""The cases that identifiers are measured on: made as their issuers say, split, and judged."""

import pytest

from ragslm.evaluate.identifiers import check_digits, knowledge, numbers, safe_harbor, wording
from ragslm.evaluate.identifiers.by_field import by_field
from ragslm.evaluate.identifiers.cards import BRANDS, FORMS, SENTENCES, card, card_lists, cards
from ragslm.evaluate.identifiers.cases import covered, half_of, left_over, put, seeded, touched
from ragslm.evaluate.identifiers.hostile import growth
from ragslm.evaluate.identifiers.measure import measure_numbers, measure_rules
from ragslm.evaluate.identifiers.plain import birth, hl7v2
from ragslm.evaluate.identifiers.planted import PLANTED, planted
from ragslm.privacy.recognisers import payment_card
from ragslm.types import Scrubbed


def nothing(texts):
    return [[] for _ in texts]


def everything(texts):
    return [[("DATE", 0, len(text))] for text in texts]


@pytest.mark.parametrize(
    ("made", "known"),
    [
        (check_digits.luhn("7992739871"), "79927398713"),  # ISO/IEC 7812-1
        (check_digits.mod97("WEST12345698765432GB"), "82"),  # SWIFT registry, GB
        (check_digits.verhoeff("7321100"), "73211009"),  # SNOMED CT, diabetes mellitus
        (check_digits.luhn("80840123456789"), "808401234567893"),  # CMS, NPI
    ],
)
def test_check_digits_of_published_examples(made, known):
    assert made == known


def test_kinds_and_forms_of_cards():
    cases = list(cards("check", each=1))
    assert (
        len({(case.kind, case.form) for case in cases}) == len(cases) == len(BRANDS) * len(FORMS) == 17 * 12
    )
    random = seeded("a test", "dev")
    assert {len(card(brand, random)) for brand in BRANDS} == {12, 13, 14, 15, 16, 19}


def test_cards_in_a_column_are_found_however_many():
    recogniser = payment_card.recogniser()
    cases = list(card_lists("check"))
    missed = [
        case
        for case in cases
        if not covered(case, [("CREDIT_CARD", start, end) for start, end, _ in recogniser.find(case.text)])
    ]
    assert (len(missed), len(cases)) == (0, 225)


def test_halves_share_no_sentence_and_come_out_alike_each_time():
    assert not set(half_of(SENTENCES, "dev")) & set(half_of(SENTENCES, "check"))
    assert list(numbers.identifiers("dev", 2)) == list(numbers.identifiers("dev", 2))
    assert not {c.text for c in wording.words("dev")} & {c.text for c in wording.words("check")}


def test_every_number_is_judged_whole():
    case = put("card {} ok", "41-11", "visa")
    assert left_over(case, ()) == "4111"
    assert left_over(case, [("X", 5, 7)]) == "11"
    assert covered(case, [("X", 5, 7), ("X", 8, 10)])  # the dash may stay
    assert touched(case, [("X", 9, 12)])
    assert not touched(case, [("X", 7, 8)])


def test_shares_of_a_system_that_finds_nothing_and_of_one_that_takes_all():
    for find, found in ((nothing, 0.0), (everything, 1.0)):
        shares = {share.name: share for share in measure_numbers(find, "check")}
        assert shares["card numbers masked whole"].value == found
        assert shares["card numbers masked whole"].n == 3060
        assert shares["card numbers masked whole: digits left standing"].value == 1 - found
        assert shares["identifiers masked whole"].value == found
        assert shares["codes and values masked"].n == 5000
        assert shares["codes and values masked"].value == found


def test_safe_harbor_cases_ask_for_the_right_type():
    rules = list(safe_harbor.rule_cases("check"))
    assert len(rules) >= 500
    wrong = {share.name: share.value for share in measure_rules(everything, "check")}
    assert wrong["Safe Harbor cases wrong: date"] == 0
    assert wrong["Safe Harbor cases wrong: no date"] == 1
    assert wrong["Safe Harbor cases wrong: postal code"] == 1  # a date is no postal code


def test_codes_of_each_system():
    kinds = {case.kind for case in knowledge.codes("dev", 100)}
    assert kinds == set(knowledge.CODES)


class Echo:
    version = "1"

    def scrub(self, text, fields=()):
        return Scrubbed(text, ())


def test_fields_read_plainly_are_looked_for_in_the_scrubbed_text(tmp_path):
    folder = tmp_path / "hl7v2"
    folder.mkdir()
    lines = [r"MSH|^~\&|A|B|C|D|2021||ADT^A01|1|P|2.5", "PID|1||10006579^^^1^MR||DUCK^DONALD^D||19241010|M"]
    (folder / "one.hl7").write_text("\r".join(lines))
    (folder / "broken.hl7").write_text("none")
    told = {(one.kind, one.value): one.left for one in by_field(tmp_path, Echo())}
    assert told == {
        ("id", "10006579"): True,
        ("name", "DUCK"): True,
        ("name", "DONALD"): True,
        ("birth date", "1924-10-10"): True,
    }
    assert ("birth date", "10 October 1924") in set(hl7v2.told(folder / "one.hl7"))


def test_no_birth_date_is_told_by_a_year():
    assert list(birth("1924")) == []


def test_growth_names_the_worst_piece(monkeypatch):
    """On a clock of its own: how long a computer takes is no matter for a test."""
    clock = [0.0]
    monkeypatch.setattr("ragslm.evaluate.identifiers.hostile.time.process_time", lambda: clock[0])

    class Slow:
        name = "slow"

        def find(self, text):
            clock[0] += len(text) ** (2 if text.startswith("b") else 1) / 1e6
            return iter(())

    assert list(growth([Slow()], ["a", "b"])) == [("slow", pytest.approx(16), "b")]


def test_every_note_holds_twenty_planted_identifiers_where_it_says():
    notes = list(planted(["First sentence. Second one: of two.\nA third.", ""]))
    assert [len(note.cases) for note in notes] == [PLANTED, PLANTED]
    for note in notes:
        values = [note.text[case.start : case.end] for case in note.cases]
        assert all(value and value == value.strip() for value in values)
        assert {"name", "SSN", "street", "birth date"} <= {case.kind for case in note.cases}
        assert list(planted([notes[0].text])) == list(planted([notes[0].text]))
