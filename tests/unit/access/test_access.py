import pytest

from ragslm.access.api_keys import hash_api_key, new_api_key
from ragslm.access.clearance import NOTHING, common, restorable
from ragslm.access.identify import Authenticator
from ragslm.access.visibility import may_read
from ragslm.errors import AccessError, ConfigError
from ragslm.types import Identity, SourceDocument

ANN = Identity(id="ann", groups=frozenset({"ward"}))


def test_a_new_key_is_random_and_its_hash_tells_nothing():
    (one, digest), (two, _) = new_api_key(), new_api_key()
    assert one.startswith("rsk_")
    assert len(one) == 47  # 256 bits in base64
    assert one != two
    assert digest == hash_api_key(one)
    assert one[4:] not in digest


def test_who_holds_a_key():
    plain, digest = new_api_key()
    assert Authenticator({digest: ANN}.get).identify(plain) == ANN


@pytest.mark.parametrize("key", ["", "rsk_", "rsk_" + "x" * 43, "Bearer x", "\ud800", "x" * 100_000])
def test_nobody_holds_it_and_the_message_is_the_same(key):
    looked: list[str] = []
    with pytest.raises(AccessError) as caught:
        Authenticator(looked.append).identify(key)
    assert str(caught.value) == "This API key is not known. Make one: ragslm keys add NAME"
    assert len(looked[0]) == 64  # malformed keys are looked up too


@pytest.mark.parametrize(
    ("argument", "make"),
    [
        ("groups", lambda name: Identity(id="x", groups=name)),
        ("scopes", lambda name: Identity(id="x", scopes=name)),
        ("readers", lambda name: SourceDocument(uri="u", content=b"", readers=name)),
    ],
)
def test_one_name_is_not_its_letters(argument, make):
    with pytest.raises(ConfigError, match=f"{argument} wants a list"):
        make("ward3")


P1 = frozenset({"p1"})
RULES = [
    # identity, scope, readers, wanted scope, may read
    (ANN, None, None, None, True),  # general knowledge
    (ANN, "p1", None, None, True),  # every scope, as none is named
    (Identity(id="x", scopes=P1), "p1", None, None, True),  # the user's own scope
    (Identity(id="x", scopes=P1), "p2", None, None, False),  # another patient
    (Identity(id="x", scopes=P1), None, None, None, True),  # general knowledge in a scope
    (Identity(id="x", scopes=frozenset()), "p1", None, None, False),  # no scope at all
    (ANN, "p2", None, "p1", False),  # asked for another patient
    (ANN, None, None, "p1", True),  # general knowledge with a scope asked for
    (Identity(id="x", scopes=P1), "p2", None, "p2", False),  # asking does not give a right
    (ANN, None, frozenset({"ann"}), None, True),  # named
    (ANN, None, frozenset({"ward"}), None, True),  # by group
    (ANN, None, frozenset({"bob"}), None, False),  # not named
    (ANN, None, frozenset(), None, False),  # nobody
    (Identity(id="x", owner=True), None, frozenset(), None, True),  # nobody but an owner
    (Identity(id="x", owner=True, scopes=P1), "p2", None, None, False),  # an owner of one scope only
    (Identity(id="x", owner=True), "p2", None, "p1", False),  # owners get what they ask for
    (Identity(id="x", scopes=P1), "p1", frozenset({"bob"}), None, False),  # both must hold
]


@pytest.mark.parametrize(("identity", "scope", "readers", "wanted", "expected"), RULES)
def test_rules(identity, scope, readers, wanted, expected):
    assert may_read(identity, scope=scope, readers=readers, wanted_scope=wanted) is expected


ROLES = {"ward": ("PERSON", "MRN"), "billing": ("MEMBER_ID",), "chief": ("*",)}
CLEARED = [
    # cleared, owner, groups, rules, what is shown (None: every type)
    (False, False, "", {}, frozenset()),  # not cleared
    (False, False, "ward", ROLES, frozenset()),  # not cleared, whatever the group
    (True, False, "", {}, None),  # no rules: all
    (True, False, "", ROLES, frozenset()),  # rules, but none for this user
    (True, False, "ward", ROLES, {"PERSON", "MRN"}),
    (True, False, "ward billing", ROLES, {"PERSON", "MRN", "MEMBER_ID"}),  # both groups
    (True, False, "ward chief", ROLES, None),  # every type
    (False, True, "ward", ROLES, frozenset()),  # an owner without clearance
    (True, True, "", ROLES, None),  # an owner with it
]


@pytest.mark.parametrize(("cleared", "owner", "groups", "rules", "shown"), CLEARED)
def test_who_sees_what_restored(cleared, owner, groups, rules, shown):
    identity = Identity(id="x", cleared=cleared, owner=owner, groups=frozenset(groups.split()))
    assert restorable(identity, rules) == shown


def test_several_rules_together_are_the_strictest():
    some, other = frozenset({"PERSON", "MRN"}), frozenset({"MRN"})
    assert common([None, None]) is None
    assert common([None, some, other]) == common([other, some]) == {"MRN"}
    assert common([some, NOTHING, None]) == NOTHING
