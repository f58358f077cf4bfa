"""Of a document that holds what authenticates a card, only the scrubbed text is stored."""

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from ragslm._spans import Replacement, apply
from ragslm.errors import SourceError
from ragslm.ingest.forgetting import MEDIA_TYPE, forget
from ragslm.ingest.items import Item, digest
from ragslm.ingest.messages import Parsed
from ragslm.ingest.receiving import Receiver
from ragslm.ingest.scrubbing import Cleaned
from ragslm.ingest.sources import Source
from ragslm.store import layout
from ragslm.store.quarantine import Letter
from ragslm.types import Entity, Member, ParsedDocument, Scrubbed, Section, SourceDocument
from tests.unit.ingest.conftest import OWNER, NameScrubber, ingest_of, sync_of

TEXT = "Card of Ann, cvv 737."
REPLACED = (Replacement(8, 11, "PERSON_7K3QXA"), Replacement(17, 20, ""))
CLEANED = Cleaned(REPLACED, ("PERSON", "CVV"), "note", {})


def given(text=TEXT, **more):
    content = text.encode()
    document = SourceDocument(uri="file:///note.pdf", content=content, metadata={"subject": "cvv 737"})
    item = Item(document=document, sha256=digest(content), domain="banking", scope=None, readers=None)
    return item, Parsed(
        document=ParsedDocument(text=text), parser="pdf", media_type="application/pdf", **more
    )


def test_original_and_parsed_text_lose_it_and_no_offset_moves():
    item, parsed = forget(*given(), CLEANED, {"CVV"})
    assert item.document.content == b"Card of PERSON_7K3QXA, cvv ."
    assert parsed.document.text == "Card of Ann, cvv \u2588\u2588\u2588."
    assert (parsed.media_type, item.document.media_type) == (MEDIA_TYPE, MEDIA_TYPE)
    assert parsed.parser != "pdf"
    assert item.sha256 == digest(TEXT.encode())
    assert "737" not in repr(item.document.metadata)


def test_title_and_section_paths_are_stored_without_it():
    item, parsed = given()
    document = replace(parsed.document, title="Cvv 737", sections=(Section("Cvv 737", 0, 21),))
    cleaned = replace(CLEANED, title="Cvv ", sections={"Cvv 737": "Cvv "})
    _, parsed = forget(item, replace(parsed, document=document), cleaned, {"CVV"})
    stored, _ = layout.unpack(layout.pack(parsed.document, ()))
    assert (stored.title, stored.sections[0].path) == ("Cvv ", "Cvv ")
    assert "737" not in stored.text


def test_one_in_title_or_metadata_alone_counts_too():
    cleaned = Cleaned((), (), "note", {}, frozenset({"CVV"}))
    item, parsed = forget(*given("Nothing here."), cleaned, {"CVV"})
    assert (item.document.content, item.document.metadata) == (b"Nothing here.", {})
    assert parsed.media_type == MEDIA_TYPE
    assert parsed.document.title == "note"


class CodeScrubber(NameScrubber):
    """Drops what stands behind `cvv`."""

    def scrub(self, text, fields=(), *, subject=None, lasting=True):
        found = [Entity("CVV", *match.span(1), 1.0, "") for match in re.finditer(r"(?i)cvv:? (\d+)", text)]
        return Scrubbed(apply(text, [Replacement(e.start, e.end, "") for e in found]), tuple(found))


MAIL = "From: a@b.example\r\nTo: c@d.example\r\nSubject: Cvv 737\r\n\r\nWords.\r\n"
DOCUMENTS = [
    SourceDocument(uri="memory://heading.md", content=b"# Cvv 737\n\nWords.\n"),
    SourceDocument(uri="memory://given.txt", content=b"Words.", title="Cvv 737"),
    SourceDocument(uri="memory://told.txt", content=b"Words.", metadata={"card": {"cvv": [737]}}),
    SourceDocument(uri="memory://mail.eml", content=MAIL.encode()),
]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: one.uri)
def test_wherever_it_stood_nothing_stored_holds_it(document, catalogue, pool):
    ingest = ingest_of(catalogue, CodeScrubber(), pool=pool, unkept={"CVV"})
    assert ingest.run([document], identity=OWNER).added == 1
    (info,) = catalogue.documents()
    stored = catalogue.document(info.id)
    assert "737" not in f"{info.title} {stored.parsed.title} {stored.parsed} {stored.parsed.text}"
    assert "737" not in f"{stored.content!r} {stored.metadata} {stored.parsed.sections}"
    assert "Words." in stored.content.decode()


BAD = SourceDocument(uri="memory://bad.zip", content=b"PK\x03\x04 cvv 737")


def test_what_could_not_be_read_is_not_kept(catalogue, pool):
    catalogue.put_quarantine("memory://earlier", "", None, "Unread.", Letter(BAD, "generic"))
    ingest = ingest_of(catalogue, CodeScrubber(), pool=pool, unkept={"CVV"})
    sync = sync_of(catalogue, lambda domain: ingest)
    source = Source(name="s", kind="memory")
    for _ in range(2):  # sent again, it is refused again
        with pytest.raises(SourceError, match="1 of 2 documents"):
            sync.receive(source, [BAD, DOCUMENTS[1]], identity=OWNER)
    assert [info.uri for info in catalogue.documents()] == ["memory://given.txt"]
    ingest.run([], identity=OWNER, rebuild=True)
    assert [(one.uri, one.kept) for one in catalogue.dead_letters()] == [
        ("memory://earlier", False),
        (BAD.uri, False),
    ]


def test_only_the_sender_of_what_is_refused_is_told_so():
    entered, go = threading.Event(), threading.Event()

    def take(documents):
        entered.set()
        go.wait()
        if BAD in documents:
            raise SourceError("1 of the documents could not be read.")
        return {}

    with Receiver(take) as receiver, ThreadPoolExecutor(3) as senders:
        first = senders.submit(receiver.store, DOCUMENTS[0])
        entered.wait()
        refused, stored = (senders.submit(receiver.store, one) for one in (BAD, DOCUMENTS[1]))
        time.sleep(0.05)  # both wait together now
        go.set()
        assert first.result() is stored.result() is None
        with pytest.raises(SourceError):
            refused.result()


def test_other_documents_stay_as_they_are():
    item, parsed = given()
    assert forget(item, parsed, CLEANED, ()) == (item, parsed)
    assert forget(item, parsed, CLEANED, {"PIN"}) == (item, parsed)


def test_a_container_keeps_no_bytes_of_its_members():
    item, parsed = given("Attached.", members=(Member(place="attachment=1/a.txt", content=b"cvv 737"),))
    item, _ = forget(item, parsed, Cleaned((), (), "mail", {}), {"CVV"})
    assert item.document.content == b"Attached."
