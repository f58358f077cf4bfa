"""Policies name known types only and never keep what must not be stored."""

import pytest

from ragslm.errors import ConfigError
from ragslm.privacy.policy import Policy
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
