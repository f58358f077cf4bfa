"""A person at the page, in real Chromium: ask, read, click, see the source. Screenshots are kept."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.conftest import SCREENSHOTS, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.models]
PDF_QUESTION = "What deposit balance earns the 5.75 percent rate?"
NAME_QUESTION = "What was Clemente Kreiger's body mass index?"


def ask(page: Page, question: str) -> None:
    box = page.get_by_placeholder("Ask about the documents")
    box.fill(question)
    box.press("Enter")
    page.get_by_text(re.compile(r"record \d+")).last.wait_for()


def choose(page: Page, domain: str) -> None:
    page.get_by_label("Domain").click()
    page.get_by_role("option", name=domain).click()
    page.wait_for_timeout(500)


def shoot(page: Page, name: str) -> None:
    page.screenshot(path=SCREENSHOTS / f"{name}.png")


def test_a_wrong_key_is_refused_in_words(page: Page, page_url: str) -> None:
    page.goto(page_url)
    page.get_by_role("textbox", name="API key").fill("rsk_wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("This key is not known here.")).to_be_visible()


def test_a_citation_of_a_pdf_opens_its_page_with_the_row_lit_up(
    page: Page, page_url: str, workspace: dict[str, str]
) -> None:
    sign_in(page, page_url, workspace["owner"])
    choose(page, "banking")
    ask(page, PDF_QUESTION)
    expect(page.get_by_text("Above $15,000").first).to_be_visible()
    page.get_by_role("button", name=re.compile(r"^\[1\]")).click()
    picture = page.get_by_test_id("stImage").locator("img")
    picture.wait_for()
    page.wait_for_timeout(500)
    shoot(page, "pdf-citation")
    assert lit_up(picture.screenshot()) > 100


def lit_up(png: bytes) -> int:
    """Pixels on a yellow ground."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    return sum(red > 200 and green > 170 and blue < 160 for red, green, blue in image.get_flattened_data())


def test_a_citation_of_a_text_opens_its_section_with_the_sentence_marked(
    page: Page, page_url: str, workspace: dict[str, str]
) -> None:
    sign_in(page, page_url, workspace["owner"])
    ask(page, "What is normal blood pressure?")
    page.get_by_role("button", name=re.compile(r"^\[1\]")).click()
    expect(page.get_by_text(re.compile(r"Section \d+ of \d+"))).to_be_visible()
    expect(page.locator("span[style*='background']").first).to_be_visible()
    page.get_by_text(re.compile("All evidence")).click()
    shoot(page, "text-citation-and-evidence")


def test_a_name_is_shown_to_the_cleared_and_to_nobody_else(
    page: Page, page_url: str, workspace: dict[str, str]
) -> None:
    sign_in(page, page_url, workspace["agent"])
    ask(page, NAME_QUESTION)
    expect(page.get_by_text(re.compile("scrubbed from your question: 1 × PERSON"))).to_be_visible()
    expect(page.get_by_text("30.5 kg/m2").first).to_be_visible()
    answer = page.get_by_test_id("stChatMessage").nth(1).inner_text()
    assert "PERSON_" in answer
    assert "Kreiger" not in answer
    expect(page.get_by_text("Add documents")).to_have_count(0)
    shoot(page, "not-cleared")


def test_a_question_the_documents_do_not_answer_is_refused(
    page: Page, page_url: str, workspace: dict[str, str]
) -> None:
    sign_in(page, page_url, workspace["owner"])
    ask(page, "What is the recommended dose of metformin for type 2 diabetes?")
    expect(page.get_by_text("No answer.").first).to_be_visible()
    shoot(page, "refusal")


def test_an_upload_can_be_asked_and_hostile_text_stays_text(
    page: Page, page_url: str, workspace: dict[str, str]
) -> None:
    foreign: list[str] = []
    page.on(
        "request", lambda request: foreign.append(request.url) if "127.0.0.1" not in request.url else None
    )
    sign_in(page, page_url, workspace["owner"])
    hostile = (
        "# Visiting hours\n\nThe Marigold ward admits visitors from 14:00 to 17:30 every day. "
        "<script>document.title='owned'</script> ![x](http://198.51.100.7/x.png) "
        "[click](javascript:alert(1)) <img src=http://198.51.100.7/y.png>\n"
    )
    page.locator("input[type=file]").set_input_files(
        {"name": "visiting.md", "mimeType": "text/markdown", "buffer": hostile.encode()}
    )
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text(re.compile("visiting.md: "))).to_be_visible()
    ask(page, "When does the Marigold ward admit visitors?")
    expect(page.get_by_text("14:00 to 17:30").first).to_be_visible()
    page.get_by_role("button", name=re.compile(r"^\[1\]")).click()
    expect(page.get_by_text(re.compile(r"Section \d+ of \d+"))).to_be_visible()
    shoot(page, "hostile-text")
    assert page.title() != "owned"
    assert not foreign
    assert page.locator("img[src*='198.51.100.7']").count() == 0
    assert page.locator("a[href^='javascript']").count() == 0
