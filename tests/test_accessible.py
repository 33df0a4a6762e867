"""Every page in a real browser: what axe finds in the light and in the dark theme, and how it looks on a narrow screen."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from browser import SAMPLES, Server, Visitor
from examples import DRIVE, MESSENGER, NETWORK

pytestmark = pytest.mark.browser

STREAMLITS_OWN = {
    "presentation-role-conflict": 'data-testid="stFileUploaderDropzone"',
}
"""Rule -> the one element on which Streamlit itself breaks it. The uploader's drop zone has a label and a role that hides it; the button in it has both right."""
MEASURES_OF_THE_MESSENGER = (
    "Act on breaches of terms: class 1A material", "Detect and remove known CSAM", "Disrupt and deter CSAM", "Act on breaches of terms: class 1B material",
)


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
