"""Nothing is lost, in a real browser: a refresh, a restarted or killed server, a closed tab; and nothing is kept that is not to be."""

import json

import pytest

from browser import SAMPLES, Visit, Visitor, messenger_at, served
from examples import MESSENGER

pytestmark = pytest.mark.browser


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
