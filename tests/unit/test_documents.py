"""Documents as one user may see them, over a real workspace without models."""

import base64
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ragslm import AccessError, Assistant, Identity, NotFoundError
from ragslm.documents import Documents
from ragslm.store.records import NewDocument
from tests.unit.restorer import Restorer
from tests.unit.store.conftest import make_document

KEY = "9d" * 32
AGENT = Identity(id="agent", scopes=frozenset({"p1"}))
WRITTEN = base64.b64encode(b"Eve Lee came home").decode()


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    with Assistant.open(tmp_path / "w", "medical", key=KEY) as assistant:
        assistant._parts._built["scrubber"] = Restorer()
        yield assistant


def put(assistant: Assistant, document: NewDocument) -> NewDocument:
    assistant._parts.catalogue.put_document(document, identity=Identity.local_owner())
    return document


def test_titles_and_texts_leave_through_the_guard(assistant: Assistant) -> None:
    stored = make_document("a", title=f"{WRITTEN} ![x](https://x.example/?q=1)")
    metadata = {"ward": {"name": [WRITTEN, 3]}}
    stored = replace(
        stored,
        source=replace(stored.source, metadata=metadata),
        parsed=replace(stored.parsed, text=f"Mrs Smith [came](https://x.example/?q=1): {WRITTEN}."),
    )
    put(assistant, stored)
    assert [info.title for info in assistant.documents(user=AGENT)] == ["[withheld] x"]
    assert [info.title for info in assistant.documents()] == [f"{WRITTEN} x"]
    text, told = assistant.text(stored.id, user=AGENT)
    assert (text, told) == (
        "Mrs PERSON_7K3QXA came: [withheld].",
        {"ward": {"name": ["[withheld]", 3]}},
    )
    assert WRITTEN in assistant.text(stored.id)[0]


@pytest.mark.parametrize(
    "call",
    [
        lambda a, stored: a.text(stored.id),
        lambda a, stored: a.page(stored.id, 1),
        lambda a, stored: a.access(stored.id),
    ],
)
@pytest.mark.parametrize("kept", [{"scope": "p2"}, {"readers": frozenset({"rob"})}])
def test_what_a_user_may_not_read_is_not_there(
    tmp_path: Path, kept: dict[str, Any], call: Callable[[Assistant, NewDocument], Any]
) -> None:
    with Assistant.open(tmp_path / "w", "medical", key=KEY, user=AGENT) as assistant:
        hidden, shown = put(assistant, make_document("b", **kept)), put(assistant, make_document("a"))
        assistant._parts._built["scrubber"] = Restorer()
        assert [info.id for info in assistant.documents()] == [shown.id]
        assert assistant.find(shown.source.uri) == shown.id
        assert assistant.find(hidden.source.uri) is None
        call(assistant, shown)
        with pytest.raises(NotFoundError, match="for this user"):
            call(assistant, hidden)


USERS = [
    Identity.local_owner(),
    Identity(id="desk", owner=True, scopes=frozenset({"p1"})),
    Identity(id="ann"),
    Identity(id="ann", scopes=frozenset({"p1", "p2"})),
    Identity(id="bob", groups=frozenset({"ward"})),
    Identity(id="bob", groups=frozenset({"ward", "ann"}), scopes=frozenset({"p2"})),
    Identity(id="eve", scopes=frozenset()),
]


@pytest.mark.parametrize("domains", [("medical",), ("medical", "banking")])
def test_the_list_holds_what_each_user_finds_by_name(assistant: Assistant, domains: tuple[str, ...]) -> None:
    stored = [
        put(assistant, make_document(f"{scope} {readers}", domain=domain, scope=scope, readers=readers))
        for domain in domains
        for scope in (None, "", "p1", "p2")
        for readers in (None, frozenset[str](), frozenset({"ann"}), frozenset({"ward", "rob"}))
    ]
    for user in USERS:
        found = Documents(assistant._parts, "medical", user).find
        wanted = {one.id for one in stored if found(one.source.uri) == one.id}
        assert {info.id for info in assistant.documents(user=user)} == wanted
        assert wanted < {one.id for one in stored} or (user.owner and user.scopes is None)


def test_the_list_is_one_look_however_long(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []
    read = assistant._parts.catalogue._db.read
    monkeypatch.setattr(assistant._parts.catalogue._db, "read", lambda: looks.append(1) or read())
    for count in (1, 2, 3):
        put(assistant, make_document(f"d{count}"))
        looks.clear()
        assert len(assistant.documents(user=AGENT)) == count
        assert len(looks) == 1


def test_a_bound_owner_removes_nothing_of_another_scope(assistant: Assistant) -> None:
    bound = Identity(id="desk", owner=True, scopes=frozenset({"p1"}))
    own, other = (put(assistant, make_document(scope, scope=scope)) for scope in ("p1", "p2"))
    with pytest.raises(NotFoundError, match="for this user"):
        assistant.remove_document(other.id, user=bound)
    assistant.remove_document(own.id, user=bound)
    assert [info.id for info in assistant.documents()] == [other.id]


def test_what_lies_inside_goes_with_it(assistant: Assistant) -> None:
    mail, _, other = (put(assistant, make_document(name)) for name in ("m", "m#attachment=2/a.pdf", "m2"))
    with pytest.raises(AccessError):
        assistant.remove_document(mail.id, user=AGENT)
    assistant.remove_document(mail.id)
    assert [info.id for info in assistant.documents()] == [other.id]
