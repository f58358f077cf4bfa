import socket
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragslm.errors import ConfigError, SourceError
from ragslm_connectors.medical import _mllp_frames
from ragslm_connectors.medical._hl7_ack import Header, acknowledgment
from ragslm_connectors.medical._mllp_frames import FrameError, Frames, framed
from ragslm_connectors.medical.mllp import MllpListener

MESSAGE = b"MSH|^~\\&|LAB|GHENT|EHR|WARD|20240302||ORU^R01|C-17|P|2.5\rPID|1||77\r"


# ---------------------------------------------------------------- acknowledgments


@pytest.mark.parametrize(
    ("message", "verdict", "said"),
    [
        # sender and receiver change places; MSH-11 and MSH-12 are repeated
        (MESSAGE, "A", "MSH|^~\\&|EHR|WARD|LAB|GHENT|{}||ACK^R01^ACK|{}|P|2.5\rMSA|AA|C-17\r"),
        (MESSAGE, "E", "MSH|^~\\&|EHR|WARD|LAB|GHENT|{}||ACK^R01^ACK|{}|P|2.5\rMSA|AE|C-17|Why it failed\r"),
        # other delimiters, no event
        (b"MSH*:~\\&*a*b*c*d***QRY*9*T*2.3", "A", "MSH*:~\\&*c*d*a*b*{}**ACK*{}*T*2.3\rMSA*AA*9\r"),
        # no MSH at all
        (b"hello", "R", "MSH|^~\\&|||||{}||ACK|{}|P|2.3\rMSA|AR||Why it failed\r"),
    ],
)
def test_an_acknowledgment_repeats_the_header(message, verdict, said):
    told = "" if verdict == "A" else "Why|it^failed"
    answer = acknowledgment(Header.of(message), verdict, told).decode()
    mark = answer[3]
    fields = answer.split("\r")[0].split(mark)
    assert answer == said.format(fields[6], fields[9])
    assert len(fields[9]) == 20


@pytest.mark.parametrize(
    ("asked", "answers"),
    [
        ("", {"A": "AA", "E": "AE", "R": "AR"}),
        ("AL", {"A": "CA", "E": "CE", "R": "CR"}),
        ("NE", {"A": None, "E": None, "R": None}),
        ("ER", {"A": None, "E": "CE", "R": "CR"}),
        ("SU", {"A": "CA", "E": None, "R": None}),
    ],
)
def test_enhanced_mode_is_answered_as_it_asks(asked, answers):
    header = Header.of(MESSAGE.replace(b"|2.5\r", b"|2.5|||" + asked.encode() + b"\r"))
    for verdict, code in answers.items():
        answer = acknowledgment(header, verdict)
        assert (answer and answer.decode().split("MSA|")[1][:2]) == code


@given(st.binary(max_size=200))
def test_whatever_a_header_holds_an_acknowledgment_is_one_frame(rest):
    header = Header.of(b"MSH|" + rest)
    answer = acknowledgment(header, "R", rest.decode("latin-1"))
    if answer is not None:
        assert answer.count(b"\r") == 2
        assert not {0x0B, 0x1C} & set(answer)
        assert answer.endswith(b"\r")


def test_a_control_id_is_repeated_byte_by_byte():
    assert b"MSA|AA|\xc3\xa9\\T\\7\r" in acknowledgment(
        Header.of(MESSAGE.replace(b"C-17", b"\xc3\xa9\\T\\7")), "A"
    )


# ---------------------------------------------------------------- frames


def received(*chunks: bytes, most: int = 1000, idle: float = 5.0) -> list[bytes]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        for chunk in chunks:
            theirs.sendall(chunk)
        theirs.shutdown(socket.SHUT_WR)
        frames = Frames(ours, most=most, idle=idle, stop=Event())
        return list(iter(frames.next, None))


@given(st.lists(st.binary(max_size=60), max_size=4), st.data())
def test_messages_come_as_they_were_sent_however_they_are_cut(messages, data):
    messages = [one for one in messages if b"\x1c\r" not in one and not one.endswith(b"\x1c")]
    stream = b"".join(framed(one) + data.draw(st.sampled_from([b"", b"\r", b"\r\n"])) for one in messages)
    at = data.draw(st.integers(0, len(stream)))
    assert received(stream[:at], stream[at:]) == messages


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (MESSAGE, "VT"),  # no frame around it
        (framed(MESSAGE)[:-1], "ended within"),
        (b"\x0bMSH|", "ended within"),
        (framed(b"x" * 1001), "more than 1,000"),
        (b"\x0b" + b"x" * 5000, "more than 1,000"),
        (framed(b"a") + b"junk", "VT"),
    ],
)
def test_what_is_no_frame_is_refused(sent, said):
    with pytest.raises(FrameError, match=said):
        received(sent)


def test_a_message_that_is_never_finished_is_given_up(monkeypatch):
    monkeypatch.setattr(_mllp_frames, "MESSAGE_SECONDS", 0.0)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"\x0bMSH|")
        with pytest.raises(FrameError, match="not finished"):
            Frames(ours, most=100, idle=5.0, stop=Event()).next()


def test_a_silent_connection_ends():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert Frames(ours, most=100, idle=0.0, stop=Event()).next() is None


# ---------------------------------------------------------------- settings


@pytest.mark.parametrize("given", [{"host": "0.0.0.0"}, {"certificate": "a.pem"}, {"client_ca": "ca.pem"}])
def test_records_come_in_clear_from_this_machine_only(given):
    with pytest.raises(ConfigError, match="TLS"):
        MllpListener("lab", 0, **given)


def test_it_is_not_read():
    with pytest.raises(SourceError, match="ragslm listen"):
        MllpListener("lab", 0).load()
