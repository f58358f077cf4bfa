from ragslm.grounding.grounder import Grounder
from ragslm.grounding.verifier import EvidenceVerifier
from ragslm.protocols import Draft, Unit
from ragslm.settings import GroundingSettings
from ragslm.types import Passage

TRAP = "Warfarin interacts with NSAIDs and the risk of bleeding rises."


def unit(label, text, score=0.9, before=""):
    whole = before + text
    passage = Passage(
        id=int(label),
        document_id="d",
        uri="u",
        title="t",
        page=None,
        section=None,
        text=whole,
        start=0,
        end=len(whole),
    )
    return Unit(label=label, text=text, passage=passage, start=len(before), end=len(whole), score=score)


GROUNDER = Grounder(EvidenceVerifier(), GroundingSettings())


def ground(text, labels, *units, used=()):
    return GROUNDER.ground(Draft(text, labels), {u.label: u for u in units}, set(used))


def test_the_interaction_is_never_denied():
    for text in (
        "No, warfarin does not interact with NSAIDs.",
        "Warfarin does not interact with NSAIDs.",
        "Yes, you can take NSAIDs with warfarin.",
        "Yes, you can take warfarin and NSAIDs together safely.",
        "There is no interaction between warfarin and NSAIDs.",
        "Warfarin interacts with no NSAIDs.",
        "It is safe to take NSAIDs.",
    ):
        shown = ground(text, ("1",), unit("1", TRAP))
        assert shown.text == TRAP
        assert shown.origin == "quoted"
        assert shown.reason


def test_supported_wording_is_shown():
    shown = ground("Warfarin interacts with NSAIDs. [1]", ("1",), unit("1", TRAP))
    assert (shown.text, shown.origin, shown.reason) == ("Warfarin interacts with NSAIDs.", "generated", None)


def test_a_verbatim_draft_is_a_quote():
    assert ground(TRAP, ("1",), unit("1", TRAP)).origin == "quoted"


def test_unknown_labels_drop():
    assert ground(TRAP, ("9",), unit("1", TRAP)).text is None
    assert ground(TRAP, (), unit("1", TRAP)).reason == "no source cited"


def test_a_unit_is_quoted_once():
    assert ground("Aspirin is fine.", ("1",), unit("1", TRAP), used={"1"}).text is None
    assert ground(TRAP, ("1",), unit("1", TRAP), used={"1"}).reason == "said before"
    assert GROUNDER.quote(unit("1", TRAP), {"1"}).text is None


def test_a_unit_that_does_not_answer_is_no_replacement():
    assert ground("Aspirin is fine for all.", ("1",), unit("1", TRAP, score=0.1)).text is None


def test_only_the_supporting_unit_is_cited():
    shown = ground(
        "Warfarin interacts with NSAIDs.", ("1", "2"), unit("1", "Aspirin is an NSAID."), unit("2", TRAP)
    )
    assert [u.label for u in shown.units] == ["2"]


def test_it_is_named_by_the_sentence_before():
    cited = unit("1", "It interacts with NSAIDs.", before="Warfarin thins the blood. ")
    assert ground("Warfarin interacts with NSAIDs.", ("1",), cited).origin == "generated"
    assert ground("Heparin interacts with NSAIDs.", ("1",), cited).origin == "quoted"


def test_a_label_of_another_unit_does_not_support():
    other = unit("2", "The dose is 5 mg daily.")
    assert ground("Warfarin interacts with NSAIDs.", ("2",), unit("1", TRAP), other).origin == "quoted"


def test_reasons_hold_no_text():
    shown = ground("Zyxomab cures everything in 42 days.", ("1",), unit("1", TRAP))
    assert "zyxomab" not in (shown.reason or "").lower()
    assert "42" not in (shown.reason or "")


def test_a_quote_is_never_judged():
    class Judge:
        def verify(self, claim, passages):
            raise AssertionError("judged")

    grounder = Grounder(Judge(), GroundingSettings())
    assert grounder.quote(unit("1", TRAP), set()).text == TRAP
    assert grounder.ground(Draft(TRAP, ("1",)), {"1": unit("1", TRAP)}, set()).text == TRAP
