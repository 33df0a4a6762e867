"""What only a real browser shows: nothing typed is lost, the keyboard, narrow and dark screens, accessibility, what the tab keeps."""

import io
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pandas
import pytest
from playwright.sync_api import Browser, sync_playwright

from browser import CHROMIUM, ROOT, Server, Visitor, launch, served
from examples import DRIVE, MESSENGER, NETWORK
from scoring.scorecard import COLUMNS

pytestmark = pytest.mark.browser

STREAMLITS_OWN = {
    "presentation-role-conflict": 'data-testid="stFileUploaderDropzone"',
}
"""Rule -> the one element on which Streamlit itself breaks it. The uploader's drop zone has a label and a role that hides it; the button in it has both right."""
SAMPLES = ROOT / "questionnaire" / "samples"
ADDRESSES = {
    "Your service": "your-service", "Not capable?": "not-capable", "Detect and remove known CSAM": "res-mcm8", "Disrupt and deter CSAM": "res-mcm10",
    "Check your answers": "check", "Scorecard": "scorecard",
}
MEASURES_OF_THE_MESSENGER = (
    "Act on breaches of terms: class 1A material", "Detect and remove known CSAM", "Disrupt and deter CSAM", "Act on breaches of terms: class 1B material",
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        reason = f"there is no Chromium at {CHROMIUM}; CHROMIUM may say where it is"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server(chromium: Browser) -> Iterator[Server]:
    with served() as server:
        yield server


Visit = Callable[..., Visitor]


@pytest.fixture
def requests() -> list[str]:
    """Every address that a page of this test asked for."""
    return []


@pytest.fixture
def visit(chromium: Browser, server: Server, requests: list[str]) -> Iterator[Visit]:
    """Open a window of its own for somebody, at the app; `beside` opens another tab in somebody's window instead."""
    contexts = []
    errors: list[str] = []
    hosts = {urlsplit(server.address).netloc}

    def new(at: Server = server, beside: Visitor | None = None) -> Visitor:
        hosts.add(urlsplit(at.address).netloc)
        if beside is None:
            contexts.append(chromium.new_context(viewport={"width": 1280, "height": 900}))
        page = (beside.page.context if beside else contexts[-1]).new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("websocket", lambda socket: requests.append(socket.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        return Visitor(page, at.address)

    yield new
    for context in contexts:
        context.close()
    assert outside(requests, hosts) == []
    assert errors == []


def outside(requests: list[str], hosts: set[str]) -> list[str]:
    """The addresses that are not the app's own; what a page makes for itself (data, blob) goes nowhere."""
    return [each for each in requests if urlsplit(each).scheme not in ("data", "blob") and urlsplit(each).netloc not in hosts]


@pytest.fixture
def visitor(visit: Visit) -> Visitor:
    return visit()


def messenger_at(visitor: Visitor, title: str) -> None:
    """The sample's answers, at one of its steps."""
    visitor.open_with((SAMPLES / "encrypted_messenger.json").read_bytes(), ADDRESSES[title], title)


# ------------------------------------------------------------------------------------------ nothing is lost
def test_a_note_that_was_just_typed_is_there_after_next_and_back(visitor: Visitor) -> None:
    messenger_at(visitor, "Detect and remove known CSAM")
    visitor.field("note.RES-MCM8.a").click()
    visitor.page.keyboard.type("Typed and gone on at once")
    visitor.next("Disrupt and deter CSAM")
    visitor.back("Detect and remove known CSAM")
    assert visitor.field("note.RES-MCM8.a").input_value() == "Typed and gone on at once"
    visitor.field("note.RES-MCM8.b").click()
    visitor.page.keyboard.type("Left by the navigation")
    visitor.top("Sources").click()
    visitor.until_kept(lambda kept: kept["answers"]["RES-MCM8.b"]["note"] == "Left by the navigation")
    assert visitor.kept()["answers"]["RES-MCM8.a"]["note"] == "Typed and gone on at once"


def test_what_is_typed_counts_while_the_field_is_still_being_written_in_and_typing_on_is_not_disturbed(visitor: Visitor) -> None:
    messenger_at(visitor, "Detect and remove known CSAM")
    field = visitor.field("note.RES-MCM8.a")
    field.click()
    typed = ""
    for part in ("First thought,", " second thought,", "\nand a third", " on a new line"):
        visitor.page.keyboard.type(part)
        typed += part
        visitor.until_kept(lambda kept, typed=typed: kept["answers"]["RES-MCM8.a"]["note"] == typed)  # and typed on at once
    assert field.input_value() == typed
    assert field.evaluate("each => each === document.activeElement")
    visitor.page.reload()
    visitor.page.wait_for_selector("[data-testid=stProgress]")
    visitor.see("Detect and remove known CSAM")
    assert visitor.field("note.RES-MCM8.a").input_value() == typed


def test_answers_clicked_faster_than_the_app_can_follow_are_all_there(visitor: Visitor) -> None:
    messenger_at(visitor, "Disrupt and deter CSAM")
    wanted = {"RES-MCM10.a": "not_met", "RES-MCM10.b": "met", "RES-MCM10.c": "not_met", "RES-MCM10.d": "partly"}
    inputs = [visitor.option(f"grade.{id}", grade).locator("input").element_handle() for id, grade in wanted.items()]
    following = visitor.page.locator("[class*='st-key-next-'] button").element_handle()
    visitor.page.evaluate("clicked => clicked.forEach(each => each.click())", [*inputs, following])
    visitor.see("Act on breaches of terms: class 1B material")
    visitor.until_kept(lambda kept: {id: kept["answers"][id]["grade"] for id in wanted} == wanted)
    assert visitor.kept()["answers"]["RES-MCM10.a"]["note"] == "Prompts to report since 2025."
    visitor.back("Disrupt and deter CSAM")
    assert [id for id, grade in wanted.items() if not visitor.is_chosen(f"grade.{id}", grade)] == []


def test_a_refresh_keeps_the_answers_and_the_step(visitor: Visitor) -> None:
    messenger_at(visitor, "Disrupt and deter CSAM")
    visitor.choose("grade.RES-MCM10.a", "met")
    before = visitor.kept()
    visitor.page.reload()
    visitor.see("Disrupt and deter CSAM")
    assert visitor.is_chosen("grade.RES-MCM10.a", "met")
    assert visitor.field("note.RES-MCM10.c").input_value() == "Limits on forwarding."
    assert visitor.kept() == before
    assert "Step 5 of 8" in visitor.text()


def test_a_restarted_server_keeps_the_answers_and_the_step(visit: Visit) -> None:
    with served() as other:
        visitor = visit(at=other)
        messenger_at(visitor, "Detect and remove known CSAM")
        visitor.choose("grade.RES-MCM8.a", "partly")
        before = visitor.kept()
        visitor.page.evaluate(
            """() => {
                const app = document.querySelector('[data-testid=stApp]');
                new MutationObserver(() => { window.ran ||= app.dataset.testScriptState === 'running'; }).observe(app, {attributes: true});
            }"""
        )
        other.stop()
        visitor.page.wait_for_selector("[data-testid=stApp]:not([data-test-connection-state=CONNECTED])")
        other.start()
        visitor.page.wait_for_function("() => window.ran")  # by itself, before anything is clicked that would be lost
        visitor.page.wait_for_selector("[data-testid=stProgress]")
        visitor.see("Detect and remove known CSAM")
        assert visitor.is_chosen("grade.RES-MCM8.a", "partly")
        assert visitor.kept() == before
        visitor.choose("grade.RES-MCM8.b", "met")
        assert visitor.kept()["answers"] == {**before["answers"], "RES-MCM8.b": {"grade": "met", "note": ""}}
        visitor.next("Disrupt and deter CSAM")


def test_another_person_and_another_tab_see_nothing_and_a_closed_tab_forgets(visit: Visit) -> None:
    first = visit()
    first.open_sample(MESSENGER.sample)
    for other in (visit(), visit(beside=first)):
        other.open("scorecard", "Scorecard")
        assert "There is no scorecard yet" in other.text()
        assert other.kept() is None
    again = visit(beside=first)
    first.page.close()
    again.open()
    assert again.button("Start").is_visible()
    assert again.kept() is None


def test_answers_that_were_started_again_do_not_come_back_with_a_refresh(visitor: Visitor) -> None:
    visitor.open_sample(MESSENGER.sample)
    visitor.top("Assess").click()
    visitor.see("What would the draft codes ask of your service?")
    visitor.press("Start again with nothing answered")
    visitor.press("Yes, remove them and start again", "Your service")
    visitor.page.reload()
    visitor.see("Your service")
    assert visitor.chosen("fact.category") is None
    assert visitor.kept() is None


@pytest.mark.parametrize("stored", ["{", json.dumps({"format": "mcm-assessment/1", "colour": "red"})])
def test_what_a_tab_keeps_and_cannot_be_read_is_said_and_the_app_goes_on(visitor: Visitor, stored: str) -> None:
    visitor.open("your-service", "Your service")
    visitor.page.evaluate("stored => sessionStorage.setItem('mcm-assessment', stored)", stored)
    visitor.page.reload()
    visitor.page.get_by_text("kept answers that can no longer be read").wait_for()
    visitor.choose("fact.category", "sms")
    assert visitor.kept()["profile"] == {"category": "sms"}


# ------------------------------------------------------------------------------------------ steps
def test_a_new_step_begins_at_its_top_with_the_focus_on_its_heading_and_its_name_in_the_title(visitor: Visitor) -> None:
    visitor.open_sample(MESSENGER.sample)
    visitor.back("Check your answers")
    visitor.page.wait_for_function("() => document.activeElement.tagName === 'H1'")
    visitor.page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTo(0, 100000)")
    assert visitor.page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTop") > 0
    visitor.next("Scorecard")
    visitor.page.wait_for_function("() => document.activeElement.tagName === 'H1'")
    assert visitor.page.evaluate("() => [document.querySelector('[data-testid=stMain]').scrollTop, document.activeElement.innerText.trim()]") == [0, "Scorecard"]
    assert visitor.page.title() == "Step 8 of 8: Scorecard – MCM Scorecard"
    assert visitor.page.evaluate("() => document.documentElement.lang").startswith("en")
    visitor.back("Check your answers")
    visitor.page.wait_for_function("() => document.activeElement.tagName === 'H1'")
    assert visitor.page.title() == "Step 7 of 8: Check your answers – MCM Scorecard"


def test_the_browsers_back_and_forward_move_between_steps_and_keep_the_answers(visitor: Visitor) -> None:
    messenger_at(visitor, "Disrupt and deter CSAM")
    visitor.choose("grade.RES-MCM10.a", "met")
    visitor.next("Act on breaches of terms: class 1B material")
    visitor.page.go_back()
    visitor.see("Disrupt and deter CSAM")
    assert visitor.is_chosen("grade.RES-MCM10.a", "met")
    visitor.page.go_forward()
    visitor.see("Act on breaches of terms: class 1B material")
    assert visitor.page.url.endswith("/res-mcm11")


@pytest.mark.parametrize("address", ["your-service?tier=tier_9&answers=%3Cscript%3E&x", "obligations?category=nonsense&amendments=%FF", "no-such-page"])
def test_an_address_with_nonsense_in_it_shows_a_page_and_leaves_the_answers_as_they_were(visitor: Visitor, address: str) -> None:
    visitor.open_with((SAMPLES / "large_social_network.json").read_bytes(), "check", "Check your answers")
    before = visitor.kept()
    visitor.page.goto(f"{visitor.address}/{address}")
    visitor.page.locator("h1").wait_for(state="attached")
    visitor.until_kept(lambda kept: kept == before)
    assert "Traceback" not in visitor.page.content()
    visitor.open("check", "Check your answers")
    visitor.page.get_by_text("Everything that is asked is answered.").wait_for()
    assert visitor.kept() == before


# ------------------------------------------------------------------------------------------ the keyboard
def tab_to(visitor: Visitor, selector: str) -> None:
    """Press Tab until the focus is on an element; it has to come within a page's worth of stops."""
    for _ in range(60):
        if visitor.page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        visitor.page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {selector}; the focus is on {visitor.page.evaluate('() => document.activeElement.outerHTML.slice(0, 300)')}")


def choose_by_key(visitor: Visitor, fact: str, value: str, down: int) -> None:
    tab_to(visitor, f"[class*='-fact-{fact}'] input")
    visitor.page.keyboard.press("Space")
    for _ in range(down):
        visitor.page.keyboard.press("ArrowDown")
    visitor.until_kept(lambda kept: kept["profile"].get(fact) == value)
    visitor.see()
    assert visitor.page.evaluate("selector => document.activeElement.matches(selector)", f"[class*='-fact-{fact}'] input"), "the focus stays where it was"


def test_a_short_case_goes_from_the_start_page_to_the_download_with_the_keyboard_alone(visitor: Visitor) -> None:
    visitor.open()
    tab_to(visitor, "[class*='st-key-start'] button")
    visitor.page.keyboard.press("Enter")
    visitor.see("Your service")
    visitor.page.wait_for_function("() => document.activeElement.tagName === 'H1'")
    tab_to(visitor, "[class*='-name'] input")
    visitor.page.keyboard.type("Forum")
    choose_by_key(visitor, "category", "sms", 0)
    choose_by_key(visitor, "hosting", "provider_managed", 0)
    choose_by_key(visitor, "tier", "tier_3", 2)
    choose_by_key(visitor, "encryption", "provider_keys", 1)
    choose_by_key(visitor, "livestream", "no", 1)
    tab_to(visitor, "[class*='st-key-next-'] button")
    visitor.page.keyboard.press("Enter")
    visitor.see("Check your answers")
    tab_to(visitor, "[class*='st-key-next-'] button")
    visitor.page.keyboard.press("Enter")
    visitor.see("Scorecard")
    assert "no obligations apply" in visitor.text()
    assert "Forum" in visitor.text()
    tab_to(visitor, "[class*='st-key-csv'] button")
    with visitor.page.expect_download() as coming:
        visitor.page.keyboard.press("Enter")
    assert coming.value.suggested_filename == "forum-scorecard.csv"


# ------------------------------------------------------------------------------------------ files
def test_the_downloaded_csv_opens_in_pandas_and_the_downloaded_json_resumes_for_somebody_else(visit: Visit, tmp_path: Path) -> None:
    first, second = visit(), visit()
    name = "Zoës Überdienst – “naïve”"
    messenger_at(first, "Your service")
    first.field("name").fill(name)
    first.next("Not capable?")
    first.open("scorecard", "Scorecard")
    first.page.get_by_text(name).first.wait_for()
    table = pandas.read_csv(io.BytesIO(first.download("Download the scorecard (CSV)")))
    assert tuple(table.columns) == COLUMNS
    assert set(table["service"]) == {name}
    assert table["amended_points"].sum() == 3
    assert table["amended_out_of"].sum() == 16
    saved = first.download("Save your answers (JSON)")

    path = tmp_path / "saved.json"
    path.write_bytes(saved)
    second.open()
    second.page.locator("input[type=file]").set_input_files(path)
    second.press("Open this file", "Scorecard")
    assert "4 of 4 measures apply, 3 of 16 points" in second.text()
    assert second.download("Save your answers (JSON)") == saved


def test_a_file_that_is_too_large_or_foreign_gets_a_message_and_the_answers_stay(visitor: Visitor, tmp_path: Path) -> None:
    visitor.open_with((SAMPLES / "large_social_network.json").read_bytes(), "check", "Check your answers")
    before = visitor.kept()
    visitor.top("Assess").click()
    visitor.see("What would the draft codes ask of your service?")
    for name, content, message in (("large.json", b" " * (1024 * 1024 + 1), "1.0MB or smaller"), ("foreign.json", b'{"a": 1}', "'format' is missing")):
        path = tmp_path / name
        path.write_bytes(content)
        visitor.page.locator("input[type=file]").set_input_files(path)
        visitor.page.get_by_text(message).first.wait_for()
        assert visitor.button("Open this file").count() == 0
        assert visitor.kept() == before


def test_what_was_typed_is_never_run_and_never_becomes_markup(visitor: Visitor) -> None:
    markup = "<img src=x onerror=\"document.title='run'\"> **bold** [link](https://example.org) :red[red]"
    messenger_at(visitor, "Your service")
    visitor.field("name").fill(markup)
    visitor.next("Not capable?")
    visitor.open("res-mcm8", "Detect and remove known CSAM")
    visitor.field("note.RES-MCM8.a").fill(markup)
    visitor.next("Disrupt and deter CSAM")
    for address, title in (("check", "Check your answers"), ("scorecard", "Scorecard")):
        visitor.open(address, title)
        visitor.page.get_by_text(markup).nth(1).wait_for(state="attached")  # the name, and the note
        assert visitor.page.locator("img[src=x], a[href='https://example.org']").count() == 0
        assert title in visitor.page.title()


# ------------------------------------------------------------------------------------------ nothing leaves
def test_a_whole_walk_asks_nobody_but_the_app_itself(visit: Visit, server: Server, requests: list[str]) -> None:
    visitor = visit()
    visitor.open_sample(MESSENGER.sample)
    visitor.download("Download the scorecard (CSV)")
    visitor.press("Check or change your answers", "Check your answers")
    visitor.top("Sources").click()
    visitor.see("Sources")
    visitor.page.reload()
    visitor.see("Sources")
    assert len(requests) > 50
    assert any(each.startswith("ws://") for each in requests)
    assert outside(requests, {urlsplit(server.address).netloc}) == []
    assert outside([*requests, "https://example.org/count"], {urlsplit(server.address).netloc}) == ["https://example.org/count"]


# ------------------------------------------------------------------------------------------ how every page looks
@dataclass
class Seen:
    """What was found on a page: by axe in the light and in the dark theme, and on a screen 320 pixels wide."""

    light: list[str]
    dark: list[str]
    narrow: list[str]


def look(visitor: Visitor) -> Seen:
    page = visitor.page
    visitor.show_all()
    light = visitor.violations()
    visitor.dark(True)
    visitor.see()
    dark = visitor.violations("color-contrast", "link-in-text-block")
    page.set_viewport_size({"width": 320, "height": 700})
    visitor.see()
    narrow = visitor.sideways()
    visitor.dark(False)
    page.set_viewport_size({"width": 1280, "height": 900})
    visitor.see()
    return Seen(light, dark, narrow)


@pytest.fixture(scope="module")
def tour(chromium: Browser, server: Server) -> dict[str, Seen]:
    """Every page, in the states that look different, looked at once."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    visitor = Visitor(context.new_page(), server.address)
    found: dict[str, Seen] = {}
    visitor.open("scorecard", "Scorecard")
    found["Scorecard, with nothing answered"] = look(visitor)
    visitor.open("your-service", "Your service")
    visitor.next()
    visitor.page.get_by_text("To go on, please answer").wait_for()
    found["Your service, held up"] = look(visitor)

    visitor.open_sample(MESSENGER.sample)
    found["Scorecard"] = look(visitor)
    for title in ("Check your answers", *reversed(MEASURES_OF_THE_MESSENGER), "Not capable?", "Your service"):
        visitor.back(title)
        if title == "Not capable?":
            visitor.page.get_by_text("We examined it: Client-side hashing").click()
            visitor.until_kept(lambda kept: "client_side_hashing" in kept["technologies"])
            visitor.see()
        found[title] = look(visitor)
    visitor.back()
    visitor.see("What would the draft codes ask of your service?")
    visitor.press("Start again with nothing answered")
    visitor.button("No, keep them").wait_for()
    visitor.see()
    visitor.page.locator("input[type=file]").set_input_files({"name": "foreign.json", "mimeType": "application/json", "buffer": b"{}"})
    visitor.page.get_by_text("This file was not opened").wait_for()
    found["Start, with a refused file and a warning"] = look(visitor)

    for sample, address, title in ((NETWORK, "sms-mcm10", "Disrupt and deter CSAM, new CSAM included"), (DRIVE, "dis-mcm9", "Ongoing investment to detect and act on known CSAM")):
        visitor.open_with((SAMPLES / f"{sample.sample.lower().replace(' ', '_')}.json").read_bytes(), address, title)
        if sample is NETWORK:
            visitor.field("note.SMS-MCM10.c").fill(" ")
            visitor.field("note.SMS-MCM10.a").focus()
            visitor.page.get_by_text("counts as unanswered").wait_for()
            visitor.see()
        found[title] = look(visitor)

    visitor.open()
    tops = [link.inner_text().strip() for link in visitor.page.get_by_test_id("stTopNavLink").all()]
    assert "Sources" in tops
    for title in tops:
        if title != "Assess":
            visitor.top(title).click()
            visitor.page.wait_for_function("start => document.querySelector('h1') && document.querySelector('h1').innerText.trim() !== start", arg="What would the draft codes ask of your service?")
            visitor.see()
            found[title] = look(visitor)
    context.close()
    return found


def not_streamlits_own(violations: list[str]) -> list[str]:
    return [each for each in violations if STREAMLITS_OWN.get(each.partition(":")[0], "\0") not in each]


def test_axe_finds_nothing_wrong_on_any_page_in_the_light_theme(tour: dict[str, Seen]) -> None:
    found = [f"{page}: {each}" for page, seen in tour.items() for each in not_streamlits_own(seen.light)]
    assert not found, "\n".join(found)


def test_axe_finds_no_colour_wrong_on_any_page_in_the_dark_theme(tour: dict[str, Seen]) -> None:
    found = [f"{page}: {each}" for page, seen in tour.items() for each in not_streamlits_own(seen.dark)]
    assert not found, "\n".join(found)


def test_no_page_scrolls_sideways_on_a_screen_320_pixels_wide(tour: dict[str, Seen]) -> None:
    assert {page: seen.narrow for page, seen in tour.items() if seen.narrow} == {}


def test_every_exception_made_for_streamlit_is_still_needed(tour: dict[str, Seen]) -> None:
    rules = {each.partition(":")[0] for seen in tour.values() for each in seen.light if not not_streamlits_own([each])}
    assert rules == set(STREAMLITS_OWN)


def test_the_checks_find_what_is_planted_at_the_foot_of_a_page(visitor: Visitor) -> None:
    visitor.open("check", "Check your answers")
    assert (visitor.violations(), visitor.sideways()) == ([], [])
    visitor.page.evaluate(
        """() => {
            const planted = document.createElement('div');
            planted.style.marginTop = '2000px';
            planted.innerHTML = '<p style="color: #999">pale</p><img src="data:,"><div style="width: 2000px">wide</div>';
            document.querySelector('[data-testid=stMainBlockContainer]').append(planted);
            document.querySelector('h1').outerHTML = '<p>no heading</p>';
            document.querySelector('[data-testid=stMain]').outerHTML = document.querySelector('[data-testid=stMain]').outerHTML.replace('<section', '<div').replace('<main', '<div');
        }"""
    )
    visitor.page.set_viewport_size({"width": 1280, "height": 4000})
    assert {"color-contrast", "image-alt", "page-has-heading-one"} <= {each.partition(":")[0] for each in visitor.violations()}
    assert "the page scrolls sideways" in visitor.sideways()
