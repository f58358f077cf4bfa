"""Under `pci-dss` no byte of what authenticates a card is anywhere in a workspace, not even decrypted."""

import re
import unicodedata
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ragslm import Assistant, ConfigError
from ragslm.evaluate.identifiers.cards import cards

PAN = "4539578763621486"
KEY = "5b" * 32
CVV = "8317"
PIN = "6042"
LETTER = f"""# Call of a customer

The customer paid with card {PAN[:4]} {PAN[4:8]} {PAN[8:12]} {PAN[12:]}, CVV {CVV}.
Her PIN is {PIN}. A lost card is blocked within one hour of the call.
"""
MAIL = f"From: a@b.example\r\nTo: c@d.example\r\nSubject: Call, CVV {CVV}\r\n\r\nOf the lost card.\r\n"


def values(workspace: Path, key: str) -> Iterator[tuple[str, bytes]]:
    """Every value of every table, decrypted and unpacked, by the name of its table."""
    from sqlcipher3 import dbapi2

    connection: Any = dbapi2.connect(str(workspace / "catalogue.db"))
    connection.execute(f"PRAGMA key = \"x'{key}'\"")
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        for row in connection.execute(f"SELECT * FROM {table}"):
            for value in row:
                if isinstance(value, bytes) and table == "originals":
                    yield table, zlib.decompress(value)
                elif isinstance(value, str):
                    yield table, value.encode()
    connection.close()


@pytest.mark.models
def test_nothing_of_it_is_kept(tmp_path: Path) -> None:
    workspace = tmp_path / "w"
    (tmp_path / "calls").mkdir()
    (tmp_path / "calls" / "call.md").write_text(LETTER, "utf-8")
    (tmp_path / "calls" / "mail.eml").write_text(MAIL, "utf-8")
    (tmp_path / "calls" / "heading.md").write_text(f"# CVV {CVV}\n\nOf the lost card.\n", "utf-8")
    given: dict[str, Any] = {"privacy": {"profiles": ["pci-dss"]}, "generation": {"engine": "extractive"}}
    with Assistant.open(workspace, "banking", key=KEY, **given) as assistant:
        assert assistant.ingest(tmp_path / "calls").added == 3
        answer = assistant.ask(f"Card {PAN}, CVV {CVV}, PIN is {PIN}: when is a lost card blocked?")
        assert assistant.ingest(tmp_path / "calls").unchanged == 3
        pages = [assistant.page(info.id, 1).text for info in assistant.documents()]
        assert assistant.ingest(tmp_path / "calls", rebuild=True).quarantined == ()
    assert "[CREDIT_CARD ending 1486]" in answer.text
    assert "ending 1486" in repr(answer.evidence[0].text)
    assert not {CVV, PIN} & set(" ".join(pages).split())
    texts = [(t, v) for t, v in values(workspace, KEY) if t not in ("audit", "meta")]  # these hold hex digits
    assert any(b"lost card" in value for _, value in texts)
    assert [t for t, v in texts if f"CVV {CVV}".encode() in v or f"PIN is {PIN}".encode() in v] == []
    assert [t for t, v in texts if t in ("vault", "originals", "turns") and CVV.encode() in v] == []
    raw = b"".join(file.read_bytes() for file in workspace.rglob("*") if file.is_file())
    assert PAN.encode() not in raw


@pytest.mark.models
def test_of_3060_cards_no_number_is_where_it_could_be_read(tmp_path: Path) -> None:
    workspace, every = tmp_path / "w", list(cards("check"))
    (tmp_path / "calls").mkdir()
    for at in range(0, len(every), 204):
        letter = "\n\n".join(case.text for case in every[at : at + 204])
        (tmp_path / "calls" / f"{at}.md").write_text(letter, "utf-8")
    given: dict[str, Any] = {"privacy": {"profiles": ["pci-dss"]}, "generation": {"engine": "extractive"}}
    with Assistant.open(workspace, "banking", key=KEY, **given) as assistant:
        assert assistant.ingest(tmp_path / "calls").added == len(every) / 204
        answer = assistant.ask("Which card was declined?")
    assert answer.evidence
    numbers = {digits(case.text[case.start : case.end]) for case in every}
    stored = [value.decode() for table, value in values(workspace, KEY) if table != "originals"]
    shown = [answer.text, *(passage.text for passage in answer.evidence)]
    told = [digits(line) for text in (*stored, *shown) for line in text.splitlines()]
    assert len(numbers) > 3_000
    assert [number for number in numbers if any(number in line for line in told)] == []
    raw = b"".join(file.read_bytes() for file in workspace.rglob("*") if file.is_file())
    assert [number for number in numbers if number.encode() in raw] == []


def digits(text: str) -> str:
    """The digits of a text in any script, as ASCII."""
    return "".join(str(unicodedata.decimal(c)) for c in re.findall(r"\d", text))


@pytest.mark.models
def test_a_profile_whose_recognisers_are_missing_stops_the_start(tmp_path: Path) -> None:
    privacy, domains = {"profiles": ["hipaa-safe-harbor"]}, ("generic", "banking")
    with (
        Assistant.open(tmp_path / "w", "banking", key=KEY, privacy=privacy, domains=domains) as assistant,
        pytest.raises(ConfigError, match="'hipaa-safe-harbor' names"),
    ):
        assistant.warm()
