"""What stands around every page, in a browser: the name, the wizard marked in the navigation, the steps, and what is said while the server is gone."""

import pytest
from browser import Visit, Visitor, messenger_at, served

pytestmark = pytest.mark.browser
MARKED = "() => document.querySelector('[data-testid=stTopNavLink]').getAttribute('aria-current')"


def test_the_wizard_is_marked_in_the_navigation_on_each_of_its_steps_and_nowhere_else(visitor: Visitor) -> None:
    messenger_at(visitor, "Detect and remove known CSAM")
    assert visitor.page.evaluate(MARKED) == "true"
    visitor.top("Sources").click()
    visitor.see("Sources")
    assert visitor.page.evaluate(MARKED) is None
    assert visitor.page.locator(".mcm-way").count() == 0
    visitor.top("Assess").click()
    visitor.see("What would the draft codes ask of your service?")
    assert visitor.page.evaluate(MARKED) == "page"


def test_a_step_in_the_list_leads_there_without_loading_the_page_anew_and_loses_nothing(visitor: Visitor) -> None:
    messenger_at(visitor, "Detect and remove known CSAM")
    visitor.page.evaluate("() => { window.same = true; }")
    visitor.field("note.RES-MCM8.a").fill("Begun.")
    visitor.page.get_by_role("link", name="Disrupt and deter").click()
    visitor.see("Disrupt and deter CSAM")
    assert visitor.page.evaluate("() => window.same")
    assert visitor.page.url.endswith("/res-mcm10")
    visitor.until_kept(lambda kept: kept["answers"]["RES-MCM8.a"]["note"] == "Begun.")


def test_on_a_narrow_screen_the_name_stays_and_one_line_opens_to_the_steps(visitor: Visitor) -> None:
    visitor.page.set_viewport_size({"width": 320, "height": 800})
    messenger_at(visitor, "Detect and remove known CSAM")
    name = visitor.page.get_by_text("MCM Scorecard", exact=True)
    assert name.is_visible() and name.bounding_box()["y"] < 60
    step = visitor.page.get_by_role("link", name="Check answers")
    assert not step.is_visible()
    visitor.page.locator(".mcm-way summary").click()
    step.click()
    visitor.see("Check your answers")


def test_on_a_narrow_screen_a_circle_stands_beside_the_first_line_of_its_answer_and_a_day_is_on_one_line(
    visitor: Visitor,
) -> None:
    visitor.page.set_viewport_size({"width": 320, "height": 800})
    messenger_at(visitor, "Your service")
    answer = visitor.asks("fact.category").get_by_test_id("stRadioOption").first
    circle, words = (answer.locator(each).first.bounding_box() for each in ("> div > div", "p"))
    assert words["height"] > 2 * circle["height"] and words["y"] <= circle["y"] <= words["y"] + circle["height"] / 2
    visitor.jump("res-mcm8", "Detect and remove known CSAM")
    visitor.asks("show_how.RES-MCM8.a").locator("summary").click()
    visitor.page.get_by_text("Evidence 1: good until").wait_for()
    assert "\u2060" in visitor.page.get_by_text("Evidence 1: good until").inner_text()


def test_where_the_answers_are_not_kept_after_the_tab_is_closed_the_message_says_only_what_is_true(
    visitor: Visitor,
) -> None:
    messenger_at(visitor, "Detect and remove known CSAM")
    visitor.page.evaluate("() => localStorage.setItem('mcm-keeping-off', 'off')")
    visitor.choose("grade.RES-MCM8.a", "met")
    visitor.page.evaluate(
        "() => document.querySelector('[data-testid=stApp]').setAttribute('data-test-connection-state', 'PINGING_SERVER')"
    )
    said = visitor.page.get_by_role("alert").filter(has_text="The server cannot be reached.")
    said.wait_for()
    assert "Your answers are safe: they are kept in this tab, until you close it." in said.inner_text()


def test_while_the_server_is_gone_the_page_says_that_the_answers_are_safe_and_streamlits_own_message_is_closed(
    visit: Visit,
) -> None:
    with served() as other:
        visitor = visit(at=other)
        messenger_at(visitor, "Detect and remove known CSAM")
        visitor.choose("grade.RES-MCM8.a", "partly")
        visitor.page.evaluate(
            "() => { new MutationObserver(() => { window.theirs ||= document.body.innerText.includes('Connection error'); }).observe(document.body, {childList: true, subtree: true}); }"
        )
        other.stop()
        said = visitor.page.get_by_role("alert").filter(has_text="The server cannot be reached.")
        said.wait_for()
        assert "Your answers are safe: they are kept in this browser" in said.inner_text()
        visitor.page.wait_for_function("() => window.theirs")
        visitor.page.get_by_role("dialog").wait_for(state="detached")
        other.start()
        said.wait_for(state="detached")
        visitor.see("Detect and remove known CSAM")
