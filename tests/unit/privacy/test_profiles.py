"""Ready profiles: every class of the regulation is carried out, and nothing is loosened by a layer."""

from itertools import permutations

import pytest

from ragslm.errors import ConfigError
from ragslm.privacy.policy import STRICTNESS, Policy, loosened, strictest, tightened
from ragslm.privacy.profiles import load_profile, profile_names
from ragslm.privacy.recognisers import build as shared
from ragslm.privacy.scrubber import PresidioScrubber
from ragslm.settings import PrivacySettings
from ragslm.types import LabelledField
from ragslm_connectors.banking.recognisers import build as banking
from ragslm_connectors.medical.recognisers import build as medical

KNOWN = frozenset(e for r in [*shared(), *banking(), *medical()] for e in r.supported_entities)


@pytest.fixture
def under(finder, vault, monkeypatch):
    def make(*profiles, **actions):
        monkeypatch.setattr(finder, "recognisers", [*shared(), *banking(), *medical()])
        monkeypatch.setattr(finder, "entities", KNOWN)
        return PresidioScrubber(
            finder, Policy.of(PrivacySettings(profiles=profiles, actions=actions), KNOWN), vault
        )

    return make


# ---------------------------------------------------------------- HIPAA: a row for each class

SAFE_HARBOR = [
    ("(A)", "PERSON", "Eve Everywoman", "Patient: EVERYWOMAN, EVE was seen", "EVERYWOMAN, EVE"),
    ("(B)", "STREET_ADDRESS", "12 Elm Street", "lives at 12 Elm Street, Boston", "12 Elm Street"),
    ("(C)", "DATE_OF_BIRTH", "06/15/1961", "DOB: 06/15/1961.", "06/15"),
    ("(D)", "PHONE_NUMBER", "(617) 555-0132", "Phone: (617) 555-0132", "555-0132"),
    ("(E)", "PHONE_NUMBER", "(617) 555-0133", "Fax: (617) 555-0133", "555-0133"),
    ("(F)", "EMAIL_ADDRESS", "eve@ward3.local", "mail eve@ward3.local", "eve@"),
    ("(G)", "US_SSN", "460-89-9847", "SSN 460-89-9847", "460-89-9847"),
    ("(H)", "MRN", "00482913", "MRN: 00482913", "00482913"),
    ("(I)", "MBI", "1EG4-TE5-MK73", "Medicare 1EG4-TE5-MK73", "1EG4"),
    ("(J)", "ACCOUNT", "000123456789", "account number 000123456789", "000123456789"),
    ("(K)", "US_DRIVER_LICENSE", "D1234567", "driver license D1234567", "D1234567"),
    ("(L)", "VIN", "1M8GDM9AXKP042788", "VIN 1M8GDM9AXKP042788", "1M8GDM9AXKP042788"),
    ("(M)", "DEVICE_ID", "SN-99812-A", "Device serial number: SN-99812-A", "99812"),
    ("(N)", "URL", "https://eve.example.org/me", None, None),
    ("(O)", "IP_ADDRESS", "10.0.0.17", "from 10.0.0.17 today", "10.0.0.17"),
    ("(P)", "BIOMETRIC", "Rk1SACAyMAAAAAD", None, None),
    ("(Q)", "PHOTO", "data:image/png;base64,iVBOR", None, None),
    ("(R)", "ACCESSION", "S21-004512", "Accession: S21-004512", "S21-004512"),
]


def test_there_is_a_row_for_each_of_the_eighteen_classes():
    named = [one.name[:3] for one in load_profile("hipaa-safe-harbor").classes]
    assert named == [f"({letter})" for letter in "ABCDEFGHIJKLMNOPQR"]
    assert sorted(row[0] for row in SAFE_HARBOR) == named


@pytest.mark.parametrize(("letter", "entity", "value", "words", "gone"), SAFE_HARBOR)
def test_safe_harbor_by_field(under, letter, entity, value, words, gone):
    text = f"told | {value} | end"
    done = under("hipaa-safe-harbor").scrub(text, [LabelledField(7, 7 + len(value), entity, "field")])
    assert value not in done.text
    assert [e.type for e in done.entities] == [entity]


