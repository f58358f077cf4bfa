"""Of a document that holds what authenticates a card, only the scrubbed text is stored."""

from ragslm._spans import Replacement
from ragslm.ingest.forgetting import MEDIA_TYPE, forget
from ragslm.ingest.items import Item, digest
from ragslm.ingest.messages import Parsed
from ragslm.ingest.scrubbing import Cleaned
from ragslm.types import Member, ParsedDocument, SourceDocument

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


def test_other_documents_stay_as_they_are():
    item, parsed = given()
    assert forget(item, parsed, CLEANED, ()) == (item, parsed)
    assert forget(item, parsed, CLEANED, {"PIN"}) == (item, parsed)


def test_a_container_keeps_no_bytes_of_its_members():
    item, parsed = given("Attached.", members=(Member(place="attachment=1/a.txt", content=b"cvv 737"),))
    item, _ = forget(item, parsed, Cleaned((), (), "mail", {}), {"CVV"})
    assert item.document.content == b"Attached."
