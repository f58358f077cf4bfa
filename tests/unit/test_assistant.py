"""The public face over a real workspace, as far as it goes without models."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest

from ragslm import (
    AccessError,
    Assistant,
    ConfigError,
    Identity,
    ModelError,
    NotFoundError,
    QuestionError,
    WorkspaceError,
    WrongKeyError,
    _configured,
)
from ragslm.generation.extractive import ExtractiveEngine
from ragslm.ingest.files import Files
from ragslm.store.records import IndexIdentity
from ragslm.types import ScrubbedDocument
from tests.unit.restorer import TOKEN, Restorer
from tests.unit.store.conftest import make_document

KEY = "9d" * 32
AGENT = Identity(id="agent")


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    with Assistant.open(tmp_path / "w", "medical", key=KEY, generation={"engine": "extractive"}) as assistant:
        yield assistant


def test_an_absent_folder_becomes_a_workspace_and_opens_again(tmp_path: Path) -> None:
    for _ in range(2):
        Assistant.open(tmp_path / "w", key=KEY).close()
    with pytest.raises(WrongKeyError):
        Assistant.open(tmp_path / "w", key="00" * 32)


def test_an_unknown_domain_leaves_nothing_open(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="'law' is not configured; configured are"):
        Assistant.open(tmp_path / "w", "law", key=KEY)
    Assistant.open(tmp_path / "w", key=KEY).close()


@pytest.mark.parametrize(
    ("domain", "settings", "words"),
    [
        ("medcal", {}, "'medcal' is not configured"),
        (None, {"domains": ("medicl",)}, "Unknown domain 'medicl'; installed are"),
        (None, {"generation": {"vllm_url": "127.0.0.1:8000"}}, "must look like http://127.0.0.1:8000/v1"),
        (None, {"generation": {"vllm_url": "http://:8000"}}, "must look like"),
        (None, {"grounding": {"verifier": "/nowhere"}}, "grounding.verifier: '/nowhere' holds no model"),
        (None, {"privacy": {"finder": "/nowhere"}}, "privacy.finder: '/nowhere' holds no model"),
        (None, {"retrieval": {"reranker": "/nowhere"}}, "retrieval.reranker: '/nowhere' holds no model"),
    ],
)
def test_what_cannot_be_opened_leaves_no_workspace(
    tmp_path: Path, domain: str | None, settings: dict[str, Any], words: str
) -> None:
    with pytest.raises((ConfigError, ModelError), match=words):
        Assistant.open(tmp_path / "w", domain, key=KEY, **settings)
    assert not (tmp_path / "w").exists()


def test_the_configuration_may_be_named_by_a_text(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("domain: banking\n")
    with Assistant.open(tmp_path / "w", key=KEY, config=str(tmp_path / "x.yaml")) as assistant:
        assert assistant.domain == "banking"
    (tmp_path / "x.yaml").write_text("domain: law\n")
    with pytest.raises(ConfigError, match="'law' is not configured"):
        Assistant.open(tmp_path / "v", key=KEY, config=str(tmp_path / "x.yaml"))
    assert not (tmp_path / "v").exists()


def test_an_unknown_domain_of_a_source_names_its_entry(assistant: Assistant, tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    entries = "- {name: a, kind: folder, path: .}\n- {name: b, kind: folder, path: ., domain: medcal}\n"
    file.write_text(entries)
    with pytest.raises(ConfigError, match=r"^s\.yaml, line 2, source 'b': Domain 'medcal' is not configured"):
        assistant.sources.sync(file)


def test_a_name_that_nothing_reads_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("RAGSLM_PRIVACY_PROFILES", '["pci-dss"]')
    Assistant.open(tmp_path / "w", key=KEY).close()
    assert [record.getMessage() for record in caplog.records] == [
        "RAGSLM_PRIVACY_PROFILES is not read by ragslm. The nearest name is RAGSLM_PRIVACY__PROFILES."
    ]


@pytest.mark.parametrize(("scrubbed", "told"), [("other", True), (Restorer.version, False), (None, False)])
def test_text_scrubbed_under_another_policy_is_told(
    assistant: Assistant, caplog: pytest.LogCaptureFixture, scrubbed: str | None, told: bool
) -> None:
    parts = assistant._parts
    parts._built["scrubber"] = Restorer()
    if scrubbed is not None:
        parts.catalogue.set_identity(IndexIdentity(embedder="e", dim=8, chunker="c", scrubber=scrubbed))
    assert assistant.health()["scrubbed_otherwise"] is told
    for _ in range(2):
        parts.tell_of_the_policy()
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == told
    assert all("ragslm ingest --rebuild PATH" in line for line in said)


def test_domains_share_a_workspace(assistant: Assistant) -> None:
    banking = assistant.for_domain("banking")
    assert (assistant.domain, banking.domain) == ("medical", "banking")
    assert assistant.for_domain("medical") is assistant
    assert assistant.intended_use != banking.intended_use
    with pytest.raises(ConfigError):
        assistant.for_domain("law")


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda a: a.ask(""), QuestionError, "Ask something"),
        (lambda a: a.ask(" \n\t "), QuestionError, "Ask something"),
        (lambda a: a.ask("secret " * 20_000), QuestionError, "140,000 characters; at most 4,000"),
        (lambda a: a.stream(""), QuestionError, "Ask something"),  # at the call, not at the first event
        (lambda a: a.search("x", k=0), ConfigError, "between 1 and 1000"),
        (lambda a: a.search("x", k=1001), ConfigError, "between 1 and 1000"),
        (lambda a: a.search("x", filters={"colour": "red"}), ConfigError, "known are"),
        (lambda a: a.search("x", filters={"date_from": "soon"}), ConfigError, "YYYY-MM-DD"),
        (lambda a: a.ask("x", as_of="soon"), ConfigError, "YYYY-MM-DD"),
        (lambda a: a.ask("x", mode="free"), ConfigError, "large verifier"),
        (lambda a: a.ask("x", mode="loose"), ConfigError, "there are quote, near, free"),
        (lambda a: a.verify("claim", "text"), ConfigError, "passages wants a list"),
        (lambda a: a.verify("", ["text"]), QuestionError, "neither of them empty"),
        (lambda a: a.verify("claim", [" "]), QuestionError, "neither of them empty"),
        (lambda a: a.ingest("/no/such/folder"), ConfigError, "no file or folder"),
        (lambda a: a.ingest(".", readers="ward3"), ConfigError, "readers wants a list"),
        (lambda a: a.add_document("x.md", b"x", readers="ward3"), ConfigError, "readers wants a list"),
        (lambda a: a.text("none"), NotFoundError, "for this user"),
        (lambda a: a.page("none", 1), NotFoundError, "for this user"),
        (lambda a: a.remove_document("none"), NotFoundError, "none"),
        (lambda a: a.identify("rsk_none"), AccessError, "API key"),
        (lambda a: a.remove_api_key("none"), NotFoundError, "none"),
    ],
)
def test_mistakes_are_named_before_any_model_loads(
    assistant: Assistant, call: Callable[[Assistant], Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words) as raised:
        call(assistant)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    "call",
    [
        lambda a: a.ingest(".", user=AGENT),
        lambda a: a.add_document("x.md", b"x", user=AGENT),
        lambda a: a.remove_document("x", user=AGENT),
        lambda a: a.restore("PERSON_7K3QXA", user=AGENT),
    ],
)
def test_what_only_an_owner_or_a_cleared_user_may_do(
    assistant: Assistant, call: Callable[[Assistant], Any]
) -> None:
    with pytest.raises(AccessError):
        call(assistant)


def test_keys_stand_for_users(assistant: Assistant) -> None:
    user = Identity(id="rob", groups=frozenset({"ward"}), scopes=frozenset({"ann"}))
    plain = assistant.add_api_key(user)
    assert assistant.identify(plain) == user
    assert assistant.api_key_names() == ["rob"]
    with pytest.raises(ConfigError):
        assistant.add_api_key(user)
    assistant.remove_api_key("rob")
    with pytest.raises(AccessError):
        assistant.identify(plain)
    assert assistant.verify_audit().ok


def test_verify_needs_no_model(assistant: Assistant) -> None:
    source = ["Warfarin interacts with NSAIDs and the risk of bleeding rises."]
    assert assistant.verify("Warfarin interacts with NSAIDs.", source).supported
    denied = assistant.verify("Warfarin does not interact with NSAIDs.", source)
    assert not denied.supported
    assert denied.reasons


def test_an_engine_of_ones_own_is_used_and_closed(tmp_path: Path) -> None:
    class Mine(ExtractiveEngine):
        name = "mine"
        closed = 0

        def close(self) -> None:
            self.closed += 1

    engine = Mine()
    with Assistant.open(tmp_path / "w", key=KEY, engine=engine) as assistant:
        assert assistant._parts.engines("generic").writer is engine
    assert engine.closed


def test_a_new_workspace_is_empty(assistant: Assistant) -> None:
    assert assistant.documents() == []
    assert assistant.find("file:///x") is None
    assert assistant.health()["documents"] == 0
    assert assistant.verify_audit().ok


def test_without_its_store_or_its_models_it_is_not_ready(tmp_path: Path) -> None:
    assistant = Assistant.open(tmp_path / "w", key=KEY, models={"folder": tmp_path / "none"})
    with assistant, pytest.raises(ModelError, match="ragslm models pull"):
        assistant.check_ready()
    with pytest.raises(WorkspaceError, match="closed"):
        assistant.check_ready()


@pytest.fixture
def profiles(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    """Privacy settings that domains bring, by domain."""
    brought: dict[str, dict[str, Any]] = {}
    monkeypatch.setattr(_configured, "load_profile", lambda domain: {"privacy": brought.get(domain, {})})
    return brought


def test_a_finder_that_a_profile_names_reads(tmp_path: Path, profiles: dict[str, dict[str, Any]]) -> None:
    profiles |= {domain: {"finder": False} for domain in ("generic", "medical", "banking")}
    with Assistant.open(tmp_path / "w", key=KEY) as assistant:
        assert assistant._parts._tagger() is None


def test_what_the_settings_loosen_is_told_once(
    tmp_path: Path, profiles: dict[str, dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    profiles["medical"] = profiles["banking"] = {"threshold": 0.1}
    with Assistant.open(tmp_path / "w", key=KEY, privacy={"threshold": 0.2}) as assistant:
        for _ in range(2):
            assistant._parts._configured.strictest()
    assert [record.getMessage() for record in caplog.records] == [
        "The settings loosen what a domain asks for: privacy.threshold of medical, banking."
    ]


def test_what_is_restored_is_what_the_rules_of_every_domain_allow(
    tmp_path: Path, profiles: dict[str, dict[str, Any]]
) -> None:
    profiles["medical"] = {"restore": {"nurses": ["PERSON", "ADDRESS"]}}
    profiles["banking"] = {"restore": {"nurses": ["PERSON"]}}
    nurse = Identity(id="n", groups=frozenset({"nurses"}), cleared=True)
    with Assistant.open(tmp_path / "w", key=KEY) as assistant:
        parts = assistant._parts
        assert parts.restorable(nurse, "medical") == {"PERSON", "STREET_ADDRESS"}
        assert parts.restorable(nurse, "generic") is None  # it has no rules
        assert parts.restorable(nurse) == {"PERSON"}
        assert parts.restorable(Identity(id="x", groups=nurse.groups)) == frozenset()
        with pytest.raises(ConfigError, match="not configured"):
            parts.restorable(nurse, "law")


class TestRestoring:
    ROLES: ClassVar = {"restore": {"nurses": ["PERSON"], "clerks": ["MEMBER_ID"]}}

    @pytest.fixture
    def roles(self, tmp_path: Path) -> Iterator[Assistant]:
        with Assistant.open(tmp_path / "w", "medical", key=KEY, privacy=self.ROLES) as assistant:
            parts = assistant._parts
            parts._built["scrubber"] = Restorer()
            yield assistant

    @pytest.mark.parametrize(
        ("groups", "cleared", "seen"),
        [
            ("nurses", True, "Eve came."),
            ("clerks", True, f"{TOKEN} came."),  # cleared, for another type
            ("", True, None),  # cleared for none
            ("nurses", False, None),  # not cleared
        ],
    )
    def test_a_role_sees_its_types_and_it_is_recorded(
        self, roles: Assistant, groups: str, cleared: bool, seen: str | None
    ) -> None:
        user = Identity(id="u", groups=frozenset(groups.split()), cleared=cleared)
        if seen is None:
            with pytest.raises(AccessError):
                roles.restore(f"{TOKEN} came.", user=user)
        else:
            assert roles.restore(f"{TOKEN} came.", user=user) == seen
        kinds = [record["kind"] for record in roles.export_audit()]
        assert kinds.count("restore") == (seen is not None)

    def test_rules_are_those_of_the_documents_own_domain(
        self, tmp_path: Path, profiles: dict[str, dict[str, Any]]
    ) -> None:
        profiles["medical"] = {"restore": {"nurses": ["PERSON"]}}
        clerk = Identity(id="c", groups=frozenset({"clerks"}), cleared=True)
        nurse = Identity(id="n", groups=frozenset({"nurses"}), cleared=True)
        with Assistant.open(tmp_path / "w", "banking", key=KEY) as assistant:  # banking has no rules
            assistant._parts._built["scrubber"] = Restorer()
            stored = make_document("a", domain="medical")
            assistant._parts.catalogue.put_document(stored, identity=Identity.local_owner())
            assert "Smith" not in (assistant.page(stored.id, 1, user=clerk).text or "")
            assert "Smith" in (assistant.page(stored.id, 1, user=nurse).text or "")
            with pytest.raises(AccessError):
                assistant.restore(TOKEN, user=clerk)
            assert assistant.restore(f"{TOKEN} came.", user=nurse) == "Eve came."
            page, text = [r["facts"] for r in assistant.export_audit() if r["kind"] == "restore"]
            assert (page["document"], page["page"], page["types"]) == (stored.id, 1, ["PERSON"])
            assert (text["characters"], text["types"]) == (19, ["PERSON"])
            assert text["text"] == assistant._parts.audit.commit(f"{TOKEN} came.")
            with Assistant.open(tmp_path / "v", "banking", key=KEY, domains=("banking",)) as other:
                other._parts.catalogue.put_document(stored, identity=Identity.local_owner())
                with pytest.raises(ConfigError, match="'medical' is not configured"):
                    other.page(stored.id, 1, user=clerk)


def test_reading_this_machines_files_needs_an_owner_at_the_call(
    assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(AccessError):
        assistant.scrub_documents(tmp_path, user=AGENT)  # not at the first document
    monkeypatch.setattr(assistant, "user", AGENT)
    for source in (str(tmp_path), Files(tmp_path, 1000)):  # no more than a connector's originals
        with pytest.raises(AccessError):
            assistant.read(source)
    monkeypatch.undo()
    for call in (assistant.scrub_documents, assistant.read):
        with pytest.raises(ConfigError, match="There is no file"):
            call(tmp_path / "none")
    found = SimpleNamespace(scrub=lambda path: iter([ScrubbedDocument(uri="x", originals=("Eve",))]))
    monkeypatch.setattr(assistant._parts, "ingest", lambda domain: found)
    blind = Identity(id="b", owner=True, cleared=False)
    with pytest.raises(AccessError, match="every type"):
        assistant.scrub_documents(tmp_path, originals=True, user=blind)
    documents = assistant.scrub_documents(tmp_path, originals=True)
    (record,) = [r for r in assistant.export_audit() if r["kind"] == "restore"]  # before the first is told
    assert record["facts"]["types"] == ["*"]
    assert record["facts"]["path"] == assistant._parts.audit.commit(str(tmp_path))
    assert [one.originals for one in documents] == [("Eve",)]
    assert [one.originals for one in assistant.scrub_documents(tmp_path)] == [()]


def test_what_is_scrubbed_and_not_stored_can_be_restored_after_a_power_cut(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    stored = make_document("a")
    assistant._parts.catalogue.put_document(stored, identity=Identity.local_owner())
    monkeypatch.setattr(assistant._parts.catalogue, "settle", lambda: steps.append("settled"))
    assistant._parts._built["scrubber"] = Restorer()
    assistant.scrub("Eve")
    assert steps == ["settled"]
    assistant.text(stored.id)
    assert steps == ["settled"] * 2