@pytest.mark.parametrize(("letter", "entity", "value", "words", "gone"), [r for r in SAFE_HARBOR if r[3]])
def test_safe_harbor_in_words(under, letter, entity, value, words, gone):
    done = under("hipaa-safe-harbor").scrub(words)
    assert gone not in done.text
    assert entity in {e.type for e in done.entities}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Admitted on 14 March 2021.", "Admitted on 2021."),
        ("Seen 03/14/2021, discharged 14MAR2021.", "Seen 2021, discharged 2021."),
        ("DOB: 06/15/1931.", "DOB: 90+."),
        ("Aged 91 at the visit.", "Aged 90+ at the visit."),
        ("Aged 89 at the visit.", "Aged 89 at the visit."),
        ("POD 3, HbA1c 9.1 %, E11.9", "POD 3, HbA1c 9.1 %, E11.9"),
    ],
)
def test_safe_harbor_dates_and_ages_in_words(under, text, left):
    assert under("hipaa-safe-harbor").scrub(text).text == left


def test_safe_harbor_keeps_the_year_and_the_large_area(under):
    text = "DOB: 06/15/1961. She is aged 93, of Boston, MA 02118 now, formerly of Rural, WY 82101."
    done = under("hipaa-safe-harbor").scrub(text).text
    assert "1961" in done
    assert "90+" in done
    assert "[ZIP_CODE 021]" in done
    assert "[ZIP_CODE 000]" in done
    assert under("hipaa-safe-harbor").scrub(done).text == done


# ---------------------------------------------------------------- PCI DSS

TRACK = "%B4111111111111111^EVERYWOMAN/EVE^25121010000000000000?"
CARD = f"card 4111 1111 1111 1111, valid thru 11/27, cvv 737, PIN is 4912, track {TRACK}"


def test_card_data_leaves_four_digits_and_nothing_in_the_vault(under, table):
    done = under("pci-dss").scrub(CARD)
    assert "[CREDIT_CARD ending 1111]" in done.text
    assert "737" not in done.text
    assert "4912" not in done.text
    assert "11/27" not in done.text
    assert "1010000" not in done.text
    assert table.kept == {}


@pytest.mark.parametrize("entity", ["CVV", "PIN", "CARD_TRACK"])
@pytest.mark.parametrize("action", ["keep", "pseudonym"])
def test_authentication_data_is_dropped_whatever_is_asked(entity, action):
    with pytest.raises(ConfigError, match=entity):
        Policy.of(PrivacySettings(profiles=("pci-dss",), actions={entity: action}), KNOWN)


def test_there_is_one_form_of_a_truncated_card(under):
    texts = ["4111-1111-1111-1111", "4111111111111111", "4111.1111.1111.1111"]
    left = {under("pci-dss").scrub(f"card {text}").text for text in texts}
    assert left == {"card [CREDIT_CARD ending 1111]"}


# ---------------------------------------------------------------- layers


@pytest.mark.parametrize("name", profile_names())
def test_a_profile_names_only_what_is_found(name):
    assert Policy.of(PrivacySettings(profiles=(name,)), KNOWN).profiles == (name,)


def test_a_recogniser_that_is_not_loaded_is_an_error_at_start():
    with pytest.raises(ConfigError, match=r"'hipaa-safe-harbor' names '(MRN|NHS_NUMBER)'.*domains"):
        Policy.of(PrivacySettings(profiles=("hipaa-safe-harbor",)), KNOWN - {"MRN", "NHS_NUMBER"})


def test_an_unknown_profile_is_an_error():
    with pytest.raises(ConfigError, match="hipaa-safe-harbor, pci-dss"):
        Policy.of(PrivacySettings(profiles=("hippa",)), KNOWN)


@pytest.mark.parametrize(("weak", "strict"), [(a, b) for a, b in permutations(STRICTNESS, 2)
                                              if STRICTNESS.index(a) < STRICTNESS.index(b)])  # fmt: skip
def test_of_two_domains_the_stricter_wins_in_either_order(weak, strict):
    layers = [PrivacySettings(actions={"DATE": weak}), PrivacySettings(actions={"DATE": strict})]
    assert strictest(layers).actions == strictest(layers[::-1]).actions == {"DATE": strict}


