"""The IMAP connector against a server on loopback, over TLS."""

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from ragslm.errors import ConfigError, CursorError, SourceError
from ragslm.ingest.files import UNREAD
from ragslm.testing.connector_contract import IncrementalContract
from ragslm.types import Cursor, Removed, SourceDocument
from ragslm_connectors._formats.eml import EmlParser
from ragslm_connectors.generic import _imap_session, imap
from ragslm_connectors.generic._imap_session import mailbox_name
from ragslm_connectors.generic._uid_set import pack, unpack
from ragslm_connectors.generic.imap import source
from tests.data.imap_server import Folder, ImapServer, mail


@pytest.fixture
def server(tmp_path: Path):
    with ImapServer(tmp_path) as made:
        made.folders["Gr&APYA3w-en"] = Folder(9)
        for number in range(1, 4):
            made.folders["INBOX"].add(mail(f"Fee {number}", f"The fee is {number} euros.", b"A fee list."))
        made.folders["Gr&APYA3w-en"].add(mail("Rates", "The rate is 4.1 percent."))
        yield made
        made.shutdown()


@pytest.fixture
def connect(server: ImapServer):
    def go(**settings):
        given = {
            "folders": ["INBOX", "Größen"],
            "ca_file": server.certificate,
            "password": SecretStr("secret"),
        }
        return source("127.0.0.1", "reader", port=server.port, source_name="desk", **{**given, **settings})

    return go


class TestContract(IncrementalContract):
    @pytest.fixture
    def connector(self, connect):
        return connect()

    @pytest.fixture
    def snapshot(self, server: ImapServer):
        return lambda: {name: (dict(f.messages), set(f.seen)) for name, f in server.folders.items()}

    def test_yields_what_changed(self, connector, server: ImapServer) -> None:
        """A message never changes under its uid; so it comes and goes."""
        *_, last = connector.changes(None)
        server.folders["INBOX"].add(mail("New", "A new message."))
        del server.folders["INBOX"].messages[2]
        after = list(connector.changes(last.value))
        assert [type(change) for change in after] == [Removed, SourceDocument, Cursor, Cursor]
        assert after[0].uri == "imap://desk/INBOX/7/2.eml"
        assert after[1].uri == "imap://desk/INBOX/7/4.eml"


def test_a_message_is_read_by_the_parser_of_mail_with_its_attachment(connect):
    first, *_ = connect().load()
    assert "The fee is 1 euros." in EmlParser().parse(first).text
    (member,) = EmlParser().members(first)
    assert member.content == b"A fee list."


def test_nothing_is_asked_that_could_change_a_mailbox(connect, server: ImapServer):
    list(connect().changes(None))
    words = {
        command.partition("UID ")[1] + command.removeprefix("UID ").split()[0] for command in server.asked
    }
    assert words == {"CAPABILITY", "LOGIN", "EXAMINE", "UID SEARCH", "UID FETCH", "LOGOUT"}
    assert not [command for command in server.asked if "BODY[" in command]


def test_only_what_is_new_is_fetched(connect, server: ImapServer):
    *_, last = connect().changes(None)
    server.asked.clear()
    assert [type(change) for change in connect().changes(last.value)] == [Cursor]
    assert not [command for command in server.asked if "FETCH" in command]


def test_a_folder_numbered_anew_is_read_from_the_beginning(connect, server: ImapServer):
    *_, last = connect().changes(None)
    server.folders["INBOX"].validity = 8
    with pytest.raises(CursorError, match="UIDVALIDITY"):
        list(connect().changes(last.value))


def test_a_cursor_comes_after_each_batch(connect, monkeypatch):
    monkeypatch.setattr(imap, "BATCH", 2)
    kinds = [type(change) for change in connect().changes(None)]
    assert kinds == [
        SourceDocument,
        SourceDocument,
        Cursor,
        SourceDocument,
        Cursor,
        SourceDocument,
        Cursor,
        Cursor,
    ]


def test_a_large_message_is_named_and_not_fetched(connect, server: ImapServer):
    server.folders["INBOX"].add(mail("Large", "x" * 5_000))
    *_, large, _ = connect(max_bytes=4_000).load()
    assert large.content == b""
    assert "at most 4,000 are read" in large.metadata[UNREAD]


def test_a_server_that_lies_about_a_size_is_left(connect, server: ImapServer):
    server.lie_about_size = True
    server.folders["INBOX"].add(mail("Large", "x" * 100_000))
    with pytest.raises(SourceError, match="fails at FETCH"):
        list(connect(max_bytes=1_000).load())


def test_a_wrong_password_is_told_without_it(connect):
    with pytest.raises(SourceError, match="refuses the login") as caught:
        list(connect(password=SecretStr("wrong-one")).load())
    assert "wrong-one" not in str(caught.value)


def test_a_certificate_of_another_authority_is_refused(connect):
    with pytest.raises(SourceError, match="does not verify"):
        list(connect(ca_file=None).load())


def test_a_folder_that_is_not_there_is_told(connect):
    with pytest.raises(SourceError, match="refuses EXAMINE"):
        list(connect(folders=["Nowhere"]).load())


def test_a_server_that_is_away_is_tried_three_times(monkeypatch):
    pauses = []
    monkeypatch.setattr(_imap_session.time, "sleep", pauses.append)
    made = source("127.0.0.1", "reader", SecretStr("secret"), port=1, timeout_seconds=2)
    with pytest.raises(SourceError, match="fails at a connection"):
        list(made.load())
    assert pauses == [1.0, 2.0]


# Folder as a person writes it, as the protocol does. Source: RFC 3501, 5.1.3
NAMES = [
    ("INBOX", '"INBOX"'),
    ("A & B", '"A &- B"'),
    ("~peter/mail/台北/日本語", '"~peter/mail/&U,BTFw-/&ZeVnLIqe-"'),
    ('say "hi" \\', '"say \\"hi\\" \\\\"'),
]


@pytest.mark.parametrize(("name", "written"), NAMES)
def test_a_folders_name_is_written_as_the_protocol_does(name, written):
    assert mailbox_name(name) == written


def test_a_name_that_could_end_the_command_is_refused(connect):
    with pytest.raises(ConfigError):
        connect(folders=["INBOX\r\nA1 DELETE INBOX"])


@given(st.dictionaries(st.text(), st.tuples(st.integers(1, 2**32 - 1), st.sets(st.integers(1, 2**32 - 1)))))
def test_what_was_read_is_packed_and_unpacked(read):
    assert unpack(pack(read)) == read


@given(st.text())
def test_another_cursor_is_refused_as_such(text):
    for written in (text, f"v1:{text}"):
        with pytest.raises(CursorError):
            unpack(written)


def test_documents_carry_no_password(connect):
    assert "secret" not in str([dataclasses.asdict(document) for document in connect().load()])
