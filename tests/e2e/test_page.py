"""A person at the page, in real Chromium: ask, read, click, see the source. Screenshots are kept."""

import io
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from ragslm import Client
from tests.e2e.conftest import SCREENSHOTS, free_port, serving_page, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.models]
PDF_QUESTION = "What deposit balance earns the 5.75 percent rate?"
NAME_QUESTION = "What was Clemente Kreiger's body mass index?"
TEXT_QUESTION = "What is normal blood pressure?"
SALES = "Item,2018,2017\nMarigold parcels delivered,1250,1000\n"
FEES = "# Marigold fees\n\nThe Marigold parcel fee is ${fee} for each parcel sent abroad. Pay at the desk.\n"
HOSTILE = (
    "# Visiting www.example.org :100: a@example.org\n\n"
    "The Marigold ward admits visitors from 14:00 to 17:30 every day. "
    "<script>document.title='owned'</script> ![x](http://198.51.100.7/x.png) "
    "[click](javascript:alert(1)) <img src=http://198.51.100.7/y.png> Ratio 1:100:1 -> www.example.com\n"
)


def begin(page: Page, question: str) -> None:
    box = page.get_by_placeholder("Ask about the documents")
    box.fill(question)
    box.press("Enter")


def ask(page: Page, question: str) -> Locator:
    """Ask and wait for the whole answer, and until the page stands. Returns the message that holds it."""
    earlier = made(page).count()
    begin(page, question)
    made(page).nth(earlier).wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    return page.get_by_test_id("stChatMessage").last


def made(page: Page) -> Locator:
    """What every whole answer ends with."""
    return page.get_by_text("How this answer was made")


def choose(page: Page, domain: str) -> None:
    page.get_by_label("Domain").click()
    page.get_by_role("option", name=domain).click()
    page.get_by_text("Supports bank staff").first.wait_for()


def source_button(within: Locator, label: int = 1) -> Locator:
    return within.get_by_role("button", name=re.compile(rf"\[{label}\]")).first


def shoot(page: Page, name: str) -> None:
    page.mouse.move(0, 0)
    page.wait_for_timeout(400)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")


def lit_up(png: bytes) -> int:
    """Pixels on a yellow ground."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    return sum(red > 200 and green > 170 and blue < 160 for red, green, blue in image.get_flattened_data())


def foreign_requests(page: Page, home: str) -> list[str]:
    """Grows with every address beyond the page's own server that the page asks for."""
    found: list[str] = []

    def note(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"data", "blob"} and parts.netloc != urlsplit(home).netloc:
            found.append(url)

    page.on("request", lambda request: note(request.url))
    page.on("websocket", lambda socket: note(socket.url))
    return found


def test_without_a_server_the_page_says_how_to_start_it(page: Page) -> None:
    with serving_page(f"http://127.0.0.1:{free_port()}") as url:
        page.goto(url)
        expect(page.get_by_text("Start it with `ragslm serve`")).to_be_visible()
        expect(page.get_by_role("button", name="Try again")).to_be_visible()
        shoot(page, "no-server")


