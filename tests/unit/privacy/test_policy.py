"""Policies name known types only and never keep what must not be stored."""

from functools import partial
from pathlib import Path

import pytest

from ragslm.errors import ConfigError
from ragslm.privacy.policy import Policy, restore_rules, strictest, tightened
from ragslm.settings import PrivacySettings

KNOWN = {"PERSON", "CVV", "NPI"}


def policy(**actions):
    return Policy.of(PrivacySettings(actions=actions), KNOWN)


def test_unknown_type_is_named():
    with pytest.raises(ConfigError, match="SHOE_SIZE"):
        policy(SHOE_SIZE="mask")


def test_types_known_by_field_may_be_named():
    assert policy(ORGANIZATION="keep").action("ORGANIZATION") == "keep"


@pytest.mark.parametrize("action", ["keep", "pseudonym"])
def test_authentication_data_is_never_kept(action):
    with pytest.raises(ConfigError, match="CVV"):
        policy(CVV=action)


def test_defaults():
    assert policy().action("PERSON") == "pseudonym"
    assert policy().action("CVV") == "drop"


def test_version_follows_policy_and_parts():
    assert policy().version(["a 1"]) == policy().version(["a 1"])
    assert policy().version(["a 1"]) != policy().version(["a 2"])
    assert policy().version(["a 1"]) != policy(NPI="keep").version(["a 1"])
    forgetting = Policy.of(PrivacySettings(forget_authentication=True), KNOWN)
    assert policy().version(["a 1"]) != forgetting.version(["a 1"])


def test_versions_of_earlier_workspaces_stay():
    assert policy(NPI="keep").version(["a 1"]) == "77dc8a2ac7d2744f"


def test_a_type_may_be_named_as_formats_name_it():
    of = partial(Policy.of, known={*KNOWN, "STREET_ADDRESS"})
    given = of(PrivacySettings(actions={"ADDRESS": "drop", "US_NPI": "mask"}))
    assert [given.action(e) for e in ("ADDRESS", "STREET_ADDRESS")] == ["drop", "drop"]
    assert [given.action(e) for e in ("US_NPI", "NPI")] == ["mask", "mask"]
    same = of(PrivacySettings(actions={"STREET_ADDRESS": "drop", "NPI": "mask"}))
    assert given.version([]) == same.version([])
    for order in (("drop", "keep"), ("keep", "drop")):  # the stricter of two names
        both = PrivacySettings(actions=dict(zip(("ADDRESS", "STREET_ADDRESS"), order, strict=True)))
        assert of(both).action("STREET_ADDRESS") == of(strictest([both, both])).action("ADDRESS") == "drop"
    rules = restore_rules(PrivacySettings(restore={"g": ("ADDRESS", "MRN"), "all": ("*",)}))
    assert rules == {"g": ("STREET_ADDRESS", "MRN"), "all": ("*",)}


def test_one_finder_reads_for_all_domains():
    on, off, own = (PrivacySettings(finder=finder) for finder in (True, False, Path("/models/own")))
    assert strictest([off, on]).finder is True
    assert strictest([off, off]).finder is False
    assert strictest([on, own, off]).finder == Path("/models/own")
    assert tightened(own).finder == Path("/models/own")
    with pytest.raises(ConfigError, match="different models"):
        strictest([own, PrivacySettings(finder=Path("/models/other"))])
