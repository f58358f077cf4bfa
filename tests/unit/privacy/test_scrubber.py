"""The scrubber's own work, with every rule and without a language model."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ragslm._spans import OffsetMap, Replacement, apply
from ragslm.errors import ScrubError
from ragslm.types import LabelledField

NOTE = "Patient: DOE, JOHN, SSN 460-89-9847.\nJohn Doe called 905-674-3793. Mr. Doe pays with 4111 1111 1111 1111."  # noqa: E501


def test_every_mention_goes_and_comes_back(scrubber):
    done = scrubber.scrub(NOTE)
    for left in ("Doe", "DOE", "John", "460-89", "3793", "4111"):
        assert left not in done.text
    assert apply(NOTE, [Replacement(e.start, e.end, e.replacement) for e in done.entities]) == done.text


def test_turned_and_plain_name_have_one_pseudonym(scrubber):
    names = {
        e.replacement
        for e in scrubber.scrub(NOTE).entities
        if NOTE[e.start : e.end].lower() in ("doe, john", "john doe")
    }
    assert len(names) == 1


def test_scrubbing_twice_changes_nothing(scrubber):
    once = scrubber.scrub(NOTE)
    again = scrubber.scrub(once.text)
    assert again.text == once.text
    assert again.entities == ()


def test_a_long_text_is_read_once_in_windows(scrubber, finder, monkeypatch):
    quiet = "Nothing personal is said in this paragraph.\n\n" * 220
    read, find = [], finder.find

    def noted(texts, threshold):
        read.append(list(texts))
        return find(texts, threshold)

    monkeypatch.setattr(finder, "find", noted)
    done = scrubber.scrub(f"{quiet}{NOTE}\n\n{quiet}{quiet}")
    [once] = read
    assert len(once) > 2
    assert all(len(window) <= 10_000 for window in once)
    assert done.text.startswith(quiet)
    assert "John" not in done.text


@pytest.mark.parametrize("before", [9_975, 9_985, 9_992, 9_999])
def test_a_number_across_the_border_of_two_windows_is_found(scrubber, before):
    text = ("word " * 2_000)[: before - 1] + " 4111 1111 1111 1111 " + "word " * 2_000
    done = scrubber.scrub(text)
    assert [e.type for e in done.entities] == ["CREDIT_CARD"]
    assert "1111" not in done.text


def test_a_field_across_the_border_of_two_windows_is_replaced(scrubber):
    text = "word " * 1_998 + "4111 1111 1111 1111 " + "word " * 2_000
    field = LabelledField(9_985, 10_015, "ACCOUNT", "Acct")
    done = scrubber.scrub(text, [field])
    assert "4111" not in done.text
    assert apply(text, [Replacement(e.start, e.end, e.replacement) for e in done.entities]) == done.text


def test_a_made_up_token_does_not_shield(scrubber):
    assert "905-674-3793" not in scrubber.scrub("PERSON_7K3QXA has phone 905-674-3793").text


def test_mask_and_drop_are_not_kept(make_scrubber, table):
    done = make_scrubber(US_SSN="mask", EMAIL_ADDRESS="drop").scrub("SSN 460-89-9847, mail a@ward3.local")
    assert done.text == "SSN [US_SSN], mail "
    assert not table.kept


def test_masked_text_is_left_alone(make_scrubber):
    scrubber = make_scrubber(US_SSN="mask")
    once = scrubber.scrub("SSN 460-89-9847").text
    assert scrubber.scrub(once).text == once


@pytest.mark.parametrize(
    "text",
    [
        "Write to 90+.jane.roe@ward.org now",
        "Write to [PERSON].jane.roe@ward.org now",
        "Write to jane.roe.[PERSON]@ward.org now",
    ],
)
def test_what_looks_settled_shields_nothing_beside_it(scrubber, text):
    assert "roe" not in scrubber.scrub(text).text


def test_a_pseudonym_shields_nothing_beside_it(scrubber):
    token = scrubber.scrub("460-89-9847").text
    done = scrubber.scrub(f"Write to jane.roe.{token}@ward.org now")
    assert "roe" not in done.text
    assert token in done.text


def test_kept_type_stays(make_scrubber):
    assert make_scrubber(US_SSN="keep").scrub("SSN 460-89-9847").entities == ()


class TestFields:
    def test_field_wins_over_recognisers(self, scrubber):
        text = "905-674-3793"
        done = scrubber.scrub(text, [LabelledField(0, 12, "MRN", "PID-3")])
        assert [e.type for e in done.entities] == ["MRN"]
        assert done.entities[0].score == 1.0

    def test_name_from_a_field_is_found_in_the_text(self, scrubber):
        text = "PID|EVERYWOMAN^EVE\nEverywoman? EVERYWOMAN came."
        done = scrubber.scrub(text, [LabelledField(4, 14, "PERSON", "PID-5")])
        assert "EVERYWOMAN" not in done.text

    def test_kept_field_shields(self, scrubber):
        text = "code 4111111111111111"
        assert scrubber.scrub(text, [LabelledField(5, 21, "KEEP", "code")]).text == text

    def test_card_inside_longer_kept_text_is_found(self, scrubber):
        text = "note: paid with 4111111111111111 today"
        assert "4111" not in scrubber.scrub(text, [LabelledField(0, len(text), "KEEP", "note")]).text

    @pytest.mark.parametrize(
        ("text", "kept", "left"),
        [
            ("Ward jane.roe@ward3.local", (20, 25), ["jane", "ward3"]),  # what stands before it
            ("code 460-89-9847 x", (0, 8), ["89", "9847"]),  # behind it
            (
                "Visa 4539578763621486 was told by phone",
                (14, 39),
                ["4539", "1486"],
            ),  # a card, however it is cut
        ],
    )
    def test_a_kept_field_shields_nothing_beyond_itself(self, scrubber, text, kept, left):
        done = scrubber.scrub(text, [LabelledField(*kept, "KEEP", "code")])
        assert not [part for part in left if part in done.text]
        assert scrubber.restore(done.text) == text

    def test_field_outside_its_text_is_an_error(self, scrubber):
        with pytest.raises(ScrubError, match="PID-5"):
            scrubber.scrub("short", [LabelledField(0, 99, "PERSON", "PID-5")])

    def test_fields_must_pair_with_texts(self, scrubber):
        with pytest.raises(ScrubError):
            scrubber.scrub_many(["a", "b"], [[]])


class TestSeal:
    def test_known_original_gets_its_pseudonym(self, scrubber):
        token = scrubber.scrub("mail a.roe@ward3.local").entities[0].replacement
        assert scrubber.seal(["Ask a.roe@ward3.local."], ["a.roe@ward3.local"]) == [f"Ask {token}."]

    def test_unknown_original_is_withheld(self, scrubber):
        assert scrubber.seal(["Zyx came.", "Who?"], ["Zyx"]) == ["[withheld] came.", "Who?"]

    def test_whole_words_of_three_letters_or_more(self, scrubber):
        text = "An annual Annex."
        assert scrubber.seal([text], ["An", "Ann", "ann"]) == [text]

    def test_many_originals(self, scrubber):
        names = [f"Name{i}x" for i in range(1200)]
        assert "Name" not in scrubber.seal([" ".join(names)], names)[0]

    @pytest.mark.parametrize("word", ["withheld", " [withheld] "])
    def test_the_word_of_the_stand_in_is_left_and_seals_the_rest(self, scrubber, word):
        assert scrubber.seal(["Zyx withheld consent."], [word, "Zyx"]) == ["[withheld] withheld consent."]

    def test_a_word_that_is_a_name_too_is_left_where_it_is_joined_to_a_word(self, scrubber):
        text = "Long-term debt | 5\nLong owes it. Long-owned and Zyx-term stand."
        sealed = "Long-term debt | 5\n[withheld] owes it. [withheld]-owned and [withheld]-term stand."
        assert scrubber.seal([text], ["Long", "Zyx"]) == [sealed]

    def test_what_cannot_be_sealed_is_refused_without_its_text(self, scrubber, monkeypatch):
        monkeypatch.setattr(scrubber, "_stand_in", lambda original: f"({original})")
        with pytest.raises(ScrubError) as raised:
            scrubber.seal(["Zyx came."], ["Zyx"])
        assert "Zyx" not in str(raised.value)


def test_a_person_the_format_names_is_one_in_a_kept_term_too(scrubber):
    text = "Eve Everywoman | told to Eve Everywoman | Hodgkin lymphoma"
    kept = [LabelledField(17, 39, "KEEP", "OBX-3"), LabelledField(42, 58, "KEEP", "DG1-3")]
    done = scrubber.scrub(text, [LabelledField(0, 14, "PERSON", "PID-5"), *kept])
    assert (
        "told to Eve Everywoman" in scrubber.scrub(text, kept).text
    )  # nobody had said that this is a person
    assert "Everywoman" not in done.text
    assert done.text.endswith("Hodgkin lymphoma")


def test_restore_leaves_unknown_tokens(scrubber):
    assert scrubber.restore("PERSON_ZZZZZZ came") == "PERSON_ZZZZZZ came"


def test_failure_tells_no_text(scrubber, finder, monkeypatch):
    def broken(texts, threshold):
        raise ValueError(texts[0])

    monkeypatch.setattr(finder, "find", broken)
    with pytest.raises(ScrubError) as raised:
        scrubber.scrub("secret words")
    assert "secret" not in str(raised.value)
    assert raised.value.__cause__ is None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.sampled_from("Mr. Ann Roe 4111-+@\n\u00a0\0😀ßÅ:,9"), max_size=120))
def test_offsets_lead_back_on_any_text(scrubber, text):
    done = scrubber.scrub(text)
    replacements = tuple(Replacement(e.start, e.end, e.replacement) for e in done.entities)
    assert apply(text, replacements) == done.text
    places = OffsetMap(replacements)
    for e in done.entities:
        assert places.to_original(*places.to_scrubbed(e.start, e.end)) == (e.start, e.end)


class TestRestoreByType:
    NOTE = "Mail a.roe@ward3.local, phone 905-674-3793."

    def test_only_the_types_that_are_asked_for_come_back(self, scrubber):
        done = scrubber.scrub(self.NOTE).text
        some = scrubber.restore(done, {"EMAIL_ADDRESS"})
        assert "a.roe@ward3.local" in some
        assert "3793" not in some
        assert scrubber.restore(done) == self.NOTE

    def test_none_is_nothing(self, scrubber):
        done = scrubber.scrub(self.NOTE).text
        assert scrubber.restore(done, ()) == done


def test_pseudonyms_that_touch_come_back_and_are_left_alone(scrubber):
    text = "|Ann Roe|ann@ward3.local|"
    done = scrubber.scrub(text, [LabelledField(1, 8, "PERSON", "name")])
    assert scrubber.restore(done.text) == text
    assert scrubber.scrub(done.text).entities == ()