def test_a_wrong_key_is_refused_in_words(page: Page, page_url: str) -> None:
    page.goto(page_url)
    page.get_by_role("textbox", name="API key").fill("rsk_wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("This key is not known here.")).to_be_visible()
    shoot(page, "wrong-key")


def test_an_empty_workspace_says_what_to_do(page: Page, page_url: str, workspace: dict[str, str]) -> None:
    """First of those that sign in: later ones fill the workspace."""
    sign_in(page, page_url, workspace["owner"])
    expect(page.get_by_text("There are no documents here yet.")).to_be_visible()
    expect(page.get_by_placeholder("There are no documents to ask about yet")).to_be_disabled()
    shoot(page, "empty")


def test_a_citation_of_a_pdf_opens_its_page_with_the_row_lit_up(
    page: Page, page_url: str, workspace: dict[str, str], filled: None
) -> None:
    sign_in(page, page_url, workspace["owner"])
    choose(page, "Banking")
    shoot(page, "welcome")
    answer = ask(page, PDF_QUESTION)
    expect(answer.get_by_text("Above $15,000").first).to_be_visible()
    expect(answer.get_by_text("word for word").first).to_be_visible()
    source_button(answer).click()
    picture = page.get_by_test_id("stImage").locator("img")
    picture.wait_for()
    page.wait_for_function("document.querySelector('[data-testid=stImage] img').naturalWidth > 0")
    expect(page.get_by_text(re.compile(r"Page \d+ of \d+"))).to_be_visible()
    shoot(page, "pdf-citation")
    assert lit_up(picture.screenshot()) > 100


def test_a_citation_of_a_text_opens_its_section_with_the_sentence_marked(
    page: Page, page_url: str, workspace: dict[str, str], filled: None
) -> None:
    sign_in(page, page_url, workspace["owner"])
    answer = ask(page, TEXT_QUESTION)
    source_button(answer).click()
    mark = page.locator(".ragslm-text mark")
    expect(mark).to_be_in_viewport()
    assert "120" in mark.inner_text()
    expect(page.get_by_text(re.compile(r"Section \d+ of \d+"))).to_be_visible()
    shoot(page, "text-citation")
    page.get_by_text(re.compile("All evidence: [0-9]+ passages")).click()
    page.get_by_role("button", name="Show in source").first.wait_for()
    shoot(page, "evidence")
    page.get_by_role("button", name="Show in source").nth(2).click()
    expect(page.locator(".ragslm-text mark").first).to_be_in_viewport()
    made(page).click()
    expect(page.get_by_text(re.compile(r"^Audit record: \d+"))).to_be_visible()


def test_a_name_is_shown_to_the_cleared_and_to_nobody_else(
    page: Page, page_url: str, workspace: dict[str, str], filled: None
) -> None:
    sign_in(page, page_url, workspace["agent"])
    answer = ask(page, NAME_QUESTION)
    expect(answer.get_by_text(re.compile("Scrubbed from your question: 1 × PERSON")).first).to_be_visible()
    expect(answer.get_by_text("30.5 kg/m2").first).to_be_visible()
    source_button(answer).click()
    expect(page.locator(".ragslm-text mark").first).to_be_visible()
    shoot(page, "not-cleared")
    seen = page.locator("body").inner_text()
    assert "PERSON_" in seen
    assert "Kreiger" not in seen
    expect(page.get_by_text("Add documents")).to_have_count(0)

    page.get_by_role("button", name="Sign out").click()
    sign_in(page, page_url, workspace["owner"])
    answer = ask(page, NAME_QUESTION)
    assert "Kreiger" in answer.inner_text()
    shoot(page, "cleared")


def test_a_question_the_documents_do_not_answer_is_refused(
    page: Page, page_url: str, workspace: dict[str, str], filled: None
) -> None:
    sign_in(page, page_url, workspace["owner"])
    answer = ask(page, "What is the recommended dose of metformin for type 2 diabetes?")
    expect(answer.get_by_text("No answer.")).to_be_visible()
    shoot(page, "refusal")


def test_an_upload_can_be_asked_and_hostile_text_stays_text(
    page: Page, page_url: str, workspace: dict[str, str], filled: None
) -> None:
    foreign = foreign_requests(page, page_url)
    sign_in(page, page_url, workspace["owner"])
    page.get_by_text("Add documents").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "visiting.md", "mimeType": "text/markdown", "buffer": HOSTILE.encode()}
    )
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text(re.compile("visiting.md is here"))).to_be_visible()
    answer = ask(page, "When does the Marigold ward admit visitors?")
    expect(answer.get_by_text("14:00 to 17:30").first).to_be_visible()
    expect(answer.get_by_text("document.title='owned'").first).to_be_visible()
    assert "<script>" not in answer.inner_text()
    source_button(answer).click()
    expect(page.locator(".ragslm-text mark").first).to_be_visible()
    page.get_by_text(re.compile("All evidence")).click()
    shoot(page, "hostile-text")
    assert "Ratio 1:100:1 -> www.example.com" in page.locator(".ragslm-text").inner_text()
    expect(page.get_by_text("Visiting www.example.org :100: a@example.org").first).to_be_visible()
    assert page.title() != "owned"
    assert not foreign
    assert page.locator("img[src*='198.51.100.7']").count() == 0
    assert page.locator("a[href*='198.51'], a[href*='example'], a[href^='javascript']").count() == 0


def test_a_click_keeps_a_running_answer_and_stop_ends_one(
    page: Page, page_url: str, workspace: dict[str, str], filled: None
) -> None:
    sign_in(page, page_url, workspace["owner"])
    page.get_by_text("Reworded", exact=True).click()
    begin(page, TEXT_QUESTION)
    page.get_by_role("button", name="Stop").wait_for()
    shoot(page, "running")
    page.get_by_text("Word for word", exact=True).click()
    made(page).wait_for()
    expect(page.get_by_text(re.compile("120")).first).to_be_visible()

    page.get_by_text("Reworded", exact=True).click()
    begin(page, "What are the symptoms of atrial fibrillation?")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text(re.compile("^Stopped"))).to_be_visible()
    shoot(page, "stopped")
    assert made(page).count() == 1

    page.get_by_role("button", name="New conversation").click()
    expect(page.get_by_test_id("stChatMessage")).to_have_count(0)


def test_a_calculation_shows_its_formula_and_sources_that_disagree_stand_side_by_side(
    page: Page, page_url: str, server_url: str, workspace: dict[str, str], filled: None, tmp_path: Path
) -> None:
    files = {"parcels.csv": SALES, "desk.md": FEES.format(fee=12), "counter.md": FEES.format(fee=15)}
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    with Client(server_url, api_key=workspace["owner"], domain="medical", timeout=120) as client:
        assert client.ingest(tmp_path).added == len(files)
    sign_in(page, page_url, workspace["owner"])
    answer = ask(page, "By how much did Marigold parcels delivered grow from 2017 to 2018?")
    expect(answer.get_by_text(re.compile(r"\+250")).first).to_be_visible()
    expect(answer.get_by_text(re.compile(r"1,?250 \[1\] − 1,?000 \[1\]")).first).to_be_visible()
    shoot(page, "calculated")
    answer = ask(page, "What is the Marigold parcel fee for each parcel sent abroad?")
    expect(answer.get_by_text(re.compile(r"^The sources disagree"))).to_be_visible()
    assert {"$12", "$15"} <= set(re.findall(r"\$\d+", answer.inner_text()))
    shoot(page, "disagreement")