def test_a_domain_that_says_nothing_asks_for_a_pseudonym():
    assert strictest([PrivacySettings(actions={"MRN": "keep"}), PrivacySettings()]).actions == {
        "MRN": "pseudonym"
    }


@pytest.mark.parametrize("action", STRICTNESS)
def test_a_profile_only_tightens(action):
    asked = PrivacySettings(profiles=("hipaa-safe-harbor", "pci-dss"), actions={"CREDIT_CARD": action})
    found = tightened(asked).actions["CREDIT_CARD"]
    assert STRICTNESS.index(found) >= max(STRICTNESS.index(action), STRICTNESS.index("mask"))


def test_two_profiles_in_either_order_are_the_same_policy():
    names = ("hipaa-safe-harbor", "pci-dss")
    one, other = (Policy.of(PrivacySettings(profiles=order), KNOWN) for order in (names, names[::-1]))
    assert one.version([]) == other.version([])
    assert one.action("CREDIT_CARD") == "mask"  # stricter than truncate


@pytest.mark.parametrize(
    ("entity", "action"), [("PERSON", "shift"), ("PERSON", "generalise"), ("EMAIL_ADDRESS", "truncate")]
)
def test_an_action_that_does_not_fit_its_type_is_an_error(entity, action):
    with pytest.raises(ConfigError, match=action):
        Policy.of(PrivacySettings(actions={entity: action}), KNOWN)


def test_what_the_deployment_loosens_is_named():
    brought = PrivacySettings(threshold=0.3, profiles=("pci-dss",), actions={"MRN": "mask", "VIN": "keep"})
    present = PrivacySettings(threshold=0.4, actions={"MRN": "pseudonym", "VIN": "mask"})
    assert loosened(brought, present) == ["threshold", "profiles pci-dss", "actions.MRN"]
    assert loosened(brought, brought) == []


ROLES = {"nurses": ("PERSON", "ADDRESS"), "chief": ("*",)}


@pytest.mark.parametrize(
    ("brought", "present", "named"),
    [
        ({"forget_authentication": True}, {}, ["forget_authentication"]),
        ({"forget_authentication": True}, {"profiles": ("pci-dss",)}, []),  # which asks for it too
        ({}, {"finder": False}, ["finder"]),
        ({"finder": False}, {}, []),
        ({"restore": ROLES}, {}, ["restore"]),  # every cleared user sees all
        ({}, {"restore": ROLES}, []),
        ({"restore": ROLES}, {"restore": {"nurses": ("STREET_ADDRESS",)}}, []),
        ({"restore": ROLES}, {"restore": {"nurses": ("MRN",)}}, ["restore.nurses"]),
        ({"restore": ROLES}, {"restore": {"clerks": ("MRN",)}}, ["restore.clerks"]),
        ({"restore": ROLES}, {"restore": {"chief": ("PERSON",), "nurses": ("*",)}}, ["restore.nurses"]),
        ({"actions": {"US_NPI": "drop"}}, {"actions": {"NPI": "mask"}}, ["actions.NPI"]),
    ],
)  # fmt: skip
def test_whatever_is_loosened_is_named(brought, present, named):
    assert loosened(PrivacySettings(**brought), PrivacySettings(**present)) == named


def test_a_role_may_only_be_named_types_that_there_are():
    with pytest.raises(ConfigError, match=r"privacy\.restore names 'SHOE_SIZE'"):
        Policy.of(PrivacySettings(restore={"nurses": ("PERSON", "SHOE_SIZE")}), KNOWN)
    assert Policy.of(PrivacySettings(restore={"nurses": ("PERSON",), "doctors": ("*",)}), KNOWN)


def test_a_domain_alone_starts_though_its_profile_drops_what_another_finds():
    without = KNOWN - {"CVV", "PIN"}
    assert Policy.of(PrivacySettings(actions={"CVV": "drop"}), without).action("CVV") == "drop"
    with pytest.raises(ConfigError, match="'pci-dss' names 'CVV'"):
        Policy.of(PrivacySettings(profiles=("pci-dss",)), without)
